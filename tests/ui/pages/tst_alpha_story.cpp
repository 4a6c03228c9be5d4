// SPDX-License-Identifier: GPL-3.0-or-later
// The weights between before and after on the Compare page: a tiny run is trained and its path
// recorded as `clwb interpolate --record` does; the slider tells what flips, and leads to the
// pictures. Expected numbers come from the project file by plain loops.
#include "core/run/interpolate.h"
#include "core/store/finished_run.h"
#include "tests/ui/pages/images_desk.h"
#include "ui/plots/trade_off_plot.h"

#include <QSlider>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestAlphaStory : public QObject, private test::ImagesDesk
{
    Q_OBJECT

    /// From run 2 on.
    void recordPath(const std::vector<double>& alphas = {0, 0.5, 1},
                    const std::string& part = "session 2 from the original model")
    {
        auto opened = store::Project::open(ui::toPath(project()), store::OpenMode::ReadWrite);
        test::require(opened);
        const auto row = opened->run(1);
        test::require(row);
        const auto document = opened->resolvedSpec(1);
        test::require(document);
        const auto spec = spec::runSpecFromJson(*document);
        test::require(spec);
        const auto ends = run::endsOfRun(*row, *spec, {}, run::PathStart::Original);
        test::require(ends);
        run::PathRequest request;
        request.before = ends->before;
        request.after = ends->after;
        request.alphas = alphas;
        request.evaluate.study = spec->study;
        request.evaluate.what = {"ut", "zs"};
        request.evaluate.finishedSessions = ends->session;
        request.evaluate.threads = 1;
        request.details = "last";
        request.evaluated = [&](double alpha, const metrics::EvaluationRecord& record,
                                auto details) -> Result<void> {
            store::FinishedRun point;
            point.name = "point " + std::to_string(alpha);
            point.spec = *document;
            point.spec["name"] = point.name;
            point.spec["foreign"] = true;
            point.notes =
                "(1 − α)·before + α·after of run 1, α = " + QString::number(alpha).toStdString() +
                "; " + part + "; no training of its own";
            point.sessions = row->sessions;
            point.records = {record};
            point.details = {std::move(details)};
            const auto id = store::insertFinishedRun(*opened, point);
            return id ? Result<void>() : Result<void>(Failure(id.error()));
        };
        test::require(run::evaluatePath(request));
    }
    void reopen()
    {
        m_state->openProject(project());
        QTRY_VERIFY(m_state->hasProject() && !m_state->isOpening());
        m_window->showPage(u"compare"_s, Json{{"runs", Json::array({1})}, {"tab", "tradeoff"}});
        QTRY_VERIFY(find<QSlider>(u"compare.alpha.slider"_s)->isVisible());
        settle(u"compare"_s);
    }
    static std::pair<int, int> flips(const store::Project& project, int64_t from, int64_t to,
                                     const char* part)
    {
        const auto before = store::predictions(project, from, 2, part);
        const auto after = store::predictions(project, to, 2, part);
        test::require(before);
        test::require(after);
        std::pair<int, int> counts; // forgotten, learned
        for (size_t item = 0; item < before->truthRanks.size(); ++item) {
            const bool wasRight = before->truthRanks[item] == 0;
            const bool isRight = after->truthRanks[item] == 0;
            counts.first += wasRight && !isRight;
            counts.second += !wasRight && isRight;
        }
        return counts;
    }
    QString label(const QString& name) { return find<QLabel>(u"compare.alpha."_s + name)->text(); }

private Q_SLOTS:
    void initTestCase()
    {
        begin();
        train(u"0"_s, u"last"_s);
    }
    void cleanup() { QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n'))); }

    void saysHowAPathIsMade()
    {
        m_window->showPage(u"compare"_s, Json{{"runs", Json::array({1})}, {"tab", "tradeoff"}});
        settle(u"compare"_s);
        QTRY_VERIFY(find<QLabel>(u"compare.alpha.hint"_s)->isVisible());
        QVERIFY(!find<QSlider>(u"compare.alpha.slider"_s)->isVisible());
    }

    void showsWhatFlipsAlongThePath()
    {
        recordPath();
        reopen();
        auto* slider = find<QSlider>(u"compare.alpha.slider"_s);
        QCOMPARE(slider->maximum(), 2);
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Home);
        settle(u"compare"_s);
        QVERIFY(label(u"value"_s).startsWith(u"α = 0:"_s));
        QVERIFY(!find<QPushButton>(u"compare.alpha.ut"_s)->isVisible());
        const store::Project project = open();
        for (int at = 1; at <= 2; ++at) {
            QTest::keyClick(slider, Qt::Key_Right);
            if (at == 2) { // the link waits in its place
                QVERIFY(find<QPushButton>(u"compare.alpha.ut"_s)->isVisible());
                QVERIFY(!find<QPushButton>(u"compare.alpha.ut"_s)->isEnabled());
            }
            settle(u"compare"_s);
            const int64_t run = 2 + at;
            const auto row = project.run(run);
            test::require(row);
            const double ut = row->metrics.at("UT-Acc (session mean)");
            const double zs = row->metrics.at("ZS-Acc");
            QCOMPARE(label(u"value"_s),
                     u"α = %1: UT-Acc %2 %, ZS-Acc %3 %, A-Acc %4 %"_s.arg(
                         at == 1 ? u"0.5"_s : u"1"_s, QString::number(ut, 'f', 2),
                         QString::number(zs, 'f', 2), QString::number((ut + zs) / 2, 'f', 2)));
            QCOMPARE(label(u"since"_s), at == 1 ? u"since α = 0:"_s : u"since α = 0.5:"_s);
            QCOMPARE(find<ui::TradeOffPlot>(u"compare.tradeOff"_s)->mark(),
                     std::optional(QPointF(ut, zs)));
            const auto [utLost, utGained] = flips(project, run - 1, run, "ut");
            QCOMPARE(
                find<QPushButton>(u"compare.alpha.ut"_s)->text(),
                u"trained classes: %1 pictures forgotten, %2 learned"_s.arg(utLost).arg(utGained));
            const auto [zsLost, zsGained] = flips(project, run - 1, run, "zs");
            QCOMPARE(find<QPushButton>(u"compare.alpha.zs"_s)->text(),
                     u"zero-shot classes: %1 pictures forgotten, %2 learned"_s.arg(zsLost).arg(
                         zsGained));
            QVERIFY(!find<QLabel>(u"compare.alpha.why"_s)->isVisible());
        }
    }

    void leadsToThePictures()
    {
        click(u"compare.alpha.ut"_s);
        settle();
        QCOMPARE(find<QComboBox>(u"images.runA"_s)->currentData().toLongLong(), 3LL);
        QCOMPARE(find<QComboBox>(u"images.runB"_s)->currentData().toLongLong(), 4LL);
        const auto [lost, gained] = flips(open(), 3, 4, "ut");
        QTRY_COMPARE(outcomeLabel(u"forgotten"_s), u"Forgotten %1"_s.arg(lost));
        QCOMPARE(outcomeLabel(u"learned"_s), u"Learned %1"_s.arg(gained));
    }

    void saysWhenNothingWasKept()
    {
        {
            auto opened = store::Project::open(ui::toPath(project()), store::OpenMode::ReadWrite);
            test::require(opened);
            test::require(
                opened->database().execute("DELETE FROM prediction_use WHERE run_id = 4"));
        }
        reopen();
        auto* slider = find<QSlider>(u"compare.alpha.slider"_s);
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_End);
        settle(u"compare"_s);
        QTRY_VERIFY(find<QLabel>(u"compare.alpha.why"_s)->isVisible());
        QVERIFY(label(u"why"_s).contains(u"clwb interpolate 1 "_s));
        QVERIFY(!find<QPushButton>(u"compare.alpha.ut"_s)->isVisible());
    }

    void drawsThePathThatIsChosen()
    {
        recordPath({0.25, 0.75}, "session 2 from its start");
        reopen();
        auto* paths = find<QComboBox>(u"compare.alpha.path"_s);
        QCOMPARE(paths->count(), 2);
        const auto drawn = [this] {
            const auto& points = find<ui::TradeOffPlot>(u"compare.tradeOff"_s)->data().points;
            return points.size() == 1 ? points[0].alphas.size() : size_t{0};
        };
        const QString other = u"session 2 from its start"_s;
        const bool isSecond = paths->itemText(1).endsWith(other);
        QVERIFY(isSecond || paths->itemText(0).endsWith(other));
        QCOMPARE(drawn(), paths->currentText().endsWith(other) ? size_t{2} : size_t{3});
        paths->setFocus();
        QTest::keyClick(paths, isSecond ? Qt::Key_Home : Qt::Key_End);
        settle(u"compare"_s);
        QTest::keyClick(paths, isSecond ? Qt::Key_End : Qt::Key_Home);
        settle(u"compare"_s);
        QCOMPARE(drawn(), size_t{2});
        QTest::keyClick(paths, isSecond ? Qt::Key_Home : Qt::Key_End);
        settle(u"compare"_s);
        QCOMPARE(drawn(), size_t{3});
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_state.reset();
    }
};

QTEST_MAIN(TestAlphaStory)
#include "tst_alpha_story.moc"
