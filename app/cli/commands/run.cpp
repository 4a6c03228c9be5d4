// SPDX-License-Identifier: GPL-3.0-or-later
// clwb run: one run, or one a seed.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress_text.h"
#include "app/cli/project_access.h"
#include "app/cli/seed_list.h"
#include "app/cli/signals.h"
#include "app/cli/stored_run.h"
#include "app/common/build_info.h"
#include "core/base/number_text.h"
#include "core/run/earlier_runs.h"
#include "core/run/runner.h"
#include "core/spec/fields.h"
#include "core/spec/param.h"
#include "core/spec/presets.h"
#include "core/spec/run_spec.h"
#include "core/spec/study.h"
#include "core/store/configurations.h"

#include <optional>

namespace clwb::cli
{
namespace
{

namespace fs = std::filesystem;

/// What the command line gives, before a preset fills in the rest.
struct Given
{
    Json document = Json::object();
    fs::path folder = fs::current_path();
    std::vector<std::string> sets;
};

Result<Given> givenBy(const Arguments& arguments)
{
    Given given;
    if (const auto file = arguments.positional(0)) {
        CLWB_ASSIGN(given.document, readJsonFile(*file));
        given.folder = fs::absolute(*file).parent_path();
    }
    given.sets = arguments.values("--set");
    return given;
}

Result<spec::RunSpec> resolveSpec(const Given& given, const std::string& preset)
{
    CLWB_ASSIGN(spec::ResolveResult resolved,
                spec::resolveRunSpec(given.document, given.folder, given.sets, preset));
    for (const std::string& warning : resolved.warnings)
        writeNote("warning: " + warning);
    return std::move(resolved.spec);
}

/// "schedule.lr 0.0002, schedule.epochs 3": what `preset` fills in and `other` would fill in
/// differently; empty where everything is given; nothing where one of them cannot be read.
std::optional<std::string> filledIn(const Given& given, const std::string& preset,
                                    const std::string& other)
{
    const auto with = spec::resolveRunSpec(given.document, given.folder, given.sets, preset);
    const auto without = spec::resolveRunSpec(given.document, given.folder, given.sets, other);
    if (!with || !without)
        return std::nullopt; // told already
    std::string text;
    for (const spec::Field& field : spec::fields()) {
        const Json value = field.get(with->spec);
        if (!spec::isUsedBy(*spec::findParam(field.key), with->spec.kind, with->spec.method) ||
            value == field.get(without->spec))
            continue;
        text += (text.empty() ? "" : ", ") + std::string(field.key) + " " +
                (value.is_string() ? value.get<std::string>() : value.dump());
    }
    return text;
}

// The defaults stay the paper's whatever the study says; a person should know what suits it. Where
// a file or --set gives every setting, a preset has nothing to say, and that is told, too.
void tellOfPreset(const Given& given, const spec::RunSpec& spec, const Arguments& arguments)
{
    const ProgressMode mode = progressMode(arguments);
    if (mode == ProgressMode::None || mode == ProgressMode::Json)
        return;
    if (const auto chosen = arguments.value("--preset")) {
        const std::string& preset = *chosen;
        const auto filled = filledIn(given, preset, preset == "paper" ? "demo" : "paper");
        if (!filled)
            return;
        if (filled->empty())
            writeNote("note: --preset " + preset + " changes nothing: " +
                      (spec.kind == "original" ? "presets hold training settings only"
                                               : "the specification sets everything itself"));
        else if (arguments.positional(0))
            writeNote("note: --preset " + preset +
                      " filled in what the specification leaves out: " + *filled);
        return;
    }
    const auto study = spec::readStudy(spec.study);
    // An unreadable study is reported by the run itself.
    if (!study || study->preset.empty() || study->preset == "paper")
        return;
    const auto filled = filledIn(given, study->preset, "");
    if (filled && !filled->empty())
        writeNote("note: --preset " + study->preset + " suits this study: it would fill in " +
                  *filled + "; without it the defaults are the paper's");
}

// Nobody is kept from repeating a run, but should know that it is one.
Result<void> noteEqualRuns(const store::Project& project, const spec::RunSpec& spec,
                           const Arguments& arguments)
{
    const ProgressMode mode = progressMode(arguments);
    if (mode == ProgressMode::None || mode == ProgressMode::Json)
        return {};
    const auto study = spec::readStudy(spec.study); // what is wrong with it is told later
    CLWB_ASSIGN(const auto equal, store::equalRuns(project, {spec::configurationHash(spec),
                                                             spec.seed,
                                                             study ? study->sha256 : std::string(),
                                                             {},
                                                             std::string(app::buildInfo().commit),
                                                             {},
                                                             spec}));
    if (equal.empty())
        return {};
    const store::EqualRun& last = equal.back();
    writeNote("note: run " + std::to_string(last.runId) + " has the same settings and seed" +
              (last.hasOtherData ? ", other data" : "") +
              (last.isElsewhere ? ", study and model of these names in another folder" : "") +
              (last.hasOtherBuild ? ", another build of the program" : ""));
    return {};
}

/// What runs like it took; nothing without such runs. The project need not be there: what is wrong
/// with it, the run itself will say.
std::optional<run::EarlierTimes>
earlierTimes(const spec::RunSpec& spec, const run::Estimate& measured, const Arguments& arguments)
{
    std::error_code error;
    if (!fs::exists(projectFile(arguments), error))
        return std::nullopt;
    const auto project = openProject(arguments, store::OpenMode::ReadOnly);
    if (!project)
        return std::nullopt;
    const auto rows = project->runs();
    if (!rows)
        return std::nullopt;
    const auto times = run::timesOfEarlierRuns(*project, run::candidatesLike(*rows, spec), spec,
                                               {measured.steps, measured.evaluations, false});
    return times ? *times : std::nullopt;
}

Result<int> printRunPlan(const spec::RunSpec& spec, const std::vector<uint64_t>& seeds,
                         const Arguments& arguments)
{
    CLWB_ASSIGN(run::Estimate estimate, run::estimateRun(spec));
    // What runs really took holds more than a measurement of a few steps can.
    const auto earlier = earlierTimes(spec, estimate, arguments);
    if (earlier)
        estimate.seconds = earlier->seconds;
    const auto runs = static_cast<double>(seeds.size());
    CLWB_TRY(writeResult(Json{{"spec", spec::toJson(spec)},
                              {"seeds", seeds},
                              {"estimate",
                               {{"steps", estimate.steps},
                                {"seconds", estimate.seconds},
                                {"earlier_runs", earlier ? earlier->runs : 0},
                                {"memory_bytes", estimate.memoryBytes},
                                {"disk_bytes", estimate.diskBytes}}}}
                             .dump(2) +
                         "\n"));
    constexpr double kMebibyte = 1024.0 * 1024.0;
    writeNote("a run: " + std::to_string(estimate.steps) + " steps, about " +
              durationText(estimate.seconds) +
              (earlier ? " (from " + std::to_string(earlier->runs) + " earlier " +
                             (earlier->runs == 1 ? "run" : "runs") + " like it), "
                       : ", ") +
              fixedText(static_cast<double>(estimate.memoryBytes) / kMebibyte, 0) +
              " MiB of memory, " +
              fixedText(static_cast<double>(estimate.diskBytes) / kMebibyte, 0) + " MiB on disk" +
              (seeds.size() > 1 ? "; " + std::to_string(seeds.size()) +
                                      " runs: " + durationText(runs * estimate.seconds)
                                : ""));
    return 0;
}

struct SeedRun
{
    spec::RunSpec spec;
    fs::path folder; ///< empty: beside the project
    fs::path trace;
};

// Files of several seeds lie side by side; names tell them apart.
SeedRun planSeed(spec::RunSpec spec, uint64_t seed, bool several, const Arguments& arguments)
{
    SeedRun plan;
    spec.seed = seed;
    const std::string suffix = "seed-" + std::to_string(seed);
    if (several && !spec.name.empty())
        spec.name += " " + suffix;
    if (const auto out = arguments.value("--out"))
        plan.folder = several ? fs::absolute(*out) / suffix : fs::absolute(*out);
    if (const auto trace = arguments.value("--trace")) {
        plan.trace = fs::absolute(*trace);
        if (several) {
            const std::string stem = plan.trace.stem().string();
            const std::string extension = plan.trace.extension().string();
            plan.trace.replace_filename(stem + "-" + suffix + extension);
        }
    }
    plan.spec = std::move(spec);
    return plan;
}

Result<int> runRun(const Arguments& arguments)
{
    if (!arguments.positional(0) && !arguments.has("--set"))
        return fail(ErrorCode::Usage, "clwb run: neither SPEC.json nor --set given",
                    "See clwb run --help");
    RunSetting setting;
    setting.stop = stopOnSignals(); // from the first moment on
    setting.project = projectFile(arguments);
    CLWB_ASSIGN(const Given given, givenBy(arguments));
    CLWB_ASSIGN(const spec::RunSpec spec, resolveSpec(given, arguments.valueOr("--preset", "")));
    CLWB_ASSIGN(const std::vector<uint64_t> seeds, readSeedList(arguments, spec.seed));
    tellOfPreset(given, spec, arguments);
    if (arguments.has("--dry-run"))
        return printRunPlan(spec, seeds, arguments);
    const bool several = seeds.size() > 1;
    if (const auto out = arguments.value("--out"))
        CLWB_TRY(requireFreeFolder(fs::absolute(*out)));
    std::vector<SeedRun> plans;
    for (const uint64_t seed : seeds) {
        plans.push_back(planSeed(spec, seed, several, arguments));
        CLWB_TRY(requireFreeFolder(plans.back().folder));
        CLWB_TRY(requireNewTrace(plans.back().trace));
    }
    {
        // A project that cannot be written is known before anything is computed.
        CLWB_ASSIGN(const store::Project project,
                    openProject(arguments, store::OpenMode::CreateIfMissing));
        for (const SeedRun& plan : plans)
            CLWB_TRY(noteEqualRuns(project, plan.spec, arguments));
    }
    ProgressConsole console(progressMode(arguments));
    for (const SeedRun& plan : plans) {
        if (several)
            console.setLabel("seed " + std::to_string(plan.spec.seed));
        setting.trace = plan.trace;
        CLWB_ASSIGN(const int status, startRun(plan.spec, plan.folder, setting, console));
        if (status != 0)
            return status;
    }
    return 0;
}

} // namespace

Command describe_run()
{
    return {
        10,
        "run",
        "Trains and evaluates as a specification says",
        {{"SPEC.json", false}},
        {{"--preset",
          "NAME",
          "values of what SPEC.json and --set leave out",
          false,
          {"paper", "demo"}},
         {"--set", "KEY=VALUE", "a setting, by its dotted key; may be repeated", true, {}},
         {"--seeds", "LIST", "one run a seed: 0,1,2", false, {}},
         {"--dry-run", "", "print the resolved specification and an estimate only", false, {}},
         dbOption(),
         {"--out", "DIR", "folder for the run's files (default: beside the project)", false, {}},
         {"--trace", "FILE", "write every step as JSON Lines", false, {}},
         progressOption()},
        std::string("Without SPEC.json everything comes from --set. The last line on stdout is a "
                    "JSON object\n"
                    "that says where the results are. Ctrl+C stops after the batch with a "
                    "checkpoint; so\n"
                    "does a file stop-request in the run's folder that says batch (or epoch, "
                    "session, now).\n\n") +
            spec::settingsHelp(),
        "clwb run --preset demo --set study=clwb-demo/world/study.json --set "
        "model=resources/mini-clip \\\n           --set method=vr-lwf --set option=WM --seeds "
        "0,1,2",
        runRun};
}

} // namespace clwb::cli
