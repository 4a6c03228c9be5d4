// SPDX-License-Identifier: GPL-3.0-or-later
// Integer draws for the demo world: everything that is drawn is the same on every machine.
#pragma once

#include "core/base/random_stream.h"

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace clwb::demo
{

/// Integers out of a named random stream; no floating point is involved.
class Dice
{
public:
    Dice(uint64_t seed, std::string_view role, std::initializer_list<uint64_t> indices)
        : m_stream(RandomStream::named(seed, role, indices))
    {}

    /// Uniform in [low, high], both included; low where high < low.
    int between(int low, int high)
    {
        if (high <= low)
            return low;
        // A 32-bit product instead of a division: the bias is below 2^-20 for our small ranges.
        const uint64_t span = static_cast<uint64_t>(static_cast<int64_t>(high) - low) + 1;
        return low + static_cast<int>(((m_stream.next() >> 32) * span) >> 32);
    }
    /// Uniform in [-amplitude, amplitude].
    int around(int amplitude) { return between(-amplitude, amplitude); }
    /// True in `percent` of the draws.
    bool chance(int percent) { return between(0, 99) < percent; }
    uint64_t bits() { return m_stream.next(); }

    template<class T>
    const T& pick(const std::vector<T>& values)
    {
        return values[static_cast<size_t>(between(0, static_cast<int>(values.size()) - 1))];
    }
    template<class T>
    void shuffle(std::vector<T>& values)
    {
        m_stream.shuffle(values);
    }

private:
    RandomStream m_stream;
};

/// A permutation of 0 … count−1 that is never stored: position → value, by key.
/// CHECK-free: count ≥ 1, position < count.
uint32_t permuted(uint32_t position, uint32_t count, uint64_t key);

} // namespace clwb::demo
