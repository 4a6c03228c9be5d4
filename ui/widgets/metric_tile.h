// SPDX-License-Identifier: GPL-3.0-or-later
// One number of a running experiment: value, change against the original model, sparkline.
#pragma once

#include "ui/widgets/card.h"

#include <optional>
#include <vector>

namespace clwb::ui
{

class Sparkline;

class MetricTile : public Card
{
    Q_OBJECT

public:
    MetricTile(const QString& objectName, const QString& title, const QString& definition,
               QWidget* parent = nullptr);

    /// @param history values by session, NaN where there is none; the last finite one is shown
    /// @param original value of the untouched model; nothing: no change is shown
    /// @param places how many sessions the run has, with session 0
    void setHistory(const std::vector<double>& history, std::optional<double> original, int places);
    void setColour(const QColor& colour);
    [[nodiscard]] QString valueText() const;
    [[nodiscard]] QString changeLabel() const;

private:
    QLabel* m_value = nullptr;
    QLabel* m_change = nullptr;
    Sparkline* m_sparkline = nullptr;
    QString m_title;
    QString m_definition;
};

} // namespace clwb::ui
