// SPDX-License-Identifier: GPL-3.0-or-later
// How predictions and ranked candidates lie in the project file. Readers trust nothing.
#pragma once

#include "core/base/error.h"
#include "core/metrics/evaluation_details.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace clwb::store
{

/// Of a list: the unpacked blob stays below 600 MB.
inline constexpr int64_t kMaxListItems = 20'000'000;
inline constexpr size_t kMaxListClasses = 65536;

/// prediction.data, all numbers little-endian:
///   0  "CLWP"          4  version 1 or 2   5  top T (0…5)    6  bytes of a class C (1 or 2)
///   7  0               8  items N (uint32) 12  bytes of the rest when unpacked (uint32)
///   16 zlib stream of planes, byte by byte (all first bytes, then all second ones): T·N class
///      numbers (C bytes), the best of all items first; N ranks of the truth (C bytes); T·N
///      probabilities and those of the truths (uint16, 65535 is 1):
///      version 1: as they are, of the truth of all N items;
///      version 2: what a probability lacks to the most that it can be, modulo 65536: the one
///      before it, or what all before it leave of 65535; of the truth where its rank is T or more,
///      as it is, for elsewhere it stands among the best.
/// Planes of equal kind compress to about two thirds; a session of 70 000 pictures takes 0.95 MB.
/// Both are exact. Version 2 is written, 1 where a truth differs from its place among the best.
/// CHECK: isConsistent(details), at most 65536 classes.
std::string encodePredictions(const metrics::PredictionDetails& details);

/// What encodePredictions() packed.
struct PackedPredictions
{
    int top = 0;
    std::vector<int32_t> classes;
    std::vector<float> probabilities;
    std::vector<int32_t> truthRanks;
    std::vector<float> truthProbabilities;
};
/// @param items, classes what the list says: nothing larger is unpacked
/// Errors: Corrupt, the reason alone.
Result<PackedPredictions> decodePredictions(const std::string& data, int64_t items,
                                            int64_t classes);

/// An entry of retrieval_query.candidates, see schema_details.h.
int64_t packCandidate(int64_t id, float score);
struct UnpackedCandidate
{
    int64_t id = 0;
    double score = 0;
};
UnpackedCandidate unpackCandidate(int64_t entry);

/// "[1,2,3]": numbers of a JSON array of whole numbers, at most `most`.
/// Errors: Corrupt, the reason alone.
Result<std::vector<int64_t>> readNumbers(const std::string& text, size_t most);

} // namespace clwb::store
