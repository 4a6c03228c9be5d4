// SPDX-License-Identifier: GPL-3.0-or-later
// What lies around a run: its checkpoints, leftovers of killed processes, caches, and early
// refusals.
#include "core/base/file.h"
#include "core/run/cache_folder.h"
#include "core/run/checkpoint_store.h"
#include "core/run/preflight.h"
#include "core/run/resume_point.h"
#include "core/run/runner.h"
#include "core/run/workspace.h"
#include "tests/app/tiny_model.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <ATen/ops/full.h>

#include <QtTest>

#include <set>

using namespace clwb;
using namespace clwb::run;
namespace fs = std::filesystem;

namespace
{

CheckpointState stateAt(int64_t step)
{
    CheckpointState state;
    state.cursor.step = step;
    return state;
}

void saveAt(CheckpointStore& store, int64_t step)
{
    const auto value = static_cast<double>(step);
    test::require(store.save(stateAt(step), {{"x", at::full({100}, value)}}));
}

/// Cuts the tensors of a checkpoint in half.
void damage(const fs::path& run, int number)
{
    const fs::path file =
        run / "checkpoint" / ("checkpoint-" + std::to_string(number)) / "tensors.safetensors";
    fs::resize_file(file, fs::file_size(file) / 2);
}

std::set<std::string> checkpointsOf(const fs::path& run)
{
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(run / "checkpoint"))
        names.insert(entry.path().filename().string());
    return names;
}

} // namespace

class TestRunFolder : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_root;

    RunRequest request(const std::string& name) const
    {
        RunRequest request;
        request.spec.study = m_root / "study" / "study.json";
        request.spec.model = m_root / "model";
        request.spec.method = "vr-lwf";
        request.spec.option = "WM";
        request.spec.params.M = 6;
        request.spec.params.Ks = 8;
        request.spec.schedule.epochs = 1;
        request.spec.schedule.batchSize = 4;
        request.spec.evaluate.after = "never";
        request.spec.device = "cpu";
        request.spec.threads = 1;
        request.folder = m_root / name;
        return request;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_root = m_temporary.path().toStdString();
        qputenv("CLWB_CACHE", (m_root / "cache").c_str());
        test::require(test::writeTinyStudy(m_root / "study"));
        test::require(test::writeTinyModel(m_root / "model"));
    }

    void aDamagedCheckpointNeverCrowdsOutAGoodOne()
    {
        const fs::path run = m_root / "checkpoints";
        CheckpointStore store(run);
        for (const int64_t step : {1, 2, 3})
            saveAt(store, step);
        damage(run, 3);
        // Looking changes nothing; continuing removes what it passed over.
        QCOMPARE(store.newestState()->cursor.step, int64_t(2));
        QCOMPARE(findResumePoint(run)->value().steps, int64_t(2));
        QVERIFY((checkpointsOf(run) == std::set<std::string>{"checkpoint-2", "checkpoint-3"}));
        QCOMPARE(store.loadNewest()->state.cursor.step, int64_t(2));
        QVERIFY((checkpointsOf(run) == std::set<std::string>{"checkpoint-2"}));
        saveAt(store, 4);
        damage(run, 3); // the number is free again
        const auto good = store.loadNewest();
        QVERIFY(good);
        QCOMPARE(good->tensors.at("x")[7].item<float>(), 2.0f);
        // Where none is good nothing is removed: somebody may still rescue something.
        damage(run, 2);
        QVERIFY(!store.loadNewest());
        QVERIFY(!store.newestState());
        QVERIFY((checkpointsOf(run) == std::set<std::string>{"checkpoint-2"}));
    }

    void leftoversGoWhenARunIsContinued()
    {
        StopSource stop;
        RunRequest parts = request("killed");
        parts.stop = stop.token();
        const auto stopped = executeRun(parts, [&](const Event& event) {
            if (std::holds_alternative<StepDone>(event))
                stop.requestStop();
        });
        QVERIFY(stopped && stopped->status == "stopped");
        const fs::path left = parts.folder / "model.tmp-4000000-0";
        QVERIFY(createFolders(left));
        QVERIFY(writeFileAtomically(left / "model.safetensors", "half"));
        parts.stop = {};
        parts.resume = true;
        const auto finished = executeRun(parts, [](const Event&) {});
        QVERIFY(finished && finished->status == "finished");
        QVERIFY(!fs::exists(left));
        QVERIFY(fs::exists(parts.folder / "model" / "model.safetensors"));
        // The next run need not look into every image again.
        QVERIFY(fs::exists(checkedImagesFile()));
    }

    void estimatesRefuseWhatRunsRefuse()
    {
        spec::RunSpec spec = request("estimate").spec;
        spec.params.M = 15; // with SOT and EOT one more than the context of 16
        const auto estimate = estimateRun(spec);
        QVERIFY(!estimate && estimate.error().code == ErrorCode::Usage);
        QVERIFY(estimate.error().message.find("params.M") != std::string::npos);
        spec.params.M = 14;
        QVERIFY(estimateRun(spec));
    }

    // A branch costs what comes after the session it goes on from.
    void estimatesOfBranchesLeaveOutWhatIsDone()
    {
        spec::RunSpec spec = request("estimate").spec;
        spec.setting = "MST";
        spec.evaluate.after = "session";
        const auto all = estimateRun(spec);
        QVERIFY(all && all->steps > 0);
        QVERIFY(all->leastSeconds > 0 && all->leastSeconds <= all->seconds &&
                all->seconds <= all->mostSeconds);
        QCOMPARE(all->evaluations, int64_t{3}); // before, and after each of two sessions
        const auto last = estimateRun(spec, 1);
        QVERIFY(last);
        QCOMPARE(last->steps * 2, all->steps); // two sessions of as many crops
        QCOMPARE(last->evaluations, int64_t{1});
        const auto nothing = estimateRun(spec, 2);
        QVERIFY(nothing);
        QCOMPARE(nothing->steps, int64_t{0});
    }

    // What the run evaluates and how it computes is what is measured.
    void estimatesTakeThePrecisionAndTheValidationSets()
    {
        spec::RunSpec spec = request("estimate").spec;
        spec.precision = "bf16";
        spec.evaluate.validation = true;
        spec.evaluate.test = false;
        const auto estimate = estimateRun(spec);
        QVERIFY2(estimate.has_value(), estimate ? "" : estimate.error().message.c_str());
        QVERIFY(estimate->seconds > 0);
    }

    void classFoldersTakeTheGeometry()
    {
        spec::Study study;
        study.updatedTask.emplace();
        for (const char* kind : {"coco", "class_folders"}) {
            study.updatedTask->kind = kind;
            study.updatedTask->crop.geometry = "squash";
            const auto pictures = openPictures(study, 8);
            QVERIFY(pictures && pictures->crops != pictures->whole);
            study.updatedTask->crop.geometry = "clip";
            const auto same = openPictures(study, 8);
            QVERIFY(same && same->crops == same->whole);
        }
        QVERIFY(fs::exists(m_root / "cache" / "pictures-8-squash-stored-0.pixels"));
    }

    void warnsWhereCheckpointsMayNotFit()
    {
        const auto model = openModel(m_root / "model");
        QVERIFY(model);
        spec::RunSpec spec = request("disk").spec;
        uint64_t bytes = 0;
        for (const auto& [name, tensor] : model->model.parameters)
            bytes += 4 * static_cast<uint64_t>(tensor.nbytes());
        QCOMPARE(checkpointBytes(spec, *model), bytes);
        spec.method = "rkr"; // a scale a channel and block, nothing else
        const auto& sizes = model->model.config;
        const int64_t scales =
            sizes.vision.layers * sizes.vision.width + sizes.text.layers * sizes.text.width;
        QCOMPARE(checkpointBytes(spec, *model), uint64_t(4 * scales) * sizeof(float));
        spec.kind = "original";
        QCOMPARE(checkpointBytes(spec, *model), uint64_t(0));
        QVERIFY(!lowDiskWarning(m_root, 0));
        const auto warning = lowDiskWarning(m_root / "not yet there", uint64_t(1) << 60);
        QVERIFY(warning && warning->find("not yet there") != std::string::npos);
        QVERIFY(warning->find(std::to_string(3 * (uint64_t(1) << 40)) + " MB") !=
                std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestRunFolder)
#include "tst_run_folder.moc"
