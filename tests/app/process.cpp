// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/process.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace clwb::test
{
namespace
{

std::string contentOf(const std::filesystem::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void redirect(const std::filesystem::path& path, int flags, int descriptor)
{
    const int file = ::open(path.c_str(), flags, 0600);
    ::dup2(file, descriptor);
    ::close(file);
}

// A pipe whose reading end is already closed: writing gives EPIPE, as after `| head -1` ended.
void breakOutput()
{
    int ends[2];
    if (::pipe(ends) != 0)
        ::_exit(126);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
}

} // namespace

Process::Process(std::vector<std::string> arguments, const Setup& setup)
{
    std::string pattern = (std::filesystem::temp_directory_path() / "clwb-out-XXXXXX").string();
    m_files = ::mkdtemp(pattern.data());
    std::ofstream(m_files / "in", std::ios::binary) << setup.input;
    m_pid = ::fork();
    if (m_pid != 0)
        return;
    redirect(m_files / "in", O_RDONLY, STDIN_FILENO);
    redirect(m_files / "err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    if (setup.closedOutput)
        breakOutput();
    else
        redirect(m_files / "out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    for (const auto& [name, value] : setup.environment)
        ::setenv(name.c_str(), value.c_str(), 1);
    if (!setup.folder.empty() && ::chdir(setup.folder.c_str()) != 0)
        ::_exit(126);
    std::vector<char*> words;
    for (std::string& argument : arguments)
        words.push_back(argument.data());
    words.push_back(nullptr);
    ::execv(words[0], words.data());
    ::_exit(127);
}

Process::~Process()
{
    if (isRunning()) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(m_files, ignored);
}

void Process::signal(int number) const
{
    ::kill(m_pid, number);
}

bool Process::isRunning()
{
    if (!m_done && ::waitpid(m_pid, &m_waited, WNOHANG) == m_pid)
        m_done = true;
    return !m_done;
}

std::string Process::errorSoFar() const
{
    return contentOf(m_files / "err");
}

Outcome Process::wait(std::chrono::seconds limit)
{
    const auto end = std::chrono::steady_clock::now() + limit;
    while (isRunning()) {
        if (std::chrono::steady_clock::now() > end) {
            ::kill(m_pid, SIGKILL);
            ::waitpid(m_pid, &m_waited, 0);
            m_done = true;
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    const int status = WIFEXITED(m_waited) ? WEXITSTATUS(m_waited) : 128 + WTERMSIG(m_waited);
    return {status, contentOf(m_files / "out"), contentOf(m_files / "err")};
}

std::string clwbProgram()
{
    return CLWB_PROGRAM;
}

Outcome runClwb(const std::vector<std::string>& arguments, const Setup& setup)
{
    std::vector<std::string> words{clwbProgram()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return Process(words, setup).wait();
}

} // namespace clwb::test
