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
    /// Each link is there for a finished run of which the project keeps what it leads to; it comes
    /// once that is read.
    void showRun(const store::RunRow& row);

private:
    void showKept(const KeptDetails& kept);

    AppState& m_state;
    QPushButton* m_lost = nullptr;
    QPushButton* m_forgotten = nullptr;
    int64_t m_run = -1;
    std::string m_asked; ///< of which state of which run it was asked
    int m_request = 0;
};

} // namespace clwb::ui
