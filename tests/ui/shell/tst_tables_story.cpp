// SPDX-License-Identifier: GPL-3.0-or-later
// The Tables page on the starter project: a finished study gives its LaTeX in three clicks, a cell
// leads to the runs behind it.
#include "core/store/project.h"
#include "core/store/sqlite.h"
#include "tests/ui/shell/desk.h"
#include "tests/ui/shell/stored_branch.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/grid_model.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/grid_view.h"
#include "ui/widgets/run_view.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

using namespace clwb;
using namespace Qt::StringLiterals;
using test::Desk;

namespace
{

QString cellText(const ui::GridModel& model, const QString& row, const QString& column)
{
    for (int at = 0; at < model.columnCount(); ++at) {
        if (model.headerData(at, Qt::Horizontal, Qt::DisplayRole).toString() != column)
            continue;
        for (int line = 0; line < model.rowCount(); ++line) {
            if (model.index(line, 0).data().toString() == row)
                return model.index(line, at).data(Qt::AccessibleTextRole).toString();
        }
    }
    return u"(no such cell)"_s;
}

} // namespace

class TestTablesStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void givesLatexInThreeClicks()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        int clicks = 0;
        const auto click = [&clicks](QWidget* widget, const QPoint& at) {
            ++clicks;
            QTest::mouseClick(widget, Qt::LeftButton, {}, at);
        };
        auto* pages = desk.find<QListView>(u"navigation"_s);
        QVERIFY(pages);
        QModelIndex tables;
        for (int row = 0; row < pages->model()->rowCount(); ++row) {
            if (pages->model()->index(row, 0).data().toString() == u"Tables"_s)
                tables = pages->model()->index(row, 0);
        }
        click(pages->viewport(), pages->visualRect(tables).center());
        desk.settle();
        QCOMPARE(desk.window.currentPage(), u"tables"_s);
        QVERIFY(desk.find<QComboBox>(u"tables.kind"_s)->currentText().startsWith(u"Table IV: "_s));
        auto* view = desk.find<ui::GridView>(u"tables.table"_s);
        auto* model = qobject_cast<ui::GridModel*>(view->model());
        // Table IV of the paper, as it is printed there.
        QTRY_COMPARE(cellText(*model, u"Original CLIP"_s, u"TR@1"_s).isEmpty(), false);
        QVERIFY(model->rowCount() > 20);
        auto* copy = desk.find<QToolButton>(u"tables.copyMenu"_s);
        QMenu* menu = copy->menu();
        QAction* latex = nullptr;
        for (QAction* action : menu->actions()) {
            if (action->text() == u"LaTeX"_s)
                latex = action;
        }
        QVERIFY(latex);
        QGuiApplication::clipboard()->clear();
        // The open menu has a loop of its own: the click on its entry comes from there.
        QTimer::singleShot(0, menu, [&] {
            QTRY_VERIFY(menu->isVisible());
            click(menu, menu->actionGeometry(latex).center());
        });
        click(copy, copy->rect().center());
        QCOMPARE(clicks, 3);
        QTRY_VERIFY(QGuiApplication::clipboard()->text().contains(u"\\toprule"_s));
        const QString text = QGuiApplication::clipboard()->text();
        QVERIFY(text.contains(u"VR-LwF-WM"_s));
        QVERIFY(text.contains(u"\\textbf{"_s));
        QVERIFY(text.contains(u"58.03"_s)); // the paper's VR-LwF-WM, beside ours in its own row
        auto* told = desk.find<ui::Banner>(u"window.problem"_s);
        QTRY_VERIFY(told->isVisible());
        QVERIFY2(told->message().startsWith(u"Copied as LaTeX: Table IV"_s),
                 qPrintable(told->message()));
    }

    void namesTablesAsThePaperDoes()
    {
        ui::Settings settings;
        Desk desk(settings);
        const auto* kinds = desk.find<QComboBox>(u"tables.kind"_s);
        QStringList titles;
        for (int at = 0; at < kinds->count(); ++at)
            titles << kinds->itemText(at);
        const QString all = titles.join(u'\n');
        for (const char* name : {"Table I: ", "Table II: ", "Table III: ", "Table IV: ",
                                 "Tables V and VII: ", "Tables VI and VIII: ", "Fig. 4: "})
            QVERIFY2(all.contains(QLatin1StringView(name)), name);
    }

    void fitsItsColumnsIntoTheWindow()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.window.showPage(u"tables"_s);
        desk.settle();
        const auto* view = desk.find<ui::GridView>(u"tables.table"_s);
        QTRY_VERIFY(view->model()->rowCount() > 20);
        QVERIFY(view->horizontalHeader()->length() <= view->viewport()->width());
        QCOMPARE(view->horizontalScrollBar()->maximum(), 0);
        // Where the room is short, the bar leads to the end of the last column.
        desk.window.resize(800, 600);
        QTRY_VERIFY(view->horizontalScrollBar()->isVisible());
        QCOMPARE(view->horizontalScrollBar()->maximum(),
                 view->horizontalHeader()->length() - view->viewport()->width());
    }

    void showsBranchesInRowsOfTheirOwn()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        const int64_t branch = test::addBranch(ui::toPath(desk.state.projectFile()), 60, 3);
        desk.state.refresh();
        QTRY_VERIFY(desk.state.findRun(branch));
        desk.window.showPage(u"tables"_s, Json{{"kind", "mst"}});
        desk.settle();
        auto* view = desk.find<ui::GridView>(u"tables.table"_s);
        auto* model = qobject_cast<ui::GridModel*>(view->model());
        QStringList labels;
        for (int row = 0; row < model->rowCount(); ++row) {
            labels << model->index(row, 0).data().toString();
            if (labels.back() == u"FT-WM"_s && !model->runsAt(model->index(row, 0)).empty() &&
                model->runsAt(model->index(row, 0)).front() == 59)
                QCOMPARE(model->runsAt(model->index(row, 0)),
                         (std::vector<int64_t>{59, 60, 61})); // its mean is as it was
        }
        QVERIFY2(labels.contains(u"FT-WM from #60, session 3"_s), qPrintable(labels.join(u'\n')));
    }

    void holdsRunsOfOneStudy()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.window.showPage(u"tables"_s, Json{{"kind", "mst"}});
        desk.settle();
        auto* study = desk.find<QComboBox>(u"tables.study"_s);
        QVERIFY(study->isHidden()); // there is no choice
        const int64_t other = test::addOfOtherStudy(ui::toPath(desk.state.projectFile()), 59);
        desk.state.refresh();
        QTRY_VERIFY(desk.state.findRun(other));
        auto* model =
            qobject_cast<ui::GridModel*>(desk.find<ui::GridView>(u"tables.table"_s)->model());
        const auto holds = [model](int64_t run) {
            for (int row = 0; row < model->rowCount(); ++row) {
                const std::vector<int64_t> runs = model->runsAt(model->index(row, 2));
                if (std::find(runs.begin(), runs.end(), run) != runs.end())
                    return true;
            }
            return false;
        };
        // The study with most rows is shown, though the other has the newest run.
        QTRY_VERIFY(study->isVisible());
        desk.settle();
        QCOMPARE(study->count(), 2);
        QCOMPARE(study->currentText(), u"Study: Demo world"_s);
        QVERIFY(holds(59) && !holds(other));
        study->setFocus();
        QTest::keyClick(study, Qt::Key_Down);
        QCOMPARE(study->currentText(), u"Study: pics"_s);
        QTRY_VERIFY(holds(other) && !holds(59));
        // The list of runs holds all.
        desk.window.showPage(u"tables"_s, Json{{"kind", "runs"}});
        desk.settle();
        QTRY_VERIFY(holds(other) && holds(59));
        QVERIFY(!study->isEnabled());
    }

    void leadsFromAMeanToItsSeeds()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.window.showPage(u"tables"_s, Json{{"kind", "mst"}, {"filter", "origin:local"}});
        desk.settle();
        auto* view = desk.find<ui::GridView>(u"tables.table"_s);
        auto* model = qobject_cast<ui::GridModel*>(view->model());
        QModelIndex mean;
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->runsAt(model->index(row, 1)).size() == 3 &&
                model->index(row, 0).data().toString() == u"FT-WM"_s)
                mean = model->index(row, 2);
        }
        QVERIFY(mean.isValid());
        const std::vector<int64_t> runs = model->runsAt(mean);
        view->scrollTo(mean);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, Qt::NoModifier,
                          view->visualRect(mean).center());
        QTRY_VERIFY(QApplication::activePopupWidget());
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu);
        QCOMPARE(menu->actions().constFirst()->text(), u"Mean ± std of 3 runs"_s);
        QCOMPARE(menu->actions().value(1)->text(), u"#59 FT-WM, MST, seed 0"_s);
        QCOMPARE(model->index(mean.row(), 0).data(ui::GridModel::RunsRole).toString(), u"3 runs"_s);
        menu->actions().constLast()->trigger();
        menu->close();
        QTRY_COMPARE(desk.window.currentPage(), u"runs"_s);
        auto* list = desk.find<ui::RunView>(u"runs.list"_s);
        std::vector<int64_t> selected = list->selectedRuns();
        std::sort(selected.begin(), selected.end());
        QCOMPARE(selected, runs);
    }

    void filtersWithoutLosingTheTableOnAWrongFilter()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.window.showPage(u"tables"_s);
        desk.settle();
        auto* view = desk.find<ui::GridView>(u"tables.table"_s);
        const int all = view->model()->rowCount();
        auto* filter = desk.find<QLineEdit>(u"tables.filter"_s);
        QTest::keyClicks(filter, u"method:vr-lwf origin:local"_s);
        desk.settle();
        QVERIFY(view->model()->rowCount() < all);
        const int few = view->model()->rowCount();
        filter->setText(u"/(/"_s);
        desk.settle();
        QCOMPARE(view->model()->rowCount(), few);
        QVERIFY(filter->property("invalid").toBool());
        filter->setText(u"name:\"nothing is called so\""_s);
        desk.settle();
        QTRY_VERIFY(!view->isVisible());
        QVERIFY(desk.find<QWidget>(u"tables.empty"_s)->isVisible());
    }

    void leavesOutWhatHasNotFinished()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.window.showPage(u"tables"_s);
        desk.settle();
        auto* model =
            qobject_cast<ui::GridModel*>(desk.find<ui::GridView>(u"tables.table"_s)->model());
        const auto* notes = desk.find<QLabel>(u"tables.notes"_s);
        const auto rowsOf = [model](int64_t run) {
            int rows = 0;
            for (int row = 0; row < model->rowCount(); ++row) {
                const std::vector<int64_t> runs = model->runsAt(model->index(row, 1));
                rows += std::find(runs.begin(), runs.end(), run) != runs.end() ? 1 : 0;
            }
            return rows;
        };
        QTRY_COMPARE(rowsOf(73), 1); // LwF-WM, MST
        QVERIFY(!notes->text().contains(u"left out"_s));
        {
            auto project = store::Project::open(ui::toPath(desk.state.projectFile()),
                                                store::OpenMode::ReadWrite);
            QVERIFY(project.has_value());
            QVERIFY(project->database()
                        .execute("UPDATE run SET status = 'stopped' WHERE run_id = 73")
                        .has_value());
        }
        desk.state.refresh();
        QTRY_COMPARE(rowsOf(73), 0);
        QVERIFY(notes->text().contains(u"1 run that has not finished is left out"_s));
        // Another table would not hold it anyway, nor would this one while it is hidden.
        desk.window.showPage(u"tables"_s, Json{{"kind", "ost"}});
        desk.settle();
        QTRY_VERIFY(rowsOf(74) == 0 && !notes->text().contains(u"left out"_s));
        desk.window.showPage(u"tables"_s, Json{{"kind", "mst"}});
        desk.settle();
        QTRY_VERIFY(notes->text().contains(u"1 run that has not finished is left out"_s));
        // Nor is it in a file or on the clipboard.
        const auto lines = [] { return QGuiApplication::clipboard()->text().split(u'\n'); };
        const auto copyCsv = [&desk] {
            QGuiApplication::clipboard()->clear();
            for (QAction* action :
                 desk.find<QToolButton>(u"tables.copyMenu"_s)->menu()->actions()) {
                if (action->text() == u"CSV"_s)
                    action->trigger();
            }
            QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(u"run_id,"_s));
        };
        copyCsv();
        QVERIFY(lines().filter(QRegularExpression(u"^73,"_s)).isEmpty());
        QCOMPARE(lines().filter(QRegularExpression(u"^74,"_s)).size(), 1);
        // Asked for, it is there, marked by its note.
        for (QAction* action : desk.find<QToolButton>(u"tables.more"_s)->menu()->actions()) {
            if (action->objectName() == u"unfinished"_s)
                action->trigger();
        }
        QTRY_COMPARE(rowsOf(73), 1);
        QVERIFY(!notes->text().contains(u"left out"_s) && notes->text().contains(u"stopped"_s));
        copyCsv();
        QCOMPARE(lines().filter(QRegularExpression(u"^73,"_s)).size(), 1);
    }

    void copiesTheSelectedCellsOnly()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.window.showPage(u"tables"_s);
        desk.settle();
        auto* view = desk.find<ui::GridView>(u"tables.table"_s);
        view->selectionModel()->select(
            QItemSelection(view->model()->index(0, 0), view->model()->index(1, 2)),
            QItemSelectionModel::ClearAndSelect);
        view->copyShown();
        const QMimeData* copied = QGuiApplication::clipboard()->mimeData();
        const QStringList lines = copied->text().trimmed().split(u'\n');
        QCOMPARE(lines.size(), 3); // titles and two rows
        QCOMPARE(lines[1].split(u'\t').size(), 3);
        QVERIFY(copied->html().contains(u"<th>"_s));
    }

    void keepsItsChoices()
    {
        ui::Settings settings;
        {
            Desk desk(settings);
            desk.window.showPage(u"tables"_s, Json{{"kind", "ost"}});
            desk.settle();
        }
        Desk again(settings);
        again.settle();
        QCOMPARE(again.find<QComboBox>(u"tables.kind"_s)->currentData().toString(), u"ost"_s);
    }
};

QTEST_MAIN(TestTablesStory)
#include "tst_tables_story.moc"
