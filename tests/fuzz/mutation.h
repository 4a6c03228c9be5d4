// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged variants of good inputs, each drawn from its number alone so that it can be made again.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace clwb::fuzz
{

using Dice = std::mt19937_64;

/// The dice of one execution.
inline Dice diceOf(uint64_t seed, uint64_t execution)
{
    std::seed_seq sequence{uint32_t(seed), uint32_t(seed >> 32), uint32_t(execution),
                           uint32_t(execution >> 32)};
    return Dice(sequence);
}

inline size_t below(Dice& dice, size_t bound)
{
    return bound == 0 ? 0 : size_t(dice() % bound);
}

/// One change: bits, bytes, numbers that are often limits, cuts, repeats, pieces of another input.
inline void damageOnce(std::string& input, const std::string& other, Dice& dice)
{
    static constexpr std::array<uint32_t, 12> kLimits{0,       1,          0x7f,       0x80,
                                                      0xff,    0x7fff,     0x8000,     0xffff,
                                                      0x10000, 0x7fffffff, 0x80000000, 0xffffffff};
    const size_t at = below(dice, input.size());
    const size_t length = std::min(input.size() - at, 1 + below(dice, 64));
    switch (input.empty() ? 6 : below(dice, 9)) {
    case 0:
        input[at] = char(uint8_t(input[at]) ^ (1U << below(dice, 8)));
        break;
    case 1:
        input[at] = char(dice());
        break;
    case 2: { // a number of 1, 2 or 4 bytes, either end first
        const uint32_t value = kLimits[below(dice, kLimits.size())];
        const size_t bytes = std::min<size_t>(size_t{1} << below(dice, 3), input.size() - at);
        const bool isBig = below(dice, 2) == 1;
        for (size_t i = 0; i < bytes; ++i)
            input[at + (isBig ? bytes - 1 - i : i)] = char(value >> (8 * i));
        break;
    }
    case 3:
        input.resize(at);
        break;
    case 4:
        input.erase(at, length);
        break;
    case 5: {
        const std::string piece = input.substr(at, length);
        for (size_t i = 1 + below(dice, 8); i > 0; --i)
            input.insert(at, piece);
        break;
    }
    case 6: {
        const size_t from = below(dice, other.size());
        input.insert(at, other, from, 1 + below(dice, 256));
        break;
    }
    case 7:
        std::swap(input[at], input[below(dice, input.size())]);
        break;
    default: // the head of one, the tail of another
        input = input.substr(0, at) + other.substr(std::min(at, other.size()));
    }
}

/// A good input with up to 8 changes, sometimes none.
inline std::string damaged(const std::vector<std::string>& good, Dice& dice)
{
    std::string input = good[below(dice, good.size())];
    const std::string& other = good[below(dice, good.size())];
    for (size_t changes = below(dice, 9); changes > 0; --changes)
        damageOnce(input, other, dice);
    return input;
}

} // namespace clwb::fuzz
