// SPDX-License-Identifier: GPL-3.0-or-later
// Tells kinds of files apart and reads tables.
#include "core/run/import_source.h"

#include "core/base/file.h"
#include "core/report/csv.h"

namespace clwb::run
{
namespace
{

constexpr uint64_t kMaxTableBytes = 64u << 20;

Result<store::ImportReport> importTableFile(store::Project& project,
                                            const std::filesystem::path& source)
{
    CLWB_ASSIGN(const std::string content, readFile(source, kMaxTableBytes));
    CLWB_ASSIGN(report::CsvTable table,
                report::readCsv(content, source.string(), report::guessSeparator(content)));
    for (std::vector<std::string>& row : table.rows) {
        for (std::string& cell : row)
            cell = report::unguarded(cell);
    }
    return store::importTable(project, table.header, table.rows);
}

} // namespace

Result<store::ImportReport>
importSource(store::Project& project, const std::filesystem::path& source, store::BundleFiles files)
{
    CLWB_ASSIGN(const store::ImportKind kind, store::importKindOf(source));
    return kind == store::ImportKind::Other ? importTableFile(project, source)
                                            : store::importRuns(project, source, files);
}

} // namespace clwb::run
