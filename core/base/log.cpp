// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include <cstdio>
#include <mutex>

namespace clwb
{
namespace
{

constexpr size_t kMaxLineBytes = 4096;

void writeToStderr(LogLevel level, std::string_view text)
{
    if (level == LogLevel::Debug || level == LogLevel::Info)
        return;
    const char* prefix = level == LogLevel::Warning ? "warning: " : "error: ";
    std::fprintf(stderr, "%s%.*s\n", prefix, static_cast<int>(text.size()), text.data());
}

struct SinkHolder
{
    std::mutex mutex; // guards sink, and keeps lines whole
    LogSink sink = writeToStderr;
};

SinkHolder& holder()
{
    static SinkHolder instance;
    return instance;
}

} // namespace

LogSink setLogSink(LogSink sink)
{
    const std::lock_guard lock(holder().mutex);
    std::swap(holder().sink, sink);
    return sink;
}

void log(LogLevel level, std::string_view text)
{
    std::string line(text.substr(0, kMaxLineBytes));
    for (char& c : line) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f)
            c = '?';
    }
    const std::lock_guard lock(holder().mutex);
    if (holder().sink)
        holder().sink(level, line);
}

} // namespace clwb
