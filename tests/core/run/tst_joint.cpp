// SPDX-License-Identifier: GPL-3.0-or-later
// Joint-FT: its sessions, data and class lists, both starts, final only and the whole curve.
#include "core/run/resume_point.h"
#include "tests/core/run/tiny_runs.h"

#include <QtTest>

#include <set>

using namespace clwb;
using namespace clwb::test;
namespace fs = std::filesystem;

class TestJoint : public QObject
{
    Q_OBJECT

private:
    TinyRuns m_tiny;

    run::RunRequest jointRequest(const std::string& name, const char* sessions,
                                 const char* start) const
    {
        run::RunRequest request = m_tiny.request(name, "");
        request.spec.kind = "joint";
        request.spec.params.jointSessions = sessions;
        request.spec.params.jointStart = start;
        return request;
    }
    std::string weightsIn(const std::string& name, const std::string& model) const
    {
        return TinyRuns::bytesOf(m_tiny.folder(name) / model / "model.safetensors");
    }

private Q_SLOTS:
    void initTestCase()
    {
        run::RunRequest curve = jointRequest("curve", "all", "from_original");
        curve.spec.evaluate.after = "session";
        curve.spec.evaluate.what = {"ut"};
        const TinyOutcome outcome = TinyRuns::execute(curve);
        if (!outcome.isFinished())
            qWarning("%s", outcome.errorText().c_str());
        require(outcome.isFinished());
        require(TinyRuns::execute(jointRequest("final", "final", "from_original")).isFinished());
        require(TinyRuns::execute(jointRequest("on", "all", "continue")).isFinished());
    }

    // 12, 24 and 36 crops in batches of 4, twice.
    void everySessionHasTheDataUntilThen()
    {
        const auto sessions = m_tiny.trace("curve", "session");
        QCOMPARE(sessions.size(), size_t(3));
        Json classes = Json::array();
        for (int s = 1; s <= 3; ++s) {
            classes.push_back(2 * s - 2);
            classes.push_back(2 * s - 1);
            QVERIFY((sessions[static_cast<size_t>(s - 1)] == Json{{"type", "session"},
                                                                  {"session", s},
                                                                  {"classes", classes},
                                                                  {"items", 12 * s}}));
        }
        std::map<int, std::multiset<int64_t>> items;
        std::map<int, std::set<int>> labels;
        const auto steps = m_tiny.trace("curve", "step");
        QCOMPARE(steps.size(), size_t(6 + 12 + 18));
        for (const Json& step : steps) {
            for (const Json& item : step.at("items"))
                items[step.at("session")].insert(item.get<int64_t>());
            for (const Json& label : step.at("labels"))
                labels[step.at("session")].insert(label.get<int>());
        }
        for (int s = 1; s <= 3; ++s) {
            QCOMPARE(labels[s].size(), size_t(2 * s));
            QCOMPARE(items[s].size(), size_t(2 * 12 * s)); // each crop once an epoch
            for (const int64_t item : items[s])
                QCOMPARE(items[s].count(item), size_t(2));
        }
    }

    void recordsOfEverySession()
    {
        const auto records = m_tiny.trace("curve", "eval");
        QCOMPARE(records.size(), size_t(4));
        for (int s = 0; s <= 3; ++s) {
            QVERIFY(records[static_cast<size_t>(s)].at("session") == s);
            QVERIFY(fs::exists(m_tiny.folder("curve") / ("eval-" + std::to_string(s) + ".json")));
            const auto model = weights::readModel(s == 0 ? m_tiny.root() / "model"
                                                         : m_tiny.folder("curve") / "sessions" /
                                                               std::to_string(s));
            QVERIFY(model);
            QVERIFY(records[static_cast<size_t>(s)].at("model_sha256") == model->modelSha256);
        }
    }

    void finalOnlyIsTheEndOfTheCurve()
    {
        const auto sessions = m_tiny.trace("final", "session");
        QCOMPARE(sessions.size(), size_t(1));
        QVERIFY(sessions[0] == m_tiny.trace("curve", "session").back());
        QCOMPARE(m_tiny.trace("final", "step").size(), size_t(18));
        QVERIFY(weightsIn("final", "model") == weightsIn("curve", "model"));
        // Its one session is number three: a resume must keep the records until then.
        const auto point = run::findResumePoint(m_tiny.folder("final"));
        QVERIFY(point && *point);
        QCOMPARE((*point)->sessions, 3);
        QCOMPARE((*point)->steps, int64_t(18));
    }

    // From the original, every session is a training of its own; the first equals FT's first.
    void starts()
    {
        QVERIFY(TinyRuns::execute(m_tiny.request("ft", "ft")).isFinished());
        for (const char* name : {"curve", "on"})
            QVERIFY(weightsIn(name, "sessions/1") == weightsIn("ft", "sessions/1"));
        QVERIFY(weightsIn("on", "sessions/2") != weightsIn("curve", "sessions/2"));
        const auto lossOf = [&](const char* name, size_t step) {
            return m_tiny.trace(name, "step").at(step).at("losses").at("CE").get<double>();
        };
        // The first loss of session 2 (after 6 steps) is that of the model the session starts from.
        for (const char* name : {"curve", "on"}) {
            run::RunRequest still = jointRequest(std::string("still-") + name, "all", "continue");
            still.spec.schedule.lr = 1e-12;
            if (name[0] == 'o')
                still.spec.model = m_tiny.folder("on") / "sessions" / "1";
            QVERIFY(TinyRuns::execute(still).isFinished());
            const double wanted = lossOf(name[0] == 'o' ? "still-on" : "still-curve", 6);
            QVERIFY(std::abs(lossOf(name, 6) - wanted) < 1e-5 * wanted);
        }
        QVERIFY(std::abs(lossOf("curve", 6) - lossOf("on", 6)) > 1e-3);
    }

    void stoppedAndResumed_data()
    {
        QTest::addColumn<QString>("whole");
        QTest::addColumn<int>("first");
        for (const char* whole : {"curve", "on"}) {
            for (const int first : {4, 6, 9})
                QTest::addRow("%s %d", whole, first) << whole << first;
        }
    }

    void stoppedAndResumed()
    {
        QFETCH(QString, whole);
        QFETCH(int, first);
        const std::string name = QString("%1-%2").arg(whole).arg(first).toStdString();
        run::RunRequest request =
            jointRequest(name, "all", whole == "on" ? "continue" : "from_original");
        const TinyOutcome stopped = TinyRuns::execute(request, first);
        QVERIFY(stopped.result && stopped.result->status == "stopped");
        request.resume = true;
        QVERIFY(TinyRuns::execute(request).isFinished());
        QVERIFY(weightsIn(name, "model") == weightsIn(whole.toStdString(), "model"));
    }

    void optionsFreezeTheOtherTower()
    {
        run::RunRequest request = jointRequest("IO", "final", "from_original");
        request.spec.option = "IO";
        QVERIFY(TinyRuns::execute(request).isFinished());
        const auto start = TinyRuns::tensorsOf(m_tiny.root() / "model");
        int changed = 0;
        for (const auto& [name, tensor] : TinyRuns::tensorsOf(request.folder / "model")) {
            const bool image =
                name.starts_with("vision_model.") || name == "visual_projection.weight";
            const bool equal = tensor.values == start.at(name).values;
            QVERIFY2(image || equal, name.c_str());
            changed += equal ? 0 : 1;
        }
        QVERIFY(changed > 10);
    }
};

QTEST_APPLESS_MAIN(TestJoint)
#include "tst_joint.moc"
