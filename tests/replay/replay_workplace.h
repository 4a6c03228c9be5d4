// SPDX-License-Identifier: GPL-3.0-or-later
// Tiny models and studies, and runs on them with what their replays need.
#pragma once

#include "tests/app/process.h"
#include "tests/plain/check.h"
#include "tests/replay/replay.h"
#include "tests/replay/replay_cases.h"

#include <map>
#include <memory>

namespace clwb::test
{

/// Everything lies in one temporary folder; each run has a folder and a trace of its own.
class ReplayWorkplace
{
public:
    /// @param program the `clwb` that is tested
    explicit ReplayWorkplace(std::string program);

    /// Starts a run; several may go on at a time.
    std::unique_ptr<Process> start(const RunCase& run, const std::string& id) const;
    /// What a finished run left behind, ready to be replayed.
    [[nodiscard]] replay::ReplayRequest requestOf(const RunCase& run, const std::string& id) const;
    /// Lists, pictures and texts of a scene, asked for once.
    replay::StudyData& study(Scene scene);

private:
    [[nodiscard]] std::filesystem::path modelOf(Scene scene) const;
    [[nodiscard]] std::filesystem::path studyOf(Scene scene) const;
    std::string m_program;
    TemporaryFolder m_folder;
    std::map<Scene, replay::StudyData> m_studies;
};

} // namespace clwb::test
