// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation counted: raw counts and ranks from which every metric is derived.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::metrics
{

/// Updated task: confusion counts over all classes of the study.
struct UtRecord
{
    std::vector<std::string> classes;
    std::vector<int> sessionOfClass;             ///< 1-based
    std::vector<std::vector<int64_t>> confusion; ///< [true class][predicted class], label space all
    /// Top-1 hits per class when only the classes of sessions 1…s compete (A27 `seen`); may be
    /// empty.
    std::vector<int64_t> seenHits;
    /// Which hits the accuracies count: `all` (diagonal of `confusion`) or `seen` (`seenHits`).
    std::string labelSpace = "all";
};

/// Zero-shot: hits per class.
struct ZsRecord
{
    std::vector<std::string> classes;
    std::vector<int64_t> hits;
    std::vector<int64_t> totals;
};

/// One retrieval set: ranks within the fold (number of strictly better candidates).
struct RetrievalRecord
{
    std::string name;
    int folds = 1;
    int64_t images = 0;
    int64_t captions = 0;
    std::vector<int64_t> imageRanks;   ///< [images] best rank of a true caption; -1: has none
    std::vector<int64_t> captionRanks; ///< [captions], image by image
    std::vector<int> captionCounts;    ///< [images] captions of each image
    std::optional<int64_t> shuffleSeed;
};

struct EvaluationRecord
{
    std::string modelSha256;
    int session = 0;          ///< finished sessions
    std::optional<int> epoch; ///< within session+1, for epoch records
    std::string setting = "MST";
    std::string split = "test"; ///< test | val
    std::optional<UtRecord> ut;
    std::optional<ZsRecord> zs;
    std::vector<RetrievalRecord> retrieval;
    /// Name of the study's first set, whose metrics have plain names; empty: the first one here.
    std::string firstRetrievalSet;
};

struct RecallSet
{
    // Percent; undefined where there is nothing to retrieve.
    std::optional<double> tr1, tr5, tr10, ir1, ir5, ir10;
};

/// Crops of each class (row sums of the confusion).
std::vector<int64_t> utTotals(const UtRecord& record);
/// Correct crops of each class in the record's label space.
std::vector<int64_t> utHits(const UtRecord& record);
/// Number of sessions of the study, 0 without classes.
int sessionCount(const UtRecord& record);

/// All undefined values are std::nullopt and are left out of means.
std::optional<double> utOverall(const UtRecord& record);
/// Percent per session, all sessions of the study.
std::vector<std::optional<double>> utPerSession(const UtRecord& record);
std::optional<double> utSessionMean(const UtRecord& record);
/// Micro accuracy over the test crops of sessions 1…s; absent at s = 0.
std::optional<double> utSeen(const UtRecord& record, int finishedSessions,
                             const std::string& setting);
std::optional<double> zsAccuracy(const ZsRecord& record);
/// Unweighted means over the folds (fold j = images ⌊jN/F⌋ … ⌊(j+1)N/F⌋−1).
RecallSet recalls(const RetrievalRecord& record);
/// (UT + ZS)/2 with session mean in MST and overall in OST.
std::optional<double> aAcc(const EvaluationRecord& record);
/// Bwt(S) = 1/(S−1)·Σ_{i<S}(R[S][i] − R[i][i]); `perSession[s-1]` = per-session accuracies after s.
std::optional<double>
backwardTransfer(const std::vector<std::vector<std::optional<double>>>& perSession);
/// Mean of R[i][i], the accuracy on each session just after learning it (plasticity).
std::optional<double>
justLearnedMean(const std::vector<std::vector<std::optional<double>>>& perSession);

/// A named metric value as in v_metric ("UT-Acc (overall)", "val ZS-Acc", "Flickr30k TR@1", …).
struct MetricValue
{
    std::string name;
    double value = 0;
};
/// All metrics that a record defines by itself (everything but Bwt); the study's first
/// retrieval set has plain names, further ones are prefixed, also when the first was not evaluated;
/// a word shuffle reads "shuffled SEED TR@1". Undefined values are left out.
std::vector<MetricValue> metricValues(const EvaluationRecord& record);

/// interfaces.md §6, derived numbers included; further keys: `ut.seen_hits` and `ut.label_space`,
/// `caption_counts` of a retrieval set where images differ in their number of captions,
/// `first_retrieval_set` where the study's first set is not the first one recorded.
Json toJson(const EvaluationRecord& record);
/// Derived numbers are ignored and counted anew. Errors: Data (sizes, types, negative counts).
Result<EvaluationRecord> evaluationRecordFromJson(const Json& document);

} // namespace clwb::metrics
