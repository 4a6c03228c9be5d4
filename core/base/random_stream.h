// SPDX-License-Identifier: GPL-3.0-or-later
// Named, independent random streams. A stream is a pure function of (seed, name, indices), so a
// resumed run needs counters only: no generator state is ever stored.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace clwb
{

/// xoshiro256** seeded from SHA-256 of (seed, name, indices); the same on every machine.
class RandomStream
{
public:
    /// @param name    role of the stream: "data-order", "pseudo-text", "augmentation", …
    /// @param indices counters that separate draws of one role: session, epoch, step
    static RandomStream named(uint64_t seed, std::string_view name,
                              std::initializer_list<uint64_t> indices = {});

    uint64_t next();
    /// Uniform in [0, bound), without modulo bias. CHECK bound > 0.
    uint64_t below(uint64_t bound);
    /// Uniform in [0, 1), 53 bits.
    double uniform();
    /// Standard normal (Box–Muller, both halves used in turn).
    double normal();

    /// Fisher–Yates, last element first.
    template<class T>
    void shuffle(std::vector<T>& values)
    {
        for (size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[below(i)]);
    }

private:
    std::array<uint64_t, 4> m_state{};
    double m_spareNormal = 0;
    bool m_hasSpareNormal = false;
};

} // namespace clwb
