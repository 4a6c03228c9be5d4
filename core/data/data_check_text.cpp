// SPDX-License-Identifier: GPL-3.0-or-later
// A check report as text, CSV and JSON.
#include "core/data/data_check.h"

#include <algorithm>
#include <array>

namespace clwb::data
{
namespace
{

using Severity = Problem::Severity;

const char* nameOf(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return "error";
    case Severity::Warning:
        return "warning";
    case Severity::Note:
        return "note";
    }
    return "";
}

/// Rows of cells in columns: the first left-aligned, the others right-aligned.
std::string columns(const std::vector<std::vector<std::string>>& rows)
{
    const auto width = [](const std::string& cell) { // in characters, not bytes
        return static_cast<size_t>(
            std::count_if(cell.begin(), cell.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    };
    std::vector<size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string text;
    for (const auto& row : rows) {
        for (size_t i = 0; i < row.size(); ++i) {
            const std::string space(widths[i] - width(row[i]), ' ');
            text += i == 0 ? "  " + row[i] + space : "  " + space + row[i];
        }
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

std::string signedText(int64_t value)
{
    return (value > 0 ? "+" : "") + std::to_string(value);
}

std::string sessionTable(const CheckReport& report)
{
    const bool hasPaper =
        std::any_of(report.sessions.begin(), report.sessions.end(),
                    [](const SessionCount& s) { return s.paperTrain.has_value(); });
    std::vector<std::vector<std::string>> rows{{"session", "classes", "train", "val", "test"}};
    if (hasPaper)
        rows[0].insert(rows[0].end(), {"paper train", "difference", "paper test", "difference"});
    SessionCount sum;
    int64_t paperTrain = 0, paperTest = 0;
    const auto addRow = [&](const std::string& name, const SessionCount& s) {
        rows.push_back({name, std::to_string(s.classes), std::to_string(s.items.train),
                        std::to_string(s.items.val), std::to_string(s.items.test)});
        if (s.paperTrain) {
            rows.back().insert(rows.back().end(), {std::to_string(*s.paperTrain),
                                                   signedText(s.items.train - *s.paperTrain),
                                                   std::to_string(*s.paperTest),
                                                   signedText(s.items.test - *s.paperTest)});
        }
    };
    bool isWhole = hasPaper;
    for (const SessionCount& session : report.sessions) {
        addRow(std::to_string(session.session), session);
        sum.classes += session.classes;
        sum.items.train += session.items.train;
        sum.items.val += session.items.val;
        sum.items.test += session.items.test;
        paperTrain += session.paperTrain.value_or(0);
        paperTest += session.paperTest.value_or(0);
        isWhole = isWhole && session.paperTrain.has_value();
    }
    if (isWhole) {
        sum.paperTrain = paperTrain;
        sum.paperTest = paperTest;
    }
    addRow("all", sum);
    return columns(rows);
}

std::string classTable(const CheckReport& report)
{
    std::vector<std::vector<std::string>> rows{{"class", "session", "train", "val", "test"}};
    for (const ClassCount& c : report.classes)
        rows.push_back({c.name, std::to_string(c.session), std::to_string(c.items.train),
                        std::to_string(c.items.val), std::to_string(c.items.test)});
    return columns(rows);
}

std::string setTable(const CheckReport& report)
{
    std::vector<std::vector<std::string>> rows{{"set", "classes", "images", "captions"}};
    for (const SetCount& set : report.sets)
        rows.push_back({set.name, set.classes > 0 ? std::to_string(set.classes) : "",
                        std::to_string(set.images),
                        set.captions > 0 ? std::to_string(set.captions) : ""});
    return columns(rows);
}

std::string problemList(const CheckReport& report)
{
    constexpr int64_t kShown = 100;
    std::string text;
    for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Note}) {
        int64_t shown = 0;
        for (const Problem& problem : report.problems) {
            if (problem.severity == severity && shown++ < kShown)
                text += std::string("  ") + nameOf(severity) + ": " + problem.where + ": " +
                        problem.what + "\n";
        }
        if (shown > kShown)
            text += std::string("  ") + nameOf(severity) + ": … and " +
                    std::to_string(shown - kShown) + " more\n";
    }
    return text;
}

std::string csvCell(const std::string& text)
{
    const bool isFormula =
        !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    const std::string guarded = (isFormula ? "'" : "") + text;
    if (guarded.find_first_of(",\"\r\n") == std::string::npos)
        return guarded;
    std::string quoted = "\"";
    for (const char c : guarded)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

Json toJson(const PartCounts& counts)
{
    return {{"train", counts.train}, {"val", counts.val}, {"test", counts.test}};
}

} // namespace

std::string toText(const CheckReport& report)
{
    std::string text = "study " + report.study + " (" + report.file.string() + ")\n";
    if (!report.classes.empty())
        text += "\n" + sessionTable(report) + "\n" + classTable(report);
    if (!report.sets.empty())
        text += "\n" + setTable(report);
    if (report.decodedImages > 0)
        text += "\n" + std::to_string(report.decodedImages) + " images decoded\n";
    text += "\n" + std::to_string(report.count(Severity::Error)) + " errors, " +
            std::to_string(report.count(Severity::Warning)) + " warnings, " +
            std::to_string(report.count(Severity::Note)) + " notes\n";
    return text + problemList(report);
}

std::string problemsCsv(const CheckReport& report)
{
    std::string text = "severity,what,where\r\n";
    for (const Problem& problem : report.problems)
        text += std::string(nameOf(problem.severity)) + "," + csvCell(problem.what) + "," +
                csvCell(problem.where) + "\r\n";
    return text;
}

Json toJson(const CheckReport& report)
{
    Json document{{"study", report.study}, {"file", report.file.string()}};
    document["sessions"] = Json::array();
    for (const SessionCount& session : report.sessions) {
        Json entry{{"session", session.session},
                   {"classes", session.classes},
                   {"items", toJson(session.items)}};
        if (session.paperTrain)
            entry["paper"] = {{"train", *session.paperTrain}, {"test", *session.paperTest}};
        document["sessions"].push_back(std::move(entry));
    }
    document["classes"] = Json::array();
    for (const ClassCount& c : report.classes)
        document["classes"].push_back(
            {{"name", c.name}, {"session", c.session}, {"items", toJson(c.items)}});
    document["sets"] = Json::array();
    for (const SetCount& set : report.sets)
        document["sets"].push_back({{"name", set.name},
                                    {"classes", set.classes},
                                    {"images", set.images},
                                    {"captions", set.captions}});
    document["decoded_images"] = report.decodedImages;
    document["problems"] = Json::array();
    for (const Problem& problem : report.problems)
        document["problems"].push_back({{"severity", nameOf(problem.severity)},
                                        {"what", problem.what},
                                        {"where", problem.where}});
    return document;
}

} // namespace clwb::data
