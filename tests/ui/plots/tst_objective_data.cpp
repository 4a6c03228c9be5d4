// SPDX-License-Identifier: GPL-3.0-or-later
// A metric by one setting: which trials have a point, what is counted, ticks and the exported rows.
#include "ui/plots/objective_data.h"

#include <QTest>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

constexpr size_t kBeta = 0;
constexpr size_t kMethod = 1;
constexpr size_t kAcc = 2;

/// β, method and A-Acc of seven trials: one failed, one unfinished, one has no β.
ParallelData trials()
{
    ParallelData data;
    data.axes = {
        {u"β"_s, true, {}}, {u"method"_s, false, {u"ft"_s, u"lwf"_s}}, {u"A-Acc"_s, false, {}}};
    data.settings = 2;
    data.objective = kAcc;
    data.lines = {{1, 11, {0.1, 1.0, 50.0}, false},
                  {2, 12, {1.0, 1.0, 62.5}, true},
                  {3, {}, {10.0, 1.0, {}}, false, false, true},
                  {4, {}, {100.0, 1.0, {}}, false, false},
                  {5, 15, {{}, 0.0, 40.0}, false},
                  {7, 17, {100.0, 1.0, 61.0}, false}};
    fitAxes(data);
    return data;
}

} // namespace

class TestObjectiveData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatALogarithmicAxisCannotShow()
    {
        ParallelData data = trials();
        data.lines[0].values[kBeta] = 0.0;
        data.axes[kBeta].scale = AxisScale::Logarithmic;
        data.axes[kAcc].scale = AxisScale::Logarithmic;
        fitAxes(data);
        const ObjectiveData shown = objectiveOf(data, kBeta, kAcc, {2, 7});
        QVERIFY(shown.setting.isLogarithmic && shown.isMetricLogarithmic);
        QCOMPARE(shown.points.size(), size_t{2});
        QCOMPARE(shown.notPositive, 1);
        QVERIFY2(countsText(shown).contains(u"1 ≤ 0 on a logarithmic axis"_s),
                 qPrintable(countsText(shown)));
    }

    void hasAPointATrialWithBothValues()
    {
        const ObjectiveData data = objectiveOf(trials(), kBeta, kAcc, {2, 7});
        struct Expected
        {
            int number;
            double setting;
            double metric;
            bool isChosen;
            bool isKept;
        };
        const std::vector<Expected> expected{
            {1, 0.1, 50, false, false}, {2, 1, 62.5, true, true}, {7, 100, 61, false, true}};
        QCOMPARE(data.points.size(), expected.size());
        for (size_t at = 0; at < expected.size(); ++at) {
            QCOMPARE(data.points[at].number, expected[at].number);
            QCOMPARE(data.points[at].setting, expected[at].setting);
            QCOMPARE(data.points[at].metric, expected[at].metric);
            QCOMPARE(data.points[at].isChosen, expected[at].isChosen);
            QCOMPARE(data.points[at].isKept, expected[at].isKept);
        }
        QVERIFY(data.setting.isLogarithmic);
        QCOMPARE(data.metric, u"A-Acc"_s);
        QCOMPARE(countsText(data),
                 u"3 trials · 1 faded by the brushes · 3 not shown: 1 failed, 1 without a result "
                 "yet, 1 without β or A-Acc"_s);
        QCOMPARE(pointText(data, data.points[1]),
                 u"trial 2 · β 1 · A-Acc 62.50 · chosen by the search"_s);
        QVERIFY(pointText(data, data.points[0]).endsWith(u"outside the brushes"_s));
    }

    void namesCategories()
    {
        const ObjectiveData data = objectiveOf(trials(), kMethod, kAcc, {1, 2, 5, 7});
        QCOMPARE(data.points.size(), size_t{4});
        QCOMPARE(countsText(data), u"4 trials · 2 not shown: 1 failed, 1 without a result yet"_s);
        QVERIFY(pointText(data, data.points[2]).startsWith(u"trial 5 · method ft"_s));
    }

    void exportsEveryPointInFull()
    {
        const QString csv = csvOf(objectiveTable(objectiveOf(trials(), kBeta, kAcc, {2, 7})));
        QCOMPARE(csv.trimmed().split(u'\n').size(), 4);
        const QString rows = QString(csv).remove(u'\r');
        QVERIFY2(rows.startsWith(u"trial,β,A-Acc,chosen,kept\n1,0.1,50,,\n2,1,62.5,yes,yes\n"_s),
                 qPrintable(rows));
    }

    void ticksStandAtTheValuesWhereThereIsRoom()
    {
        ParallelData some = trials();
        QCOMPARE(ownTicks(objectiveOf(some, kBeta, kAcc, {})),
                 (std::vector<double>{0.1, 1, 100})); // a decade each
        some.axes[kBeta].isLogarithmic = false;
        QVERIFY(ownTicks(objectiveOf(some, kBeta, kAcc, {})).empty()); // 0.1 beside 1 of 100
        QVERIFY(ownTicks(ObjectiveData{}).empty());
    }
};

QTEST_APPLESS_MAIN(TestObjectiveData)
#include "tst_objective_data.moc"
