// SPDX-License-Identifier: GPL-3.0-or-later
// Levelled log lines to replaceable sinks; nothing else in core writes to the terminal.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace clwb
{

enum class LogLevel { Debug, Info, Warning, Error };

using LogSink = std::function<void(LogLevel, std::string_view)>;

/// Replaces the process's sink (default: warnings and errors to stderr) and returns the old one.
/// Thread: any; the sink is called under a lock, one line at a time.
LogSink setLogSink(LogSink sink);

/// Control characters and terminal escapes are replaced and lines cut at 4 KiB before the sink.
void log(LogLevel level, std::string_view text);

inline void logInfo(std::string_view text)
{
    log(LogLevel::Info, text);
}
inline void logWarning(std::string_view text)
{
    log(LogLevel::Warning, text);
}
inline void logError(std::string_view text)
{
    log(LogLevel::Error, text);
}

} // namespace clwb
