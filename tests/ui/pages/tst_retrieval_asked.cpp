// SPDX-License-Identifier: GPL-3.0-or-later
// Ways to the Retrieval page and what it asks: links from runs and points of curves, the run that
// finished last, whose files answer for the original, what stays when a model is changed.
#include "tests/ui/pages/ranked_project.h"
#include "tests/ui/pages/tiny_desk.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/models/ranked_model.h"
#include "ui/pages/page.h"
#include "ui/plots/curve_plot.h"
#include "ui/shell/actions.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/query_view.h"
#include "ui/widgets/ranked_view.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>

#include <mutex>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

/// An engine that keeps what it was asked.
struct Asked
{
    std::mutex mutex;
    std::vector<ui::RetrieveRequest> requests;
    bool lacksModels = false;
    bool lacksA = true; ///< then

    [[nodiscard]] size_t count()
    {
        const std::lock_guard lock(mutex);
        return requests.size();
    }
    [[nodiscard]] ui::RetrieveRequest last()
    {
        const std::lock_guard lock(mutex);
        return requests.back();
    }
    static ui::Engine engineOf(const std::shared_ptr<Asked>& asked)
    {
        ui::Engine engine;
        engine.retrieve = [asked](const ui::RetrieveRequest& request, const StopToken&) {
            const std::lock_guard lock(asked->mutex);
            asked->requests.push_back(request);
            ui::RetrieveAnswer answer;
            answer.text = request.shuffleSeed ? "0 number fox a" : request.text;
            answer.a.candidates = {{0, 8, 8, "", 0.31, false}};
            answer.b.candidates = answer.a.candidates;
            if (request.truthImage) {
                answer.a.candidates.push_back(
                    {1, *request.truthImage, *request.truthImage, "", 0.3, true});
                answer.b.candidates.push_back(
                    {4, *request.truthImage, *request.truthImage, "", 0.2, true});
            }
            if (asked->lacksModels) {
                answer.b = {{}, u"run 1 kept no model after session 2; kept: 0"_s, true};
                if (asked->lacksA)
                    answer.a = answer.b;
            }
            return answer;
        };
        return engine;
    }
};

} // namespace

class TestRetrievalAsked : public QObject, private test::TinyDesk
{
    Q_OBJECT

private:
    [[nodiscard]] bool isSettled() const { return m_window->page(u"retrieval"_s)->isSettled(); }
    [[nodiscard]] ui::QueryView* list() { return find<ui::QueryView>(u"retrieval.queries"_s); }
    QString textOf(const char* label) { return find<QLabel>(QLatin1StringView(label))->text(); }
    QString modelText(const char* letter)
    {
        return find<QComboBox>(u"retrieval.model."_s + QLatin1StringView(letter))->currentText();
    }
    void click(const char* button)
    {
        QTest::mouseClick(find<QPushButton>(QLatin1StringView(button)), Qt::LeftButton);
    }
    void clickRow(int row)
    {
        const QModelIndex index = list()->model()->index(row, 0);
        list()->scrollTo(index);
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {},
                          list()->visualRect(index).center());
        QTRY_VERIFY(isSettled());
    }
    void chooseModel(const char* combo, const QString& part)
    {
        auto* box = find<QComboBox>(QLatin1StringView(combo));
        const int row = box->findText(part, Qt::MatchContains);
        QVERIFY2(row >= 0, qPrintable(part));
        box->setFocus();
        for (int key = 0; key < box->count() && box->currentIndex() != row; ++key)
            QTest::keyClick(box, box->currentIndex() < row ? Qt::Key_Down : Qt::Key_Up);
        QCOMPARE(box->currentIndex(), row);
        QTRY_VERIFY(isSettled());
    }
    [[nodiscard]] std::filesystem::path study() const
    {
        return ui::toPath(at(u"data/study.json"_s));
    }
    void writeRun(const QString& file, const char* method, std::vector<int> lost) const
    {
        test::writeRankedRun(ui::toPath(at(file)), {method,
                                                    study(),
                                                    {},
                                                    test::similarityLosing({1, 6, 7}),
                                                    test::similarityLosing(std::move(lost))});
    }
    /// A project of #1 FT, which lost the captions 0, 2 and 9, and of #2 VR-LwF, which lost 9.
    void openProject(const QString& file, const ui::Engine& engine)
    {
        if (!QFile::exists(at(file))) {
            writeRun(file, "ft", {0, 2, 9});
            writeRun(file, "vr-lwf", {9});
        }
        m_window.reset();
        m_state.reset();
        showWindow(engine, {1440, 900});
        m_state->openProject(at(file), store::OpenMode::ReadOnly);
        QTRY_VERIFY(m_state->hasProject());
    }
    void showRetrieval(const Json& argument = {})
    {
        m_window->showPage(u"retrieval"_s, argument);
        QTRY_VERIFY(isSettled() && list()->model()->rowCount() > 0);
    }
    void ask(const QString& text)
    {
        auto* field = find<QLineEdit>(u"retrieval.free"_s);
        field->clear();
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(isSettled());
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void runsLeadToLostQueries()
    {
        openProject(u"links.db"_s, {});
        m_window->showPage(u"runs"_s, Json{{"run", 1}});
        QTRY_VERIFY(find<QPushButton>(u"inspector.lost"_s)->isVisible());
        click("inspector.lost");
        QTRY_COMPARE(m_window->currentPage(), u"retrieval"_s);
        QTRY_VERIFY(isSettled() && list()->model()->rowCount() == 3); // 0, 2 and 9
        QCOMPARE(modelText("a"), u"Original CLIP"_s);
        QVERIFY(modelText("b").startsWith(u"#1 FT"_s));
        QVERIFY(find<QPushButton>(u"retrieval.outcome.lost"_s)->isChecked());
        QCOMPARE(textOf("retrieval.query"), u"“a fox number 0”"_s);
        QCOMPARE(textOf("retrieval.rank.a"), u"true image at rank 1"_s);
        const auto* instead = find<ui::RankedView>(u"retrieval.candidates.b"_s);
        QVERIFY(!instead->model()->index(0, 0).data(ui::RankedListModel::RelevantRole).toBool());
        // Whatever was looked at there does not hide what is asked for next.
        click("retrieval.outcome.gained");
        QTest::keyClicks(find<QLineEdit>(u"retrieval.search"_s), u"nothing of that"_s);
        QTRY_COMPARE(list()->model()->rowCount(), 0);
        m_window->showPage(u"runs"_s, Json{{"run", 2}});
        QTRY_VERIFY(m_window->actions().action(u"runs.lost"_s)->isEnabled());
        m_window->actions().action(u"runs.lost"_s)->trigger();
        QTRY_VERIFY(isSettled() && list()->model()->rowCount() == 1);
        QVERIFY(modelText("b").startsWith(u"#2 VR-LwF"_s));
        QCOMPARE(textOf("retrieval.query"), u"“a fox number 9”"_s);
        QVERIFY(m_problems.isEmpty());
    }

    void liveLeadsToLostQueries()
    {
        openProject(u"links.db"_s, {});
        m_window->showPage(u"live"_s, Json{{"run", 1}});
        // Until #1 is read the button is that of the run shown before.
        QTRY_VERIFY(m_window->page(u"live"_s)->isSettled() &&
                    find<QPushButton>(u"live.lost"_s)->isVisible());
        click("live.lost");
        QTRY_COMPARE(m_window->currentPage(), u"retrieval"_s);
        QTRY_VERIFY(isSettled() && list()->model()->rowCount() == 3);
        m_window->showPage(u"live"_s, Json{{"run", 2}});
        auto* curve = find<ui::CurvePlot>(u"live.ut"_s);
        for (const int session : {0, 2}) {
            Q_EMIT curve->pointClicked(u"2"_s, session, m_window->mapToGlobal(QPoint(300, 300)));
            QMenu* menu = nullptr;
            QTRY_VERIFY((menu = find<QMenu>(u"live.point"_s)) && menu->isVisible());
            QAction* lost = nullptr;
            for (QAction* action : menu->actions()) {
                if (action->text().remove(u'&').startsWith(u"Show Lost Queries"_s))
                    lost = action;
            }
            QVERIFY(lost);
            QCOMPARE(lost->isEnabled(), session == 2);
            menu->close();
            if (session == 2)
                lost->trigger();
            QTRY_VERIFY(!find<QMenu>(u"live.point"_s));
        }
        QTRY_COMPARE(m_window->currentPage(), u"retrieval"_s);
        QTRY_VERIFY(isSettled() && list()->model()->rowCount() == 1);
        QVERIFY(modelText("b").startsWith(u"#2 VR-LwF"_s));
        QVERIFY(modelText("b").endsWith(u"after session 2"_s));
    }

    void leadsOnlyToWhatIsKept()
    {
        test::writeRankedRun(
            ui::toPath(at(u"bare.db"_s)),
            {"ft", study(), {}, test::similarityLosing({}), test::similarityLosing({2}), false});
        writeRun(u"bare.db"_s, "vr-lwf", {9});
        openProject(u"bare.db"_s, {});
        m_window->showPage(u"runs"_s, Json{{"run", 2}});
        QTRY_VERIFY(find<QPushButton>(u"inspector.lost"_s)->isVisible());
        m_window->showPage(u"runs"_s, Json{{"run", 1}});
        QTRY_VERIFY(m_window->page(u"runs"_s)->isSettled());
        const auto* lost = find<QPushButton>(u"inspector.lost"_s);
        QTRY_VERIFY(lost->isVisible() && lost->toolTip().contains(u"ran with “Details"_s));
        QVERIFY(!lost->isEnabled());
        QTRY_VERIFY(!m_window->actions().action(u"runs.lost"_s)->isEnabled());
    }

    void theOriginalIsTheOneOfTheRunBesideIt()
    {
        const auto asked = std::make_shared<Asked>();
        openProject(u"original.db"_s, Asked::engineOf(asked));
        for (const int64_t run : {int64_t{2}, int64_t{1}}) {
            showRetrieval(Json{{"run", run}});
            ask(u"a red car"_s);
            const ui::RetrieveRequest request = asked->last();
            QCOMPARE(request.a.session, 0);
            QCOMPARE(request.a.runId, run);
            QCOMPARE(request.a.otherRuns, (std::vector<int64_t>{1, 2}));
            QCOMPARE(request.b.session, 2);
            QCOMPARE(request.b.runId, run);
        }
    }

    void keepsTextAndQueryWhenAModelIsChanged()
    {
        const auto asked = std::make_shared<Asked>();
        openProject(u"keeps.db"_s, Asked::engineOf(asked));
        showRetrieval(Json{{"run", 1}, {"show", "lost"}});
        ask(u"red car"_s);
        QCOMPARE(asked->count(), size_t{1});
        chooseModel("retrieval.model.b", u"#2 VR-LwF"_s);
        QTRY_COMPARE(asked->count(), size_t{2});
        QTRY_VERIFY(isSettled());
        QCOMPARE(asked->last().b.runId, int64_t{2});
        QCOMPARE(asked->last().text, std::string("red car"));
        QCOMPARE(textOf("retrieval.query"), u"“red car”"_s);
        QCOMPARE(find<QLineEdit>(u"retrieval.free"_s)->text(), u"red car"_s);

        // A query that was chosen stays, also where the other pair's list lacks it.
        find<QLineEdit>(u"retrieval.free"_s)->clear();
        chooseModel("retrieval.model.b", u"#1 FT"_s);
        QTRY_COMPARE(list()->model()->rowCount(), 3);
        clickRow(1);
        QTRY_VERIFY(textOf("retrieval.query").contains(u"bold"_s)); // caption 2
        QCOMPARE(textOf("retrieval.rank.b"), u"true image at rank 6"_s);
        chooseModel("retrieval.model.b", u"#2 VR-LwF"_s);
        QTRY_COMPARE(list()->model()->rowCount(), 1);
        QTRY_COMPARE(textOf("retrieval.rank.b"), u"true image at rank 1"_s);
        QVERIFY(textOf("retrieval.query").contains(u"bold"_s));
        chooseModel("retrieval.model.b", u"#1 FT"_s);
        QTRY_COMPARE(textOf("retrieval.rank.b"), u"true image at rank 6"_s);
        QVERIFY(textOf("retrieval.query").contains(u"bold"_s));
        QCOMPARE(list()->currentRow(), 1); // and is selected where it is listed
        QCOMPARE(asked->count(), size_t{2});
    }

    void aShuffledCaptionKeepsItsTruth()
    {
        const auto asked = std::make_shared<Asked>();
        openProject(u"shuffled.db"_s, Asked::engineOf(asked));
        showRetrieval(Json{{"run", 1}, {"show", "lost"}});
        clickRow(2);
        QTRY_COMPARE(textOf("retrieval.query"), u"“a fox number 9”"_s);
        const QModelIndex row = list()->model()->index(2, 0);
        QTest::keyClick(find<QWidget>(u"retrieval.shuffle"_s), Qt::Key_Space);
        QTRY_COMPARE(textOf("retrieval.query"), u"“0 number fox a”"_s);
        const ui::RetrieveRequest request = asked->last();
        QCOMPARE(request.text, std::string("a fox number 9"));
        QCOMPARE(QVariant::fromValue<qint64>(request.truthImage.value_or(-1)),
                 row.data(ui::QueryListModel::ImageIdRole));
        QCOMPARE(request.fold, std::optional(0)); // image 4 of 12 in two folds
        QCOMPARE(textOf("retrieval.rank.a"), u"true image at rank 2"_s);
        QCOMPARE(textOf("retrieval.rank.b"), u"true image at rank 5"_s);
        QCOMPARE(textOf("retrieval.change.b"), u"▼ 3"_s);
        const auto* b = find<ui::RankedView>(u"retrieval.candidates.b"_s);
        QVERIFY(b->model()->index(1, 0).data(ui::RankedListModel::RelevantRole).toBool());
        // What it was ranked among is told: half of the 12 images, or all.
        QCOMPARE(textOf("retrieval.queryDetail"),
                 u"among the 6 images in fold 1 of 2 of scenes · asked just now, the truth is the "
                 u"caption's image"_s);
        // A text of one's own has none.
        ask(u"anything"_s);
        QVERIFY(!asked->last().truthImage);
        QCOMPARE(textOf("retrieval.queryDetail"),
                 u"among the 12 images of scenes · asked just now, no truth is known"_s);
        QVERIFY(textOf("retrieval.rank.b").isEmpty());
        clickRow(1); // is shown as it is written, and the old text is meant no more
        QVERIFY(!find<QAbstractButton>(u"retrieval.shuffle"_s)->isChecked());
        QTest::keyClick(find<QWidget>(u"retrieval.shuffle"_s), Qt::Key_Space);
        QTRY_COMPARE(asked->last().text, std::string("<b>bold</b> & <img src=x> 100% #1"));
    }

    void saysThatModelsAreNotHereAndOffersOthers()
    {
        const auto asked = std::make_shared<Asked>();
        asked->lacksModels = true;
        openProject(u"gone.db"_s, Asked::engineOf(asked));
        showRetrieval(Json{{"run", 1}});
        const auto* told = find<ui::Banner>(u"retrieval.lacking"_s);
        QVERIFY(told->isHidden()); // before anything is asked
        ask(u"red car"_s);
        QTRY_VERIFY(told->isVisible());
        QVERIFY(told->message().contains(u"models of A and B are not on this computer"_s));
        QVERIFY(textOf("retrieval.problem.a").contains(u"stored in the project"_s));
        QVERIFY(!textOf("retrieval.problem.a").contains(u"kept no model"_s));
        QVERIFY(find<QPushButton>(u"retrieval.askOther"_s)->isHidden()); // there are none
        QVERIFY(told->details().contains(u"Their results are stored"_s));
        asked->lacksA = false;
        ask(u"blue car"_s);
        QTRY_VERIFY(told->message().contains(u"The model of B is not on this computer"_s));
        QVERIFY(told->details().contains(u"Its results are stored"_s));
        asked->lacksA = true;

        // Both runs' models are here, the original is not.
        writeRun(u"here.db"_s, "ft", {0, 2, 9});
        writeRun(u"here.db"_s, "vr-lwf", {9});
        const auto project =
            store::Project::open(ui::toPath(at(u"here.db"_s)), store::OpenMode::ReadOnly);
        test::require(project.has_value());
        for (const int64_t run : {int64_t{1}, int64_t{2}}) {
            const auto row = project->run(run);
            test::require(row.has_value());
            std::filesystem::create_directories(std::filesystem::path(row->folder) / "model");
        }
        QFile file(at(u"data/study.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        openProject(u"here.db"_s, Asked::engineOf(asked));
        showRetrieval(Json{{"run", 1}});
        ask(u"red car"_s);
        QTRY_VERIFY(find<QPushButton>(u"retrieval.askOther"_s)->isVisible());
        asked->lacksModels = false;
        click("retrieval.askOther");
        QTRY_VERIFY(isSettled() && modelText("a").startsWith(u"#2 VR-LwF"_s));
        QVERIFY(modelText("b").startsWith(u"#1 FT"_s));
        QTRY_COMPARE(asked->last().a.runId, int64_t{2}); // asked the same
        QCOMPARE(asked->last().text, std::string("red car"));
        QVERIFY(find<ui::Banner>(u"retrieval.lacking"_s)->isHidden());
    }

    void followsTheRunThatFinishedSince()
    {
        openProject(u"follows.db"_s, {});
        showRetrieval();
        QVERIFY(modelText("a").startsWith(u"#2 VR-LwF"_s)); // what tells most
        QVERIFY(modelText("b").startsWith(u"#1 FT"_s));
        m_window->showPage(u"runs"_s);
        writeRun(u"follows.db"_s, "lwf", {3});
        m_state->refresh();
        QTRY_COMPARE(m_state->runs().size(), size_t{3});
        showRetrieval();
        QTRY_VERIFY(modelText("b").startsWith(u"#3 LwF"_s));
        QCOMPARE(modelText("a"), u"Original CLIP"_s);
        QTRY_COMPARE(textOf("retrieval.query"), u"“a fox number 3”"_s);
        // Who has chosen models keeps them.
        chooseModel("retrieval.model.b", u"#2 VR-LwF"_s);
        m_window->showPage(u"runs"_s);
        writeRun(u"follows.db"_s, "ft", {4});
        m_state->refresh();
        QTRY_COMPARE(m_state->runs().size(), size_t{4});
        showRetrieval();
        QCOMPARE(find<QComboBox>(u"retrieval.model.b"_s)->count(), 5);
        QVERIFY(modelText("b").startsWith(u"#2 VR-LwF"_s));
    }
};

QTEST_MAIN(TestRetrievalAsked)
#include "tst_retrieval_asked.moc"
