// SPDX-License-Identifier: GPL-3.0-or-later
// clwb interpolate: the curve between a run's models before and after, without training.
#include "core/run/interpolate.h"

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress_console.h"
#include "app/cli/project_access.h"
#include "app/cli/signals.h"
#include "app/common/environment.h"
#include "core/base/number_text.h"
#include "core/store/finished_run.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace clwb::cli
{
namespace
{

constexpr std::array kColumns{"UT-Acc (overall)",
                              "UT-Acc (session mean)",
                              "ZS-Acc",
                              "A-Acc",
                              "TR@1",
                              "TR@5",
                              "TR@10",
                              "IR@1",
                              "IR@5",
                              "IR@10"};

struct Point
{
    double alpha = 0;
    metrics::EvaluationRecord record;
    std::shared_ptr<const metrics::EvaluationDetails> details; ///< null: none
};

Result<std::vector<double>> readAlphas(const Arguments& arguments)
{
    std::vector<double> alphas;
    const std::string list = arguments.valueOr("--alpha", "");
    for (const std::string& word : splitList(list)) {
        const auto alpha = parseDouble(word);
        if (!alpha || !(*alpha >= 0 && *alpha <= 1))
            return fail(ErrorCode::Usage, "--alpha: expected numbers from 0 to 1, got " + list);
        if (std::find(alphas.begin(), alphas.end(), *alpha) != alphas.end())
            return fail(ErrorCode::Usage, "--alpha: " + word + " is given twice");
        alphas.push_back(*alpha);
    }
    if (alphas.empty())
        return fail(ErrorCode::Usage, "clwb interpolate: --alpha LIST is missing",
                    "for example --alpha 0,0.25,0.5,0.75,1");
    return alphas;
}

Result<std::optional<int>> readSession(const Arguments& arguments)
{
    const auto text = arguments.value("--session");
    if (!text)
        return std::nullopt;
    const auto number = parseInteger(*text);
    if (!number || *number < 1 || *number > 1000000)
        return fail(ErrorCode::Usage, "--session: expected a session number from 1, got " + *text);
    return static_cast<int>(*number);
}

run::EvaluateRequest evaluationOf(const Arguments& arguments, const spec::RunSpec& spec,
                                  int session)
{
    run::EvaluateRequest request;
    request.study = arguments.has("--study")
                        ? std::filesystem::absolute(*arguments.value("--study"))
                        : spec.study;
    request.what = splitList(arguments.valueOr("--what", "ut,zs,retrieval"));
    request.split = arguments.valueOr("--split", "test");
    request.setting = spec.setting;
    request.finishedSessions = session;
    request.batchSize = spec.schedule.batchSize;
    request.threads = spec.threads;
    request.device = arguments.valueOr("--device", spec.device);
    request.precision = spec.precision;
    return request;
}

Result<void> checkWhat(const std::vector<std::string>& what)
{
    for (const std::string& word : what) {
        if (word != "ut" && word != "zs" && word != "retrieval")
            return fail(ErrorCode::Usage, "--what: expected ut, zs or retrieval, got " + word);
    }
    if (what.empty())
        return fail(ErrorCode::Usage, "--what: nothing to evaluate");
    return {};
}

// Columns of the test split's metrics; those of the validation split are named "val …".
std::string csvText(const std::vector<Point>& points)
{
    std::string text = "alpha";
    for (const char* column : kColumns)
        text += "," + std::string(column);
    text += "\n";
    for (const Point& point : points) {
        const auto values = metrics::metricValues(point.record);
        text += shortestText(point.alpha);
        for (const char* column : kColumns) {
            const std::string name =
                (point.record.split == "val" ? "val " : "") + std::string(column);
            const auto value = std::find_if(values.begin(), values.end(),
                                            [&](const auto& v) { return v.name == name; });
            text += ",";
            if (value != values.end())
                text += shortestText(value->value);
        }
        text += "\n";
    }
    return text;
}

std::string jsonText(const std::vector<Point>& points)
{
    Json list = Json::array();
    for (const Point& point : points)
        list.push_back({{"alpha", point.alpha}, {"record", metrics::toJson(point.record)}});
    return list.dump() + "\n";
}

Result<void> record(const Arguments& arguments, const store::RunRow& row, const Json& spec,
                    run::PathStart start, const std::vector<Point>& points)
{
    CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::ReadWrite));
    for (const Point& point : points) {
        store::FinishedRun run;
        const std::string base = row.name.empty() ? "run " + std::to_string(row.runId) : row.name;
        run.name = base + " interpolated α=" + shortestText(point.alpha);
        run.spec = spec;
        run.spec["name"] = run.name;
        run.spec["foreign"] = true; // a row of its own in every table: the paper has none for it
        run.spec["model_sha256"] = point.record.modelSha256;
        // Compare tells the points of a path, and paths from each other, by this; the text is for
        // people.
        run.spec["weight_path"] = {
            {"uid", row.uid},
            {"session", point.record.session},
            {"from", start == run::PathStart::Original ? "original" : "session"},
            {"alpha", point.alpha}};
        run.notes = "(1 − α)·before + α·after of run " + std::to_string(row.runId) +
                    ", α = " + shortestText(point.alpha) + "; session " +
                    std::to_string(point.record.session) + " from " +
                    (start == run::PathStart::Original ? "the original model" : "its start") +
                    "; no training of its own";
        run.environment = app::environmentJson("clwb", app::ownCommandLine());
        run.sessions = row.sessions;
        run.records = {point.record};
        run.details = {point.details};
        CLWB_ASSIGN(const int64_t id, store::insertFinishedRun(project, run));
        writeNote("recorded as run " + std::to_string(id) + ": " + run.name);
    }
    return {};
}

struct Source
{
    store::RunRow row;
    Json document;
    spec::RunSpec spec;
};

Result<Source> readSource(const Arguments& arguments)
{
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const int64_t id, project.findRun(arguments.positionals()[0]));
    Source source;
    CLWB_ASSIGN(source.row, project.run(id));
    if (source.row.status == "reported")
        return fail(ErrorCode::Usage,
                    "run " + arguments.positionals()[0] + " is a reported result: it has no model");
    CLWB_ASSIGN(source.document, project.resolvedSpec(id));
    CLWB_ASSIGN(source.spec, spec::runSpecFromJson(source.document));
    return source;
}

Result<std::vector<Point>> walk(const Arguments& arguments, run::PathRequest request)
{
    std::vector<Point> points;
    request.evaluate.stop = stopOnSignals();
    ProgressConsole console(progressMode(arguments));
    const size_t count = request.alphas.size();
    request.evaluate.progress = [&](int64_t done, int64_t total) {
        console.showWork(
            (static_cast<double>(points.size()) +
             static_cast<double>(done) / static_cast<double>(std::max<int64_t>(total, 1))) /
                static_cast<double>(count),
            "evaluating " + std::to_string(points.size() + 1) + "/" + std::to_string(count) + "  " +
                std::to_string(done) + "/" + std::to_string(total));
    };
    request.evaluated = [&](double alpha, const metrics::EvaluationRecord& record,
                            auto details) -> Result<void> {
        points.push_back({alpha, record, std::move(details)});
        return {};
    };
    CLWB_ASSIGN(const auto warnings, run::evaluatePath(request));
    for (const std::string& warning : warnings)
        console.show(run::Warning{warning});
    return points;
}

Result<int> runInterpolate(const Arguments& arguments)
{
    run::PathRequest request;
    CLWB_ASSIGN(request.alphas, readAlphas(arguments));
    CLWB_ASSIGN(const auto session, readSession(arguments));
    CLWB_ASSIGN(const Source source, readSource(arguments));
    const auto start = arguments.valueOr("--from", "session") == "original"
                           ? run::PathStart::Original
                           : run::PathStart::Session;
    CLWB_ASSIGN(const run::PathEnds ends, run::endsOfRun(source.row, source.spec, session, start));
    request.before = ends.before;
    request.after = ends.after;
    request.evaluate = evaluationOf(arguments, source.spec, ends.session);
    CLWB_TRY(checkWhat(request.evaluate.what));
    if (arguments.has("--record"))
        request.details = source.spec.evaluate.details;
    CLWB_ASSIGN(const std::vector<Point> points, walk(arguments, std::move(request)));
    CLWB_TRY(writeResultTo(arguments.value("--out"), arguments.valueOr("--format", "csv") == "csv"
                                                         ? csvText(points)
                                                         : jsonText(points)));
    if (arguments.has("--record"))
        CLWB_TRY(record(arguments, source.row, source.document, start, points));
    return 0;
}

} // namespace

Command describe_interpolate()
{
    return {
        35,
        "interpolate",
        "Evaluates models between those before and after a run, without training",
        {{"RUN"}},
        {{"--alpha", "LIST", "points of the path: 0,0.25,0.5,0.75,1", false, {}},
         {"--session", "S", "the path of this session (default: the last one)", false, {}},
         {"--from",
          "START",
          "where the path begins (default: session)",
          false,
          {"session", "original"}},
         {"--study", "FILE", "study to evaluate on (default: the run's)", false, {}},
         {"--what", "LIST", "parts: ut,zs,retrieval (default: all)", false, {}},
         {"--split", "SPLIT", "which data (default: test)", false, {"test", "val"}},
         {"--device", "DEVICE", "auto, cpu or cuda[:N] (default: the run's)", false, {}},
         {"--format", "FORMAT", "form of the result (default: csv)", false, {"csv", "json"}},
         outOption("write into this file instead of stdout"),
         {"--record", "", "also store each point as a run of origin `imported`", false, {}},
         dbOption(),
         progressOption()},
        "Weights are (1 − α)·before + α·after in float32; α = 0 and 1 are the two models bit for\n"
        "bit. Before is the model that the session started from (original: the run's first\n"
        "model), after is the one that the session led to, of IMM the one before merging. Both\n"
        "must have been kept: the last one always is, others with checkpoints=all.\n"
        "csv: a row a point; json: the evaluation record of each. --record also keeps what each\n"
        "point predicts for every test picture unless the run's evaluate.details is none (all:\n"
        "the ranked candidates of retrieval, too): Compare shows which pictures flip along α.",
        "clwb interpolate 3 --alpha 0,0.25,0.5,0.75,1 --split val",
        runInterpolate};
}

} // namespace clwb::cli
