// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and texts of a tile.
#include "ui/widgets/metric_tile.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/sparkline.h"

#include <QBoxLayout>
#include <QLabel>

#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

MetricTile::MetricTile(const QString& objectName, const QString& title, const QString& definition,
                       QWidget* parent)
    : Card(parent)
    , m_title(title)
    , m_definition(definition)
{
    nameWidget(this, objectName, title);
    setToolTip(definition);
    body()->setContentsMargins(12, 9, 12, 9);
    body()->setSpacing(1);
    body()->addWidget(makeMuted(title, this));
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    m_value = makeTitle(u"—"_s, this);
    QFont font = m_value->font();
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 1.25);
    else
        font.setPixelSize(font.pixelSize() * 5 / 4);
    font.setWeight(QFont::Bold);
    m_value->setFont(font);
    m_change = makeLabel({}, this);
    m_sparkline = new Sparkline(this);
    m_sparkline->setAccessibleName(tr("%1 by session").arg(title));
    line->addWidget(m_value);
    line->addWidget(m_change, 0, Qt::AlignVCenter);
    line->addStretch(1);
    line->addWidget(m_sparkline, 4);
    body()->addLayout(line);
}

void MetricTile::setHistory(const std::vector<double>& history, std::optional<double> original,
                            int places)
{
    double last = NAN;
    for (const double value : history) {
        if (std::isfinite(value))
            last = value;
    }
    m_value->setText(numberText(last, 1));
    const bool hasChange = original && std::isfinite(last) && history.size() > 1;
    m_change->setText(hasChange ? changeText(last - *original, 1) : QString());
    if (hasChange) {
        const Theme& theme = themeOf(palette());
        const double change = last - *original;
        QPalette colours = m_change->palette();
        colours.setColor(QPalette::WindowText, change > 0.05    ? theme.good
                                               : change < -0.05 ? theme.bad
                                                                : theme.muted);
        m_change->setPalette(colours);
        setToolTip(tr("%1\nChange against the original model (%2).")
                       .arg(m_definition, numberText(*original, 2)));
    }
    setAccessibleDescription(u"%1 %2 %3"_s.arg(m_title, m_value->text(), m_change->text()));
    m_sparkline->setValues(history, places);
}

void MetricTile::setColour(const QColor& colour)
{
    m_sparkline->setColour(colour);
}

QString MetricTile::valueText() const
{
    return m_value->text();
}

QString MetricTile::changeLabel() const
{
    return m_change->text();
}

} // namespace clwb::ui
