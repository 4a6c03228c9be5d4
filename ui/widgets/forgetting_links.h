// SPDX-License-Identifier: GPL-3.0-or-later
// What a run forgot, two links away: the queries that lost their image, and the forgotten images.
#pragma once

#include "core/store/project.h"
#include "ui/models/kept_details.h"

#include <QWidget>

#include <cstdint>
#include <string>

class QPushButton;

namespace clwb::ui
{

class AppState;

class ForgettingLinks : public QWidget
{
    Q_OBJECT

public:
    ForgettingLinks(AppState& state, QWidget* parent);
    /// Each link is there for a finished run that was evaluated on what it leads to; where the
    /// project keeps no more than the metrics, it is off and says so. Known once that is read.
    void showRun(const store::RunRow& row);
    /// Whether it is known that the run's ranks are not kept.
    [[nodiscard]] bool lacksRanks(int64_t runId) const;

Q_SIGNALS:
    void keptKnown(); ///< of the run that is shown

private:
    /// @param whyNot told where what is possible is not kept
    void showKept(const KeptDetails& possible, const KeptDetails& kept, const QString& whyNot);

    AppState& m_state;
    QPushButton* m_lost = nullptr;
    QPushButton* m_forgotten = nullptr;
    int64_t m_run = -1;
    std::string m_asked; ///< of which state of which run it was asked
    int m_request = 0;
    bool m_lacksRanks = false;
};

} // namespace clwb::ui
