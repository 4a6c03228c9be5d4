// SPDX-License-Identifier: GPL-3.0-or-later
// Small runs and records for the tests of the project file.
#pragma once

#include "core/metrics/evaluation_record.h"
#include "core/store/load_rows.h"
#include "core/store/project.h"
#include "core/store/run_writer.h"

#include <cmath>
#include <filesystem>
#include <string>

namespace clwb::test
{

inline store::NewRun sampleRun(const std::string& name = "sample")
{
    store::NewRun run;
    run.name = name;
    run.resolvedSpec = Json{{"schema", 1},
                            {"name", name},
                            {"kind", "method"},
                            {"method", "vr-lwf"},
                            {"option", "WM"},
                            {"setting", "MST"},
                            {"study", "/data/study.json"},
                            {"model", "/models/mini"},
                            {"seed", 7},
                            {"params", {{"beta", 3.0}, {"M", 10}}},
                            {"evaluate", {{"what", {"ut", "zs"}}}}};
    run.configurationHash = "hash-of-" + name;
    run.sessions = 2;
    return run;
}

/// Two classes in two sessions; 3 of 4 and 1 of 4 test crops right.
inline metrics::EvaluationRecord sampleRecord(int session)
{
    metrics::EvaluationRecord record;
    record.modelSha256 = "abc";
    record.session = session;
    metrics::UtRecord ut;
    ut.classes = {"cat", "dog"};
    ut.sessionOfClass = {1, 2};
    ut.confusion = {{3, 1}, {3, 1}};
    ut.seenHits = {session >= 1 ? 3 : 0, session >= 2 ? 1 : 0};
    record.ut = ut;
    metrics::ZsRecord zs;
    zs.classes = {"bus", "tree"};
    zs.hits = {4 + session % 4, 2};
    zs.totals = {8, 8};
    record.zs = zs;
    return record;
}

/// 30 steps: after the first 20 and session 1 its older state, after all and session 2 the newer.
inline void addThirtySteps(store::RunWriter& writer)
{
    for (int64_t step = 1; step <= 30; ++step)
        writer.addStep(step, step <= 20 ? 1 : 2, 1, 1e-6, {{"CE", 1.0}});
    for (int session = 0; session <= 2; ++session)
        writer.addEvaluation(sampleRecord(session), std::nullopt);
    writer.addCheckpoint("checkpoint/a", 20, "aa");
    writer.addCheckpoint("checkpoint/b", 30, "bb");
}

/// How many points of load a run has, when their times are 1, 2, 3 …; -1 when they are not.
inline int loadsInOrder(const store::Project& project, int64_t runId)
{
    const auto points = store::loadPoints(project.database(), runId);
    int count = points ? 0 : -1;
    for (size_t i = 0; points && count >= 0 && i < points->size(); ++i)
        count = points->at(i).at == count + 1 ? count + 1 : -1;
    return count;
}

/// The loss that the tests write at a step, so that readers can check every row.
inline double lossAt(int64_t step)
{
    return 1.0 / static_cast<double>(step + 1);
}

} // namespace clwb::test
