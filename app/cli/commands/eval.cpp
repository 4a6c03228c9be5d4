// SPDX-License-Identifier: GPL-3.0-or-later
// clwb eval: the evaluation record of any model, or of a run's model after any session.
#include "app/cli/command.h"
#include "app/cli/model_choice.h"
#include "app/cli/output.h"
#include "app/cli/progress_console.h"
#include "app/cli/progress_text.h"
#include "app/cli/project_access.h"
#include "app/cli/signals.h"
#include "app/common/environment.h"
#include "core/base/number_text.h"
#include "core/metrics/recall_statistics.h"
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

// A seed that is given twice would count twice in a mean.
Result<std::vector<int64_t>> readShuffleSeeds(const Arguments& arguments)
{
    std::vector<int64_t> seeds;
    for (const std::string& word : splitList(arguments.valueOr("--shuffle-seeds", "0"))) {
        const auto number = parseInteger(word);
        if (!number || *number < 0)
            return fail(ErrorCode::Usage, "--shuffle-seeds: expected whole numbers, got " + word);
        if (std::find(seeds.begin(), seeds.end(), *number) != seeds.end())
            return fail(ErrorCode::Usage, "--shuffle-seeds: " + word + " is given twice");
        seeds.push_back(*number);
    }
    if (seeds.empty())
        return fail(ErrorCode::Usage, "--shuffle-seeds: no seed given");
    return seeds;
}

// --study, else the study that the run was made on.
Result<std::filesystem::path> studyOf(const Arguments& arguments, const run::ModelChoice& choice)
{
    if (const auto study = arguments.value("--study"))
        return std::filesystem::absolute(*study);
    const std::string ofRun =
        choice.spec.is_object() ? choice.spec.value("study", std::string()) : std::string();
    if (ofRun.empty())
        return fail(ErrorCode::Usage, "clwb eval: --study FILE is missing", "See clwb eval --help");
    return std::filesystem::path(ofRun);
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

Result<run::EvaluateRequest> readRequest(const Arguments& arguments, const run::ModelChoice& choice)
{
    run::EvaluateRequest request;
    request.model = choice.path;
    CLWB_ASSIGN(request.study, studyOf(arguments, choice));
    CLWB_ASSIGN(request.what, readWhat(arguments));
    request.requireAll = arguments.has("--what");
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
    CLWB_ASSIGN(request.shuffleSeeds, readShuffleSeeds(arguments));
    request.labelSpace = arguments.valueOr("--label-space", "all");
    return request;
}

std::string shuffleText(const std::string& set, const metrics::ShuffleStatistics& shuffles)
{
    std::string text = set + ", words shuffled (" + std::to_string(shuffles.seeds) +
                       (shuffles.seeds == 1 ? " seed)" : " seeds)");
    for (size_t i = 0; i < metrics::kRecallNames.size(); ++i) {
        const auto mean = metrics::valuesOf(shuffles.mean)[i];
        const auto deviation = metrics::valuesOf(shuffles.deviation)[i];
        text += std::string(i == 0 ? ": " : ", ") + metrics::kRecallNames[i] + " " +
                (mean ? fixedText(*mean, 2) : "–") +
                (deviation ? " ± " + fixedText(*deviation, 2) : "");
    }
    return text;
}

void writeSummary(const metrics::EvaluationRecord& record)
{
    writeNote(evaluationText(record));
    for (const metrics::RetrievalRecord& set : record.retrieval) {
        const auto shuffles = metrics::shuffleStatistics(record, set.name);
        if (!set.shuffleSeed && shuffles.seeds > 0)
            writeNote(shuffleText(set.name, shuffles));
    }
}

// What stands for a model that is no run's in the tables: its own name, not the original CLIP's.
Json foreignSpec()
{
    return {{"schema", 1}, {"kind", "original"}, {"foreign", true}};
}

Result<void> recordRun(const Arguments& arguments, const run::ModelChoice& choice,
                       const run::EvaluateRequest& request, const run::Evaluation& evaluation)
{
    CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::CreateIfMissing));
    store::FinishedRun run;
    run.name = arguments.value("--name").value_or(request.model.filename().string());
    run.origin = "imported";
    run.spec = choice.spec.is_object() ? choice.spec : foreignSpec();
    run.spec["name"] = run.name;
    run.spec["study"] = request.study.string();
    run.spec["model"] = std::filesystem::absolute(request.model).string();
    run.spec["setting"] = request.setting;
    run.spec["study_sha256"] = evaluation.studySha256;
    run.spec["model_sha256"] = evaluation.record.modelSha256;
    run.environment = app::environmentJson("clwb", app::ownCommandLine());
    run.records = {evaluation.record};
    CLWB_ASSIGN(const int64_t id, store::insertFinishedRun(project, run));
    writeNote("recorded as run " + std::to_string(id) + " in " + project.file().string());
    return {};
}

// The record that a run has in the project; nothing is computed but its derived numbers.
Result<int> printStored(const Arguments& arguments)
{
    for (const char* option : {"--study", "--what", "--session", "--shuffle-seeds", "--record"}) {
        if (arguments.has(option))
            return fail(ErrorCode::Usage,
                        std::string("clwb eval: ") + option + " does not go with --stored");
    }
    CLWB_ASSIGN(const RunAt run, findRunAt(arguments, arguments.positionals()[0]));
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(auto records, project.evaluations(run.row.runId));
    const int session = run.session.value_or(run::finalSession(run.row));
    const std::string split = arguments.valueOr("--split", "test");
    const auto found = std::find_if(records.begin(), records.end(), [&](const auto& record) {
        return record.session == session && record.split == split && !record.epoch;
    });
    if (found == records.end())
        return fail(ErrorCode::Usage, "run " + std::to_string(run.row.runId) +
                                          " stored no record of split " + split +
                                          " after session " + std::to_string(session));
    if (const auto setting = arguments.value("--setting"))
        found->setting = *setting;
    // Before training no class was seen: the record is the same in both spaces.
    const auto space = arguments.value("--label-space");
    if (space && found->ut && session > 0)
        found->ut->labelSpace = *space;
    writeSummary(*found);
    CLWB_TRY(writeResultTo(arguments.value("--out"), metrics::toJson(*found).dump() + "\n"));
    return 0;
}

Result<int> runEval(const Arguments& arguments)
{
    if (arguments.has("--name") && !arguments.has("--record"))
        return fail(ErrorCode::Usage, "clwb eval: --name goes with --record");
    if (arguments.has("--stored"))
        return printStored(arguments);
    CLWB_ASSIGN(const run::ModelChoice choice, chooseModel(arguments, arguments.positionals()[0]));
    CLWB_ASSIGN(run::EvaluateRequest request, readRequest(arguments, choice));
    if (arguments.has("--record"))
        CLWB_TRY(openProject(arguments, store::OpenMode::CreateIfMissing));
    request.stop = stopOnSignals();
    run::Evaluation evaluation;
    {
        ProgressConsole console(progressMode(arguments));
        request.progress = [&console](int64_t done, int64_t total) {
            console.showWork(static_cast<double>(done) /
                                 static_cast<double>(std::max<int64_t>(total, 1)),
                             "evaluating  " + std::to_string(done) + "/" + std::to_string(total));
        };
        CLWB_ASSIGN(evaluation, run::evaluateModel(request));
        for (const std::string& warning : evaluation.warnings)
            console.show(run::Warning{warning});
    }
    writeSummary(evaluation.record);
    CLWB_TRY(
        writeResultTo(arguments.value("--out"), metrics::toJson(evaluation.record).dump() + "\n"));
    if (arguments.has("--record"))
        CLWB_TRY(recordRun(arguments, choice, request, evaluation));
    return 0;
}

} // namespace

Command describe_eval()
{
    return {
        30,
        "eval",
        "Evaluates a model on a study and prints the evaluation record as JSON",
        {{"MODEL|RUN"}},
        {{"--study", "FILE", "study to evaluate on (default: the run's)", false, {}},
         {"--what",
          "LIST",
          "parts: ut,zs,retrieval,shuffle (default: the first three, as far as the study has them)",
          false,
          {}},
         {"--split", "SPLIT", "which data (default: test)", false, {"test", "val"}},
         {"--setting",
          "SETTING",
          "how A-Acc is formed (default: the run's, else MST)",
          false,
          {"OST", "MST"}},
         {"--session", "S", "finished sessions that the record states", false, {}},
         {"--shuffle-seeds", "LIST", "seeds of the shuffled captions (default: 0)", false, {}},
         {"--label-space",
          "SPACE",
          "classes that compete in UT-Acc (default: all)",
          false,
          {"all", "seen"}},
         {"--stored", "", "print the record that the project holds, computing nothing", false, {}},
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
        "session S (0: before training), as far as it was kept. shuffle evaluates captions with\n"
        "their words in random order, beside those in plain order.",
        "clwb eval resources/mini-clip --study clwb-demo/world/study.json --record --name original",
        runEval};
}

} // namespace clwb::cli
