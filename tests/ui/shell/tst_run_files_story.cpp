// SPDX-License-Identifier: GPL-3.0-or-later
// Runs leave a project as a bundle, come into another one, go to the trash and back, and for good;
// the command palette finds what to do.
#include "core/store/sqlite.h"
#include "tests/ui/shell/desk.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/shell/actions.h"
#include "ui/shell/run_edits.h"
#include "ui/shell/run_files.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/run_view.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeView>

using namespace clwb;
using namespace Qt::StringLiterals;
using test::Desk;

namespace
{

int64_t ownRun(const ui::AppState& state)
{
    for (const store::RunRow& row : state.runs()) {
        if (row.origin == "local")
            return row.runId;
    }
    return -1;
}

} // namespace

class TestRunFilesStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void movesRunsToAnotherProject()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        auto* list = desk.find<ui::RunView>(u"runs.list"_s);
        const int64_t run = ownRun(desk.state);
        list->selectRun(run);
        QTRY_VERIFY(desk.window.actions().action(u"runs.bundle"_s)->isEnabled());
        desk.window.actions().action(u"runs.bundle"_s)->trigger();
        auto* dialog = desk.window.findChild<QFileDialog*>();
        QVERIFY(dialog);
        const QString bundle = desk.folder.filePath(u"one.zip"_s);
        Q_EMIT dialog->fileSelected(bundle);
        dialog->close();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(bundle), 30000); // it holds models

        const size_t before = desk.state.runs().size();
        ui::importFiles(desk.state, {bundle}); // it is there already
        auto* banner = desk.find<ui::Banner>(u"window.problem"_s);
        QTRY_VERIFY(banner->message().contains(u"0 runs came from one.zip"_s));
        QVERIFY(banner->accessibleDescription().contains(u"Already there"_s));
        QCOMPARE(desk.state.runs().size(), before);

        desk.state.openProject(desk.folder.filePath(u"other.db"_s),
                               store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(desk.state.hasProject() && desk.state.runs().empty());
        ui::importFiles(desk.state, {bundle});
        QTRY_COMPARE(desk.state.runs().size(), size_t{1});
        QCOMPARE(desk.state.runs().front().status, std::string("finished"));
        QTRY_VERIFY(banner->message().contains(u"1 run came from one.zip"_s));
    }

    void refusesAFileWithoutRuns()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        const QString file = desk.folder.filePath(u"poem.csv"_s);
        QFile poem(file);
        QVERIFY(poem.open(QIODevice::WriteOnly));
        poem.write("roses,violets\nred,blue\n");
        poem.close();
        const size_t before = desk.state.runs().size();
        QString told;
        QObject::connect(&desk.state, &ui::AppState::problem, this,
                         [&](const QString& text, const QString&) { told = text; });
        ui::importFiles(desk.state, {file});
        QTRY_VERIFY(told.contains(u"poem.csv"_s));
        QCOMPARE(desk.state.runs().size(), before);
    }

    void bringsRunsBackAndDeletesThemForGood()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        const int64_t run = ownRun(desk.state);
        const size_t before = desk.state.runs().size();
        ui::moveToTrash(desk.state, {run});
        QTRY_COMPARE(desk.state.runs().size(), before - 1);
        desk.window.actions().action(u"dialog.trash"_s)->trigger();
        auto* list = desk.window.findChild<QTreeView*>(u"trash.list"_s);
        QVERIFY(list);
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QVERIFY(!desk.find<QPushButton>(u"trash.restore"_s)->isEnabled());
        list->selectAll();
        QTest::mouseClick(desk.find<QPushButton>(u"trash.restore"_s), Qt::LeftButton);
        QTRY_COMPARE(desk.state.runs().size(), before);
        QTRY_COMPARE(list->model()->rowCount(), 0);

        // Its folder has a model, which will be named before it goes.
        const QString name = u"run-%1"_s.arg(run);
        const QString folder = desk.state.projectFile() + u".files/"_s + name;
        QVERIFY(QDir().mkpath(folder + u"/model"_s));
        QFile weights(folder + u"/model/model.safetensors"_s);
        QVERIFY(weights.open(QIODevice::WriteOnly));
        weights.write(QByteArray(5000, 'w'));
        weights.close();
        bool isStored = false;
        desk.state.apply(
            u"folder"_s,
            [run, name](store::Project& project) {
                return project.database().run("UPDATE run SET folder = ?2 WHERE run_id = ?1", run,
                                              ui::fromQt(name));
            },
            [&isStored] { isStored = true; });
        QTRY_VERIFY(isStored);

        ui::moveToTrash(desk.state, {run});
        QTRY_COMPARE(desk.state.runs().size(), before - 1);
        desk.find<QDialog>(u"dialog.trash"_s)->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        desk.window.actions().action(u"dialog.trash"_s)->trigger();
        list = desk.window.findChild<QTreeView*>(u"trash.list"_s);
        QTRY_COMPARE(list->model()->rowCount(), 1);
        list->selectAll();
        auto* purge = desk.find<QPushButton>(u"trash.purge"_s);
        auto* goes = desk.find<QPlainTextEdit>(u"trash.goes"_s);
        QVERIFY(goes && !goes->isVisible());
        QTest::mouseClick(purge, Qt::LeftButton); // asks
        QCOMPARE(list->model()->rowCount(), 1);
        QVERIFY(goes->isVisible());
        QVERIFY2(goes->toPlainText().startsWith(folder + u"\n    model/"_s),
                 qPrintable(goes->toPlainText()));
        QCOMPARE(purge->text(), u"Delete 1 Run for Good"_s);
        QTest::mouseClick(purge, Qt::LeftButton);
        QTRY_COMPARE(list->model()->rowCount(), 0);
        QTRY_COMPARE(desk.state.runs().size(), before - 1);
        QVERIFY(!QFileInfo::exists(folder));
    }

    void doesByName()
    {
        ui::Settings settings;
        Desk desk(settings);
        desk.settle();
        desk.window.actions().action(u"dialog.palette"_s)->trigger();
        auto* search = desk.find<QLineEdit>(u"palette.search"_s);
        QVERIFY(search);
        QTest::keyClicks(search, u"tables"_s);
        auto* list = desk.find<QListView>(u"palette.list"_s);
        QVERIFY(list->model()->rowCount() > 0);
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(desk.window.currentPage(), u"tables"_s);

        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        desk.window.actions().action(u"dialog.palette"_s)->trigger();
        search = desk.find<QLineEdit>(u"palette.search"_s);
        const int64_t run = ownRun(desk.state);
        search->setText(u"#%1"_s.arg(run));
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(desk.window.currentPage(), u"runs"_s);
        QTRY_COMPARE(desk.find<ui::RunView>(u"runs.list"_s)->currentRun(), run);
    }
};

QTEST_MAIN(TestRunFilesStory)
#include "tst_run_files_story.moc"
