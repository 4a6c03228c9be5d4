// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/evaluation_details.h"

#include "core/base/sha256.h"

#include <algorithm>
#include <cmath>

namespace clwb::metrics
{
namespace
{

/// Texts with their lengths, so that no two lists give the same bytes.
void add(Sha256& hash, const std::string& text)
{
    const uint64_t bytes = text.size();
    hash.update(&bytes, sizeof(bytes));
    hash.update(text);
}

void add(Sha256& hash, int64_t number)
{
    hash.update(&number, sizeof(number));
}

bool isShare(float value)
{
    return value >= 0 && value <= 1; // false for NaN
}

bool isCosine(float value)
{
    return std::abs(value) <= 1.001f;
}

bool areOffsets(const std::vector<uint32_t>& begin, size_t queries, size_t entries)
{
    return begin.size() == queries + 1 && begin.front() == 0 && begin.back() == entries &&
           std::is_sorted(begin.begin(), begin.end());
}

bool isConsistent(const DirectionDetails& direction, size_t queries, size_t candidates)
{
    const auto isCandidate = [candidates](int32_t position) {
        return position >= 0 && static_cast<size_t>(position) < candidates;
    };
    return areOffsets(direction.topBegin, queries, direction.top.size()) &&
           areOffsets(direction.truthBegin, queries, direction.truths.size()) &&
           std::all_of(direction.top.begin(), direction.top.end(),
                       [&](const ScoredCandidate& each) {
                           return isCandidate(each.position) && isCosine(each.score);
                       }) &&
           std::all_of(direction.truths.begin(), direction.truths.end(),
                       [&](const TrueCandidate& each) {
                           return isCandidate(each.position) && isCandidate(each.rank) &&
                                  isCosine(each.score);
                       });
}

} // namespace

std::string contentHash(const ItemList& list)
{
    Sha256 hash;
    add(hash, list.kind);
    add(hash, list.name);
    add(hash, list.folds);
    add(hash, static_cast<int64_t>(list.images.size()));
    for (const DetailImage& image : list.images) {
        add(hash, image.path);
        for (const int64_t number : {int64_t{image.box.x0}, int64_t{image.box.y0},
                                     int64_t{image.box.x1}, int64_t{image.box.y1}, image.fileBytes})
            add(hash, number);
    }
    add(hash, static_cast<int64_t>(list.classes.size()));
    for (const std::string& name : list.classes)
        add(hash, name);
    for (const int32_t label : list.labels)
        add(hash, label);
    for (const int32_t count : list.captionCounts)
        add(hash, count);
    for (const std::string& caption : list.captions)
        add(hash, caption);
    return toHex(hash.finish());
}

bool isConsistent(const PredictionDetails& details)
{
    if (!details.items)
        return false;
    const ItemList& list = details.items->list;
    const size_t count = list.images.size();
    const size_t classes = list.classes.size();
    const auto isClass = [classes](int32_t number) {
        return number >= 0 && static_cast<size_t>(number) < classes;
    };
    return details.top >= 0 && details.top <= kTopClasses && list.labels.size() == count &&
           details.truthRanks.size() == count && details.truthProbabilities.size() == count &&
           details.classes.size() == count * static_cast<size_t>(details.top) &&
           details.probabilities.size() == details.classes.size() &&
           std::all_of(list.labels.begin(), list.labels.end(), isClass) &&
           std::all_of(details.classes.begin(), details.classes.end(), isClass) &&
           std::all_of(details.truthRanks.begin(), details.truthRanks.end(), isClass) &&
           std::all_of(details.probabilities.begin(), details.probabilities.end(), isShare) &&
           std::all_of(details.truthProbabilities.begin(), details.truthProbabilities.end(),
                       isShare);
}

bool isConsistent(const RetrievalDetails& details)
{
    if (!details.items)
        return false;
    const ItemList& list = details.items->list;
    size_t captions = 0;
    for (const int32_t count : list.captionCounts) {
        if (count < 0)
            return false;
        captions += static_cast<size_t>(count);
    }
    const size_t images = list.images.size();
    return list.captionCounts.size() == images && captions == list.captions.size() &&
           list.folds >= 1 && isConsistent(details.textToImage, captions, images) &&
           isConsistent(details.imageToText, images, captions);
}

} // namespace clwb::metrics
