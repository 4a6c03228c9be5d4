// SPDX-License-Identifier: GPL-3.0-or-later
// The Retrieval page driven as a person would: a query that FT lost, its candidates by keyboard,
// copies and files, a damaged thumbnail, no data set on the disk, and what is asked live.
#include "core/report/csv.h"
#include "core/run/stored_run.h"
#include "tests/support/latex_check.h"
#include "tests/ui/pages/ranked_project.h"
#include "tests/ui/pages/tiny_desk.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/models/ranked_model.h"
#include "ui/pages/page.h"
#include "ui/shell/actions.h"
#include "ui/widgets/query_view.h"
#include "ui/widgets/ranked_view.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>
#include <QToolButton>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestRetrievalStory : public QObject, private test::TinyDesk
{
    Q_OBJECT

public Q_SLOTS:
    void openedByTheDesktop(const QUrl& url) { m_opened << url.toLocalFile(); }

private:
    QStringList m_opened;

    [[nodiscard]] std::filesystem::path project() const { return ui::toPath(at(u"ranked.db"_s)); }
    [[nodiscard]] bool isSettled() const { return m_window->page(u"retrieval"_s)->isSettled(); }
    [[nodiscard]] ui::QueryView* list() { return find<ui::QueryView>(u"retrieval.queries"_s); }
    QString textOf(const char* label) { return find<QLabel>(QLatin1StringView(label))->text(); }
    void click(const char* button)
    {
        QTest::mouseClick(find<QPushButton>(QLatin1StringView(button)), Qt::LeftButton);
        QTRY_VERIFY(isSettled());
    }
    void choose(const char* menuButton, const QString& section, const QString& text)
    {
        auto* button = find<QToolButton>(QLatin1StringView(menuButton));
        bool isInSection = false;
        for (QAction* action : button->menu()->actions()) {
            isInSection = isInSection || action->text() == section ||
                          (action->property("title").toString() == section);
            if (isInSection && action->text() == text)
                return action->trigger();
        }
        QFAIL(qPrintable(text + u" is not in the menu"_s));
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
    void openPage(const ui::Engine& engine, const QString& file = u"ranked.db"_s)
    {
        m_window.reset();
        m_state.reset();
        showWindow(engine, {1440, 900});
        m_state->openProject(at(file), store::OpenMode::ReadOnly);
        QTRY_VERIFY(m_state->hasProject());
        m_window->showPage(u"retrieval"_s);
        QTRY_VERIFY(isSettled() && list()->model()->rowCount() > 0);
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void cleanupTestCase() { QDesktopServices::unsetUrlHandler(u"file"_s); }

    void initTestCase()
    {
        const std::filesystem::path study = ui::toPath(at(u"data/study.json"_s));
        const auto original = test::similarityLosing({1, 6, 7});
        test::writeRankedRun(project(),
                             {"ft", study, {}, original, test::similarityLosing({0, 2, 9})});
        test::writeRankedRun(project(),
                             {"vr-lwf", study, {}, original, test::similarityLosing({9})});
        test::writeRankedRun(project(), {"lwf", study, {"lone", 1, 1, 1}, original, original});
        QDesktopServices::setUrlHandler(u"file"_s, this, "openedByTheDesktop");
        openPage({});
    }

    void startsWithAQueryThatFtLost()
    {
        QVERIFY(find<QComboBox>(u"retrieval.model.a"_s)->currentText().contains(u"VR-LwF"_s));
        QVERIFY(find<QComboBox>(u"retrieval.model.b"_s)->currentText().contains(u" FT-"_s));
        QCOMPARE(list()->model()->rowCount(), 2);
        QCOMPARE(textOf("retrieval.query"), u"“a fox number 0”"_s);
        QCOMPARE(textOf("retrieval.rank.a"), u"true image at rank 1"_s);
        QCOMPARE(textOf("retrieval.rank.b"), u"true image at rank 6"_s);
        QCOMPARE(textOf("retrieval.change.b"), u"▼ 5"_s);
        QCOMPARE(find<QPushButton>(u"retrieval.outcome.lost"_s)->text(), u"Lost 2"_s);
        QCOMPARE(find<QPushButton>(u"retrieval.outcome.miss"_s)->text(), u"Both miss 1"_s);
        // 23 and 21 of 24 captions, in folds of 12 each.
        QVERIFY(textOf("retrieval.note").contains(u"IR@1 95.8 → 87.5 %"_s));
        QVERIFY(m_problems.isEmpty());
        // No live field without an engine that answers.
        QVERIFY(!find<QLineEdit>(u"retrieval.free"_s));
    }

    void goesThroughQueriesAndCandidatesByKeyboard()
    {
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_BracketRight);
        QTRY_VERIFY(isSettled());
        // Markup of a caption is text.
        QCOMPARE(textOf("retrieval.query"), u"“<b>bold</b> & <img src=x> 100% #1”"_s);
        QCOMPARE(find<QLabel>(u"retrieval.query"_s)->textFormat(), Qt::PlainText);
        QTest::keyClick(list(), Qt::Key_BracketLeft);
        QTRY_COMPARE(textOf("retrieval.query"), u"“a fox number 0”"_s);
        QTest::keyClick(list(), Qt::Key_Down);
        QTRY_VERIFY(textOf("retrieval.query").contains(u"bold"_s));
        QTest::keyClick(list(), Qt::Key_Up);
        QTRY_VERIFY(isSettled());
        auto* candidates = find<ui::RankedView>(u"retrieval.candidates.a"_s);
        QCOMPARE(candidates->model()->rowCount(), 6); // of its fold
        QVERIFY(candidates->model()->index(0, 0).data(ui::RankedListModel::RelevantRole).toBool());
        candidates->setFocus();
        QTest::keyClick(candidates, Qt::Key_Home);
        QTest::keyClick(candidates, Qt::Key_Return);
        QTRY_COMPARE(m_opened, QStringList{at(u"data/scenes/0.png"_s)});
        QTest::keyClick(candidates, Qt::Key_Right);
        QCOMPARE(candidates->currentIndex().row(), 1);
        QTest::keyClick(candidates, Qt::Key_Return);
        QTRY_COMPARE(m_opened.size(), 2);
    }

    void filtersAndSearches()
    {
        click("retrieval.outcome.all");
        QCOMPARE(list()->model()->rowCount(), 24);
        auto* search = find<QLineEdit>(u"retrieval.search"_s);
        QTest::keyClicks(search, u"NUMBER 1"_s);
        QTRY_COMPARE(list()->model()->rowCount(), 12); // 1, 10 … 19, 21
        QTest::keyClicks(search, u"["_s);              // types, no shortcut
        QTRY_COMPARE(list()->model()->rowCount(), 0);
        QVERIFY(textOf("retrieval.query").isEmpty());
        search->clear();
        QTRY_COMPARE(list()->model()->rowCount(), 24);
        click("retrieval.outcome.lost");
        QTRY_COMPARE(textOf("retrieval.query"), u"“a fox number 0”"_s);
    }

    void copiesAndExports()
    {
        choose("retrieval.copyMenu", u"Query list"_s, u"As CSV"_s);
        const auto csv =
            report::readCsv(QApplication::clipboard()->text().toStdString(), "clipboard");
        QVERIFY(csv.has_value());
        QCOMPARE(csv->rows.size(), size_t{2});
        QCOMPARE(csv->rows[0][*csv->column("rank_a")], std::string("1"));
        QCOMPARE(csv->rows[0][*csv->column("rank_b")], std::string("6"));
        choose("retrieval.copyMenu", u"Candidates"_s, u"As Picture"_s);
        const QImage picture = QApplication::clipboard()->image();
        QVERIFY(picture.width() > 800);
        choose("retrieval.export", u"Candidates"_s, u"LaTeX Figure…"_s);
        QTRY_VERIFY(find<QFileDialog>(u"retrieval.latexFile"_s));
        Q_EMIT find<QFileDialog>(u"retrieval.latexFile"_s)->fileSelected(at(u"fox_1.tex"_s));
        find<QFileDialog>(u"retrieval.latexFile"_s)->close();
        QTRY_VERIFY(isSettled());
        QFile tex(at(u"fox_1.tex"_s));
        QVERIFY(tex.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(tex.readAll());
        QCOMPARE(test::LatexCheck(text.toStdString()).problem(), std::string());
        QVERIFY(text.contains(u"rank 1 of A and at rank 6 of B"_s));
        const QDir pictures(at(u"fox-1-pictures"_s));
        QCOMPARE(pictures.entryList({u"*.jpg"_s}).size(), 6);
        for (const QString& name : pictures.entryList({u"*.jpg"_s}))
            QVERIFY(text.contains(u"{fox-1-pictures/%1}"_s.arg(name)));
    }

    void showsCaptionsForAPicture()
    {
        click("retrieval.direction.image");
        // FT lost one of two captions of the pictures 0 and 1: the best one is still found.
        QTRY_COMPARE(list()->model()->rowCount(), 12);
        QTRY_COMPARE(textOf("retrieval.query"), u"scenes/0.png"_s);
        QTRY_VERIFY(!find<QLabel>(u"retrieval.queryPicture"_s)->pixmap().isNull());
        const auto* captions = find<ui::RankedView>(u"retrieval.candidates.b"_s);
        QCOMPARE(captions->model()->rowCount(), 12);
        QCOMPARE(captions->model()->index(0, 0).data().toString(), u"a fox number 1"_s);
        QCOMPARE(textOf("retrieval.rank.b"), u"true caption at rank 1"_s);
        QTest::keyClicks(find<QLineEdit>(u"retrieval.search"_s), u"<B>BOLD"_s);
        QTRY_COMPARE(list()->model()->rowCount(), 1); // by its caption
        QTest::keyClick(list(), Qt::Key_Return);
        QTRY_COMPARE(m_opened.last(), at(u"data/scenes/1.png"_s));
        find<QLineEdit>(u"retrieval.search"_s)->clear();
        QTRY_COMPARE(list()->model()->rowCount(), 12);
        click("retrieval.direction.text");
        QTRY_COMPARE(textOf("retrieval.query"), u"“a fox number 0”"_s);
    }

    void comparesOnlyWhatWasAskedTheSame()
    {
        chooseModel("retrieval.model.a", u"Original CLIP"_s);
        chooseModel("retrieval.model.b", u"FT-WM"_s);
        QTRY_COMPARE(find<QPushButton>(u"retrieval.outcome.gained"_s)->text(), u"Gained 3"_s);
        chooseModel("retrieval.model.b", u"#3 LwF"_s);
        QTRY_COMPARE(list()->model()->rowCount(), 1); // one image, one caption
        QTRY_COMPARE(textOf("retrieval.rank.b"), u"true image at rank 1"_s);
        chooseModel("retrieval.model.a", u"FT-WM"_s);
        QTRY_VERIFY(textOf("retrieval.problem").contains(u"different pictures"_s));
        QCOMPARE(list()->model()->rowCount(), 0);
        m_window->showPage(u"retrieval"_s, Json{{"run", 1}});
        QTRY_VERIFY(isSettled() && list()->model()->rowCount() > 0);
        QCOMPARE(find<QComboBox>(u"retrieval.model.a"_s)->currentText(), u"Original CLIP"_s);
        QVERIFY(find<QComboBox>(u"retrieval.model.b"_s)->currentText().startsWith(u"#1 FT"_s));
        QVERIFY(find<QLabel>(u"retrieval.problem"_s)->isHidden());
    }

    void worksWithoutTheDataAndTellsADamagedThumbnail()
    {
        test::damageThumbnail(project(), "scenes/1.png");
        std::filesystem::rename(ui::toPath(at(u"data"_s)), ui::toPath(at(u"moved"_s)));
        m_opened.clear();
        openPage({});
        auto* candidates = find<ui::RankedView>(u"retrieval.candidates.a"_s);
        QTRY_COMPARE(candidates->model()->rowCount(), 6);
        QTRY_VERIFY(isSettled());
        int damaged = 0;
        for (int row = 0; row < 6; ++row) {
            const QModelIndex index = candidates->model()->index(row, 0);
            const bool isDamaged = index.data().toString() == u"scenes/1.png"_s;
            QCOMPARE(candidates->problemOf(index).contains(u"damaged"_s), isDamaged);
            damaged += isDamaged ? 1 : 0;
        }
        QCOMPARE(damaged, 1);
        m_problems.clear();
        candidates->setFocus();
        QTest::keyClick(candidates, Qt::Key_Home);
        QTest::keyClick(candidates, Qt::Key_Return);
        QTRY_COMPARE(m_problems.size(), 1);
        QVERIFY(m_problems[0].startsWith(u"Original not found"_s));
        QVERIFY(m_problems[0].contains(at(u"data/scenes/0.png"_s)));
        QVERIFY(m_opened.isEmpty());
    }

    void asksBothModelsWhereTheEngineCan()
    {
        ui::Engine engine;
        engine.retrieve = [](const ui::RetrieveRequest& request, const StopToken&) {
            ui::RetrieveAnswer answer;
            answer.text = request.shuffleSeed ? "night red car" : request.text;
            answer.a.candidates = {{0, 3, 3, "", 0.31, false}, {1, 4, 4, "", 0.25, false}};
            if (!request.image.empty())
                answer.a.candidates[0].text = "captions for " + request.image.filename().string();
            answer.b.problem = u"The model of #1 is gone: evaluate it again."_s;
            return answer;
        };
        openPage(engine);
        auto* text = find<QLineEdit>(u"retrieval.free"_s);
        QTest::keyClicks(text, u"red car night"_s);
        QTest::keyClick(text, Qt::Key_Return);
        auto* a = find<ui::RankedView>(u"retrieval.candidates.a"_s);
        QTRY_COMPARE(a->model()->rowCount(), 2);
        QCOMPARE(textOf("retrieval.query"), u"“red car night”"_s);
        QVERIFY(textOf("retrieval.problem.b").contains(u"is gone"_s));
        QVERIFY(textOf("retrieval.rank.a").isEmpty()); // no truth is known
        QTest::keyClick(find<QWidget>(u"retrieval.shuffle"_s), Qt::Key_Space);
        QTRY_COMPARE(textOf("retrieval.query"), u"“night red car”"_s);
        // Back to what is stored.
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {},
                          list()->visualRect(list()->currentIndex()).center());
        QTRY_COMPARE(textOf("retrieval.rank.b"), u"true image at rank 6"_s);
        QVERIFY(find<QLabel>(u"retrieval.problem.b"_s)->isHidden());

        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(at(u"moved/scenes/0.png"_s))});
        auto* page = m_window->page(u"retrieval"_s);
        QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(page, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(page, &drop);
        QTRY_COMPARE(textOf("retrieval.query"), u"0.png"_s);
        QTRY_COMPARE(a->model()->index(0, 0).data().toString(), u"captions for 0.png"_s);
    }

    void showsWhatATrainedRunRanked()
    {
        makeData();
        const auto spec = spec::runSpecFromJson(
            Json{{"study", at(u"study/study.json"_s).toStdString()},
                 {"model", at(u"model"_s).toStdString()},
                 {"method", "ft"},
                 {"option", "WM"},
                 {"setting", "MST"},
                 {"schedule", {{"epochs", 2}, {"batch_size", 4}, {"lr", 1e-3}}},
                 {"threads", 1}});
        test::require(spec.has_value());
        run::StoredRunSetting setting;
        setting.project = ui::toPath(at(u"trained.db"_s));
        const auto stored = run::executeNewRun(*spec, {}, setting);
        test::require(stored && stored->status == "finished" && !stored->error);
        std::filesystem::rename(ui::toPath(at(u"study"_s)), ui::toPath(at(u"study gone"_s)));
        std::filesystem::remove_all(stored->folder); // its model, too
        openPage({}, u"trained.db"_s);
        QCOMPARE(find<QComboBox>(u"retrieval.model.a"_s)->currentText(), u"Original CLIP"_s);
        click("retrieval.outcome.all");
        QVERIFY(list()->model()->rowCount() >= 6);
        auto* candidates = find<ui::RankedView>(u"retrieval.candidates.b"_s);
        QTRY_VERIFY(candidates->model()->rowCount() > 0);
        QTRY_VERIFY(isSettled());
        for (int row = 0; row < candidates->model()->rowCount(); ++row)
            QCOMPARE(candidates->problemOf(candidates->model()->index(row, 0)), QString());
        // The recalls of the list are those that the run was given.
        const auto& metrics = m_state->findRun(stored->runId)->metrics;
        QVERIFY(textOf("retrieval.note")
                    .contains(u"→ %1 %"_s.arg(ui::numberText(metrics.at("IR@1"), 1))));
        // Images as queries: equal captions of this data share a rank in the metric only.
        click("retrieval.direction.image");
        QTRY_VERIFY(textOf("retrieval.note").contains(u"TR@1"_s));
        QVERIFY(m_problems.filter(u"could not be read"_s).isEmpty());
    }
};

QTEST_MAIN(TestRetrievalStory)
#include "tst_retrieval_story.moc"
