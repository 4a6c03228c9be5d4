// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stored_branch.h"

#include "core/run/kept_model.h"

#include <algorithm>
#include <string>

namespace clwb::run
{
namespace
{

// The run that is left, as far as the project knows it.
struct Source
{
    store::RunRow row;
    Json document; ///< resolved specification
    spec::RunSpec spec;
    std::vector<metrics::EvaluationRecord> records;
    int64_t steps = 0;
};

Result<Source> readSource(const store::Project& project, int64_t id, int session)
{
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

Result<BranchRequest> makeRequest(const Source& source, spec::RunSpec spec, int session)
{
    BranchRequest request;
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

} // namespace

Result<PreparedBranch> prepareBranch(const store::Project& project, int64_t runId, int session,
                                     const BranchSpec& makeSpec)
{
    CLWB_ASSIGN(Source source, readSource(project, runId, session));
    CLWB_ASSIGN(spec::ResolveResult resolved, makeSpec(source.document));
    CLWB_TRY(checkKept(resolved.spec, source.spec));
    PreparedBranch branch;
    branch.warnings = std::move(resolved.warnings);
    branch.spec = std::move(resolved.spec);
    branch.isComplete = session >= source.row.sessions;
    if (!branch.spec.name.empty() && branch.spec.name == source.spec.name)
        branch.spec.name += " from session " + std::to_string(session);
    branch.spec.branchedFrom =
        spec::BranchOrigin{source.row.uid, session, spec::configurationHash(source.spec)};
    CLWB_ASSIGN(const BranchRequest request, makeRequest(source, branch.spec, session));
    CLWB_ASSIGN(branch.start.write, openBranch(request));
    branch.start.records = std::move(source.records);
    return branch;
}

} // namespace clwb::run
