// SPDX-License-Identifier: GPL-3.0-or-later
// clwb demo: the paper's finding on a small world, from nothing to tables, in one command.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "app/cli/seed_list.h"
#include "app/cli/signals.h"
#include "app/cli/stored_run.h"
#include "app/common/shipped_files.h"
#include "core/base/file.h"
#include "core/report/tables.h"
#include "core/run/report_source.h"
#ifdef CLWB_WITH_DEMO
#include "core/demo/demo_world.h"
#endif

#include <array>

namespace clwb::cli
{
namespace
{

namespace fs = std::filesystem;

struct DemoRun
{
    const char* label; ///< for the progress
    const char* kind;
    const char* method;
};
constexpr std::array kDemoRuns{DemoRun{"original CLIP", "original", ""},
                               DemoRun{"FT-WM", "method", "ft"},
                               DemoRun{"VR-LwF-WM", "method", "vr-lwf"}};

// A folder with other things in it is not ours to fill.
Result<void> checkFolder(const fs::path& folder)
{
    std::error_code ignored;
    if (!fs::exists(folder, ignored) || fs::is_empty(folder, ignored) ||
        fs::exists(folder / "world" / "study.json", ignored))
        return {};
    return fail(ErrorCode::Usage, "--out: " + folder.string() + " is not empty and holds no demo",
                "Name a new folder: clwb demo --out DIR");
}

#ifdef CLWB_WITH_DEMO
Result<void> provideWorld(const fs::path& folder, ProgressConsole& console, const StopToken& stop)
{
    if (demo::hasDemoWorld(folder))
        return {};
    console.setLabel("demo world");
    const auto progress = [&console](int done, int total) {
        console.showWork(static_cast<double>(done) / std::max(total, 1),
                         std::to_string(done) + "/" + std::to_string(total) + " pictures");
    };
    CLWB_TRY(demo::makeDemoWorld(folder, stop, progress));
    return {};
}
#else
Result<void> provideWorld(const fs::path& folder, ProgressConsole&, const StopToken&)
{
    std::error_code ignored;
    if (fs::exists(folder / "study.json", ignored))
        return {};
    return fail(ErrorCode::Usage, "this clwb was built without OpenCV: it renders no pictures",
                "Render the world with a full build and copy it to " + folder.string());
}
#endif

Result<spec::RunSpec> specOf(const DemoRun& demo, const fs::path& folder, const fs::path& model,
                             uint64_t seed)
{
    Json document{{"schema", 1},
                  {"name", std::string(demo.label) + ", seed " + std::to_string(seed)},
                  {"study", (folder / "world" / "study.json").string()},
                  {"model", model.string()},
                  {"kind", demo.kind},
                  {"setting", "MST"},
                  {"seed", seed}};
    if (*demo.method != '\0') {
        document["method"] = demo.method;
        document["option"] = "WM";
    }
    CLWB_ASSIGN(auto resolved, spec::resolveRunSpec(document, folder, {}, "demo"));
    return std::move(resolved.spec);
}

// A run of that name that an earlier, interrupted demo left behind.
Result<std::optional<store::RunRow>> findEarlier(const fs::path& file, const std::string& name)
{
    CLWB_ASSIGN(store::Project project,
                store::Project::open(file, store::OpenMode::CreateIfMissing));
    CLWB_TRY(project.markInterrupted());
    CLWB_ASSIGN(const auto rows, project.runs());
    for (const store::RunRow& row : rows) {
        if (row.name == name)
            return row;
    }
    return std::nullopt;
}

Result<int> runOrContinue(const spec::RunSpec& spec, const RunSetting& setting,
                          ProgressConsole& console)
{
    CLWB_ASSIGN(const auto earlier, findEarlier(setting.project, spec.name));
    if (!earlier)
        return startRun(spec, {}, setting, console);
    if (earlier->status == "finished")
        return 0;
    return continueRun(*earlier, setting, console);
}

Result<std::string> writeTables(const fs::path& folder)
{
    CLWB_ASSIGN(const store::Project project,
                store::Project::open(folder / "demo.db", store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const auto rows, project.runs());
    CLWB_ASSIGN(const auto runs, run::reportRuns(project, rows));
    using report::TableFormat;
    CLWB_ASSIGN(const auto csv, report::renderTable("mst", runs, TableFormat::Csv));
    CLWB_ASSIGN(const auto markdown, report::renderTable("mst", runs, TableFormat::Markdown));
    CLWB_ASSIGN(const auto latex, report::renderTable("mst", runs, TableFormat::Latex));
    CLWB_ASSIGN(const auto curves, report::renderTable("curves", runs, TableFormat::Csv));
    CLWB_TRY(writeFileAtomically(folder / "table-mst.csv", csv));
    CLWB_TRY(writeFileAtomically(folder / "table-mst.md", markdown));
    CLWB_TRY(writeFileAtomically(folder / "table-mst.tex", latex));
    CLWB_TRY(writeFileAtomically(folder / "curves.csv", curves));
    return markdown;
}

Result<int> runDemo(const Arguments& arguments)
{
    const fs::path folder =
        fs::absolute(arguments.valueOr("--out", "clwb-demo")).lexically_normal();
    CLWB_ASSIGN(const auto seeds, readSeedList(arguments, 0));
    CLWB_TRY(checkFolder(folder));
    const fs::path model = app::shippedFile("resources/mini-clip");
    if (model.empty())
        return fail(ErrorCode::Data, "the demo's model resources/mini-clip is not installed",
                    "Install the program completely, or run it from its build folder.");
    RunSetting setting;
    setting.project = folder / "demo.db";
    setting.stop = stopOnSignals();
    setting.line = ResultLine::Leave;
    {
        ProgressConsole console(progressMode(arguments));
        CLWB_TRY(createFolders(folder));
        CLWB_TRY(provideWorld(folder / "world", console, setting.stop));
        for (const uint64_t seed : seeds) {
            for (const DemoRun& demo : kDemoRuns) {
                // The original is evaluated only: every seed would give the same.
                if (*demo.method == '\0' && seed != seeds.front())
                    continue;
                CLWB_ASSIGN(const spec::RunSpec spec, specOf(demo, folder, model, seed));
                console.setLabel(seeds.size() > 1 ? spec.name : std::string(demo.label));
                CLWB_ASSIGN(const int status, runOrContinue(spec, setting, console));
                if (status != 0) {
                    writeNote("stopped; the same command continues");
                    return status;
                }
            }
        }
    }
    CLWB_ASSIGN(const std::string table, writeTables(folder));
    CLWB_TRY(writeResult(table));
    writeNote("results: " + folder.string() + " (demo.db, table-mst.csv, .md, .tex, curves.csv)");
    return 0;
}

} // namespace

Command describe_demo()
{
    return {
        5,
        "demo",
        "Shows the paper's finding on a small world: fine-tuning forgets, VR-LwF keeps",
        {},
        {{"--out", "DIR", "folder for world, project and tables (default: clwb-demo)", false, {}},
         {"--seeds", "LIST", "seeds of the two trainings (default: 0)", false, {}},
         progressOption()},
        "Renders the demo world, evaluates the original mini CLIP, trains FT-WM and VR-LwF-WM\n"
        "in eight sessions (MST) and prints their table. Needs no display and no network.\n"
        "A stopped demo goes on when the same command is given again.",
        "clwb demo --out clwb-demo",
        runDemo};
}

} // namespace clwb::cli
