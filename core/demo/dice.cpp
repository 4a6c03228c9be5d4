// SPDX-License-Identifier: GPL-3.0-or-later
// A small Feistel network as a permutation that needs no memory.
#include "core/demo/dice.h"

#include <bit>

namespace clwb::demo
{
namespace
{

uint32_t mix(uint64_t value)
{
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdULL;
    value ^= value >> 33;
    value *= 0xc4ceb9fe1a85ec53ULL;
    value ^= value >> 33;
    return static_cast<uint32_t>(value);
}

} // namespace

uint32_t permuted(uint32_t position, uint32_t count, uint64_t key)
{
    if (count < 2)
        return 0;
    // The network works on an even number of bits; values outside the range walk on until inside.
    const int bits = std::bit_width(count - 1);
    const int half = (bits + 1) / 2;
    const uint32_t mask = (1u << half) - 1;
    uint32_t value = position;
    do {
        uint32_t left = value >> half;
        uint32_t right = value & mask;
        for (uint64_t round = 0; round < 4; ++round) {
            const uint32_t next = left ^ (mix(key + (round << 32) + right) & mask);
            left = right;
            right = next;
        }
        value = (left << half) | right;
    } while (value >= count);
    return value;
}

} // namespace clwb::demo
