// SPDX-License-Identifier: GPL-3.0-or-later
// Performs an order on the training thread and records every event in the project.
#include "core/run/store_observer.h"
#include "core/store/run_writer.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/orders.h"

#include <QCoreApplication>
#include <QSysInfo>

#include <new>

namespace clwb::ui
{

namespace
{

namespace fs = std::filesystem;

struct Recording
{
    run::RunRequest request;
    std::unique_ptr<store::RunWriter> writer;
    std::vector<metrics::EvaluationRecord> earlier;
    double earlierSeconds = 0;
};

Json environment()
{
    return Json{{"program", "clwb-gui " + fromQt(QCoreApplication::applicationVersion())},
                {"host", fromQt(QSysInfo::machineHostName())},
                {"system", fromQt(QSysInfo::prettyProductName())},
                {"cpu", fromQt(QSysInfo::currentCpuArchitecture())}};
}

Result<Recording> beginNew(const RunOrder& order, const run::RunRequest& request,
                           const fs::path& project)
{
    Recording recording;
    recording.request = request;
    CLWB_ASSIGN(recording.request.spec, order.makeSpec(request.stop));
    const spec::RunSpec& spec = recording.request.spec;
    store::NewRun row;
    row.name = spec.name.empty() ? spec::displayLabel(spec.kind, spec.method, spec.option)
                                 : spec.name;
    row.resolvedSpec = spec::toJson(spec);
    row.configurationHash = spec::configurationHash(spec);
    row.environment = environment();
    CLWB_ASSIGN(recording.writer, store::RunWriter::createRun(project, std::move(row)));
    recording.request.folder = recording.writer->folder();
    return recording;
}

Result<Recording> beginAgain(const Engine& engine, int64_t runId, const run::RunRequest& request,
                             const fs::path& project)
{
    Recording recording;
    recording.request = request;
    recording.request.resume = true;
    CLWB_ASSIGN(const store::Project reader,
                store::Project::open(project, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const store::RunRow row, reader.run(runId));
    CLWB_ASSIGN(const Json spec, reader.resolvedSpec(runId));
    CLWB_ASSIGN(recording.request.spec, spec::runSpecFromJson(spec));
    recording.request.folder = row.folder;
    recording.earlierSeconds = row.seconds.value_or(0);
    // Without a checkpoint the run starts again from its beginning.
    CLWB_ASSIGN(const auto found, engine.findResumePoint(row.folder));
    const run::ResumePoint point = found.value_or(run::ResumePoint{0, -1});
    CLWB_ASSIGN(recording.writer,
                store::RunWriter::resumeRun(project, runId, point.steps, point.sessions));
    // Only now: the writer has cut the records back to the checkpoint.
    CLWB_ASSIGN(recording.earlier, reader.evaluations(runId));
    return recording;
}

Result<run::RunSummary> executeCaught(const Engine& engine, const run::RunRequest& request,
                                      const run::EventSink& sink)
{
    try {
        return engine.execute(request, sink);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for this run",
                    "Choose a smaller batch size, or a micro-batch.");
    } catch (const std::exception& problem) {
        return fail(ErrorCode::RunFailed, std::string("internal error: ") + problem.what(),
                    "The run can be continued from its last checkpoint.");
    }
}

} // namespace

Launcher recordingLauncher(const Engine& engine)
{
    return [engine](const RunOrder& order, const run::RunRequest& request,
                    const run::EventSink& sink, const std::function<void(int64_t)>& rowKnown)
               -> Result<run::RunSummary> {
        sink(run::Progress{});
        CLWB_ASSIGN(Recording recording,
                    order.continueRun ? beginAgain(engine, *order.continueRun, request, order.project)
                                      : beginNew(order, request, order.project));
        rowKnown(recording.writer->runId());
        run::StoreObserver observer(*recording.writer, recording.earlier,
                                    recording.earlierSeconds);
        bool hasFinished = false;
        const auto record = [&](const run::Event& event) {
            hasFinished = hasFinished || std::holds_alternative<run::Finished>(event);
            observer(event);
            // The window learns the end last, when everything is on disk.
            if (!std::holds_alternative<run::Finished>(event))
                sink(event);
        };
        Result<run::RunSummary> summary = executeCaught(engine, recording.request, record);
        if (!hasFinished) {
            run::Finished end{summary ? summary->status : "failed",
                              summary ? std::string() : toText(summary.error()),
                              summary ? summary->steps : 0};
            observer(end);
        }
        CLWB_TRY(recording.writer->flush());
        return summary;
    };
}

} // namespace clwb::ui
