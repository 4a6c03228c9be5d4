// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/image_outcomes.h"

#include <algorithm>
#include <numeric>

namespace clwb::ui
{
namespace
{

std::optional<double> percentOf(int64_t part, int64_t whole)
{
    if (whole <= 0)
        return std::nullopt;
    return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

/// The class that a model chose for a picture.
int32_t chosenBy(const store::Predictions& predictions, size_t item)
{
    return predictions.classes[item * static_cast<size_t>(predictions.top)];
}

} // namespace

int64_t OutcomeCounts::total() const
{
    return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

std::optional<double> OutcomeCounts::before() const
{
    return percentOf((*this)[Outcome::Forgotten] + (*this)[Outcome::Always], total());
}

std::optional<double> OutcomeCounts::after() const
{
    return percentOf((*this)[Outcome::Learned] + (*this)[Outcome::Always], total());
}

Outcome ImagePair::outcomeOf(size_t item) const
{
    const bool wasRight = a->truthRanks[item] == 0;
    const bool isRight = b->truthRanks[item] == 0;
    if (wasRight)
        return isRight ? Outcome::Always : Outcome::Forgotten;
    return isRight ? Outcome::Learned : Outcome::Never;
}

std::vector<OutcomeCounts> outcomesOfClasses(const ImagePair& pair)
{
    std::vector<OutcomeCounts> result(pair.items->classes.size());
    for (size_t item = 0; item < pair.items->labels.size(); ++item)
        ++result[static_cast<size_t>(pair.items->labels[item])][pair.outcomeOf(item)];
    return result;
}

std::vector<int32_t> chosenImages(const ImagePair& pair, const ImageChoice& choice)
{
    std::vector<int32_t> images;
    for (size_t item = 0; item < pair.items->labels.size(); ++item) {
        if (choice.truth && pair.items->labels[item] != *choice.truth)
            continue;
        const bool isOfA = choice.predicted && chosenBy(*pair.a, item) == *choice.predicted;
        const bool isOfB = choice.predicted && chosenBy(*pair.b, item) == *choice.predicted;
        const bool isChosen = choice.decider == Decider::A   ? isOfA
                              : choice.decider == Decider::B ? isOfB
                                                             : isOfA || isOfB;
        if (!choice.predicted || isChosen)
            images.push_back(static_cast<int32_t>(item));
    }
    const auto gain = [&pair](int32_t image) {
        const auto item = static_cast<size_t>(image);
        return pair.b->truthProbabilities[item] - pair.a->truthProbabilities[item];
    };
    std::stable_sort(images.begin(), images.end(),
                     [&gain](int32_t left, int32_t right) { return gain(left) < gain(right); });
    return images;
}

OutcomeCounts countOutcomes(const ImagePair& pair, const std::vector<int32_t>& images)
{
    OutcomeCounts result;
    for (const int32_t image : images)
        ++result[pair.outcomeOf(static_cast<size_t>(image))];
    return result;
}

std::vector<int32_t> withOutcome(const ImagePair& pair, const std::vector<int32_t>& images,
                                 std::optional<Outcome> outcome)
{
    if (!outcome)
        return images;
    std::vector<int32_t> result;
    std::copy_if(images.begin(), images.end(), std::back_inserter(result), [&](int32_t image) {
        return pair.outcomeOf(static_cast<size_t>(image)) == *outcome;
    });
    return result;
}

SessionRights rightsOf(int session, const store::Predictions& predictions)
{
    SessionRights rights{session, {}};
    rights.isRight.reserve(predictions.truthRanks.size());
    for (const int32_t rank : predictions.truthRanks)
        rights.isRight.push_back(rank == 0 ? 1 : 0);
    return rights;
}

std::optional<int> lostAfter(const std::vector<SessionRights>& history, size_t item)
{
    for (size_t at = history.size(); at-- > 0;) {
        if (history[at].isRight[item] == 0)
            continue;
        return at + 1 < history.size() ? std::optional(history[at + 1].session) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace clwb::ui
