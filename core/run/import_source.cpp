// SPDX-License-Identifier: GPL-3.0-or-later
// Tells kinds of files apart; reads tables and logs.
#include "core/run/import_source.h"

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/report/curve_file.h"

namespace clwb::run
{
namespace
{

constexpr uint64_t kMaxBytes = 512u << 20;
constexpr size_t kUidDigits = 32;

Result<store::ImportReport> importTable(store::Project& project, report::CsvTable table)
{
    for (std::vector<std::string>& row : table.rows) {
        for (std::string& cell : row)
            cell = report::unguarded(cell);
    }
    return store::importTable(project, table.header, table.rows);
}

Result<store::ImportReport> importLog(store::Project& project, const std::string& content,
                                      const std::filesystem::path& source)
{
    CLWB_ASSIGN(const report::CurveFile file, report::readCurveFile(content, source.string()));
    store::LoggedCurves curves;
    curves.uid = sha256Hex(content).substr(0, kUidDigits);
    curves.name = source.stem().string();
    for (const report::ScalarSeries& series : file.series) {
        for (const report::ScalarPoint& point : series.points)
            curves.values[point.step][series.tag] = point.value; // the last one counts
    }
    CLWB_ASSIGN(store::ImportReport report, store::importCurves(project, curves));
    report.notes = file.notes;
    return report;
}

/// Whether a text is a table of runs: it has a column `name`, and none of steps.
Result<std::optional<report::CsvTable>> runTableOf(const std::string& content,
                                                   const std::filesystem::path& source)
{
    const size_t first = content.find_first_not_of(" \t\r\n");
    if (report::isEventFile(content) || (first != std::string::npos && content[first] == '{'))
        return std::nullopt;
    CLWB_ASSIGN(report::CsvTable table,
                report::readCsv(content, source.string(), report::guessSeparator(content)));
    if (!table.column("name") && report::hasSteps(table))
        return std::nullopt;
    return table;
}

} // namespace

Result<store::ImportReport> importSource(store::Project& project,
                                         const std::filesystem::path& source,
                                         store::BundleFiles files, store::BundleDetails details)
{
    CLWB_ASSIGN(const store::ImportKind kind, store::importKindOf(source));
    if (kind != store::ImportKind::Other)
        return store::importRuns(project, source, files, details);
    CLWB_ASSIGN(const std::string content, readFile(source, kMaxBytes));
    CLWB_ASSIGN(auto table, runTableOf(content, source));
    return table ? importTable(project, std::move(*table)) : importLog(project, content, source);
}

} // namespace clwb::run
