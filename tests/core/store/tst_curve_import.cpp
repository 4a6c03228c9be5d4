// SPDX-License-Identifier: GPL-3.0-or-later
// Another program's log as a run: its curves, its last metrics, taken once, thinned as our own.
#include "core/store/bundle.h"
#include "core/store/project.h"

#include <QTemporaryDir>
#include <QtTest>

#include <limits>

using namespace clwb;
using namespace clwb::store;

namespace
{

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

LoggedCurves smallLog()
{
    LoggedCurves log;
    log.uid = std::string(32, 'a');
    log.name = "their run";
    log.values[1] = {{"loss", 0.5}, {"ZS-Acc", 60}};
    log.values[5] = {{"loss", kNaN}, {"ZS-Acc", 62.5}};
    return log;
}

} // namespace

class TestCurveImport : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_count = 0;

    Project newProject()
    {
        const auto file = m_folder.filePath(QString::number(++m_count)).toStdString() + ".db";
        auto project = Project::open(file, OpenMode::CreateIfMissing);
        return std::move(*project);
    }

private Q_SLOTS:
    void becomesARun()
    {
        Project project = newProject();
        const auto report = importCurves(project, smallLog());
        QVERIFY(report);
        QCOMPARE(report->imported, std::vector<int64_t>{1});
        const auto run = project.run(1);
        QVERIFY(run);
        QCOMPARE(run->name, std::string("their run"));
        QCOMPARE(run->origin, std::string("imported"));
        QCOMPARE(run->status, std::string("finished"));
        QCOMPARE(run->metrics.at("ZS-Acc"), 62.5); // the last one
        const auto steps = project.steps(1);
        QVERIFY(steps);
        QCOMPARE(steps->size(), size_t{4});
        for (const StepPoint& point : *steps) {
            const bool isBroken = point.lossName == "loss" && point.step == 5;
            QCOMPARE(point.value.has_value(), !isBroken);
            QCOMPARE(point.valueKind, std::string(isBroken ? "nan" : ""));
        }
    }

    void isTakenOnce()
    {
        Project project = newProject();
        QVERIFY(importCurves(project, smallLog()));
        const auto again = importCurves(project, smallLog());
        QVERIFY(again);
        QVERIFY(again->imported.empty());
        QCOMPARE(again->skipped.size(), size_t{1});
        QCOMPARE(project.runs()->size(), size_t{1});
    }

    void isThinnedBeyondTwentyThousandSteps()
    {
        LoggedCurves log = smallLog();
        log.values.clear();
        constexpr int64_t kSteps = 24'000;
        for (int64_t step = 1; step <= kSteps; ++step)
            log.values[step]["loss"] = static_cast<double>(step);
        Project project = newProject();
        QVERIFY(importCurves(project, log));
        const auto steps = project.steps(1);
        QVERIFY(steps);
        // 20 000 as they were, then pairs: 20 001 and 20 002 as one mean at the second.
        QCOMPARE(steps->size(), size_t{22'000});
        QCOMPARE((*steps)[19'999].value.value(), 20'000.0);
        QCOMPARE((*steps)[20'000].step, int64_t{20'002});
        QCOMPARE((*steps)[20'000].value.value(), 20'001.5);
        QCOMPARE(steps->back().value.value(), 23'999.5);
    }
};

QTEST_APPLESS_MAIN(TestCurveImport)
#include "tst_curve_import.moc"
