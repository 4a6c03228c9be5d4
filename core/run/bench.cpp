// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/bench.h"

#include "core/data/batch_loader.h"
#include "core/eval/features.h"
#include "core/model/device.h"
#include "core/run/bench_model.h"
#include "core/spec/run_spec.h"
#include "core/store/project.h"
#include "core/store/run_writer.h"

#include <algorithm>
#include <chrono>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Decoding and resizing of photos at 224 pixels, nothing cached.
Result<Json> benchPreprocess(const BenchRequest& request)
{
    if (request.photos.empty())
        return Json{{"note", "name a folder of photos with --photos to measure preprocessing"}};
    std::vector<data::Item> items;
    std::error_code failure;
    for (const auto& entry : fs::recursive_directory_iterator(request.photos, failure)) {
        if (entry.is_regular_file(failure) && entry.path().extension() == ".jpg")
            items.push_back({entry.path().filename().string(), entry.path(), {}, 0});
    }
    if (failure || items.empty())
        return fail(ErrorCode::Data, "no .jpg files below " + request.photos.string());
    std::sort(items.begin(), items.end(),
              [](const data::Item& a, const data::Item& b) { return a.file < b.file; });
    const int threads = static_cast<int>(model::useThreads(request.threads));
    double best = 0;
    for (int i = 0; i <= request.repeats; ++i) {
        CLWB_ASSIGN(const auto pictures, data::PictureCache::open({}, {}));
        const auto begin = Clock::now();
        data::BatchLoader loader(items, eval::allIndices(items.size()), *pictures,
                                 {.batchSize = 32, .threads = threads, .augmentation = {}});
        for (;;) {
            CLWB_ASSIGN(const auto batch, loader.next());
            if (!batch)
                break;
        }
        best = std::max(best, static_cast<double>(items.size()) / secondsSince(begin));
    }
    return Json{{"photos", items.size()}, {"threads", threads}, {"images_per_second", best}};
}

/// Events of a run into a fresh project, and a list of many runs out of it.
Result<Json> benchStore(const BenchRequest&)
{
    const fs::path folder =
        fs::temp_directory_path() / ("clwb-bench-" + std::to_string(::getpid()));
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    const fs::path file = folder / "bench.db";
    constexpr int64_t kSteps = 20000;
    constexpr int kRuns = 200;
    Json result;
    const auto measure = [&]() -> Result<void> {
        CLWB_TRY(store::Project::open(file, store::OpenMode::CreateIfMissing));
        spec::RunSpec spec;
        for (int run = 0; run < kRuns; ++run) {
            store::NewRun row;
            row.name = "run " + std::to_string(run);
            row.resolvedSpec = spec::toJson(spec);
            CLWB_ASSIGN(const auto writer, store::RunWriter::createRun(file, std::move(row)));
            const int64_t steps = run == 0 ? kSteps : 1;
            const auto begin = Clock::now();
            for (int64_t step = 1; step <= steps; ++step)
                writer->addStep(step, 1, 1, 1e-6, {{"CE", 1.0}, {"VR", 0.5}, {"total", 1.5}});
            const double queued = secondsSince(begin);
            writer->finish("finished", "", 1);
            CLWB_TRY(writer->flush());
            if (run == 0)
                result = Json{{"steps", kSteps},
                              {"microseconds_per_step_on_the_training_thread",
                               1e6 * queued / static_cast<double>(kSteps)},
                              {"steps_per_second_on_disk",
                               static_cast<double>(kSteps) / secondsSince(begin)}};
        }
        CLWB_ASSIGN(const store::Project project,
                    store::Project::open(file, store::OpenMode::ReadOnly));
        const auto begin = Clock::now();
        CLWB_ASSIGN(const auto rows, project.runs());
        result["runs_listed"] = rows.size();
        result["seconds_to_list"] = secondsSince(begin);
        return {};
    };
    const Result<void> done = measure();
    fs::remove_all(folder, ignored);
    if (!done)
        return Failure(done.error());
    return result;
}

} // namespace

Result<Json> runBench(const BenchRequest& request)
{
    const auto wants = [&](const char* part) {
        return std::find(request.what.begin(), request.what.end(), part) != request.what.end();
    };
    Json result{{"size", request.size},
                {"threads", model::useThreads(request.threads)},
                {"library", model::libraryText()}};
    if (wants("step")) {
        CLWB_ASSIGN(result["step"], benchSteps(request));
    }
    if (wants("encode")) {
        CLWB_ASSIGN(result["encode"], benchEncode(request));
    }
    if (wants("preprocess")) {
        CLWB_ASSIGN(result["preprocess"], benchPreprocess(request));
    }
    if (wants("store")) {
        CLWB_ASSIGN(result["store"], benchStore(request));
    }
    return result;
}

} // namespace clwb::run
