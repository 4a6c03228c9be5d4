// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs are of one study, and that what stands under one heading of the run list competes.
#include "ui/models/run_list_model.h"
#include "ui/models/run_studies.h"

#include <QFont>
#include <QTest>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

constexpr const char* kShipped = "build/experiments/world/study.json";
constexpr const char* kOwn = "/elsewhere/demo/world/study.json";

store::RunRow makeRun(int64_t id, const char* study, const std::string& hash, double zs)
{
    store::RunRow run;
    run.runId = id;
    run.kind = "method";
    run.method = "ft";
    run.option = "WM";
    run.setting = "MST";
    run.status = "finished";
    run.study = study;
    run.studySha256 = hash;
    run.metrics["ZS-Acc"] = zs;
    return run;
}

QString boldOf(const RunListModel& model, int runs)
{
    QString bold;
    for (int64_t id = 1; id <= runs; ++id) {
        const QVariant font =
            model.indexOfRun(id).siblingAtColumn(columnOf(u"zs"_s)).data(Qt::FontRole);
        if (font.isValid() && font.value<QFont>().bold())
            bold += QString::number(id);
    }
    return bold;
}

QStringList titlesOf(const RunListModel& model)
{
    QStringList titles;
    for (int row = 0; row < model.rowCount(); ++row)
        titles << model.index(row, 0).data(RunListModel::GroupTitleRole).toString();
    return titles;
}

} // namespace

class TestRunStudies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneContentIsOneContestUnderOneHeading()
    {
        RunListModel model;
        model.setRuns({makeRun(1, kShipped, "aaaaaaaa1", 30), makeRun(2, kShipped, "aaaaaaaa1", 35),
                       makeRun(3, kOwn, "aaaaaaaa1", 40), makeRun(4, kOwn, "aaaaaaaa1", 20)});
        QCOMPARE(titlesOf(model), QStringList{u"Demo world"_s});
        QCOMPARE(boldOf(model, 4), u"3"_s);
    }

    void otherContentStandsUnderAHeadingThatSaysSo()
    {
        RunListModel model;
        model.setRuns({makeRun(1, kShipped, "aaaaaaaa1", 30), makeRun(2, kShipped, "aaaaaaaa1", 35),
                       makeRun(3, kOwn, "bbbbbbbb2", 40), makeRun(4, kOwn, "bbbbbbbb2", 20)});
        QCOMPARE(titlesOf(model),
                 (QStringList{u"Demo world (study aaaaaaaa)"_s, u"Demo world (study bbbbbbbb)"_s}));
        QCOMPARE(boldOf(model, 4), u"23"_s);
        // Under one heading the mark says of which study it is the best.
        model.setGrouping(RunGrouping::Setting);
        QCOMPARE(titlesOf(model), QStringList{u"MST"_s});
        const QString tip =
            model.indexOfRun(2).siblingAtColumn(columnOf(u"zs"_s)).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.endsWith(u"Best of MST, Demo world (study aaaaaaaa)"_s), qPrintable(tip));
    }

    void aRunOfUnknownContentGoesWithItsFile()
    {
        const std::vector<store::RunRow> runs{makeRun(1, "/a/study.json", "old", 1),
                                              makeRun(2, "/a/study.json", "new", 1),
                                              makeRun(3, "/a/study.json", "", 1),
                                              makeRun(4, "/b/study.json", "", 1),
                                              makeRun(5, kOwn, "", 1),
                                              makeRun(6, kShipped, "demo", 1)};
        const RunStudies studies(runs, {{"/b/study.json", u"Birds"_s}});
        QCOMPARE(studies.keyOf(runs[2]), std::string("new")); // it begins with the file as it is
        QCOMPARE(studies.keyOf(runs[3]), std::string("/b/study.json"));
        QCOMPARE(studies.keyOf(runs[4]), std::string("demo"));
        QCOMPARE(studies.titles().size(), size_t{4});
        QCOMPARE(studies.titleOf(runs[3]), u"Birds"_s);
        QCOMPARE(studies.titleOf(runs[0]), u"a (study old)"_s);
        store::RunRow reported = makeRun(7, "", "", 1);
        reported.status = "reported";
        QVERIFY(studies.keyOf(reported).empty() && studies.titleOf(reported).isEmpty());
    }
};

QTEST_MAIN(TestRunStudies)
#include "tst_run_studies.moc"
