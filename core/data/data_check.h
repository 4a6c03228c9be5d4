// SPDX-License-Identifier: GPL-3.0-or-later
// `clwb data check`: what a study holds, against the paper's counts, and everything wrong with it.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/stop_token.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clwb::data
{

struct CheckOptions
{
    bool deep = false;                 ///< decode every image, not only look at header and end
    int threads = 1;                   ///< for `deep`
    std::filesystem::path checkMemory; ///< as DataNeeds::checkMemory
    std::function<void(int64_t done, int64_t total)>
        progress;                                   ///< of `deep`; any thread, one at a time
    std::function<void(int64_t files)> looked = {}; ///< as DataNeeds::looked
    double slowSeconds = 2; ///< of `deep`: a picture that takes longer to decode is told of
};

/// Items of the updated task's parts.
struct PartCounts
{
    int64_t train = 0;
    int64_t val = 0;
    int64_t test = 0;
};

struct ClassCount
{
    std::string name;
    int session = 0; ///< 1-based
    PartCounts items;
};

struct SessionCount
{
    int session = 0;
    int64_t classes = 0;
    PartCounts items;
    std::optional<int64_t> paperTrain; ///< Table I, when the session has its classes
    std::optional<int64_t> paperTest;
};

/// A zero-shot or retrieval set.
struct SetCount
{
    std::string name; ///< "zero_shot", "retrieval COCO test", …
    int64_t classes = 0;
    int64_t images = 0;
    int64_t captions = 0;
};

struct CheckReport
{
    std::string study; ///< its name
    std::filesystem::path file;
    std::vector<ClassCount> classes;
    std::vector<SessionCount> sessions;
    std::vector<SetCount> sets;
    std::vector<Problem> problems;
    int64_t decodedImages = 0;        ///< by `deep`
    std::optional<ErrorCode> failure; ///< Usage or Data when a run would be refused

    [[nodiscard]] int64_t count(Problem::Severity severity) const;
};

/// A report with the items it counts: one look is the source of every number.
struct CheckedStudy
{
    CheckReport report;
    StudyData data; ///< its problems are in the report
};

/// Looks at everything a study names; what is wrong is in the report, not an error.
/// Errors: Stopped.
Result<CheckedStudy> inspectStudy(const spec::Study& study, const CheckOptions& options,
                                  const StopToken& stop);
/// The report alone.
Result<CheckReport> checkStudy(const spec::Study& study, const CheckOptions& options,
                               const StopToken& stop);

/// The report for a terminal: sessions and classes with counts and Table I, sets, then the first
/// 100 problems of each severity.
std::string toText(const CheckReport& report);
/// All problems: severity,what,where (RFC 4180, guarded against spreadsheet formulas).
std::string problemsCsv(const CheckReport& report);
/// Everything, for `--json`.
Json toJson(const CheckReport& report);

} // namespace clwb::data
