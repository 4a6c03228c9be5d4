// SPDX-License-Identifier: GPL-3.0-or-later
// Starts a program as a shell would and keeps what it said; for tests of the real `clwb`.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace clwb::test
{

struct Outcome
{
    int status = -1; ///< exit status; 128 + signal when killed
    std::string out;
    std::string err;
};

struct Setup
{
    std::string input;                              ///< stdin
    std::filesystem::path folder;                   ///< working directory; empty: this one
    std::map<std::string, std::string> environment; ///< added
    bool closedOutput = false;                      ///< stdout is a pipe that nobody reads
};

/// A running program. Output goes to files, so that it never blocks on the test.
class Process
{
public:
    Process(std::vector<std::string> arguments, const Setup& setup = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const;
    [[nodiscard]] bool isRunning();
    /// What it wrote to stderr until now.
    [[nodiscard]] std::string errorSoFar() const;
    /// Waits; kills it when the time is up (status 137 then).
    Outcome wait(std::chrono::seconds limit = std::chrono::seconds(120));

private:
    pid_t m_pid = -1;
    int m_waited = -1; ///< raw wait status once known
    bool m_done = false;
    std::filesystem::path m_files;
};

/// Path of the program that was built.
std::string clwbProgram();
/// Runs `clwb` with these arguments to its end.
Outcome runClwb(const std::vector<std::string>& arguments, const Setup& setup = {});

} // namespace clwb::test
