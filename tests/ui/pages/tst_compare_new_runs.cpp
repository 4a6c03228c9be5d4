// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that end while a comparison of earlier ones is remembered: they are offered, not mixed in.
#include "tests/ui/pages/images_desk.h"
#include "ui/models/comparison_choice.h"
#include "ui/plots/curve_plot.h"
#include "ui/widgets/banner.h"

#include <algorithm>
#include <numeric>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestCompareNewRuns : public QObject, private test::ImagesDesk
{
    Q_OBJECT

    /// How many seeds are behind the one line's last value.
    int seeds()
    {
        const auto& series = find<ui::CurvePlot>(u"compare.zs"_s)->data().series;
        return series.size() == 1 && !series[0].counts.empty() ? series[0].counts.back() : -1;
    }
    void showCompare()
    {
        m_window->showPage(u"compare"_s);
        settle(u"compare"_s);
    }

private Q_SLOTS:
    void initTestCase() { begin(); }
    void cleanup() { QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n'))); }

    void aNewRunIsOfferedBesideRememberedOnes()
    {
        train(u"0"_s, u"last"_s);
        m_window->showPage(u"compare"_s, Json{{"runs", {1}}, {"tab", "curves"}});
        settle(u"compare"_s);
        QTRY_COMPARE(seeds(), 1);
        const auto* news = find<ui::Banner>(u"compare.news"_s);
        QVERIFY(!news->isVisible());
        m_state->openProject(project()); // as when it is opened again
        QTRY_VERIFY(m_state->hasProject() && !m_state->isOpening());
        m_window->showPage(u"live"_s);
        train(u"1"_s, u"last"_s);
        showCompare();
        QCOMPARE(seeds(), 1); // what was chosen stays
        QTRY_VERIFY(news->isVisible());
        QVERIFY2(news->message().startsWith(u"New, not in this comparison: #2 "_s),
                 qPrintable(news->message()));
        auto* add = find<QPushButton>(u"compare.news.offer"_s);
        QCOMPARE(add->text(), u"Add It"_s);
        // Another one has begun before the click: its turn comes when it has ended.
        m_state->enqueue({order(u"2"_s, u"last"_s, 40)}, ui::AppState::Place::Last);
        QTRY_COMPARE_WITH_TIMEOUT(m_state->runs().size(), size_t{3}, test::kTrainMs);
        m_state->queue().pause();
        QTRY_COMPARE_WITH_TIMEOUT(m_state->queue().state(), ui::RunQueue::State::Paused,
                                  test::kTrainMs);
        QVERIFY(news->isVisible());
        QTest::mouseClick(add, Qt::LeftButton);
        QTRY_COMPARE(seeds(), 2);
        QVERIFY(!news->isVisible());
        m_state->queue().resume();
        QTRY_COMPARE_WITH_TIMEOUT(m_state->runs().back().status, std::string("finished"),
                                  test::kTrainMs);
        QTRY_VERIFY(news->isVisible());
        QVERIFY2(news->message().startsWith(u"New, not in this comparison: #3 "_s),
                 qPrintable(news->message()));
        QTRY_COMPARE(m_state->queue().state(), ui::RunQueue::State::Idle);
    }

    void nothingIsOfferedBesideAChoiceOfNow()
    {
        m_window->showPage(u"compare"_s, Json{{"runs", {1, 2}}});
        settle(u"compare"_s);
        train(u"2"_s, u"last"_s);
        // It is there and could be offered; the page has seen it.
        QCOMPARE(m_state->runs().size(), size_t{4});
        const auto candidates = ui::candidatesOf(m_state->runs(), {});
        QVERIFY(std::any_of(candidates.begin(), candidates.end(), [](const auto& candidate) {
            return candidate.runIds == std::vector<int64_t>{4};
        }));
        settle(u"compare"_s);
        QCOMPARE(seeds(), 2);
        QVERIFY(!find<ui::Banner>(u"compare.news"_s)->isVisible());
    }

    void whatHasNoPlaceIsNotOffered()
    {
        // Of most of them the project knows nothing; they count as long as they are chosen.
        std::vector<int64_t> full(ui::kMostCompared);
        std::iota(full.begin(), full.end(), 1001);
        full.front() = 1;
        m_window->showPage(u"compare"_s, Json{{"runs", full}});
        settle(u"compare"_s);
        m_state->openProject(project());
        QTRY_VERIFY(m_state->hasProject() && !m_state->isOpening());
        m_window->showPage(u"live"_s);
        train(u"3"_s, u"last"_s);
        showCompare();
        const auto* news = find<ui::Banner>(u"compare.news"_s);
        QTRY_VERIFY(news->isVisible());
        QVERIFY2(news->message().endsWith(u"a comparison holds at most 200 runs"_s),
                 qPrintable(news->message()));
        QVERIFY(!find<QPushButton>(u"compare.news.offer"_s)->isVisible());
    }
};

QTEST_MAIN(TestCompareNewRuns)
#include "tst_compare_new_runs.moc"
