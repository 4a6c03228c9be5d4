// SPDX-License-Identifier: GPL-3.0-or-later
// Runs made of stored ones as training, interpolation or another study would have stored them,
// without training.
#pragma once

#include "core/spec/run_spec.h"
#include "core/store/finished_run.h"
#include "tests/support/require.h"

#include <functional>
#include <string>

namespace clwb::test
{

/// A finished run of the source's name, settings and seed, each metric one point better, after
/// `change`. Returns its number.
inline int64_t
addCopy(const std::filesystem::path& file, int64_t source,
        const std::function<void(store::FinishedRun& copy, const store::RunRow& source)>& change)
{
    auto project = store::Project::open(file, store::OpenMode::ReadWrite);
    require(project.has_value());
    const auto row = project->run(source);
    const auto spec = project->resolvedSpec(source);
    const auto metrics = project->metrics(source);
    require(row && spec && metrics);
    store::FinishedRun copy;
    copy.name = row->name;
    copy.origin = row->origin;
    copy.sessions = row->sessions;
    copy.spec = *spec;
    for (const store::MetricPoint& point : *metrics) {
        if (!point.epoch)
            copy.metrics[point.session][point.name] = point.value + 1;
    }
    change(copy, *row);
    if (const auto resolved = spec::runSpecFromJson(copy.spec)) // as training writes it
        copy.configurationHash = spec::configurationHash(*resolved);
    const auto id = store::insertFinishedRun(*project, copy);
    require(id.has_value());
    return *id;
}

/// One that took over the source's state after `session` sessions.
inline int64_t addBranch(const std::filesystem::path& file, int64_t source, int session)
{
    return addCopy(file, source, [session](store::FinishedRun& branch, const store::RunRow& row) {
        const auto resolved = spec::runSpecFromJson(branch.spec);
        require(resolved.has_value());
        branch.spec["branched_from"] = {{"uid", row.uid},
                                        {"session", session},
                                        {"configuration", spec::configurationHash(*resolved)}};
    });
}

/// The point half on the source's way from the original model, as `clwb interpolate --record`
/// stores it.
inline int64_t addPathPoint(const std::filesystem::path& file, int64_t source)
{
    return addCopy(file, source, [](store::FinishedRun& point, const store::RunRow& row) {
        point.origin = "imported";
        point.name = "half of " + row.name;
        point.spec["weight_path"] = {
            {"uid", row.uid}, {"session", row.sessions}, {"from", "original"}, {"alpha", 0.5}};
    });
}

/// The same on other data.
inline int64_t addOfOtherStudy(const std::filesystem::path& file, int64_t source)
{
    return addCopy(file, source, [](store::FinishedRun& run, const store::RunRow&) {
        run.spec["study"] = "/data/pics/study.json";
        run.spec["study_sha256"] = std::string(64, 'b');
    });
}

} // namespace clwb::test
