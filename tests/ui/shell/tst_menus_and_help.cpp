// SPDX-License-Identifier: GPL-3.0-or-later
// What the frame of the window says: menus in their usual order, help with headings, a title that
// gives way, buttons that say what they do.
#include "core/store/project.h"
#include "core/store/sqlite.h"
#include "tests/ui/shell/desk.h"
#include "tests/ui/shell/keyboard_walk.h"
#include "tests/ui/shell/whole_checks.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/dialogs/page_help.h"
#include "ui/shell/actions.h"
#include "ui/widgets/banner_guard.h"

#include <QAction>
#include <QDialog>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolTip>
#include <QTreeView>
#include <QWindow>

#include <chrono>
#include <filesystem>

using namespace clwb;
using namespace Qt::StringLiterals;
using test::Desk;

namespace
{

QStringList textsOf(const QWidget& widget)
{
    QStringList texts;
    for (const QLabel* label : widget.findChildren<QLabel*>())
        texts << label->text();
    return texts;
}

QStringList groupsOf(const QAbstractItemModel& model)
{
    QStringList groups;
    for (int row = 0; row < model.rowCount(); ++row)
        groups << model.index(row, 0).data().toString();
    return groups;
}

} // namespace

class TestMenusAndHelp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFileMenuIsInItsUsualOrder()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        QStringList entries;
        for (const QAction* action : desk.window.actions().menu(u"file"_s)->actions())
            entries << (action->isSeparator() ? u"-"_s : QString(action->text()).remove(u'&'));
        QCOMPARE(entries.join(u' '),
                 u"New Project… Open Project… Open Recent - Save Project As… - Import Runs… "
                 "Export What Is Shown… - Open Study… New Study from a Folder… - Quit"_s);
    }

    void helpHasHeadingsAndKeys()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        desk.window.actions().action(u"help.page"_s)->trigger();
        auto* help = desk.find<QDialog>(u"dialog.pageHelp"_s);
        QVERIFY(help && help->isVisible());
        const QStringList texts = textsOf(*help);
        QCOMPARE(texts.front(), u"Runs"_s);
        QVERIFY(texts.contains(u"All runs of the project, grouped."_s)); // a sentence of its own
        QVERIFY(texts.contains(u"Good to know"_s) && texts.contains(u"Keys"_s));
        const QKeySequence rename = desk.window.actions().action(u"runs.rename"_s)->shortcut();
        const qsizetype key = texts.indexOf(rename.toString(QKeySequence::NativeText));
        QVERIFY(key > 0);
        QCOMPARE(texts.value(key + 1), u"Rename Run"_s);
        QTest::mouseClick(desk.find<QPushButton>(u"help.close"_s), Qt::LeftButton);
        QTRY_VERIFY(!desk.find<QDialog>(u"dialog.pageHelp"_s));
    }

    void sentencesEndWhereTheyEnd()
    {
        QCOMPARE(ui::sentencesOf(u"Shows Fig. 4 of all. Words, zs>60. Ctrl+H hides."_s),
                 (QStringList{u"Shows Fig. 4 of all."_s, u"Words, zs>60."_s, u"Ctrl+H hides."_s}));
        QVERIFY(ui::sentencesOf({}).isEmpty());
    }

    void shortcutsStandUnderTheirMenus()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        ui::openDialog(u"shortcuts"_s, desk.state, &desk.window);
        auto* list = desk.find<QTreeView>(u"shortcuts.list"_s);
        const QStringList groups = groupsOf(*list->model());
        QVERIFY2(groups.contains(u"File"_s) && groups.contains(u"Edit"_s) &&
                     groups.contains(u"View"_s) && groups.contains(u"Run"_s),
                 qPrintable(groups.join(u' ')));
        const QModelIndex file =
            list->model()->index(static_cast<int>(groups.indexOf(u"File"_s)), 0);
        QCOMPARE(list->model()->index(0, 0, file).data().toString(), u"New Project"_s);
        QVERIFY(list->isExpanded(file));
        // They are there to be seen before anything is typed.
        QTRY_VERIFY(list->isVisible());
        QCOMPARE(list->indexAt(list->viewport()->rect().topLeft() + QPoint(20, 4)).data(),
                 list->model()->index(0, 0).data());
        auto* search = desk.find<QLineEdit>(u"shortcuts.search"_s);
        QTest::keyClicks(search, u"trash"_s);
        QCOMPARE(groupsOf(*list->model()), QStringList{u"Edit"_s});
        QVERIFY(list->isExpanded(list->model()->index(0, 0)));
        // A menu's name finds all that is in it.
        search->clear();
        const int inFile = list->model()->rowCount(
            list->model()->index(static_cast<int>(groups.indexOf(u"File"_s)), 0));
        QTest::keyClicks(search, u"file"_s);
        const QStringList found = groupsOf(*list->model());
        QVERIFY(found.contains(u"File"_s));
        QCOMPARE(list->model()->rowCount(
                     list->model()->index(static_cast<int>(found.indexOf(u"File"_s)), 0)),
                 inFile);
        desk.find<QDialog>(u"dialog.shortcuts"_s)->close();
    }

    void closingWhileARunGoesOnCanBeCalledOff()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        QDialog* dialog = ui::openDialog(u"close_running"_s, desk.state, &desk.window);
        const QSignalSpy finished(dialog, &QDialog::finished);
        auto* stay = desk.find<QPushButton>(u"close.keep"_s);
        QCOMPARE(stay->text(), u"Don’t Close"_s);
        QTest::mouseClick(stay, Qt::LeftButton);
        QCOMPARE(finished.size(), 1);
        QCOMPARE(finished.front().front().toInt(), static_cast<int>(QDialog::Rejected));
    }

    void enterAndSpaceMeanTheFocusedAnswer_data()
    {
        QTest::addColumn<Qt::Key>("key");
        QTest::addColumn<QString>("button");
        QTest::addColumn<int>("answer");
        const int keeps = QDialog::Rejected;
        const int saves = QDialog::Accepted;
        QTest::newRow("Enter") << Qt::Key_Return << u"close.keep"_s << keeps;
        QTest::newRow("Space") << Qt::Key_Space << u"close.keep"_s << keeps;
        QTest::newRow("Enter on another")
            << Qt::Key_Return << u"close.detach"_s << ui::kCloseDetached;
        QTest::newRow("Space on another")
            << Qt::Key_Space << u"close.detach"_s << ui::kCloseDetached;
        QTest::newRow("Enter on the last") << Qt::Key_Return << u"close.stop"_s << saves;
    }

    void enterAndSpaceMeanTheFocusedAnswer()
    {
        QFETCH(Qt::Key, key);
        QFETCH(QString, button);
        QFETCH(int, answer);
        ui::Settings settings;
        ui::Engine engine;
        engine.continueDetached = [](const std::filesystem::path&, int64_t) -> Result<void> {
            return {};
        };
        Desk desk(settings, engine);
        desk.settle();
        QDialog* dialog = ui::openDialog(u"close_running"_s, desk.state, &desk.window);
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        const QSignalSpy finished(dialog, &QDialog::finished);
        auto* stay = desk.find<QPushButton>(u"close.keep"_s);
        QCOMPARE(dialog->focusWidget(), stay);
        QVERIFY(stay->isDefault());
        // On another button both keys mean that one.
        auto* focused = desk.find<QPushButton>(button);
        focused->setFocus();
        QTest::keyClick(focused, key);
        QCOMPARE(finished.size(), 1);
        QCOMPARE(finished.front().front().toInt(), answer);
    }

    void theStatusLineIsTheLastStopOfTab()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        desk.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        auto* first = desk.find<QWidget>(u"navigation"_s);
        auto* status = desk.find<QWidget>(u"status"_s);
        for (const QString& id : desk.window.pageIds()) {
            desk.window.showPage(id);
            desk.rest(desk.window);
            desk.settle();
            desk.rest(desk.window);
            QStringList ignored; // what takes the focus may open more: the second way counts
            test::tabWay(first, Qt::Key_Tab, ignored);
            QStringList problems;
            const QList<QWidget*> way = test::tabWay(first, Qt::Key_Tab, problems);
            QVERIFY2(problems.isEmpty(), qPrintable(id + problems.join(u' ')));
            QCOMPARE(way.count(status), 1);
            QCOMPARE(way.last(), status);
        }
    }

    void aMessageThatComesByItselfTakesNoClickOfThePage()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        auto* guard = desk.find<ui::BannerGuard>(QString());
        desk.window.showPage(u"live"_s, Json{{"run", 62}});
        desk.settle();
        auto* button = desk.find<QPushButton>(u"live.openInRuns"_s);
        QTRY_VERIFY(button->isVisible() && button->isEnabled());
        const QSignalSpy clicked(button, &QPushButton::clicked);
        const auto click = [&] {
            QTest::mouseClick(desk.window.windowHandle(), Qt::LeftButton, {},
                              button->mapTo(&desk.window, button->rect().center()));
        };
        guard->setTimes(std::chrono::hours(1), {});
        desk.state.reportProblem(u"The run failed"_s, {});
        QTRY_VERIFY(guard->isResting());
        click();
        QCOMPARE(clicked.size(), 0);
        guard->setTimes({}, {});
        click();
        QCOMPARE(clicked.size(), 1);
    }

    void aLongTitleLeavesTheHeadOfLiveWhole()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.window.resize(1024, 768);
        desk.settle();
        // An imported run's, whose method is called by a whole sentence.
        const QString name = u"sweep of everything: params.beta = 0.1, schedule.lr = 1e-6, "_s;
        const std::string longName = name.repeated(3).trimmed().toStdString();
        {
            auto project = store::Project::open(ui::toPath(desk.state.projectFile()),
                                                store::OpenMode::ReadWrite);
            QVERIFY(project.has_value());
            QVERIFY(project->database()
                        .execute("UPDATE run SET method = '" + longName + "' WHERE run_id = 62")
                        .has_value());
        }
        desk.state.refresh();
        QTRY_COMPARE(desk.state.findRun(62)->method, longName);
        desk.window.showPage(u"live"_s, Json{{"run", 62}});
        auto* title = desk.find<QLabel>(u"live.title"_s);
        QTRY_VERIFY(title->text().contains(u"schedule.lr"_s));
        desk.settle();
        desk.window.resize(1020, 768);
        desk.settle();
        QStringList problems;
        QTRY_VERIFY(title->width() < title->fontMetrics().horizontalAdvance(title->text()));
        test::checkTexts(*desk.window.page(u"live"_s), problems);
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
        QCOMPARE(desk.window.size(), QSize(1020, 768)); // nothing pushes it wider
        const auto* last = desk.find<QPushButton>(u"live.openInRuns"_s);
        QTRY_COMPARE(last->visibleRegion().boundingRect().size(), last->size());
        QVERIFY(desk.find<QLabel>(u"live.position"_s)->width() > 100);
        QHelpEvent help(QEvent::ToolTip, QPoint(5, 5), title->mapToGlobal(QPoint(5, 5)));
        QApplication::sendEvent(title, &help);
        QVERIFY(QToolTip::text().contains(u"schedule.lr"_s));
        QToolTip::hideText();
    }
};

QTEST_MAIN(TestMenusAndHelp)
#include "tst_menus_and_help.moc"
