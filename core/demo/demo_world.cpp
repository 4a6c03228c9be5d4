// SPDX-License-Identifier: GPL-3.0-or-later
// Paints and writes all pictures with several threads, then puts the finished folder in its place.
#include "core/demo/demo_world.h"

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/demo/concepts.h"
#include "core/demo/glyphs.h"
#include "core/demo/scene_painter.h"
#include "core/demo/world_files.h"

#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unistd.h>

namespace clwb::demo
{
namespace
{

constexpr int kJpegQuality = 90;

// A picture to be made: where, and which entry of which list of the plan.
struct Task
{
    enum class Kind { Crop, Retrieval, ZeroShot };
    Kind kind = Kind::Crop;
    size_t index = 0;
    std::string path;
};

std::vector<Task> tasksOf(const WorldPlan& plan)
{
    std::vector<Task> tasks;
    for (size_t i = 0; i < plan.cropScenes.size(); ++i)
        tasks.push_back({Task::Kind::Crop, i, pathOf(plan.cropScenes[i])});
    for (size_t i = 0; i < plan.retrievalScenes.size(); ++i)
        tasks.push_back({Task::Kind::Retrieval, i, pathOf(plan.retrievalScenes[i])});
    for (size_t i = 0; i < plan.zeroShotImages.size(); ++i)
        tasks.push_back({Task::Kind::ZeroShot, i, pathOf(plan.zeroShotImages[i])});
    return tasks;
}

Image painted(const Task& task, const WorldPlan& plan, const DrawingTable& drawings)
{
    switch (task.kind) {
    case Task::Kind::Crop:
        return paintCropScene(plan.cropScenes[task.index], plan, drawings);
    case Task::Kind::Retrieval:
        return paintRetrievalScene(plan.retrievalScenes[task.index], plan, drawings);
    case Task::Kind::ZeroShot:
        return paintZeroShotImage(plan.zeroShotImages[task.index], plan, drawings);
    }
    return {};
}

// Plain writing: the folder gets its final name only when everything is in it.
Result<void> writeJpeg(const std::filesystem::path& path, const Image& image)
{
    cv::Mat blueFirst(image.height, image.width, CV_8UC3);
    const uint8_t* from = image.pixels.data();
    for (int y = 0; y < image.height; ++y) {
        uint8_t* to = blueFirst.ptr<uint8_t>(y);
        for (int x = 0; x < image.width; ++x, from += 3, to += 3) {
            to[0] = from[2];
            to[1] = from[1];
            to[2] = from[0];
        }
    }
    std::vector<uint8_t> bytes;
    try {
        if (!cv::imencode(".jpg", blueFirst, bytes, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality}))
            return fail(ErrorCode::RunFailed, "picture could not be compressed: " + path.string());
    } catch (const cv::Exception& problem) {
        return fail(ErrorCode::RunFailed,
                    "picture could not be compressed: " + path.string() + ": " + problem.what());
    }
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file)
        return Failure(systemError("write", path));
    const bool isWritten = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    Error error = systemError("write", path);
    if (std::fclose(file) != 0 && isWritten)
        return Failure(systemError("write", path));
    if (!isWritten)
        return Failure(std::move(error));
    return {};
}

Result<DrawingTable> loadDrawings(const std::filesystem::path& font, const WorldPlan& plan)
{
    CLWB_ASSIGN(GlyphFont glyphs, GlyphFont::open(font));
    DrawingTable table;
    table.byConcept.resize(allConcepts().size());
    const std::vector<int> updatedTask = plan.classes.updatedTask();
    for (const std::vector<int>* list : {&updatedTask, &plan.classes.zeroShot,
                                         &plan.classes.zeroShotValidation, &plan.classes.fillers}) {
        for (const int id : *list) {
            const Concept& item = allConcepts()[static_cast<size_t>(id)];
            auto drawing = glyphs.draw(item.codePoints().front());
            if (!drawing)
                return Failure(std::move(drawing).error().in(item.name));
            table.byConcept[static_cast<size_t>(id)] = std::move(*drawing);
        }
    }
    return table;
}

// The shared state of the painting threads.
class PaintJob
{
public:
    PaintJob(const std::filesystem::path& dir, const WorldPlan& plan, const DrawingTable& drawings,
             const StopToken& stop, const DemoProgress& progress)
        : m_dir(dir)
        , m_plan(plan)
        , m_drawings(drawings)
        , m_tasks(tasksOf(plan))
        , m_stop(stop)
        , m_progress(progress)
    {}

    [[nodiscard]] int total() const { return static_cast<int>(m_tasks.size()); }

    Result<void> run(int threads)
    {
        CLWB_TRY(makeFolders());
        std::vector<std::thread> workers;
        for (int i = 1; i < threads; ++i)
            workers.emplace_back([this] { work(); });
        work();
        for (std::thread& worker : workers)
            worker.join();
        if (m_error)
            return Failure(std::move(*m_error));
        if (m_stop.stopRequested())
            return fail(ErrorCode::Stopped, "rendering the demo world was stopped");
        return {};
    }

private:
    Result<void> makeFolders() const
    {
        std::set<std::filesystem::path> folders;
        for (const Task& task : m_tasks)
            folders.insert((m_dir / task.path).parent_path());
        for (const std::filesystem::path& folder : folders)
            CLWB_TRY(createFolders(folder));
        return {};
    }

    void work()
    {
        try {
            for (;;) {
                const size_t index = m_next.fetch_add(1);
                if (index >= m_tasks.size() || m_isFailed || m_stop.stopRequested())
                    return;
                const Task& task = m_tasks[index];
                auto written = writeJpeg(m_dir / task.path, painted(task, m_plan, m_drawings));
                if (!written)
                    return keepError(std::move(written).error());
                reportOneMore();
            }
        } catch (const std::bad_alloc&) {
            keepError({ErrorCode::OutOfMemory, "rendering the demo world: out of memory", {}});
        } catch (const std::exception& problem) {
            keepError({ErrorCode::RunFailed,
                       std::string("rendering the demo world: ") + problem.what(),
                       {}});
        }
    }

    void keepError(Error error)
    {
        const std::lock_guard lock(m_mutex);
        m_isFailed = true;
        if (!m_error)
            m_error = std::move(error);
    }

    void reportOneMore()
    {
        const std::lock_guard lock(m_mutex);
        ++m_done;
        if (m_progress)
            m_progress(m_done, total());
    }

    const std::filesystem::path& m_dir;
    const WorldPlan& m_plan;
    const DrawingTable& m_drawings;
    std::vector<Task> m_tasks;
    StopToken m_stop;
    const DemoProgress& m_progress;
    std::atomic<size_t> m_next{0};
    std::atomic<bool> m_isFailed{false};
    std::mutex m_mutex; // guards m_error, m_done and the progress callback
    std::optional<Error> m_error;
    int m_done = 0;
};

Result<void> requireFree(const std::filesystem::path& dir)
{
    std::error_code problem;
    const auto status = std::filesystem::status(dir, problem);
    if (!std::filesystem::exists(status))
        return {};
    if (std::filesystem::is_directory(status) && std::filesystem::is_empty(dir, problem) &&
        !problem)
        return {};
    return fail(ErrorCode::Usage,
                "demo world: " + dir.string() + ": expected no such folder or an empty one",
                "name another folder, or delete this one first");
}

// The folder while it isn't complete; removed unless it gets its final name.
class PartialFolder
{
public:
    explicit PartialFolder(const std::filesystem::path& finalPath)
        : m_final(finalPath)
        , m_partial(finalPath.parent_path() /
                    (finalPath.filename().string() + ".partial-" + std::to_string(::getpid())))
    {}
    PartialFolder(const PartialFolder&) = delete;
    PartialFolder& operator=(const PartialFolder&) = delete;
    ~PartialFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_partial, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return m_partial; }
    Result<void> finish()
    {
        std::error_code problem;
        std::filesystem::rename(m_partial, m_final, problem); // replaces an empty folder
        if (problem)
            return fail(ErrorCode::Data,
                        "demo world: " + m_final.string() + ": " + problem.message());
        return {};
    }

private:
    std::filesystem::path m_final;
    std::filesystem::path m_partial;
};

DemoSummary summaryOf(const WorldPlan& plan)
{
    DemoSummary summary;
    summary.sessions = static_cast<int>(plan.classes.sessions.size());
    summary.classes = static_cast<int>(plan.classes.updatedTask().size());
    summary.zeroShotClasses = static_cast<int>(plan.classes.zeroShot.size());
    summary.zeroShotValidationClasses = static_cast<int>(plan.classes.zeroShotValidation.size());
    for (const CropScene& scene : plan.cropScenes) {
        int& crops = scene.split == Split::Train ? summary.trainCrops
                     : scene.split == Split::Val ? summary.validationCrops
                                                 : summary.testCrops;
        crops += static_cast<int>(scene.boxes.size());
    }
    summary.retrievalScenes = plan.sizes.retrievalScenes[static_cast<size_t>(Split::Test)];
    return summary;
}

} // namespace

Result<DemoSummary> makeDemoWorld(const std::filesystem::path& dir, const StopToken& stop,
                                  const DemoProgress& progress, const DemoOptions& options)
{
    const auto start = std::chrono::steady_clock::now();
    std::filesystem::path target = std::filesystem::absolute(dir).lexically_normal();
    if (target.filename().empty())
        target = target.parent_path();
    CLWB_TRY(requireFree(target));
    CLWB_TRY(createFolders(target.parent_path()));
    const std::filesystem::path font = options.font.empty() ? defaultEmojiFont() : options.font;

    const WorldPlan plan = planWorld(options.sizes);
    CLWB_ASSIGN(const DrawingTable drawings, loadDrawings(font, plan));
    CLWB_ASSIGN(const std::string fontHash, sha256HexOfFile(font));

    PartialFolder partial(target);
    PaintJob job(partial.path(), plan, drawings, stop, progress);
    const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    CLWB_TRY(job.run(std::clamp(options.threads > 0 ? options.threads : cores, 1, 64)));
    CLWB_TRY(writeWorldFiles(partial.path(), plan));
    CLWB_TRY(writeFileAtomically(partial.path() / "version.txt", worldVersion(fontHash)));
    CLWB_TRY(partial.finish());

    DemoSummary summary = summaryOf(plan);
    summary.study = target / "study.json";
    summary.images = job.total();
    summary.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

bool hasDemoWorld(const std::filesystem::path& dir)
{
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(dir / "study.json", ignored))
        return false;
    const auto version = readFile(dir / "version.txt", 4096);
    const auto fontHash = sha256HexOfFile(defaultEmojiFont());
    return version && fontHash && *version == worldVersion(*fontHash);
}

} // namespace clwb::demo
