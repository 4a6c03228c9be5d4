// SPDX-License-Identifier: GPL-3.0-or-later
// The original model against the public numbers, before anything is trained (algorithms.md §12.3).
#pragma once

#include "core/base/json.h"
#include "core/metrics/evaluation_record.h"
#include "core/report/report_run.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::report
{

enum class Verdict { Passed, Failed, Skipped };

/// One comparison.
struct CalibrationCheck
{
    std::string group; ///< "counts", "COCO 5K", "COCO 5x1K", "Flickr30k", "UT", "ZS", "self"
    std::string name;
    Verdict verdict = Verdict::Skipped;
    std::optional<double> expected;
    std::optional<double> measured;
    std::string note; ///< likely cause of a failure, reason of a skip, else what was compared
};

struct CalibrationReport
{
    std::string model;
    std::string modelText; ///< its sizes in words
    std::string study;
    std::vector<CalibrationCheck> checks;

    [[nodiscard]] int64_t count(Verdict verdict) const;
    /// Nothing that applies failed.
    [[nodiscard]] bool passed() const { return count(Verdict::Failed) == 0; }
};

/// What model and study are: decides which anchors are measured at all.
struct CalibrationFacts
{
    bool isViTB32 = false;              ///< sizes of OpenAI's ViT-B/32
    std::vector<SessionCrops> sessions; ///< as the study counts them
    bool isTrainingSampled = false;     ///< max_per_class: training counts are not the paper's
    std::string cocoSet;                ///< retrieval set of 5000 images and 25000 captions, or ""
    std::string flickrSet;              ///< Flickr30k's 1000 test images, or ""
};

/// Anchors hold to this many points; a crop rule may leave out this share of Table I's crops.
inline constexpr double kAnchorTolerance = 0.3;
inline constexpr double kCountTolerance = 0.005;

/// Crops of each session against Table I.
void checkCounts(CalibrationReport& report, const CalibrationFacts& facts);
/// Metrics against the paper's and open_clip's published numbers.
/// @param folded COCO in 5 folds, Flickr30k whole @param whole every set without folds
void checkAnchors(CalibrationReport& report, const CalibrationFacts& facts,
                  const metrics::EvaluationRecord& folded, const metrics::EvaluationRecord& whole);
/// What holds for any model that works, on any study: better than guessing, recalls that rise with
/// k and with smaller folds.
void checkConsistency(CalibrationReport& report, const metrics::EvaluationRecord& folded,
                      const metrics::EvaluationRecord& whole);
/// Writes into the note of each failed anchor what the pattern of failures points to.
void explainFailures(CalibrationReport& report);

std::string toText(const CalibrationReport& report);
Json toJson(const CalibrationReport& report);

} // namespace clwb::report
