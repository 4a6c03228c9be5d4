// SPDX-License-Identifier: GPL-3.0-or-later
// RKR runs: what moves and how fast, the files they leave, that every reader applies the scales.
#include "core/model/clip_model.h"
#include "core/run/evaluate.h"
#include "core/weights/model_directory.h"
#include "tests/core/run/tiny_runs.h"

#include <ATen/ATen.h>
#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>

#include <QtTest>

#include <algorithm>

using namespace clwb;
using namespace clwb::test;
using weights::TensorMap;
namespace fs = std::filesystem;

namespace
{

TensorMap scalesIn(const fs::path& model)
{
    auto files = weights::readModel(model);
    require(files);
    return std::move(files->rkrScales);
}

/// max |s − 1|.
double deviation(const TensorMap& scales)
{
    TensorMap ones = scales;
    for (auto& [name, tensor] : ones)
        std::fill(tensor.values.begin(), tensor.values.end(), 1.0f);
    return largestDifference(scales, ones);
}

struct Features
{
    at::Tensor images, texts;
};

Features featuresOf(const fs::path& folder)
{
    auto files = weights::readModel(folder);
    require(files);
    const model::ClipModel model = model::fromFiles(std::move(*files));
    at::Tensor pixels = at::empty({3, 16, 16, 3}, at::kByte);
    for (int64_t i = 0; i < pixels.numel(); ++i)
        pixels.mutable_data_ptr<uint8_t>()[i] = static_cast<uint8_t>((i * 53) % 256);
    const auto eot = static_cast<int32_t>(model.config.text.vocabulary - 1);
    const at::NoGradGuard noGrad;
    return {model.encodePictures(pixels), model.encodeText({{eot - 1, 5, 9, eot}, {eot - 1, eot}})};
}

double difference(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

} // namespace

class TestRkrRuns : public QObject
{
    Q_OBJECT

private:
    TinyRuns m_tiny;

    /// Far faster than the paper's, so that twelve steps are seen in the features.
    run::RunRequest rkrRequest(const std::string& name,
                               const char* placement = "block_output") const
    {
        run::RunRequest request = m_tiny.request(name, "rkr");
        request.spec.params.rkrPlacement = placement;
        request.spec.params.rkrLr = 0.02;
        return request;
    }

private Q_SLOTS:
    void filesAndTrace_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("placement");
        QTest::addColumn<QStringList>("names");
        // One layer a tower in the tiny model.
        const QString vision = "vision_model.encoder.layers.0.",
                      text = "text_model.encoder.layers.0.";
        QTest::newRow("WM") << "WM"
                            << "block_output"
                            << QStringList{text + "rkr_scale", vision + "rkr_scale"};
        QTest::newRow("IO") << "IO"
                            << "block_output" << QStringList{vision + "rkr_scale"};
        QTest::newRow("TO") << "TO"
                            << "block_output" << QStringList{text + "rkr_scale"};
        QTest::newRow("WM sublayer")
            << "WM"
            << "sublayer"
            << QStringList{text + "rkr_attn_scale", text + "rkr_mlp_scale",
                           vision + "rkr_attn_scale", vision + "rkr_mlp_scale"};
        QTest::newRow("TO sublayer")
            << "TO"
            << "sublayer" << QStringList{text + "rkr_attn_scale", text + "rkr_mlp_scale"};
    }

    void filesAndTrace()
    {
        QFETCH(QString, option);
        QFETCH(QString, placement);
        QFETCH(QStringList, names);
        const std::string name = (option + placement).toStdString();
        run::RunRequest request =
            rkrRequest(name, placement == "sublayer" ? "sublayer" : "block_output");
        request.spec.option = option.toStdString();
        const TinyOutcome outcome = TinyRuns::execute(request);
        QVERIFY2(outcome.isFinished(), outcome.errorText().c_str());

        Json trained = Json::array();
        for (const QString& word : names)
            trained.push_back(word.toStdString());
        const std::vector<Json> lines = m_tiny.trace(name);
        QVERIFY(lines.front().at("trained") == trained);
        for (const Json& line : m_tiny.trace(name, "step"))
            QVERIFY(line.at("logit_scale") == lines[2].at("logit_scale") &&
                    line.at("losses").size() == 2 && line.at("weights").empty());

        for (const char* place : {"model", "sessions/1", "sessions/3"}) {
            const fs::path folder = request.folder / place;
            QVERIFY(!fs::exists(folder / "model.safetensors"));
            for (const char* file :
                 {"config.json", "base.json", "rkr.safetensors", "vocab.json", "merges.txt"})
                QVERIFY(fs::exists(folder / file));
            const TensorMap scales = scalesIn(folder);
            QCOMPARE(scales.size(), size_t(names.size()));
            for (const QString& word : names)
                QVERIFY(scales.contains(word.toStdString()));
            QVERIFY(deviation(scales) > 0.01);
        }
        QVERIFY(TinyRuns::bytesOf(request.folder / "model" / "rkr.safetensors") ==
                TinyRuns::bytesOf(request.folder / "sessions" / "3" / "rkr.safetensors"));
        // The user is told how far the scales went, once at the run's end.
        std::vector<std::string> notes;
        for (const run::Event& event : outcome.events) {
            if (const auto* warning = std::get_if<run::Warning>(&event))
                notes.push_back(warning->text);
        }
        QCOMPARE(notes.size(), size_t(1));
        QVERIFY(notes[0].find("after session 3") != std::string::npos);
    }

    // Adam's first step moves every scale that has a gradient by the learning rate (algorithms.md
    // §5.5): one step a session shows the rate, and that the scales are trained on, not made anew.
    void oneStepMovesByTheRate()
    {
        run::RunRequest request = rkrRequest("steps");
        request.spec.schedule.epochs = 1;
        request.spec.schedule.batchSize = 12; // all of a session
        QVERIFY(TinyRuns::execute(request).isFinished());
        const TensorMap first = scalesIn(request.folder / "sessions" / "1");
        const TensorMap second = scalesIn(request.folder / "sessions" / "2");
        QVERIFY(std::abs(deviation(first) - 0.02) < 2e-4);
        QVERIFY(largestDifference(second, first) < 0.0202);
        QVERIFY(deviation(second) > 0.0398); // twice in the same direction somewhere
        for (const Json& line : m_tiny.trace("steps", "step"))
            QCOMPARE(line.at("lr").get<double>(), 0.02);

        request = rkrRequest("schedule");
        request.spec.params.rkrLr.reset();
        request.spec.schedule.epochs = 1;
        request.spec.schedule.batchSize = 12;
        QVERIFY(TinyRuns::execute(request).isFinished());
        QVERIFY(std::abs(deviation(scalesIn(request.folder / "sessions" / "1")) - 1e-3) < 1e-5);
    }

    void rateDrops()
    {
        run::RunRequest request = rkrRequest("drops");
        request.spec.setting = "OST";
        request.spec.schedule.dropAfterEpoch = 1;
        QVERIFY(TinyRuns::execute(request).isFinished());
        for (const Json& line : m_tiny.trace("drops", "step"))
            QVERIFY(std::abs(line.at("lr").get<double>() - (line.at("epoch") == 1 ? 0.02 : 0.002)) <
                    1e-15);
    }

    void stoppedAndResumed_data()
    {
        QTest::addColumn<int>("first");
        QTest::newRow("within an epoch") << 4;
        QTest::newRow("end of a session") << 6;
        QTest::newRow("second session") << 8;
    }

    void stoppedAndResumed()
    {
        QFETCH(int, first);
        if (!fs::exists(m_tiny.folder("whole")))
            QVERIFY(TinyRuns::execute(rkrRequest("whole")).isFinished());
        const std::string name = "parts-" + std::to_string(first);
        run::RunRequest request = rkrRequest(name);
        const TinyOutcome stopped = TinyRuns::execute(request, first);
        QVERIFY(stopped.result && stopped.result->status == "stopped");
        request.resume = true;
        QVERIFY(TinyRuns::execute(request).isFinished());
        const std::string bytes = TinyRuns::bytesOf(request.folder / "model" / "rkr.safetensors");
        QVERIFY(!bytes.empty());
        QVERIFY(bytes == TinyRuns::bytesOf(m_tiny.folder("whole") / "model" / "rkr.safetensors"));
        QVERIFY(m_tiny.trace(name) == m_tiny.trace("whole"));
    }

    // An evaluation of the directory counts what the run counted in memory.
    void evaluationReadsTheScales()
    {
        run::RunRequest request = rkrRequest("evaluated");
        request.spec.evaluate.after = "session";
        QVERIFY(TinyRuns::execute(request).isFinished());
        const auto lines = m_tiny.trace("evaluated", "eval");
        QCOMPARE(lines.size(), size_t(4));
        QVERIFY(lines[3].at("model_sha256") != lines[0].at("model_sha256"));
        QVERIFY(lines[3].at("retrieval") != lines[0].at("retrieval") ||
                lines[3].at("ut") != lines[0].at("ut"));
        run::EvaluateRequest again;
        again.model = request.folder / "model";
        again.study = request.spec.study;
        again.finishedSessions = 3;
        again.batchSize = 4;
        again.threads = 1;
        again.device = "cpu";
        const auto evaluation = run::evaluateModel(again);
        QVERIFY2(evaluation, evaluation ? "" : toText(evaluation.error()).c_str());
        QVERIFY(metrics::toJson(evaluation->record) ==
                Json::parse(TinyRuns::bytesOf(request.folder / "eval-3.json")));
    }

    void foldingSublayerScales()
    {
        const run::RunRequest request = rkrRequest("folded", "sublayer");
        QVERIFY(TinyRuns::execute(request).isFinished());
        const fs::path plain = m_tiny.root() / "plain";
        QVERIFY(weights::convertWeights(request.folder / "model", plain));
        QVERIFY(fs::exists(plain / "model.safetensors") && !fs::exists(plain / "base.json"));
        const Features scaled = featuresOf(request.folder / "model");
        const Features folded = featuresOf(plain);
        const Features base = featuresOf(m_tiny.root() / "model");
        QVERIFY(difference(scaled.images, folded.images) < 1e-5);
        QVERIFY(difference(scaled.texts, folded.texts) < 1e-5);
        QVERIFY(difference(scaled.images, base.images) > 1e-3);
        QVERIFY(difference(scaled.texts, base.texts) > 1e-3);
        // block_output cannot be folded, and says so.
        const run::RunRequest block = rkrRequest("block");
        QVERIFY(TinyRuns::execute(block).isFinished());
        const auto refused = weights::convertWeights(block.folder / "model", m_tiny.root() / "no");
        QVERIFY(!refused && refused.error().code == ErrorCode::Data);
        const auto summary = weights::inspectModel(block.folder / "model");
        QVERIFY(summary);
        QVERIFY(std::abs(summary->at("rkr").at("max_deviation").get<double>() -
                         deviation(scalesIn(block.folder / "model"))) < 1e-12);
    }

    void isNoStartOfARun()
    {
        const run::RunRequest first = rkrRequest("start");
        QVERIFY(TinyRuns::execute(first).isFinished());
        run::RunRequest second = m_tiny.request("from-scales", "ft");
        second.spec.model = first.folder / "model";
        const TinyOutcome outcome = TinyRuns::execute(second);
        QVERIFY(!outcome.result && outcome.result.error().code == ErrorCode::Data);
    }
};

QTEST_APPLESS_MAIN(TestRkrRuns)
#include "tst_rkr_runs.moc"
