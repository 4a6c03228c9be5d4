// SPDX-License-Identifier: GPL-3.0-or-later
// Word shuffle of captions (Table II of the paper; algorithms.md 8).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::data
{

/// Words between white space, as Python's str.split() finds them.
std::vector<std::string> wordsOf(std::string_view text);

/// The words in random order, joined by one space. Punctuation stays with its word.
/// @param index running number of the caption in its set: equal captions are shuffled differently
/// Determinism: stream "caption-shuffle" of (seed, index), Fisher–Yates.
std::string shuffledCaption(std::string_view caption, uint64_t seed, uint64_t index);

} // namespace clwb::data
