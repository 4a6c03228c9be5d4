// SPDX-License-Identifier: GPL-3.0-or-later
// A calibration report for a terminal and as JSON.
#include "core/base/number_text.h"
#include "core/report/calibration.h"

#include <algorithm>
#include <array>

namespace clwb::report
{
namespace
{

using TextRow = std::array<std::string, 5>;

std::string numberText(const CalibrationCheck& check, std::optional<double> value)
{
    if (!value)
        return "";
    return fixedText(*value, check.group == "counts" ? 0 : 2);
}

TextRow rowOf(const CalibrationCheck& check)
{
    TextRow row{check.verdict == Verdict::Passed ? "ok" : "FAILED", check.name,
                numberText(check, check.expected), numberText(check, check.measured), ""};
    if (check.expected && check.measured) {
        const double difference = *check.measured - *check.expected;
        row[4] = (difference >= 0 ? "+" : "") + numberText(check, difference);
    }
    return row;
}

/// The first two columns left-aligned, numbers right-aligned. Names of sets may be in any script.
std::string columns(const std::vector<TextRow>& rows)
{
    const auto width = [](const std::string& cell) { // in characters, not bytes
        return static_cast<size_t>(
            std::count_if(cell.begin(), cell.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    };
    std::array<size_t, 5> widths{};
    for (const TextRow& row : rows) {
        for (size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string text;
    for (const TextRow& row : rows) {
        for (size_t i = 0; i < row.size(); ++i) {
            const std::string space(widths[i] - width(row[i]), ' ');
            text += "  " + (i < 2 ? row[i] + space : space + row[i]);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

const char* nameOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Passed:
        return "passed";
    case Verdict::Failed:
        return "failed";
    case Verdict::Skipped:
        return "skipped";
    }
    return "";
}

Json orNull(std::optional<double> value)
{
    return value ? Json(*value) : Json(nullptr);
}

} // namespace

std::string toText(const CalibrationReport& report)
{
    std::vector<TextRow> rows{{"", "check", "expected", "measured", "difference"}};
    std::string skipped;
    std::vector<std::string> causes;
    for (const CalibrationCheck& check : report.checks) {
        if (check.verdict == Verdict::Skipped) {
            const std::string group = check.group == "self" ? "" : check.group + " ";
            skipped += "  " + group + check.name + ": " + check.note + "\n";
            continue;
        }
        rows.push_back(rowOf(check));
        const bool isNew = std::find(causes.begin(), causes.end(), check.note) == causes.end();
        if (check.verdict == Verdict::Failed && isNew)
            causes.push_back(check.note);
    }
    std::string text = "model " + report.model + " (" + report.modelText + ")\nstudy " +
                       report.study + "\n\n" + columns(rows);
    if (!skipped.empty())
        text += "\nnot compared, since they do not apply:\n" + skipped;
    if (!causes.empty()) {
        text += "\nlikely causes of what failed:\n";
        for (const std::string& cause : causes)
            text += "  " + cause + "\n";
    }
    return text + "\n" + std::to_string(report.count(Verdict::Passed)) + " passed, " +
           std::to_string(report.count(Verdict::Failed)) + " failed, " +
           std::to_string(report.count(Verdict::Skipped)) + " do not apply\n";
}

Json toJson(const CalibrationReport& report)
{
    Json document{{"model", report.model},
                  {"sizes", report.modelText},
                  {"study", report.study},
                  {"passed", report.count(Verdict::Passed)},
                  {"failed", report.count(Verdict::Failed)},
                  {"skipped", report.count(Verdict::Skipped)},
                  {"checks", Json::array()}};
    for (const CalibrationCheck& check : report.checks)
        document["checks"].push_back({{"group", check.group},
                                      {"name", check.name},
                                      {"verdict", nameOf(check.verdict)},
                                      {"expected", orNull(check.expected)},
                                      {"measured", orNull(check.measured)},
                                      {"note", check.note}});
    return document;
}

} // namespace clwb::report
