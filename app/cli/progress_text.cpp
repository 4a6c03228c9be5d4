// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_text.h"

#include "core/base/json.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <cmath>

namespace clwb::cli
{
namespace
{

constexpr size_t kBarColumns = 20;

std::string ratio(int64_t part, int64_t whole)
{
    return std::to_string(part) + "/" + std::to_string(whole);
}

const char* phaseName(run::Progress::Phase phase)
{
    switch (phase) {
    case run::Progress::Phase::Loading:
        return "loading";
    case run::Progress::Phase::Training:
        return "training";
    case run::Progress::Phase::Evaluating:
        return "evaluating";
    case run::Progress::Phase::Saving:
        return "saving";
    }
    return "";
}

// The measures people follow, under the paper's names.
std::vector<metrics::MetricValue> shownMetrics(const metrics::EvaluationRecord& record)
{
    static const std::vector<std::string> kShown{
        "UT-Acc (session mean)", "UT-Acc (seen)", "ZS-Acc", "TR@1", "IR@1", "A-Acc"};
    std::vector<metrics::MetricValue> shown;
    for (const metrics::MetricValue& value : metrics::metricValues(record)) {
        const std::string name =
            value.name.rfind("val ", 0) == 0 ? value.name.substr(4) : value.name;
        if (std::find(kShown.begin(), kShown.end(), name) != kShown.end())
            shown.push_back(value);
    }
    return shown;
}

Json toJsonObject(const run::Progress& progress)
{
    Json object{{"type", "progress"},
                {"phase", phaseName(progress.phase)},
                {"session", progress.session},
                {"sessions", progress.sessions},
                {"epoch", progress.epoch},
                {"epochs", progress.epochs},
                {"batch", progress.batch},
                {"batches", progress.batches},
                {"step", progress.step},
                {"steps", progress.totalSteps},
                {"images_per_second", progress.imagesPerSecond},
                {"fraction", progress.fraction}};
    if (progress.secondsLeft)
        object["seconds_left"] = *progress.secondsLeft;
    if (progress.isRoughly) // before any step was measured
        object["roughly"] = true;
    return object;
}

Json toJsonObject(const run::Evaluated& evaluated)
{
    Json object{{"type", "eval"},
                {"session", evaluated.record.session},
                {"split", evaluated.record.split},
                {"file", evaluated.recordFile},
                {"metrics", Json::object()}};
    if (evaluated.record.epoch)
        object["epoch"] = *evaluated.record.epoch;
    for (const metrics::MetricValue& value : metrics::metricValues(evaluated.record))
        object["metrics"][value.name] = value.value;
    return object;
}

} // namespace

std::string durationText(double seconds)
{
    const auto whole = static_cast<int64_t>(std::llround(std::max(0.0, seconds)));
    const auto two = [](int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    if (whole >= 3600)
        return std::to_string(whole / 3600) + " h " + two(whole % 3600 / 60) + " min";
    if (whole >= 60)
        return std::to_string(whole / 60) + " min " + two(whole % 60) + " s";
    return std::to_string(whole) + " s";
}

std::string progressText(const run::Progress& progress)
{
    std::string text;
    const auto add = [&text](const std::string& part) {
        text += (text.empty() ? "" : "  ") + part;
    };
    if (progress.sessions > 1)
        add("session " + ratio(progress.session, progress.sessions));
    if (progress.phase == run::Progress::Phase::Training) {
        add("epoch " + ratio(progress.epoch, progress.epochs));
        add("step " + ratio(progress.step, progress.totalSteps));
    } else {
        add(phaseName(progress.phase));
        if (progress.batches > 0)
            add(ratio(progress.batch, progress.batches));
    }
    if (progress.imagesPerSecond > 0)
        add(fixedText(progress.imagesPerSecond, 0) + " images/s");
    if (progress.secondsLeft)
        add((progress.isRoughly ? "roughly " : "") + durationText(*progress.secondsLeft) + " left");
    else
        add("estimating …");
    return text;
}

std::string barText(double fraction, const std::string& text, int columns)
{
    const double done = std::clamp(fraction, 0.0, 1.0);
    const auto filled = static_cast<size_t>(done * kBarColumns);
    std::string percent = fixedText(100 * done, 0);
    percent.insert(0, 3 - std::min<size_t>(3, percent.size()), ' ');
    std::string bar = "[" + std::string(filled, '#') + std::string(kBarColumns - filled, '.') +
                      "] " + percent + " %  " + text;
    // One column less than the terminal has: a full last column would wrap.
    const auto limit = static_cast<size_t>(std::max(columns - 1, 20));
    if (bar.size() > limit)
        bar.resize(limit);
    // Never cut inside a character of several bytes ("…").
    while (!bar.ends_with("…") && (static_cast<unsigned char>(bar.back()) & 0x80U) != 0)
        bar.pop_back();
    return bar;
}

std::string barText(const run::Progress& progress, int columns)
{
    return barText(progress.fraction, progressText(progress), columns);
}

std::string evaluationText(const metrics::EvaluationRecord& record)
{
    std::string text =
        record.session == 0 ? "before training" : "after session " + std::to_string(record.session);
    if (record.epoch)
        text = "session " + std::to_string(record.session + 1) + ", epoch " +
               std::to_string(*record.epoch);
    const char* separator = ": ";
    for (const metrics::MetricValue& value : shownMetrics(record)) {
        text += separator + value.name + " " + fixedText(value.value, 2);
        separator = ", ";
    }
    return text;
}

std::string jsonText(const run::Event& event)
{
    if (const auto* progress = std::get_if<run::Progress>(&event))
        return toJsonObject(*progress).dump();
    if (const auto* evaluated = std::get_if<run::Evaluated>(&event))
        return toJsonObject(*evaluated).dump();
    if (const auto* started = std::get_if<run::RunStarted>(&event))
        return Json{{"type", "run"},
                    {"sessions", started->sessions},
                    {"steps", started->totalSteps},
                    {"first_step", started->firstStep}}
            .dump();
    if (const auto* session = std::get_if<run::SessionStarted>(&event))
        return Json{{"type", "session"}, {"session", session->session}, {"items", session->items}}
            .dump();
    if (const auto* warning = std::get_if<run::Warning>(&event))
        return Json{{"type", "warning"}, {"text", warning->text}}.dump();
    if (const auto* saved = std::get_if<run::CheckpointSaved>(&event))
        return Json{{"type", "checkpoint"}, {"folder", saved->folder}, {"step", saved->step}}
            .dump();
    if (const auto* skipped = std::get_if<run::StepSkipped>(&event))
        return Json{{"type", "skip"}, {"step", skipped->step}, {"reason", skipped->reason}}.dump();
    if (const auto* finished = std::get_if<run::Finished>(&event))
        return Json{{"type", "end"},
                    {"status", finished->status},
                    {"steps", finished->steps},
                    {"message", finished->message}}
            .dump();
    return {};
}

} // namespace clwb::cli
