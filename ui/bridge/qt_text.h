// SPDX-License-Identifier: GPL-3.0-or-later
// Between the engine's std::string and the window's QString, and numbers as people read them.
#pragma once

#include "core/base/error.h"

#include <QString>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

class QDateTime;

namespace clwb::ui
{

QString toQt(std::string_view utf8);
inline QString toQt(const std::string& utf8)
{
    return toQt(std::string_view(utf8));
}
std::string fromQt(const QString& text);
QString toQt(const std::filesystem::path& path);
std::filesystem::path toPath(const QString& text);

/// Message and, on further lines, what to do now.
QString errorText(const Error& error);

/// Fixed decimals in the C locale with a true minus sign (U+2212); "—" for NaN.
QString numberText(double value, int decimals);
/// As numberText with an explicit plus sign.
QString changeText(double value, int decimals);
/// Groups of three digits parted by a narrow space.
QString countText(int64_t value);
/// `one` for 1, otherwise `many`; %1 stands for the number.
QString countedText(int64_t value, const QString& one, const QString& many);
/// "before training", "after session 3".
QString sessionPlaceText(int session);
/// "31 s", "1 m 12 s", "2 h 05 m".
QString durationText(double seconds);
/// "9 MB", "0.9 GB".
QString bytesText(uint64_t bytes);
/// "now", "12 min", "2 h", "3 d", then the date; empty for an unreadable time.
QString agoText(const QString& utc, const QDateTime& now);

} // namespace clwb::ui
