// SPDX-License-Identifier: GPL-3.0-or-later
// clwb export: runs with everything about them in one zip.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "core/store/bundle.h"

namespace clwb::cli
{
namespace
{

Result<int> runExport(const Arguments& arguments)
{
    std::vector<std::string> words = arguments.positionals();
    const std::string bundle = words.back();
    words.pop_back();
    CLWB_TRY(requireNoProject(bundle));
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const auto ids, findRuns(project, words));
    const auto files =
        arguments.has("--without-files") ? store::BundleFiles::Leave : store::BundleFiles::Include;
    const auto details = arguments.has("--without-details") ? store::BundleDetails::Leave
                                                            : store::BundleDetails::Include;
    CLWB_ASSIGN(const store::ExportReport report,
                store::exportBundle(project, ids, bundle, files, details));
    for (const std::string& note : report.notes)
        writeNote(note);
    CLWB_TRY(writeResult(
        Json{{"bundle", bundle}, {"runs", ids}, {"details", report.detailed}}.dump() + "\n"));
    return 0;
}

} // namespace

Command describe_export()
{
    return {160,
            "export",
            "Writes runs, their results and files into a bundle",
            {{"RUN"}, {"[RUN…] BUNDLE.zip", true, true}},
            {dbOption(),
             {"--without-files", "", "leave out models and other files of the runs", false, {}},
             {"--without-details",
              "",
              "leave out predictions, ranks and thumbnails of the pictures",
              false,
              {}}},
            "Several runs may be named; the last word is the bundle.",
            "clwb export 3 run-3.zip --db clwb.db",
            runExport};
}

} // namespace clwb::cli
