// SPDX-License-Identifier: GPL-3.0-or-later
// A branch of a stored run as training would have stored it, without training.
#pragma once

#include "core/spec/run_spec.h"
#include "core/store/finished_run.h"
#include "tests/support/require.h"

namespace clwb::test
{

/// A finished run of the source's name, settings and seed that took over its state after `session`
/// sessions; every metric is one point better. Returns its number.
inline int64_t addBranch(const std::filesystem::path& file, int64_t source, int session)
{
    auto project = store::Project::open(file, store::OpenMode::ReadWrite);
    require(project.has_value());
    const auto row = project->run(source);
    const auto spec = project->resolvedSpec(source);
    const auto metrics = project->metrics(source);
    require(row && spec && metrics);
    const auto resolved = spec::runSpecFromJson(*spec);
    require(resolved.has_value());
    store::FinishedRun branch;
    branch.name = row->name;
    branch.origin = row->origin;
    branch.sessions = row->sessions;
    branch.spec = *spec;
    branch.spec["branched_from"] = {{"uid", row->uid},
                                    {"session", session},
                                    {"configuration", spec::configurationHash(*resolved)}};
    branch.configurationHash = spec::configurationHash(*spec::runSpecFromJson(branch.spec));
    for (const store::MetricPoint& point : *metrics) {
        if (!point.epoch)
            branch.metrics[point.session][point.name] = point.value + 1;
    }
    const auto id = store::insertFinishedRun(*project, branch);
    require(id.has_value());
    return *id;
}

} // namespace clwb::test
