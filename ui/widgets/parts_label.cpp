// SPDX-License-Identifier: GPL-3.0-or-later
// Fitting and painting of a line of facts.
#include "ui/widgets/parts_label.h"

#include "ui/shell/theme.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QTextDocument>
#include <QToolTip>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

QString fittingParts(const QString& text, QStringView separator, const QFontMetrics& metrics,
                     int width)
{
    QString fitting = text;
    while (metrics.horizontalAdvance(fitting) > width) {
        const qsizetype end = fitting.lastIndexOf(separator);
        if (end < 0)
            break;
        fitting.truncate(end);
    }
    return fitting;
}

void showWholeText(const QHelpEvent& help, QLabel& label, const QString& shown)
{
    QToolTip::showText(help.globalPos(),
                       shown == label.text() ? QString() : Qt::convertFromPlainText(label.text()),
                       &label);
}

PartsLabel::PartsLabel(const QString& objectName, QWidget* parent)
    : QLabel(parent)
{
    setObjectName(objectName);
    setTextFormat(Qt::PlainText);
    setProperty("muted", true);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

QString PartsLabel::shownText() const
{
    return fittingParts(text(), u" · ", fontMetrics(), contentsRect().width());
}

void PartsLabel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setPen(themeOf(palette()).muted);
    painter.drawText(contentsRect(), Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(shownText(), Qt::ElideRight, contentsRect().width()));
}

bool PartsLabel::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QLabel::event(event);
    showWholeText(*static_cast<QHelpEvent*>(event), *this, shownText());
    return true;
}

} // namespace clwb::ui
