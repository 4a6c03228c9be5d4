// SPDX-License-Identifier: GPL-3.0-or-later
// IMM runs against FT runs: where they train on from, what is merged, written, traced and resumed.
#include "tests/core/run/tiny_runs.h"

#include <QtTest>

#include <algorithm>

using namespace clwb;
using namespace clwb::test;
using weights::TensorMap;
namespace fs = std::filesystem;

namespace
{

/// Σ weight·tensor in doubles, rounded once.
TensorMap combined(const std::vector<std::pair<double, const TensorMap*>>& parts)
{
    TensorMap sum = *parts.front().second;
    for (auto& [name, tensor] : sum) {
        for (size_t i = 0; i < tensor.values.size(); ++i) {
            double value = 0;
            for (const auto& [weight, tensors] : parts)
                value += weight * static_cast<double>(tensors->at(name).values[i]);
            tensor.values[i] = static_cast<float>(value);
        }
    }
    return sum;
}

constexpr double kTolerance = 1e-6; // single precision sums; logit_scale is 3

} // namespace

class TestImmRuns : public QObject
{
    Q_OBJECT

private:
    TinyRuns m_tiny;
    std::vector<TensorMap> m_fine; ///< θ_0 … θ_3 of fine-tuning: the raw trajectory

    run::RunRequest immRequest(const std::string& name, const std::string& chaining,
                               double alpha) const
    {
        run::RunRequest request = m_tiny.request(name, "imm");
        request.spec.params.immChaining = chaining;
        request.spec.params.alpha = alpha;
        return request;
    }
    fs::path session(const std::string& name, int s) const
    {
        return m_tiny.folder(name) / "sessions" / std::to_string(s);
    }
    static std::string weightsIn(const fs::path& model)
    {
        return TinyRuns::bytesOf(model / "model.safetensors");
    }

private Q_SLOTS:
    void initTestCase()
    {
        require(TinyRuns::execute(m_tiny.request("ft", "ft")).isFinished());
        m_fine.push_back(TinyRuns::tensorsOf(m_tiny.root() / "model"));
        for (int s = 1; s <= 3; ++s)
            m_fine.push_back(TinyRuns::tensorsOf(session("ft", s)));
        require(largestDifference(m_fine[2], m_fine[3]) > 1e-3);
    }

    void rawTrajectoryIsFineTuning_data()
    {
        QTest::addColumn<QString>("chaining");
        QTest::newRow("unmerged") << "unmerged";
        QTest::newRow("original_imm") << "original_imm";
    }

    void rawTrajectoryIsFineTuning()
    {
        QFETCH(QString, chaining);
        const std::string name = chaining.toStdString();
        const double alpha = 0.3;
        const TinyOutcome outcome = TinyRuns::execute(immRequest(name, name, alpha));
        QVERIFY2(outcome.isFinished(), outcome.errorText().c_str());
        QVERIFY(weightsIn(m_tiny.folder(name) / "unmerged") ==
                weightsIn(m_tiny.folder("ft") / "model"));
        for (int s = 1; s <= 3; ++s) {
            std::vector<std::pair<double, const TensorMap*>> parts{
                {alpha, &m_fine[static_cast<size_t>(s)]}};
            if (name == "unmerged") {
                parts.emplace_back(1 - alpha, &m_fine[static_cast<size_t>(s - 1)]);
            } else {
                for (int k = 0; k < s; ++k)
                    parts.emplace_back((1 - alpha) / s, &m_fine[static_cast<size_t>(k)]);
            }
            QVERIFY(largestDifference(TinyRuns::tensorsOf(session(name, s)), combined(parts)) <
                    kTolerance);
        }
        QVERIFY(weightsIn(m_tiny.folder(name) / "model") == weightsIn(session(name, 3)));
        // Losses are those of fine-tuning, too: batches do not depend on the method.
        const auto mine = m_tiny.trace(name, "step");
        const auto others = m_tiny.trace("ft", "step");
        QCOMPARE(mine.size(), size_t(18));
        QVERIFY(mine == others);
    }

    void mergedModelsAreTrainedOn()
    {
        const double alpha = 0.4;
        QVERIFY(TinyRuns::execute(immRequest("merged", "merged", alpha)).isFinished());
        const TensorMap first = TinyRuns::tensorsOf(session("merged", 1));
        QVERIFY(largestDifference(first, combined({{1 - alpha, &m_fine[0]}, {alpha, &m_fine[1]}})) <
                kTolerance);
        // The last merge, from the raw weights that are kept for other shares.
        const TensorMap second = TinyRuns::tensorsOf(session("merged", 2));
        const TensorMap raw = TinyRuns::tensorsOf(m_tiny.folder("merged") / "unmerged");
        QVERIFY(largestDifference(TinyRuns::tensorsOf(m_tiny.folder("merged") / "model"),
                                  combined({{1 - alpha, &second}, {alpha, &raw}})) < kTolerance);
        QVERIFY(largestDifference(raw, m_fine[3]) > 1e-4);
        // A session starts from the merged model: its first loss is that of a run that starts there
        // and does not move. Batches are the same in all runs.
        for (int s = 2; s <= 3; ++s) {
            run::RunRequest still = m_tiny.request("still-" + std::to_string(s), "ft");
            still.spec.model = session("merged", s - 1);
            still.spec.schedule.lr = 1e-12;
            QVERIFY(TinyRuns::execute(still).isFinished());
            const size_t step = static_cast<size_t>(6 * (s - 1));
            const auto lossOf = [&](const std::string& name) {
                return m_tiny.trace(name, "step").at(step).at("losses").at("CE").get<double>();
            };
            const double wanted = lossOf("still-" + std::to_string(s));
            QVERIFY(std::abs(lossOf("merged") - wanted) < 1e-5 * wanted);
            QVERIFY(std::abs(lossOf("ft") - wanted) > 1e-3 * wanted);
        }
    }

    void endPoints()
    {
        QVERIFY(TinyRuns::execute(immRequest("one", "merged", 1)).isFinished());
        QVERIFY(TinyRuns::execute(immRequest("zero", "merged", 0)).isFinished());
        for (int s = 1; s <= 3; ++s) {
            QVERIFY(weightsIn(session("one", s)) == weightsIn(session("ft", s)));
            QVERIFY(largestDifference(TinyRuns::tensorsOf(session("zero", s)), m_fine[0]) == 0);
        }
    }

    void mergesAreTracedBeforeTheEvaluation()
    {
        run::RunRequest request = immRequest("traced", "unmerged", 0.25);
        request.spec.evaluate.after = "session";
        request.spec.evaluate.what = {"ut"};
        QVERIFY(TinyRuns::execute(request).isFinished());
        const std::vector<Json> lines = m_tiny.trace("traced");
        int merges = 0;
        for (size_t i = 0; i < lines.size(); ++i) {
            if (lines[i].at("type") != "merge")
                continue;
            ++merges;
            QVERIFY((lines[i] == Json{{"type", "merge"}, {"session", merges}, {"alpha", 0.25}}));
            QVERIFY(lines[i - 1].at("type") == "step");
            QVERIFY(lines[i + 1].at("type") == "eval" && lines[i + 1].at("session") == merges);
            // What is evaluated is the merged model, not the raw one that training goes on from.
            const auto merged = weights::readModel(session("traced", merges));
            QVERIFY(merged && lines[i + 1].at("model_sha256") == merged->modelSha256);
        }
        QCOMPARE(merges, 3);
    }

    // A20: with `no` the moments go on over a merge; the raw trajectory is FT's with the same rule.
    void optimizerRule()
    {
        run::RunRequest fine = m_tiny.request("ft-on", "ft");
        fine.spec.optimizer.resetPerSession = false;
        run::RunRequest imm = immRequest("imm-on", "unmerged", 0.5);
        imm.spec.optimizer.resetPerSession = false;
        QVERIFY(TinyRuns::execute(fine).isFinished() && TinyRuns::execute(imm).isFinished());
        QVERIFY(weightsIn(m_tiny.folder("imm-on") / "unmerged") ==
                weightsIn(m_tiny.folder("ft-on") / "model"));
        QVERIFY(weightsIn(m_tiny.folder("ft-on") / "model") !=
                weightsIn(m_tiny.folder("ft") / "model"));
    }

    void stoppedAndResumed_data()
    {
        QTest::addColumn<QString>("chaining");
        QTest::addColumn<int>("first");
        for (const char* chaining : {"merged", "unmerged", "original_imm"}) {
            for (const int first : {4, 6, 8, 15})
                QTest::addRow("%s %d", chaining, first) << chaining << first;
        }
    }

    void stoppedAndResumed()
    {
        QFETCH(QString, chaining);
        QFETCH(int, first);
        const std::string whole = "whole-" + chaining.toStdString();
        const std::string parts = QString("parts-%1-%2").arg(chaining).arg(first).toStdString();
        if (!fs::exists(m_tiny.folder(whole)))
            QVERIFY(TinyRuns::execute(immRequest(whole, chaining.toStdString(), 0.3)).isFinished());
        run::RunRequest request = immRequest(parts, chaining.toStdString(), 0.3);
        const TinyOutcome stopped = TinyRuns::execute(request, first);
        QVERIFY(stopped.result && stopped.result->status == "stopped");
        request.resume = true;
        QVERIFY(TinyRuns::execute(request).isFinished());
        for (const char* model : {"model", "unmerged", "sessions/1", "sessions/2", "sessions/3"})
            QVERIFY(weightsIn(m_tiny.folder(parts) / model) ==
                    weightsIn(m_tiny.folder(whole) / model));
        QVERIFY(m_tiny.trace(parts) == m_tiny.trace(whole));
    }

    // One training in OST serves every share: model/ lies between the start and unmerged/.
    void oneSession()
    {
        run::RunRequest request = immRequest("ost", "merged", 0.3);
        request.spec.setting = "OST";
        request.spec.option = "IO";
        QVERIFY(TinyRuns::execute(request).isFinished());
        const TensorMap raw = TinyRuns::tensorsOf(m_tiny.folder("ost") / "unmerged");
        QVERIFY(largestDifference(TinyRuns::tensorsOf(m_tiny.folder("ost") / "model"),
                                  combined({{0.7, &m_fine[0]}, {0.3, &raw}})) < kTolerance);
        for (const auto& [name, tensor] : raw) {
            const bool image =
                name.starts_with("vision_model.") || name == "visual_projection.weight";
            QVERIFY(image || tensor.values == m_fine[0].at(name).values);
        }
    }
};

QTEST_APPLESS_MAIN(TestImmRuns)
#include "tst_imm_runs.moc"
