// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_choice.h"

#include "app/cli/project_access.h"
#include "core/base/number_text.h"

namespace clwb::cli
{

namespace fs = std::filesystem;

Result<RunAt> findRunAt(const Arguments& arguments, const std::string& word)
{
    std::error_code ignored;
    if (!fs::exists(projectFile(arguments), ignored))
        return fail(ErrorCode::Usage,
                    "no model and no project: neither " + word + " nor " +
                        projectFile(arguments).string() + " exists",
                    "Name a model directory, or a run together with --db FILE.");
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    std::string name = word;
    RunAt run;
    const size_t at = word.rfind('@');
    if (at != std::string::npos) {
        const auto number = parseInteger(word.substr(at + 1));
        if (!number || *number < 0 || *number > 1000000)
            return fail(ErrorCode::Usage, "RUN@S: expected a session number after @, got " + word);
        run.session = static_cast<int>(*number);
        name = word.substr(0, at);
    }
    CLWB_ASSIGN(const int64_t id, project.findRun(name));
    CLWB_ASSIGN(run.row, project.run(id));
    CLWB_ASSIGN(run.spec, project.resolvedSpec(id));
    return run;
}

Result<run::ModelChoice> chooseModel(const Arguments& arguments, const std::string& word)
{
    std::error_code ignored;
    if (fs::exists(word, ignored))
        return run::ModelChoice{word, 0, {}, {}};
    CLWB_ASSIGN(RunAt run, findRunAt(arguments, word));
    if (run.row.status == "reported")
        return fail(ErrorCode::Usage, "run " + word + " is a reported result: it has no model");
    return run::chooseModelOfRun(run.row, std::move(run.spec), run.session);
}

} // namespace clwb::cli
