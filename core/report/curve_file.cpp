// SPDX-License-Identifier: GPL-3.0-or-later
// Curves out of logs and tables.
#include "core/report/curve_file.h"

#include "core/base/json.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

namespace clwb::report
{
namespace
{

constexpr std::array<std::string_view, 4> kStepNames{"step", "global_step", "_step", "iteration"};
constexpr size_t kMaxSeries = 10'000;
constexpr int kMaxDepth = 8;
constexpr int64_t kMaxStep = int64_t{1} << 53; ///< beyond, a double skips numbers

/// Collects points by name.
class Collector
{
public:
    /// @return false when there are too many names
    bool add(const std::string& name, int64_t step, double value)
    {
        const auto [known, isNew] = m_places.try_emplace(name, series.size());
        if (isNew) {
            if (series.size() == kMaxSeries)
                return false;
            series.push_back({name, {}});
        }
        series[known->second].points.push_back({step, 0, value});
        return true;
    }
    std::vector<ScalarSeries> series;

private:
    std::unordered_map<std::string, size_t> m_places;
};

std::optional<int64_t> stepOf(double number)
{
    if (!(number >= 0) || number > static_cast<double>(kMaxStep) || number != std::floor(number))
        return std::nullopt;
    return static_cast<int64_t>(number);
}

std::optional<double> numberOf(const Json& value)
{
    if (value.is_number())
        return value.get<double>();
    // Only the words for what JSON has no numbers for: other texts are texts.
    if (value == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    if (value == "Infinity" || value == "-Infinity")
        return value == "Infinity" ? std::numeric_limits<double>::infinity()
                                   : -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

Failure lineProblem(std::string_view source, size_t line, const std::string& what)
{
    return fail(ErrorCode::Data,
                std::string(source) + ", line " + std::to_string(line) + ": " + what,
                "a log has one object a line, like {\"step\": 3, \"loss\": 0.5}");
}

/// Reads one line after another.
class LogReader
{
public:
    explicit LogReader(std::string_view source)
        : m_source(source)
    {}

    Result<void> add(std::string_view line, size_t number)
    {
        const Json object = Json::parse(line, nullptr, false);
        if (object.is_discarded() || !object.is_object())
            return lineProblem(m_source, number, "is no JSON object");
        int64_t step = static_cast<int64_t>(number);
        std::string stepName;
        for (const std::string_view name : kStepNames) {
            const auto entry = object.find(name);
            if (entry == object.end())
                continue;
            const auto value = entry->is_number() ? stepOf(entry->get<double>()) : std::nullopt;
            if (!value)
                return lineProblem(m_source, number,
                                   "\"" + std::string(name) + "\" is no whole number from 0");
            step = *value;
            stepName = name;
            break;
        }
        return addValues(object, {}, stepName, {step, number}, 0);
    }

    Collector found;

private:
    struct Place
    {
        int64_t step = 0;
        size_t line = 0;
    };

    Result<void> addValues(const Json& object, const std::string& prefix,
                           const std::string& stepName, Place place, int depth)
    {
        for (const auto& [key, value] : object.items()) {
            if (key == stepName && depth == 0)
                continue;
            if (value.is_object() && depth < kMaxDepth) {
                CLWB_TRY(addValues(value, prefix + key + ".", stepName, place, depth + 1));
            } else if (const auto number = numberOf(value)) {
                if (!found.add(prefix + key, place.step, *number))
                    return lineProblem(m_source, place.line, "more than 10000 names");
            }
        }
        return {};
    }

    std::string_view m_source;
};

std::optional<size_t> stepColumn(const CsvTable& table)
{
    for (const std::string_view name : kStepNames) {
        if (const auto column = table.column(name))
            return column;
    }
    return std::nullopt;
}

/// Whether a column holds at least one number and nothing else.
bool isNumeric(const CsvTable& table, size_t column)
{
    bool hasNumber = false;
    for (const auto& row : table.rows) {
        if (row[column].empty())
            continue;
        if (!parseDouble(row[column]))
            return false;
        hasNumber = true;
    }
    return hasNumber;
}

std::vector<std::string> notesOn(const EventFile& file)
{
    std::vector<std::string> notes;
    if (file.leftValues > 0)
        notes.push_back(std::to_string(file.leftValues) +
                        " values that are no numbers (pictures, histograms, texts) were left");
    if (file.isCutOff)
        notes.push_back("the file ends within a record: what came before was taken");
    return notes;
}

} // namespace

Result<CurveFile> readJsonLines(std::string_view content, std::string_view source)
{
    LogReader reader(source);
    size_t line = 0;
    while (!content.empty()) {
        const size_t end = std::min(content.find('\n'), content.size());
        const std::string_view text = content.substr(0, end);
        content.remove_prefix(std::min(end + 1, content.size()));
        ++line;
        if (text.find_first_not_of(" \t\r") != std::string_view::npos)
            CLWB_TRY(reader.add(text, line));
    }
    return CurveFile{std::move(reader.found.series), {}};
}

bool hasSteps(const CsvTable& table)
{
    return stepColumn(table).has_value();
}

Result<CurveFile> curvesOfTable(const CsvTable& table, std::string_view source)
{
    const auto steps = stepColumn(table);
    if (!steps)
        return fail(ErrorCode::Data, std::string(source) + " has no column of steps",
                    "name it step, global_step, _step or iteration");
    CurveFile file;
    Collector found;
    for (size_t column = 0; column < table.header.size(); ++column) {
        if (column == *steps)
            continue;
        if (!isNumeric(table, column)) {
            file.notes.push_back("column " + table.header[column] + " holds no numbers: left");
            continue;
        }
        for (size_t row = 0; row < table.rows.size(); ++row) {
            const auto number = parseDouble(table.rows[row][*steps]);
            const auto step = number ? stepOf(*number) : std::nullopt;
            if (!step)
                return fail(ErrorCode::Data,
                            std::string(source) + ", row " + std::to_string(row + 2) + ", column " +
                                table.header[*steps] + ": is no whole number from 0");
            if (const auto value = parseDouble(table.rows[row][column]))
                found.add(table.header[column], *step, *value);
        }
    }
    file.series = std::move(found.series);
    return file;
}

Result<CurveFile> readCurveFile(std::string_view content, std::string_view source)
{
    CurveFile file;
    if (isEventFile(content)) {
        CLWB_ASSIGN(EventFile events, readEventFile(content, source));
        file = {std::move(events.series), notesOn(events)};
    } else if (const size_t first = content.find_first_not_of(" \t\r\n");
               first != std::string_view::npos && content[first] == '{') {
        CLWB_ASSIGN(file, readJsonLines(content, source));
    } else {
        CLWB_ASSIGN(const CsvTable table, readCsv(content, source, guessSeparator(content)));
        CLWB_ASSIGN(file, curvesOfTable(table, source));
    }
    if (file.series.empty())
        return fail(ErrorCode::Data, std::string(source) + " holds no numbers",
                    "give a log with values by step");
    return file;
}

} // namespace clwb::report
