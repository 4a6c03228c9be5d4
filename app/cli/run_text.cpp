// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_text.h"

#include "app/cli/progress_text.h"
#include "core/base/number_text.h"
#include "core/spec/run_spec.h"

#include <algorithm>
#include <array>

namespace clwb::cli
{
namespace
{

constexpr std::array kMetrics{"UT-Acc (session mean)", "ZS-Acc", "TR@1", "IR@1", "Bwt", "A-Acc"};
constexpr std::array kMetricHeads{"UT", "ZS", "TR@1", "IR@1", "Bwt", "A"};

// Cells of OST show what OST is judged by.
std::string metricCell(const store::RunRow& row, std::string name)
{
    if (name == "UT-Acc (session mean)" && row.setting == "OST")
        name = "UT-Acc (overall)";
    const auto found = row.metrics.find(name);
    return found == row.metrics.end() ? "–" : fixedText(found->second, 2);
}

// Characters that a terminal shows, not bytes (names may be in any script).
size_t shownLength(const std::string& text)
{
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

// Names come from files: nothing in them may move the cursor.
std::string printable(std::string text)
{
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return text;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::vector<std::string> cellsOf(const store::RunRow& row)
{
    std::vector<std::string> cells{std::to_string(row.runId),
                                   printable(row.name),
                                   printable(spec::displayLabel(row.kind, row.method, row.option)),
                                   row.setting,
                                   row.seed ? std::to_string(*row.seed) : "–",
                                   row.status};
    for (const char* name : kMetrics)
        cells.push_back(metricCell(row, name));
    cells.push_back(row.createdUtc.substr(0, 16));
    cells.push_back(row.origin);
    return cells;
}

void addLine(std::string& text, std::string name, const std::string& value)
{
    if (value.empty())
        return;
    name.resize(std::max<size_t>(name.size() + 1, 24), ' ');
    text += name + printable(value) + "\n";
}

} // namespace

std::string runTable(const std::vector<store::RunRow>& rows)
{
    std::vector<std::vector<std::string>> table{
        {"run", "name", "method", "setting", "seed", "status"}};
    table[0].insert(table[0].end(), kMetricHeads.begin(), kMetricHeads.end());
    table[0].insert(table[0].end(), {"created", "origin"});
    for (const store::RunRow& row : rows)
        table.push_back(cellsOf(row));
    std::vector<size_t> widths(table[0].size(), 0);
    for (const auto& line : table) {
        for (size_t column = 0; column < line.size(); ++column)
            widths[column] = std::max(widths[column], shownLength(line[column]));
    }
    std::string text;
    for (const auto& line : table) {
        std::string shown;
        for (size_t column = 0; column < line.size(); ++column)
            shown +=
                line[column] + std::string(widths[column] - shownLength(line[column]) + 2, ' ');
        shown.erase(shown.find_last_not_of(' ') + 1);
        text += shown + "\n";
    }
    return text;
}

std::string provenanceText(const Json& environment, const Json& resolvedSpec)
{
    std::string text;
    const auto known = [&](const char* key) {
        const auto found = environment.is_object() ? environment.find(key) : environment.end();
        return found != environment.end() && found->is_string() ? found->get<std::string>()
                                                                : std::string();
    };
    if (!known("program").empty())
        addLine(text, "program", known("program") + ", commit " + known("commit"));
    if (!known("patch_sha256").empty())
        addLine(text, "local changes", known("patch") + ", SHA-256 " + known("patch_sha256"));
    const spec::DataSummary data = spec::dataSummary(resolvedSpec);
    if (!data.sha256.empty()) {
        addLine(text, "data",
                std::to_string(data.files) + " files, " + std::to_string(data.bytes) +
                    " bytes, SHA-256 of their list " + data.sha256);
    }
    return text;
}

std::string runDetails(const store::RunRow& row, const std::vector<std::string>& warnings,
                       const std::string& branchedFrom)
{
    std::string text;
    const auto add = [&text](std::string name, const std::string& value) {
        addLine(text, std::move(name), value);
    };
    add("run", std::to_string(row.runId));
    add("name", row.name);
    add("method", spec::displayLabel(row.kind, row.method, row.option));
    add("setting", row.setting);
    add("status", row.status);
    add("message", row.message);
    for (const std::string& warning : warnings)
        add("warning", warning);
    add("owner", row.owner);
    add("seed", row.seed ? std::to_string(*row.seed) : "");
    add("created", row.createdUtc);
    add("finished", row.finishedUtc);
    add("duration", row.seconds ? durationText(*row.seconds) : "");
    add("study", row.study);
    add("model", row.model);
    add("folder", row.folder);
    add("origin", row.origin);
    add("branched from", branchedFrom);
    add("tags", joined(row.tags));
    add("notes", row.notes);
    add("sessions", row.sessions > 0 ? std::to_string(std::max(0, row.lastSession)) + " of " +
                                           std::to_string(row.sessions) + " evaluated"
                                     : "");
    for (const auto& [name, value] : row.metrics)
        add(name, fixedText(value, 2));
    return text;
}

std::string branchText(const Json& resolvedSpec, const std::vector<store::RunRow>& rows)
{
    if (!resolvedSpec.is_object() || !resolvedSpec.contains("branched_from"))
        return {};
    const Json& origin = resolvedSpec.at("branched_from");
    const std::string uid = origin.value("uid", "");
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const store::RunRow& other) { return other.uid == uid; });
    const std::string run = row == rows.end() ? "run " + uid + ", not in this project,"
                                              : "run " + std::to_string(row->runId);
    return run + " after session " + std::to_string(origin.value("session", 0));
}

Json runJson(const store::RunRow& row)
{
    Json object{{"run_id", row.runId},
                {"uid", row.uid},
                {"name", row.name},
                {"kind", row.kind},
                {"method", row.method},
                {"option", row.option},
                {"setting", row.setting},
                {"status", row.status},
                {"seed", nullptr},
                {"created_utc", row.createdUtc},
                {"finished_utc", row.finishedUtc},
                {"seconds", nullptr},
                {"study", row.study},
                {"model", row.model},
                {"origin", row.origin},
                {"tags", row.tags},
                {"notes", row.notes},
                {"dir", row.folder},
                {"message", row.message},
                {"sessions", row.sessions},
                {"last_session", row.lastSession},
                {"metrics", Json::object()}};
    if (row.seed)
        object["seed"] = *row.seed;
    if (row.seconds)
        object["seconds"] = *row.seconds;
    for (const auto& [name, value] : row.metrics)
        object["metrics"][name] = value;
    return object;
}

} // namespace clwb::cli
