// SPDX-License-Identifier: GPL-3.0-or-later
// What a page shows is whole: no text cut by its widget, no widget over another, no empty plot. On
// the starter project, in several sizes and with large fonts.
#include "tests/ui/shell/desk.h"
#include "ui/plots/qcp.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

QString nameOf(const QWidget& widget, const QString& text)
{
    return u"%1 “%2”"_s.arg(widget.objectName().isEmpty()
                                ? QString::fromLatin1(widget.metaObject()->className())
                                : widget.objectName(),
                            text.left(40));
}

/// The text that a widget draws in one piece; empty where it may shorten it with an ellipsis.
QString wholeText(const QWidget& widget)
{
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        const bool isElided = label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored;
        return !isElided && !label->wordWrap() && label->textFormat() != Qt::RichText
                   ? label->text()
                   : QString();
    }
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    const bool isOwnPainter =
        button && QLatin1StringView(button->metaObject()->className()).startsWith("clwb::"_L1);
    return button && !isOwnPainter ? button->text() : QString();
}

void checkTexts(const QWidget& page, QStringList& problems)
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

bool isLeaf(const QWidget& widget)
{
    return qobject_cast<const QLabel*>(&widget) || qobject_cast<const QAbstractButton*>(&widget) ||
           qobject_cast<const QLineEdit*>(&widget) || qobject_cast<const QComboBox*>(&widget);
}

void checkOverlaps(const QWidget& page, QStringList& problems)
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

void checkPlots(const QWidget& page, QStringList& problems)
{
    for (QCustomPlot* plot : page.findChildren<QCustomPlot*>()) {
        if (!plot->isVisible())
            continue;
        int drawn = 0;
        for (int at = 0; at < plot->plottableCount(); ++at) {
            const auto* graph = qobject_cast<const QCPGraph*>(plot->plottable(at));
            drawn += graph ? graph->dataCount() : 1;
        }
        if (drawn == 0)
            problems << nameOf(*plot, u"is empty"_s);
    }
}

} // namespace

class TestWholeTexts : public QObject
{
    Q_OBJECT

    QFont m_font = QApplication::font();

private Q_SLOTS:
    void cleanup() { QApplication::setFont(m_font); }

    void pagesShowEverythingWhole_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("points");
        QTest::newRow("1440 × 900") << QSize(1440, 900) << 9.75;
        QTest::newRow("1024 × 768") << QSize(1024, 768) << 9.75;
        QTest::newRow("14 pt") << QSize(1440, 900) << 14.0;
        QTest::newRow("twice the size") << QSize(1920, 1200) << 19.5;
    }

    void pagesShowEverythingWhole()
    {
        QFETCH(QSize, size);
        QFETCH(double, points);
        QFont font = m_font;
        font.setPointSizeF(points);
        QApplication::setFont(font);
        ui::Settings settings;
        test::Desk desk(settings);
        desk.window.resize(size);
        desk.settle();
        QStringList problems;
        for (const QString& id : desk.window.pageIds()) {
            desk.window.showPage(id);
            ui::Page& page = *desk.window.page(id);
            QStringList views = page.views();
            if (views.isEmpty())
                views << QString();
            for (const QString& view : views) {
                if (!view.isEmpty())
                    page.showView(view);
                QTest::qWait(150); // lets the page ask for its data
                QTRY_VERIFY(page.isSettled());
                QTest::qWait(50);
                QStringList here;
                checkTexts(page, here);
                checkOverlaps(page, here);
                if (id != "sweeps"_L1) // the starter project has none
                    checkPlots(page, here);
                for (const QString& problem : here)
                    problems << id + u' ' + view + u": "_s + problem;
            }
        }
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    }
};

QTEST_MAIN(TestWholeTexts)
#include "tst_whole_texts.moc"
