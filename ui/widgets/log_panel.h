// SPDX-License-Identifier: GPL-3.0-or-later
// The run's log, all lines or warnings only, with figures of the machine beside it.
#pragma once

#include "ui/models/live_run.h"
#include "ui/widgets/card.h"

class QCheckBox;
class QPlainTextEdit;

namespace clwb::ui
{

class LogPanel : public Card
{
    Q_OBJECT

public:
    explicit LogPanel(QWidget* parent = nullptr);
    void setLines(const std::deque<LogLine>& lines);
    /// "learning rate 2e-4 · gradient norm 1.3 · 412 img/s".
    /// @param toolTip what they mean; empty: nothing more than they say
    void setFigures(const QString& figures, const QString& toolTip = {});

private:
    void rebuild();
    std::deque<LogLine> m_lines;
    QPlainTextEdit* m_text = nullptr;
    QCheckBox* m_warningsOnly = nullptr;
};

} // namespace clwb::ui
