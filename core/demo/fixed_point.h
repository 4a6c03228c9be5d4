// SPDX-License-Identifier: GPL-3.0-or-later
// Fixed-point helpers of the compositor: sine by table, clamping, eased steps.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace clwb::demo
{

/// One is 1 << 16.
inline constexpr int kOne = 1 << 16;
/// A full turn of an angle; angles wrap.
inline constexpr int kTurn = 1 << 16;
/// Angles that stand for radians: kTurn / 2π, rounded.
inline constexpr int kRadian = 10430;

namespace detail
{
inline constexpr int kQuarterSteps = 256;

/// A quarter wave of the sine, 16 fractional bits, by its Taylor series at compile time.
constexpr std::array<int, kQuarterSteps + 1> makeQuarterWave()
{
    std::array<int, kQuarterSteps + 1> wave{};
    for (int step = 0; step <= kQuarterSteps; ++step) {
        const double x = 1.57079632679489661923 * step / kQuarterSteps;
        double term = x;
        double sum = x;
        for (int n = 1; n < 10; ++n) {
            term *= -x * x / ((2 * n) * (2 * n + 1));
            sum += term;
        }
        wave[static_cast<size_t>(step)] = static_cast<int>(sum * kOne + 0.5);
    }
    return wave;
}
inline constexpr auto kQuarterWave = makeQuarterWave();
} // namespace detail

/// sin(2π·angle/kTurn) with 16 fractional bits, linear between 1024 steps a turn.
constexpr int fixedSin(int angle)
{
    const int wrapped = angle & (kTurn - 1);
    const int half = wrapped & (kTurn / 2 - 1);
    const int folded = half > kTurn / 4 ? kTurn / 2 - half : half;
    constexpr int stepSize = kTurn / 4 / detail::kQuarterSteps;
    const auto step = static_cast<size_t>(folded / stepSize);
    const int rest = folded % stepSize;
    int value = detail::kQuarterWave[step];
    if (rest != 0)
        value += (detail::kQuarterWave[step + 1] - value) * rest / stepSize;
    return wrapped >= kTurn / 2 ? -value : value;
}

constexpr int fixedCos(int angle)
{
    return fixedSin(angle + kTurn / 4);
}

constexpr uint8_t toByte(int value)
{
    return static_cast<uint8_t>(std::clamp(value, 0, 255));
}

/// value·factor/256 rounded down, also for negative values (arithmetic shift).
constexpr int scaled(int value, int factor256)
{
    return (value * factor256) >> 8;
}

/// 3t² − 2t³ for t in 0 … 256, result in 0 … 256.
constexpr int eased(int t256)
{
    return t256 * t256 * (768 - 2 * t256) >> 16;
}

/// from at t = 0, to at t = 256.
constexpr int blended(int from, int to, int t256)
{
    return from + (((to - from) * t256 + 128) >> 8);
}

} // namespace clwb::demo
