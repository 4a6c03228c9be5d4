// SPDX-License-Identifier: GPL-3.0-or-later
// What became of each picture, and of each class, from one model to another.
#pragma once

#include "core/store/details.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace clwb::ui
{

/// Of a picture under model A and then under model B.
enum class Outcome : uint8_t {
    Forgotten, ///< right under A, wrong under B
    Learned,   ///< wrong under A, right under B
    Never,     ///< wrong under both
    Always     ///< right under both
};
inline constexpr std::array kOutcomes{Outcome::Forgotten, Outcome::Learned, Outcome::Never,
                                      Outcome::Always};

struct OutcomeCounts
{
    std::array<int64_t, kOutcomes.size()> counts{};

    int64_t& operator[](Outcome outcome) { return counts[static_cast<size_t>(outcome)]; }
    int64_t operator[](Outcome outcome) const { return counts[static_cast<size_t>(outcome)]; }
    [[nodiscard]] int64_t total() const;
    /// Per cent right; nothing without pictures.
    [[nodiscard]] std::optional<double> before() const;
    [[nodiscard]] std::optional<double> after() const;
    bool operator==(const OutcomeCounts&) const = default;
};

/// Two models over the same pictures; shared between threads, never changed.
struct ImagePair
{
    std::shared_ptr<const store::PredictionItems> items;
    std::shared_ptr<const store::Predictions> a, b;

    [[nodiscard]] bool isEmpty() const { return !items || !a || !b; }
    [[nodiscard]] Outcome outcomeOf(size_t item) const;
};

/// By class.
std::vector<OutcomeCounts> outcomesOfClasses(const ImagePair& pair);

/// Whose decision is meant where a predicted class is asked for.
enum class Decider { A, B, Either };

struct ImageChoice
{
    std::optional<int32_t> truth;     ///< nothing: of all classes
    std::optional<int32_t> predicted; ///< nothing: whatever was predicted
    Decider decider = Decider::B;
    bool operator==(const ImageChoice&) const = default;
};

/// Places in the list, those first whose true class lost most probability from A to B.
std::vector<int32_t> chosenImages(const ImagePair& pair, const ImageChoice& choice);
OutcomeCounts countOutcomes(const ImagePair& pair, const std::vector<int32_t>& images);
/// In their order. @param outcome nothing: all
std::vector<int32_t> withOutcome(const ImagePair& pair, const std::vector<int32_t>& images,
                                 std::optional<Outcome> outcome);

/// Which pictures a model had right after a session.
struct SessionRights
{
    int session = 0;
    std::vector<uint8_t> isRight; ///< [items]
};
SessionRights rightsOf(int session, const store::Predictions& predictions);

/// After which session a picture that had been right went wrong and stayed so; nothing: it is right
/// at the end, or never was.
/// @param history by rising session
std::optional<int> lostAfter(const std::vector<SessionRights>& history, size_t item);

} // namespace clwb::ui
