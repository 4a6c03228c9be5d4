// SPDX-License-Identifier: GPL-3.0-or-later
// clwb import: runs of a bundle, of another project or of a CSV table into this project.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "core/run/import_source.h"

namespace clwb::cli
{
namespace
{

Result<int> runImport(const Arguments& arguments)
{
    // Sources that cannot be read are named before a project is made for them.
    for (const std::string& source : arguments.positionals())
        CLWB_TRY(store::importKindOf(source));
    CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::CreateIfMissing));
    const auto files =
        arguments.has("--without-files") ? store::BundleFiles::Leave : store::BundleFiles::Include;
    const auto details = arguments.has("--without-details") ? store::BundleDetails::Leave
                                                            : store::BundleDetails::Include;
    Json imported = Json::array();
    Json detailed = Json::array();
    Json skipped = Json::array();
    for (const std::string& source : arguments.positionals()) {
        CLWB_ASSIGN(const store::ImportReport report,
                    run::importSource(project, source, files, details));
        for (const int64_t id : report.imported)
            imported.push_back(id);
        for (const int64_t id : report.detailed)
            detailed.push_back(id);
        for (const std::string& name : report.skipped) {
            skipped.push_back(name);
            writeNote("already there: " + name);
        }
        for (const std::string& note : report.notes)
            writeNote(source + ": " + note);
    }
    CLWB_TRY(writeResult(
        Json{{"imported", imported}, {"details", detailed}, {"skipped", skipped}}.dump() + "\n"));
    return 0;
}

} // namespace

Command describe_import()
{
    return {
        165,
        "import",
        "Adds the runs of bundles, projects, tables or logs to a project",
        {{"BUNDLE.zip|DB|CSV|LOG", true, true}},
        {dbOption(),
         {"--without-files", "", "leave out models and other files of the runs", false, {}},
         {"--without-details",
          "",
          "leave out predictions, ranks and thumbnails of the pictures",
          false,
          {}}},
        "Runs that the project has already are skipped. The project is made if there is none.\n"
        "A LOG is another program's: TensorBoard's event file, JSON lines or CSV with a column\n"
        "step (or global_step, _step, iteration). It becomes a run with these curves.",
        "clwb import run-3.zip node7.db --db all.db",
        runImport};
}

} // namespace clwb::cli
