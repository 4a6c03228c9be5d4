// SPDX-License-Identifier: GPL-3.0-or-later
// clwb branch: a new run from the state that another one had after one of its sessions.
#include "app/cli/command.h"
#include "app/cli/model_choice.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "app/cli/signals.h"
#include "app/cli/stored_run.h"
#include "core/base/number_text.h"

#include <algorithm>

namespace clwb::cli
{
namespace
{

namespace fs = std::filesystem;

Result<int> readSession(const Arguments& arguments)
{
    const auto text = arguments.value("--from-session");
    if (!text)
        return fail(ErrorCode::Usage, "clwb branch: --from-session S is missing",
                    "See clwb branch --help");
    const auto number = parseInteger(*text);
    if (!number || *number < 0 || *number > 1000000)
        return fail(ErrorCode::Usage,
                    "--from-session: expected a whole number from 0, got " + *text);
    return static_cast<int>(*number);
}

// The run that is left, as far as the project knows it.
struct Source
{
    store::RunRow row;
    Json document; ///< resolved specification
    spec::RunSpec spec;
    std::vector<metrics::EvaluationRecord> records;
    int64_t steps = 0;
};

Result<Source> readSource(const Arguments& arguments, int session)
{
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadWrite));
    CLWB_ASSIGN(const int64_t id, project.findRun(arguments.positionals()[0]));
    Source source;
    CLWB_ASSIGN(source.row, project.run(id));
    if (source.row.kind == "original" || source.row.status == "reported")
        return fail(ErrorCode::Usage,
                    "run " + std::to_string(id) + " trained nothing (" +
                        (source.row.status == "reported" ? source.row.status : source.row.kind) +
                        "): there is no session to branch from");
    CLWB_ASSIGN(source.document, project.resolvedSpec(id));
    CLWB_ASSIGN(source.spec, spec::runSpecFromJson(source.document));
    CLWB_ASSIGN(const auto records, project.evaluations(id));
    source.records = run::recordsUntil(records, session);
    CLWB_ASSIGN(const auto steps, project.steps(id));
    for (const store::StepPoint& point : steps) {
        if (point.session <= session)
            source.steps = std::max(source.steps, point.step);
    }
    return source;
}

// A branch keeps what its first sessions were made of.
Result<void> checkKept(const spec::RunSpec& spec, const spec::RunSpec& source)
{
    std::string changed;
    const auto compare = [&](const char* key, const std::string& value, const std::string& kept) {
        if (value != kept)
            changed += (changed.empty() ? "" : "\n") + std::string(key) + ": is \"" + value +
                       "\", the run that is branched has \"" + kept + "\"";
    };
    compare("study", spec.study.string(), source.study.string());
    compare("model", spec.model.string(), source.model.string());
    compare("kind", spec.kind, source.kind);
    compare("setting", spec.setting, source.setting);
    if (changed.empty())
        return {};
    return fail(ErrorCode::Usage, "a branch cannot change these:\n" + changed,
                "Start a new run with them: clwb run.");
}

Result<spec::RunSpec> resolveBranch(const Arguments& arguments, const Source& source, int session)
{
    CLWB_ASSIGN(spec::ResolveResult resolved,
                spec::resolveRunSpec(source.document, {}, arguments.values("--set")));
    CLWB_TRY(checkKept(resolved.spec, source.spec));
    for (const std::string& warning : resolved.warnings)
        writeNote("warning: " + warning);
    spec::RunSpec& spec = resolved.spec;
    if (!spec.name.empty() && spec.name == source.spec.name)
        spec.name += " from session " + std::to_string(session);
    spec.branchedFrom =
        spec::BranchOrigin{source.row.uid, session, spec::configurationHash(source.spec)};
    return std::move(spec);
}

Result<run::BranchRequest> makeRequest(const Source& source, spec::RunSpec spec, int session)
{
    run::BranchRequest request;
    request.spec = std::move(spec);
    request.source = source.spec;
    request.session = session;
    request.sessions = source.row.sessions;
    request.steps = source.steps;
    request.folder = source.row.folder;
    request.records = source.records;
    request.studySha256 = source.document.value("study_sha256", "");
    request.modelSha256 = source.document.value("model_sha256", "");
    if (request.modelSha256.empty())
        return fail(ErrorCode::Usage, "run " + std::to_string(source.row.runId) +
                                          " has not started yet: there is nothing to branch from");
    CLWB_ASSIGN(const ModelChoice choice, chooseModelOfRun(source.row, source.document, session));
    request.model = choice.path;
    return request;
}

Result<int> runBranch(const Arguments& arguments)
{
    RunSetting setting;
    setting.stop = stopOnSignals(); // from the first moment on
    setting.project = projectFile(arguments);
    CLWB_ASSIGN(const int session, readSession(arguments));
    CLWB_ASSIGN(const Source source, readSource(arguments, session));
    CLWB_ASSIGN(const spec::RunSpec spec, resolveBranch(arguments, source, session));
    const fs::path folder =
        arguments.has("--out") ? fs::absolute(*arguments.value("--out")) : fs::path();
    if (const auto trace = arguments.value("--trace"))
        setting.trace = fs::absolute(*trace);
    CLWB_TRY(requireFreeFolder(folder));
    CLWB_TRY(requireNewTrace(setting.trace));
    CLWB_ASSIGN(const run::BranchRequest request, makeRequest(source, spec, session));
    CLWB_ASSIGN(const run::BranchWriter writer, run::openBranch(request));
    if (session >= source.row.sessions)
        writeNote("note: session " + std::to_string(session) +
                  " is the last one: there is nothing left to train");
    ProgressConsole console(progressMode(arguments));
    return startBranch(spec, folder, {writer, source.records}, setting, console);
}

} // namespace

Command describe_branch()
{
    return {
        25,
        "branch",
        "Starts a new run from the state of another one after a session",
        {{"RUN"}},
        {{"--from-session",
          "S",
          "finished sessions to keep; 0: the state before training",
          false,
          {}},
         {"--set",
          "KEY=VALUE",
          "a setting of the new run, by its dotted key; may be repeated",
          true,
          {}},
         dbOption(),
         {"--out", "DIR", "folder for the run's files (default: beside the project)", false, {}},
         {"--trace", "FILE", "write every step from there on as JSON Lines", false, {}},
         progressOption()},
        "RUN is a run number or a unique name. Its model after session S must have been kept: "
        "runs\n"
        "with checkpoints=all keep every session's. The new run takes over RUN's settings, "
        "changed\n"
        "by --set (study, model, kind and setting stay), and its evaluations up to session S;\n"
        "without --set it ends with the same weights as RUN, byte for byte. Steps count on from\n"
        "RUN's. RKR's scales go on only with the same option and placement, IMM's raw weights\n"
        "(imm_chaining unmerged, original_imm) only with the same option and chaining.",
        "clwb branch 3 --from-session 4 --set params.beta=10 --set name=stronger",
        runBranch};
}

} // namespace clwb::cli
