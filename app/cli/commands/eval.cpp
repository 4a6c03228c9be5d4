// SPDX-License-Identifier: GPL-3.0-or-later
// clwb eval: the evaluation record of any model, or of a run's model after any session.
#include "app/cli/command.h"
#include "app/cli/environment.h"
#include "app/cli/model_choice.h"
#include "app/cli/output.h"
#include "app/cli/progress_console.h"
#include "app/cli/progress_text.h"
#include "app/cli/project_access.h"
#include "app/cli/signals.h"
#include "core/base/number_text.h"
#include "core/run/evaluate.h"
#include "core/store/finished_run.h"

#include <algorithm>

namespace clwb::cli
{
namespace
{

Result<std::vector<std::string>> readWhat(const Arguments& arguments)
{
    const std::vector<std::string> what = splitList(arguments.valueOr("--what", "ut,zs,retrieval"));
    for (const std::string& word : what) {
        if (word != "ut" && word != "zs" && word != "retrieval" && word != "shuffle")
            return fail(ErrorCode::Usage,
                        "--what: expected ut, zs, retrieval or shuffle, got " + word);
    }
    if (what.empty())
        return fail(ErrorCode::Usage, "--what: nothing to evaluate");
    return what;
}

// A whole number of an option, at least `least`.
Result<int64_t> readCount(const Arguments& arguments, std::string_view option, int64_t fallback,
                          int64_t least)
{
    const auto text = arguments.value(option);
    if (!text)
        return fallback;
    const auto number = parseInteger(*text);
    if (!number || *number < least || *number > 1000000)
        return fail(ErrorCode::Usage, std::string(option) + ": expected a whole number from " +
                                          std::to_string(least) + ", got " + *text);
    return *number;
}

Result<run::EvaluateRequest> readRequest(const Arguments& arguments, const ModelChoice& choice)
{
    const auto study = arguments.value("--study");
    if (!study)
        return fail(ErrorCode::Usage, "clwb eval: --study FILE is missing", "See clwb eval --help");
    run::EvaluateRequest request;
    request.model = choice.path;
    request.study = std::filesystem::absolute(*study);
    CLWB_ASSIGN(request.what, readWhat(arguments));
    request.split = arguments.valueOr("--split", "test");
    request.setting =
        arguments.valueOr("--setting", choice.setting.empty() ? "MST" : choice.setting);
    CLWB_ASSIGN(const int64_t session,
                readCount(arguments, "--session", choice.finishedSessions, 0));
    request.finishedSessions = static_cast<int>(session);
    CLWB_ASSIGN(request.batchSize, readCount(arguments, "--batch-size", 100, 1));
    CLWB_ASSIGN(request.threads, readCount(arguments, "--threads", 0, 0));
    request.device = arguments.valueOr("--device", "auto");
    request.precision = arguments.valueOr("--precision", "fp32");
    if (const auto seeds = arguments.value("--shuffle-seeds")) {
        request.shuffleSeeds.clear();
        for (const std::string& word : splitList(*seeds)) {
            const auto number = parseInteger(word);
            if (!number || *number < 0)
                return fail(ErrorCode::Usage, "--shuffle-seeds: expected whole numbers, got " + word);
            request.shuffleSeeds.push_back(*number);
        }
    }
    return request;
}

Result<void> recordRun(const Arguments& arguments, const ModelChoice& choice,
                       const run::EvaluateRequest& request,
                       const metrics::EvaluationRecord& record)
{
    CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::CreateIfMissing));
    store::FinishedRun run;
    run.name = arguments.value("--name").value_or(request.model.filename().string());
    run.origin = "imported";
    run.spec = choice.spec.is_object() ? choice.spec : Json{{"schema", 1}, {"kind", "original"}};
    run.spec["name"] = run.name;
    run.spec["study"] = request.study.string();
    run.spec["model"] = std::filesystem::absolute(request.model).string();
    run.spec["setting"] = request.setting;
    run.environment = environmentJson(ownCommandLine());
    run.records = {record};
    CLWB_ASSIGN(const int64_t id, store::insertFinishedRun(project, run));
    writeNote("recorded as run " + std::to_string(id) + " in " + project.file().string());
    return {};
}

Result<int> runEval(const Arguments& arguments)
{
    if (arguments.has("--name") && !arguments.has("--record"))
        return fail(ErrorCode::Usage, "clwb eval: --name goes with --record");
    CLWB_ASSIGN(const ModelChoice choice, chooseModel(arguments, arguments.positionals()[0]));
    CLWB_ASSIGN(run::EvaluateRequest request, readRequest(arguments, choice));
    if (arguments.has("--record"))
        CLWB_TRY(openProject(arguments, store::OpenMode::CreateIfMissing));
    request.stop = stopOnSignals();
    run::Evaluation evaluation;
    {
        ProgressConsole console(progressMode(arguments));
        request.progress = [&console](int64_t done, int64_t total) {
            console.showWork(static_cast<double>(done) / static_cast<double>(std::max<int64_t>(total, 1)),
                             "evaluating  " + std::to_string(done) + "/" + std::to_string(total));
        };
        CLWB_ASSIGN(evaluation, run::evaluateModel(request));
        for (const std::string& warning : evaluation.warnings)
            console.show(run::Warning{warning});
    }
    writeNote(evaluationText(evaluation.record));
    CLWB_TRY(writeResultTo(arguments.value("--out"),
                           metrics::toJson(evaluation.record).dump() + "\n"));
    if (arguments.has("--record"))
        CLWB_TRY(recordRun(arguments, choice, request, evaluation.record));
    return 0;
}

} // namespace

Command describe_eval()
{
    return {30,
            "eval",
            "Evaluates a model on a study and prints the evaluation record as JSON",
            {{"MODEL|RUN"}},
            {{"--study", "FILE", "study to evaluate on", false, {}},
             {"--what", "LIST", "parts: ut,zs,retrieval,shuffle (default: the first three)", false, {}},
             {"--split", "SPLIT", "which data (default: test)", false, {"test", "val"}},
             {"--setting", "SETTING", "how A-Acc is formed (default: the run's, else MST)", false,
              {"OST", "MST"}},
             {"--session", "S", "finished sessions that the record states", false, {}},
             {"--shuffle-seeds", "LIST", "seeds of the shuffled captions (default: 0)", false, {}},
             {"--batch-size", "N", "pictures at a time (default: 100)", false, {}},
             {"--threads", "N", "0 = all cores", false, {}},
             {"--device", "DEVICE", "auto, cpu or cuda[:N]", false, {}},
             {"--precision", "KIND", "numbers used (default: fp32)", false, {"fp32", "bf16", "fp16"}},
             outOption("write the record into this file instead of stdout"),
             {"--record", "", "also store it as a run of origin `imported`", false, {}},
             {"--name", "NAME", "name of that run", false, {}},
             dbOption(),
             progressOption()},
            "MODEL is a model directory or file. RUN is a run's final model, RUN@S its model after\n"
            "session S (0: before training), as far as it was kept.",
            "clwb eval resources/mini-clip --study clwb-demo/world/study.json --record --name original",
            runEval};
}

} // namespace clwb::cli
