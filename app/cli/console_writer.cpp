// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console_writer.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace clwb::cli
{
namespace
{

constexpr size_t kMaxWaitingLines = 256;
constexpr size_t kPieceBytes =
    512; // a pipe or terminal that is ready takes so much without waiting
constexpr int kPollMs = 100;
constexpr auto kPatience = std::chrono::seconds(1);

} // namespace

ConsoleWriter::ConsoleWriter(int descriptor)
    : m_descriptor(descriptor)
    , m_thread([this] { work(); })
{}

ConsoleWriter::~ConsoleWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void ConsoleWriter::addLine(std::string line)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_lines.size() >= kMaxWaitingLines)
            m_lines.pop_front();
        m_lines.push_back(std::move(line));
    }
    m_changed.notify_all();
}

void ConsoleWriter::setStatus(std::string status)
{
    {
        const std::lock_guard lock(m_mutex);
        m_status = std::move(status);
        m_statusChanged = true;
    }
    m_changed.notify_all();
}

void ConsoleWriter::work()
{
    bool statusShown = false;
    for (bool open = true; open;) {
        std::deque<std::string> lines;
        std::string status;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock,
                           [this] { return m_closing || !m_lines.empty() || m_statusChanged; });
            if (m_closing && m_lines.empty() && !m_statusChanged)
                return;
            lines.swap(m_lines);
            status = m_status;
            m_statusChanged = false;
        }
        std::string text = statusShown ? "\r\033[K" : "";
        for (const std::string& line : lines)
            text += line + "\n";
        text += status;
        statusShown = !status.empty();
        open = writeText(text);
    }
}

bool ConsoleWriter::writeText(const std::string& text)
{
    std::optional<std::chrono::steady_clock::time_point> closingSince;
    for (size_t done = 0; done < text.size();) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_closing && !closingSince)
                closingSince = std::chrono::steady_clock::now();
        }
        if (closingSince && std::chrono::steady_clock::now() - *closingSince > kPatience)
            return false;
        pollfd ready{m_descriptor, POLLOUT, 0};
        if (::poll(&ready, 1, kPollMs) <= 0)
            continue;
        const ssize_t written =
            ::write(m_descriptor, text.data() + done, std::min(kPieceBytes, text.size() - done));
        if (written > 0)
            done += static_cast<size_t>(written);
        else if (errno != EINTR && errno != EAGAIN)
            return false;
    }
    return true;
}

} // namespace clwb::cli
