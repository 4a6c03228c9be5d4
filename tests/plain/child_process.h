// SPDX-License-Identifier: GPL-3.0-or-later
// Starts this very test program again with arguments, to be killed or to compete for a file.
#pragma once

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace clwb::test
{

class ChildProcess
{
public:
    /// The child's standard output is read with readLine().
    ChildProcess(std::vector<std::string> arguments, const std::map<std::string, std::string>& set)
    {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return;
        arguments.insert(arguments.begin(), std::filesystem::read_symlink("/proc/self/exe"));
        std::vector<char*> pointers;
        for (std::string& argument : arguments)
            pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        m_pid = ::fork();
        if (m_pid == 0) {
            for (const auto& [name, value] : set)
                ::setenv(name.c_str(), value.c_str(), 1);
            ::dup2(ends[1], STDOUT_FILENO);
            ::execv(pointers[0], pointers.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        m_output = ends[0];
    }
    ~ChildProcess()
    {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            wait();
        }
        ::close(m_output);
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// Empty at the end of the output.
    std::string readLine()
    {
        std::string line;
        char character = 0;
        while (::read(m_output, &character, 1) == 1 && character != '\n')
            line += character;
        return line;
    }
    void kill() const { ::kill(m_pid, SIGKILL); }
    /// Exit status, or minus the signal's number.
    int wait()
    {
        int status = 0;
        ::waitpid(m_pid, &status, 0);
        m_pid = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    pid_t m_pid = -1;
    int m_output = -1;
};

} // namespace clwb::test
