// SPDX-License-Identifier: GPL-3.0-or-later
// Points of load from samples and clocks of this test, and the thread that gathers them.
#include "core/run/load_recorder.h"
#include "core/store/load_rows.h"
#include "core/store/run_writer.h"
#include "tests/plain/check.h"
#include "tests/plain/store_support.h"

#include <atomic>
#include <stdexcept>
#include <vector>

using namespace clwb;
using clwb::test::TemporaryFolder;
using run::LoadTime;
using run::LoadWindow;
using run::MachineLoad;

namespace
{

constexpr uint64_t kMiB = uint64_t{1} << 20;

MachineLoad loadOf(double cpu, uint64_t mebibytes)
{
    MachineLoad load;
    load.cpuPercent = cpu;
    load.residentBytes = mebibytes * kMiB;
    return load;
}

void oneOfTenSamplesGivesAPoint()
{
    LoadWindow window({100, 1700000000});
    std::vector<LoadPoint> points;
    for (int second = 1; second <= 35; ++second) {
        // 10, 20, … 100 % in every ten seconds, of which the mean is 55 %; most memory at the 4th.
        const int place = (second - 1) % 10 + 1;
        const auto point = window.add(loadOf(10.0 * place, place == 4 ? 900 : 500),
                                      {100.0 + second, 1700000000 + second});
        if (point)
            points.push_back(*point);
    }
    CHECK_EQUAL(points.size(), size_t{3});
    for (size_t i = 0; i < points.size(); ++i) {
        CHECK_EQUAL(points[i].at, 1700000010 + 10 * static_cast<int64_t>(i));
        CHECK(std::abs(points[i].cpuPercent - 55) < 1e-9);
        CHECK_EQUAL(points[i].memoryBytes, 900 * kMiB);
        CHECK(!points[i].gpu && !points[i].freeDiskBytes);
    }
    const auto rest = window.end(loadOf(20, 100), {135.5, 1700000036});
    CHECK(rest.has_value());
    if (!rest)
        return;
    // 1 s each of 10 … 50 % and half a second of 20 %
    CHECK(std::abs(rest->cpuPercent - (150 + 10) / 5.5) < 1e-9);
    CHECK_EQUAL(rest->memoryBytes, 900 * kMiB);
}

void lateSamplesCountForTheirTime()
{
    LoadWindow window({0, 50});
    CHECK(!window.add(loadOf(100, 1), {1, 51}));
    const auto point = window.add(loadOf(0, 1), {20, 70}); // the machine was busy elsewhere
    CHECK(point && std::abs(point->cpuPercent - 5) < 1e-9);
}

void shortRunsHaveOnePoint()
{
    LoadWindow window({0, 50});
    const auto only = window.end(loadOf(40, 7), {0.25, 50});
    CHECK(only && std::abs(only->cpuPercent - 40) < 1e-9 && only->memoryBytes == 7 * kMiB);
    LoadWindow longer({0, 50});
    CHECK(longer.add(loadOf(40, 7), {10, 60}).has_value());
    CHECK(!longer.end(loadOf(0, 7), {10.5, 60}));
    LoadWindow still({0, 50}); // a clock that stands: no division by nothing
    const auto zero = still.end(loadOf(40, 7), {0, 50});
    CHECK(zero && zero->cpuPercent == 0);
}

void cardsAreMeansOfWhenTheyWereThere()
{
    LoadWindow window({0, 50});
    MachineLoad load = loadOf(10, 1);
    load.gpu = run::GpuLoad{80, 3000 * kMiB, 8000 * kMiB};
    load.freeDiskBytes = 70 * kMiB;
    CHECK(!window.add(load, {4, 54}));
    load.gpu = run::GpuLoad{20, 1000 * kMiB, 4000 * kMiB};
    load.freeDiskBytes = 60 * kMiB;
    CHECK(!window.add(load, {8, 58}));
    const auto point = window.add(loadOf(10, 1), {10, 60}); // no answer of the driver
    CHECK(point && point->gpu);
    if (!point || !point->gpu)
        return;
    CHECK(std::abs(point->gpu->percent - 50) < 1e-9);
    CHECK_EQUAL(point->gpu->memoryBytes, 3000 * kMiB);
    CHECK_EQUAL(point->gpu->totalBytes, 8000 * kMiB); // of the card that used the most
    CHECK_EQUAL(point->freeDiskBytes.value_or(0), 60 * kMiB);
}

/// Through a thread, a writer and a project. Time passes with the samples only.
void recordsIntoTheProject()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    auto writer = store::RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    std::atomic<int> samples{-1}; // the first one is not used
    std::atomic<int> kept{0};
    {
        run::LoadRecorderSetting setting;
        setting.sample = [&samples] {
            ++samples;
            return loadOf(30, 64);
        };
        setting.keep = [&](const LoadPoint& point) {
            (*writer)->addLoad(point);
            ++kept;
        };
        setting.now = [&samples] {
            const int second = samples;
            return LoadTime{static_cast<double>(second), 1700000000 + second};
        };
        setting.interval = std::chrono::milliseconds(1);
        const run::LoadRecorder recorder(std::move(setting));
        while (kept < 3)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    (*writer)->finish("finished", "", 1);
    CHECK_OK((*writer)->flush());
    auto project = store::Project::open(file, store::OpenMode::ReadOnly);
    const auto points = store::loadPoints(project->database(), 1);
    if (!CHECK_OK(points))
        return;
    CHECK_EQUAL(points->size(), static_cast<size_t>(kept));
    for (size_t i = 0; i < 3; ++i) {
        CHECK_EQUAL(points->at(i).at, 1700000010 + 10 * static_cast<int64_t>(i));
        CHECK_EQUAL(points->at(i).cpuPercent, 30.0);
        CHECK_EQUAL(points->at(i).memoryBytes, 64 * kMiB);
    }
    CHECK_EQUAL(project->run(1)->status, "finished");
}

void aBrokenSamplerHarmsNothing()
{
    std::atomic<bool> wasAsked{false};
    {
        run::LoadRecorderSetting setting;
        setting.sample = [&wasAsked]() -> MachineLoad {
            wasAsked = true;
            throw std::runtime_error("no counters");
        };
        setting.keep = [](const LoadPoint&) { CHECK(false); };
        const run::LoadRecorder recorder(std::move(setting));
    }
    CHECK(wasAsked);
}

/// A driver that never answers: the run ends without it, and nothing comes afterwards.
void aHangingSamplerHoldsUpNothing()
{
    struct Held
    {
        std::atomic<bool> isAsked{false};
        std::atomic<bool> mayAnswer{false};
        std::atomic<bool> hasAnswered{false};
    };
    const auto held = std::make_shared<Held>();
    const auto begin = std::chrono::steady_clock::now();
    {
        run::LoadRecorderSetting setting;
        setting.sample = [held] {
            held->isAsked = true;
            while (!held->mayAnswer)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            held->hasAnswered = true;
            return loadOf(30, 64);
        };
        setting.keep = [](const LoadPoint&) { CHECK(false); };
        const run::LoadRecorder recorder(std::move(setting));
        while (!held->isAsked)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(std::chrono::steady_clock::now() - begin >= run::LoadRecorder::kPatience);
    held->mayAnswer = true; // its thread goes on, and must find nobody
    while (!held->hasAnswered)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void summaryHasMedianAndPeak()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    auto writer = store::RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    const double cpu[] = {90, 10, 50.26, 70};
    for (int i = 0; i < 4; ++i) {
        LoadPoint point{1700000000 + 10 * i, cpu[i], (100 + static_cast<uint64_t>(i)) * kMiB};
        if (i > 0)
            point.gpu = GpuLoadPoint{20.0 * i, 1000 * kMiB, 8000 * kMiB};
        (*writer)->addLoad(point);
    }
    (*writer)->addLoad({1700000000, 20, 100 * kMiB}); // the same second again: the last one stays
    (*writer)->addLoad({1700000050, 1e300, 99 * kMiB + kMiB / 2}); // rounded, and bounded
    CHECK_OK((*writer)->flush());
    auto project = store::Project::open(file, store::OpenMode::ReadOnly);
    const auto load = store::loadSummary(*project, 1);
    CHECK(load && load->has_value());
    if (!load || !load->has_value())
        return;
    // 10, 20, 50.3 (tenths), 70, 100
    CHECK_EQUAL((*load)->cpuPercent.median, 50.3);
    CHECK_EQUAL((*load)->cpuPercent.peak, 100.0);
    // 100, 100, 101, 102, 103 MiB
    CHECK_EQUAL((*load)->memoryBytes.median, 101.0 * kMiB);
    CHECK_EQUAL((*load)->memoryBytes.peak, 103.0 * kMiB);
    CHECK((*load)->gpuPercent && (*load)->gpuPercent->median == 40 &&
          (*load)->gpuPercent->peak == 60);
    CHECK_EQUAL((*load)->gpuTotalBytes, 8000 * kMiB);
    const auto none = store::loadSummary(*project, 2);
    CHECK(none && !none->has_value());
}

} // namespace

int main()
{
    RUN_CASE(oneOfTenSamplesGivesAPoint);
    RUN_CASE(lateSamplesCountForTheirTime);
    RUN_CASE(shortRunsHaveOnePoint);
    RUN_CASE(cardsAreMeansOfWhenTheyWereThere);
    RUN_CASE(recordsIntoTheProject);
    RUN_CASE(aBrokenSamplerHarmsNothing);
    RUN_CASE(aHangingSamplerHoldsUpNothing);
    RUN_CASE(summaryHasMedianAndPeak);
    return clwb::test::result();
}
