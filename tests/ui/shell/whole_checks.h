// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what a page shows is whole: no text cut by its widget, no widget over another.
#pragma once

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>
#include <QStyleOptionComboBox>

namespace clwb::test
{

using namespace Qt::StringLiterals;

inline QString nameOf(const QWidget& widget, const QString& text)
{
    return u"%1 “%2”"_s.arg(widget.objectName().isEmpty()
                                ? QString::fromLatin1(widget.metaObject()->className())
                                : widget.objectName(),
                            text.left(40));
}

/// The text that a widget draws in one piece; empty where it may shorten it with an ellipsis.
inline QString wholeText(const QWidget& widget)
{
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        const bool isElided = label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored ||
                              label->property("elided").toBool();
        return !isElided && !label->wordWrap() && label->textFormat() != Qt::RichText
                   ? label->text()
                   : QString();
    }
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    const bool isOwnPainter =
        button && QLatin1StringView(button->metaObject()->className()).startsWith("clwb::"_L1);
    return button && !isOwnPainter ? button->text() : QString();
}

inline void checkTexts(const QWidget& page, QStringList& problems)
{
    for (const QWidget* widget : page.findChildren<QWidget*>()) {
        const QString text = widget->isVisible() ? wholeText(*widget) : QString();
        if (text.isEmpty())
            continue;
        const QSize needed =
            widget->fontMetrics().size(Qt::TextShowMnemonic | Qt::TextSingleLine, text);
        const QSize lines = widget->fontMetrics().size(Qt::TextShowMnemonic, text);
        const int width = text.contains(u'\n') ? lines.width() : needed.width();
        if (widget->width() + 1 < width || widget->height() + 2 < widget->fontMetrics().height())
            problems << u"%1 needs %2 × %3, has %4 × %5"_s.arg(nameOf(*widget, text))
                            .arg(width)
                            .arg(widget->fontMetrics().height())
                            .arg(widget->width())
                            .arg(widget->height());
    }
}

/// Choices that are to show their text whole although they may shorten it.
inline void checkChoices(const QWidget& part, QStringList& problems)
{
    struct Open : QComboBox // only to reach what is protected
    {
        static QStyleOptionComboBox optionOf(const QComboBox& combo)
        {
            QStyleOptionComboBox option;
            (combo.*(&Open::initStyleOption))(&option);
            return option;
        }
    };
    for (const QComboBox* combo : part.findChildren<QComboBox*>()) {
        if (!combo->isVisible())
            continue;
        const QStyleOptionComboBox option = Open::optionOf(*combo);
        const QRect field = combo->style()->subControlRect(QStyle::CC_ComboBox, &option,
                                                           QStyle::SC_ComboBoxEditField, combo);
        const int width = combo->fontMetrics().horizontalAdvance(combo->currentText());
        if (field.width() < width)
            problems << u"%1 needs %2, has %3"_s.arg(nameOf(*combo, combo->currentText()))
                            .arg(width)
                            .arg(field.width());
    }
}

inline bool isLeaf(const QWidget& widget)
{
    return qobject_cast<const QLabel*>(&widget) || qobject_cast<const QAbstractButton*>(&widget) ||
           qobject_cast<const QLineEdit*>(&widget) || qobject_cast<const QComboBox*>(&widget);
}

inline void checkOverlaps(const QWidget& page, QStringList& problems)
{
    for (const QWidget* parent : page.findChildren<QWidget*>()) {
        QList<const QWidget*> leaves;
        for (const QObject* child : parent->children()) {
            const auto* widget = qobject_cast<const QWidget*>(child);
            if (widget && widget->isVisible() && !widget->size().isEmpty() && isLeaf(*widget))
                leaves << widget;
        }
        for (qsizetype a = 0; a < leaves.size(); ++a) {
            for (qsizetype b = a + 1; b < leaves.size(); ++b) {
                const QRect common = leaves[a]->geometry() & leaves[b]->geometry();
                if (common.width() > 1 && common.height() > 1)
                    problems << u"%1 lies over %2"_s.arg(nameOf(*leaves[a], wholeText(*leaves[a])),
                                                         nameOf(*leaves[b], wholeText(*leaves[b])));
            }
        }
    }
}

} // namespace clwb::test
