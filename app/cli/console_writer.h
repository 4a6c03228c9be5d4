// SPDX-License-Identifier: GPL-3.0-or-later
// Lines for the terminal, written by a thread of their own: a blocked terminal blocks nobody.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace clwb::cli
{

/// Bounded: when the terminal does not take what comes, the oldest lines are dropped.
class ConsoleWriter
{
public:
    /// @param descriptor open file that is written to; not closed
    explicit ConsoleWriter(int descriptor);
    /// Writes what is left, but waits for a blocked terminal for at most one second.
    ~ConsoleWriter();
    ConsoleWriter(const ConsoleWriter&) = delete;
    ConsoleWriter& operator=(const ConsoleWriter&) = delete;

    /// A line that stays. Returns at once.
    void addLine(std::string line);
    /// The line at the bottom that the next one replaces; "" removes it. Returns at once.
    void setStatus(std::string status);

private:
    void work();
    /// Whole text, as long as somebody reads; false once the reader is gone or time is up.
    bool writeText(const std::string& text);

    int m_descriptor;
    std::mutex m_mutex; // guards everything below but m_thread
    std::condition_variable m_changed;
    std::deque<std::string> m_lines;
    std::string m_status;
    bool m_statusChanged = false;
    bool m_closing = false;
    std::thread m_thread;
};

} // namespace clwb::cli
