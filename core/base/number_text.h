// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as text, independent of the locale.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace clwb
{

/// Shortest text that reads back to the same double; "NaN", "Infinity", "-Infinity" otherwise.
std::string shortestText(double value);
/// Fixed number of decimals, for display only.
std::string fixedText(double value, int decimals);
/// Rounded to so many significant digits (1 to 17), as its decimal text would be.
double roundedToDigits(double value, int digits);
/// The whole text as a finite or infinite number in C notation; nothing if any character is left.
std::optional<double> parseDouble(std::string_view text);
std::optional<long long> parseInteger(std::string_view text);
/// A time in UTC as ISO 8601, with milliseconds.
std::string utcText(std::chrono::system_clock::time_point time);
/// Current UTC time as ISO 8601, "2026-01-31T12:00:00.123Z".
std::string utcNowText();

} // namespace clwb
