// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random_stream.h"

#include "core/base/check.h"
#include "core/base/sha256.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string>

namespace clwb
{

RandomStream RandomStream::named(uint64_t seed, std::string_view name,
                                 std::initializer_list<uint64_t> indices)
{
    std::string key = std::to_string(seed);
    key += '/';
    key += name;
    for (const uint64_t index : indices)
        key += '/' + std::to_string(index);
    const Sha256Digest digest = sha256(key);

    RandomStream stream;
    for (size_t word = 0; word < 4; ++word) {
        for (size_t byte = 0; byte < 8; ++byte)
            stream.m_state[word] |= static_cast<uint64_t>(digest[8 * word + byte]) << (8 * byte);
    }
    return stream;
}

uint64_t RandomStream::next()
{
    const uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
    const uint64_t t = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= t;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

uint64_t RandomStream::below(uint64_t bound)
{
    CLWB_CHECK(bound > 0);
    // Values under 2^64 mod bound would make the low residues more frequent.
    const uint64_t rejected = (0 - bound) % bound;
    for (;;) {
        const uint64_t value = next();
        if (value >= rejected)
            return value % bound;
    }
}

double RandomStream::uniform()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double RandomStream::normal()
{
    if (m_hasSpareNormal) {
        m_hasSpareNormal = false;
        return m_spareNormal;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 2.0 * std::numbers::pi * uniform();
    m_spareNormal = radius * std::sin(angle);
    m_hasSpareNormal = true;
    return radius * std::cos(angle);
}

} // namespace clwb
