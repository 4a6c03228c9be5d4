// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_console.h"

#include "app/cli/progress_text.h"
#include "core/base/json.h"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace clwb::cli
{
namespace
{

constexpr auto kPlainInterval = std::chrono::seconds(30);
constexpr auto kRedrawInterval = std::chrono::milliseconds(100);
constexpr int kDefaultColumns = 80;

int terminalColumns()
{
    winsize size = {};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return kDefaultColumns;
}

bool isSet(const char* variable)
{
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

} // namespace

ProgressMode progressMode(const Arguments& arguments)
{
    const std::string mode = arguments.valueOr("--progress", "auto");
    if (mode == "bar")
        return ProgressMode::Bar;
    if (mode == "plain")
        return ProgressMode::Plain;
    if (mode == "json")
        return ProgressMode::Json;
    if (mode == "none")
        return ProgressMode::None;
    const char* terminal = std::getenv("TERM");
    const bool redraws = terminal != nullptr && std::string_view(terminal) != "dumb";
    return ::isatty(STDERR_FILENO) == 1 && redraws ? ProgressMode::Bar : ProgressMode::Plain;
}

bool PlainThrottle::accepts(const run::Progress& progress, Clock::time_point now)
{
    const bool newEpoch = progress.session != m_session || progress.epoch != m_epoch;
    const bool first = m_last == Clock::time_point{};
    if (!newEpoch || (!first && now - m_last < kPlainInterval))
        return false;
    m_session = progress.session;
    m_epoch = progress.epoch;
    m_last = now;
    return true;
}

ProgressConsole::ProgressConsole(ProgressMode mode)
    : m_mode(mode)
    , m_colours(mode == ProgressMode::Bar && !isSet("NO_COLOR"))
    , m_writer(std::make_unique<ConsoleWriter>(STDERR_FILENO))
{}

ProgressConsole::~ProgressConsole()
{
    if (m_mode == ProgressMode::Bar)
        m_writer->setStatus("");
}

void ProgressConsole::endStatus()
{
    if (m_mode != ProgressMode::Bar)
        return;
    m_writer->setStatus("");
    m_writer = std::make_unique<ConsoleWriter>(STDERR_FILENO); // the old one writes what is left
}

void ProgressConsole::startPart(int number, int count, const std::string& name)
{
    if (m_mode == ProgressMode::Json)
        m_writer->addLine(
            Json{{"type", "trial"}, {"trial", number}, {"trials", count}, {"name", name}}.dump());
    m_label = std::to_string(number) + "/" + std::to_string(count) + " " + name;
    m_throttle = {};
}

void ProgressConsole::addLine(const std::string& text)
{
    m_writer->addLine(m_label.empty() ? text : m_label + ": " + text);
}

void ProgressConsole::showProgress(const run::Progress& progress)
{
    const auto now = std::chrono::steady_clock::now();
    if (m_mode == ProgressMode::Plain) {
        if (progress.phase == run::Progress::Phase::Training && m_throttle.accepts(progress, now))
            addLine(progressText(progress));
        return;
    }
    if (now - m_lastDrawn < kRedrawInterval)
        return;
    m_lastDrawn = now;
    if (m_mode == ProgressMode::Json) {
        m_writer->addLine(jsonText(progress));
        return;
    }
    redraw(barText(progress, columns()));
}

int ProgressConsole::columns() const
{
    return terminalColumns() - (m_label.empty() ? 0 : static_cast<int>(m_label.size()) + 2);
}

void ProgressConsole::redraw(const std::string& bar)
{
    const std::string text = m_label.empty() ? bar : m_label + ": " + bar;
    m_writer->setStatus(m_colours ? "\033[36m" + text + "\033[0m" : text);
}

void ProgressConsole::showWork(double fraction, const std::string& text)
{
    const auto now = std::chrono::steady_clock::now();
    const auto interval =
        m_mode == ProgressMode::Plain ? std::chrono::milliseconds(kPlainInterval) : kRedrawInterval;
    const bool first = m_lastWork == std::chrono::steady_clock::time_point{};
    if (m_mode == ProgressMode::None || (!first && now - m_lastWork < interval))
        return;
    m_lastWork = now;
    if (m_mode == ProgressMode::Json)
        m_writer->addLine(
            Json{{"type", "progress"}, {"fraction", fraction}, {"text", text}}.dump());
    else if (m_mode == ProgressMode::Plain)
        addLine(text);
    else
        redraw(barText(fraction, text, columns()));
}

void ProgressConsole::show(const run::Event& event)
{
    if (const auto* progress = std::get_if<run::Progress>(&event)) {
        if (m_mode != ProgressMode::None)
            showProgress(*progress);
        return;
    }
    if (m_mode == ProgressMode::Json) {
        const std::string line = jsonText(event);
        if (!line.empty())
            m_writer->addLine(line);
        return;
    }
    if (const auto* warning = std::get_if<run::Warning>(&event))
        addLine("warning: " + warning->text);
    if (const auto* skipped = std::get_if<run::StepSkipped>(&event))
        addLine("warning: step " + std::to_string(skipped->step) + " left out: " + skipped->reason);
    if (m_mode == ProgressMode::None)
        return;
    if (const auto* evaluated = std::get_if<run::Evaluated>(&event))
        addLine(evaluationText(evaluated->record));
}

} // namespace clwb::cli
