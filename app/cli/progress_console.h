// SPDX-License-Identifier: GPL-3.0-or-later
// Shows a run's progress on stderr: a bar on a terminal, few plain lines in a log, or JSON lines.
#pragma once

#include "app/cli/command.h"
#include "app/cli/console_writer.h"
#include "core/run/events.h"

#include <chrono>
#include <memory>
#include <string>

namespace clwb::cli
{

enum class ProgressMode { Bar, Plain, Json, None };

/// `auto` is a bar when stderr is a terminal that understands it, plain lines otherwise.
ProgressMode progressMode(const Arguments& arguments);

/// Decides which progress makes a plain line: at most one an epoch, and one in 30 seconds.
class PlainThrottle
{
public:
    using Clock = std::chrono::steady_clock;
    bool accepts(const run::Progress& progress, Clock::time_point now);

private:
    Clock::time_point m_last{};
    int m_session = -1;
    int m_epoch = -1;
};

class ProgressConsole
{
public:
    explicit ProgressConsole(ProgressMode mode);
    ~ProgressConsole();
    /// @param label put before every line ("seed 1"); "" for none
    void setLabel(std::string label) { m_label = std::move(label); }
    /// The next of several runs begins: a label, or a line of type `trial` in JSON.
    void startPart(int number, int count, const std::string& name);
    /// Any one thread at a time; returns at once, whatever the terminal does.
    void show(const run::Event& event);
    /// Work that is no run: how much of it is done (0…1) and what to say about it.
    void showWork(double fraction, const std::string& text);
    /// Takes the bar away, before a result goes to the same terminal.
    void endStatus();

private:
    void showProgress(const run::Progress& progress);
    void redraw(const std::string& bar);
    int columns() const;
    void addLine(const std::string& text);

    ProgressMode m_mode;
    std::string m_label;
    bool m_colours = false;
    PlainThrottle m_throttle;
    std::chrono::steady_clock::time_point m_lastDrawn{};
    std::chrono::steady_clock::time_point m_lastWork{};
    std::unique_ptr<ConsoleWriter> m_writer;
};

} // namespace clwb::cli
