// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/resample_kernels.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#define CLWB_HAS_AVX2_KERNELS
#include <immintrin.h>
#endif

namespace clwb::data
{
namespace
{

constexpr int32_t kHalf = 1 << (kWeightBits - 1);

uint8_t clipped(int32_t sum)
{
    return static_cast<uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
}

void horizontalPlain(const uint8_t* row, const ResampleTaps& taps, uint8_t* out)
{
    for (int x = 0; x < taps.size; ++x) {
        const uint8_t* pixel = row + 3 * static_cast<ptrdiff_t>(taps.first[x]);
        const int32_t* weights = taps.weights + static_cast<ptrdiff_t>(x) * taps.stride;
        int32_t red = kHalf, green = kHalf, blue = kHalf;
        for (int k = 0; k < taps.count[x]; ++k, pixel += 3) {
            red += pixel[0] * weights[k];
            green += pixel[1] * weights[k];
            blue += pixel[2] * weights[k];
        }
        *out++ = clipped(red);
        *out++ = clipped(green);
        *out++ = clipped(blue);
    }
}

void verticalPlain(const uint8_t* rows, size_t rowBytes, const int32_t* weights, int count,
                   uint8_t* out, size_t bytes)
{
    for (size_t i = 0; i < bytes; ++i) {
        int32_t sum = kHalf;
        for (int k = 0; k < count; ++k)
            sum += rows[static_cast<size_t>(k) * rowBytes + i] * weights[k];
        out[i] = clipped(sum);
    }
}

#ifdef CLWB_HAS_AVX2_KERNELS

/// Two source pixels at a time: their six bytes are spread over eight 32-bit lanes.
__attribute__((target("avx2"))) void horizontalAvx2(const uint8_t* row, const ResampleTaps& taps,
                                                    uint8_t* out)
{
    const __m128i spread = _mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m256i duplicate = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    for (int x = 0; x < taps.size; ++x) {
        const uint8_t* pixel = row + 3 * static_cast<ptrdiff_t>(taps.first[x]);
        const int32_t* weights = taps.weights + static_cast<ptrdiff_t>(x) * taps.stride;
        __m256i sums = _mm256_setzero_si256();
        for (int k = 0; k < taps.count[x]; k += 2, pixel += 6) {
            const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixel));
            const __m128i pair = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(weights + k));
            const __m256i values = _mm256_cvtepu8_epi32(_mm_shuffle_epi8(bytes, spread));
            const __m256i factors =
                _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(pair), duplicate);
            sums = _mm256_add_epi32(sums, _mm256_mullo_epi32(values, factors));
        }
        __m128i sum =
            _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(kHalf)), kWeightBits);
        sum = _mm_packus_epi32(sum, sum);
        sum = _mm_packus_epi16(sum, sum);
        const int32_t rgb = _mm_cvtsi128_si32(sum);
        std::memcpy(out, &rgb, 3);
        out += 3;
    }
}

/// Thirty-two bytes of a row at a time.
__attribute__((target("avx2"))) void verticalAvx2(const uint8_t* rows, size_t rowBytes,
                                                  const int32_t* weights, int count, uint8_t* out,
                                                  size_t bytes)
{
    const __m256i half = _mm256_set1_epi32(kHalf);
    size_t i = 0;
    for (; i + 32 <= bytes; i += 32) {
        __m256i sums[4] = {half, half, half, half};
        const uint8_t* row = rows + i;
        for (int k = 0; k < count; ++k, row += rowBytes) {
            const __m256i weight = _mm256_set1_epi32(weights[k]);
            for (int part = 0; part < 4; ++part) {
                const __m128i values =
                    _mm_loadl_epi64(reinterpret_cast<const __m128i*>(row + ptrdiff_t{8} * part));
                sums[part] = _mm256_add_epi32(
                    sums[part], _mm256_mullo_epi32(_mm256_cvtepu8_epi32(values), weight));
            }
        }
        // The packs work within 128-bit halves: the last step puts the groups back in order.
        const __m256i low = _mm256_packus_epi32(_mm256_srai_epi32(sums[0], kWeightBits),
                                                _mm256_srai_epi32(sums[1], kWeightBits));
        const __m256i high = _mm256_packus_epi32(_mm256_srai_epi32(sums[2], kWeightBits),
                                                 _mm256_srai_epi32(sums[3], kWeightBits));
        const __m256i packed = _mm256_permutevar8x32_epi32(
            _mm256_packus_epi16(low, high), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), packed);
    }
    if (i < bytes)
        verticalPlain(rows + i, rowBytes, weights, count, out + i, bytes - i);
}

#endif

} // namespace

ResampleKernels plainKernels()
{
    return {&horizontalPlain, &verticalPlain};
}

ResampleKernels bestKernels()
{
#ifdef CLWB_HAS_AVX2_KERNELS
    if (__builtin_cpu_supports("avx2"))
        return {&horizontalAvx2, &verticalAvx2};
#endif
    return plainKernels();
}

} // namespace clwb::data
