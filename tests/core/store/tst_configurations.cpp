// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of the same configuration whose study and model have been moved.
#include "core/spec/run_spec.h"
#include "core/store/configurations.h"
#include "tests/core/store/store_fixture.h"

#include <QtTest>

using namespace clwb;
using store::Project;

class TestConfigurations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The folders of study and model are part of the hash; a moved pair is found all the same.
    void equalRunsAreFoundElsewhere()
    {
        const auto specIn = [](const char* folder, const char* model) {
            spec::RunSpec spec;
            spec.method = "ft";
            spec.option = "WM";
            spec.seed = 7;
            spec.study = std::filesystem::path(folder) / "study.json";
            spec.model = std::filesystem::path(folder) / model;
            return spec;
        };
        const test::TemporaryProject file;
        Project project = file.open();
        const auto add = [&project](const spec::RunSpec& spec, const char* study) {
            store::FinishedRun run = test::finishedRun("a");
            run.spec = spec::toJson(spec);
            run.spec["study_sha256"] = study;
            run.spec["model_sha256"] = "m1";
            run.configurationHash = spec::configurationHash(spec);
            VERIFY_OK(store::insertFinishedRun(project, run));
        };
        add(specIn("/old", "mini"), "s1");
        add(specIn("/old", "other"), "s1");
        add(specIn("/old", "mini"), "s2");
        spec::RunSpec faster = specIn("/old", "mini");
        faster.schedule.lr = 1e-3;
        add(faster, "s1");
        const spec::RunSpec moved = specIn("/new", "mini");
        const auto found = [&](const std::string& study, const std::string& model) {
            const auto runs = store::equalRuns(
                project, {spec::configurationHash(moved), 7, study, model, {}, {}, moved});
            std::string text;
            for (const store::EqualRun& each : *runs)
                text += std::to_string(each.runId) + (each.isElsewhere ? " elsewhere;" : ";");
            return QString::fromStdString(text);
        };
        QCOMPARE(found("s1", ""), QStringLiteral("1 elsewhere;"));
        QCOMPARE(found("s1", "m2"), QString());
        QCOMPARE(found("s3", ""), QString());
        QCOMPARE(found("", ""), QString());
        add(specIn("/older", "mini"), "s1"); // of two the newer is the last
        QCOMPARE(found("s1", "m1"), QStringLiteral("1 elsewhere;5 elsewhere;"));
        add(moved, "s4"); // whose study was another then: as far away as those, but here
        QCOMPARE(found("s1", "m1"), QStringLiteral("1 elsewhere;5 elsewhere;6;"));
        add(moved, "s1"); // the others are of no interest then
        QCOMPARE(found("s1", "m1"), QStringLiteral("6;7;"));
    }

    // Every run's models have the same last names.
    void modelsOfTwoRunsAreTwoModels()
    {
        const test::TemporaryProject file;
        Project project = file.open();
        const auto specOn = [](const char* model) {
            spec::RunSpec spec;
            spec.method = "ft";
            spec.option = "WM";
            spec.study = "/data/study.json";
            spec.model = model;
            return spec;
        };
        const auto found = [&](const char* model) {
            const spec::RunSpec spec = specOn(model);
            return store::equalRuns(project,
                                    {spec::configurationHash(spec), 0, "s1", "", {}, {}, spec})
                ->size();
        };
        store::FinishedRun run = test::finishedRun("a");
        for (const char* model : {"/p.files/run-3/model", "/p.files/run-3/sessions/2"}) {
            run.spec = spec::toJson(specOn(model));
            run.spec["study_sha256"] = "s1";
            run.configurationHash = spec::configurationHash(specOn(model));
            VERIFY_OK(store::insertFinishedRun(project, run));
        }
        QCOMPARE(found("/p.files/run-7/model"), size_t{0});
        QCOMPARE(found("/p.files/run-7/sessions/2"), size_t{0});
        QCOMPARE(found("/p.files/run-3/sessions/4"), size_t{0});
        QCOMPARE(found("/moved.files/run-3/model"), size_t{1});
        QCOMPARE(found("/moved.files/run-3/sessions/2"), size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestConfigurations)
#include "tst_configurations.moc"
