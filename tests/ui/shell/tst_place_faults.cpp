// SPDX-License-Identifier: GPL-3.0-or-later
// The window when what a run needs is not where it was, a folder takes no files, or its settings
// cannot be used.
#include "core/store/run_writer.h"
#include "tests/plain/store_support.h"
#include "tests/ui/shell/desk.h"
#include "ui/bridge/qt_text.h"
#include "ui/widgets/banner.h"

#include <QDir>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QThread>

#include <atomic>
#include <memory>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

void writeFile(const QString& file, const QByteArray& content)
{
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    QCOMPARE(out.write(content), content.size());
}

} // namespace

class TestPlaceFaults : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ui::Settings> m_settings;
    std::unique_ptr<test::Desk> m_desk;
    QStringList m_problems;

    void makeDesk(const ui::Engine& engine = {})
    {
        m_problems.clear();
        m_settings = std::make_unique<ui::Settings>();
        m_desk = std::make_unique<test::Desk>(*m_settings, engine);
        m_desk->settle();
        QObject::connect(&m_desk->state, &ui::AppState::problem, &m_desk->state,
                         [this](const QString& text, const QString& details) {
                             m_problems << text + u": "_s + details;
                         });
    }

    QString path(const QString& name) const { return m_desk->folder.filePath(name); }

    /// A stopped run whose resume state the project knows of.
    int64_t addStoppedRun(std::filesystem::path& folder)
    {
        store::NewRun run = test::sampleRun();
        run.resolvedSpec["study"] = ui::fromQt(path(u"study.json"_s));
        run.resolvedSpec["model"] = ui::fromQt(path(u"model"_s));
        auto writer =
            store::RunWriter::createRun(ui::toPath(m_desk->state.projectFile()), std::move(run));
        if (!writer)
            return 0;
        folder = (*writer)->folder();
        (*writer)->addCheckpoint("checkpoint/checkpoint-1", 5, "ab");
        (*writer)->finish("stopped", "", 1);
        return (*writer)->runId();
    }

    /// Tells what is missing, and nothing waits.
    void refusesToContinue(int64_t runId, const QString& what, const QString& place)
    {
        m_problems.clear();
        m_desk->state.continueRun(runId);
        QTRY_COMPARE(m_problems.size(), 1);
        for (const QString& part : {what, place, u"put the"_s})
            QVERIFY2(m_problems.front().contains(part), qPrintable(m_problems.front()));
        QVERIFY(m_desk->state.queue().waiting().empty());
    }

private Q_SLOTS:
    void cleanup() { m_desk.reset(); }

    void aRunWhoseFilesHaveMovedIsNotQueued()
    {
        makeDesk();
        std::filesystem::path folder;
        const int64_t runId = addStoppedRun(folder);
        QVERIFY(runId > 0);
        m_desk->state.refresh();
        QTRY_VERIFY(m_desk->state.findRun(runId));
        m_desk->state.queue().hold();
        refusesToContinue(runId, u"study"_s, path(u"study.json"_s));
        writeFile(path(u"study.json"_s), "{}");
        refusesToContinue(runId, u"model"_s, path(u"model"_s));
        QVERIFY(QDir().mkpath(path(u"model"_s)));
        refusesToContinue(runId, u"resume states"_s, ui::toQt(folder));
        QVERIFY(QDir().mkpath(ui::toQt(folder / "checkpoint" / "checkpoint-1")));
        m_problems.clear();
        m_desk->state.continueRun(runId);
        QTRY_COMPARE(m_desk->state.queue().waiting().size(), size_t{1});
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
        m_desk->state.queue().clearWaiting();
    }

    void newRunSaysWhereNothingCanBeWritten()
    {
        ui::Engine engine;
        QTemporaryDir data;
        writeFile(data.filePath(u"blocked"_s), "a file where a folder should be");
        engine.demo = ui::DemoFiles{ui::toPath(data.filePath(u"blocked/world/study.json"_s)),
                                    ui::toPath(data.path())};
        engine.prepareDemo = [](const StopToken&) { return Result<void>(); };
        makeDesk(engine);
        m_desk->state.requestPage(u"new_run"_s);
        const auto reason = [this] { return m_desk->find<QLabel>(u"new_run.reason"_s)->text(); };
        QTest::mouseClick(m_desk->find<QPushButton>(u"new_run.useDemo"_s), Qt::LeftButton);
        QTRY_VERIFY2(reason().contains(u"The demo's pictures cannot be drawn"_s) &&
                         reason().contains(data.filePath(u"blocked"_s)),
                     qPrintable(reason()));
        const auto* start = m_desk->find<QPushButton>(u"new_run.start"_s);
        QVERIFY(!start->isEnabled());
        QVERIFY(start->toolTip().contains(u"cannot be drawn"_s));
        // That folder is free now; the one of the project's runs is not.
        QVERIFY(QFile::remove(data.filePath(u"blocked"_s)));
        const QString files = m_desk->state.projectFile() + u".files"_s;
        writeFile(files, "in the way");
        m_desk->state.requestPage(u"runs"_s);
        m_desk->state.requestPage(u"new_run"_s);
        QTRY_VERIFY2(reason().contains(u"cannot be kept"_s) && reason().contains(files),
                     qPrintable(reason()));
        QVERIFY(!start->isEnabled());
        QVERIFY(QFile::remove(files));
        m_desk->state.requestPage(u"runs"_s);
        m_desk->state.requestPage(u"new_run"_s);
        QTRY_VERIFY2(start->isEnabled(), qPrintable(reason()));
    }

    void aFolderThatDoesNotAnswerHoldsUpNothing()
    {
        // A disk that is away: the look ends only when it is let go.
        const auto looks = std::make_shared<std::atomic<int>>(0);
        const auto isHeld = std::make_shared<std::atomic<bool>>(true);
        const auto holding = std::make_shared<std::atomic<int>>(0);
        const auto inGui = std::make_shared<std::atomic<bool>>(false);
        ui::Engine engine;
        QTemporaryDir data;
        engine.demo = ui::DemoFiles{ui::toPath(data.filePath(u"world/study.json"_s)),
                                    ui::toPath(data.path())};
        engine.prepareDemo = [](const StopToken&) { return Result<void>(); };
        engine.checkRunFolders = [=](const std::filesystem::path& project) -> Result<void> {
            if (QThread::currentThread() == qApp->thread())
                *inGui = true;
            if (project.filename() != "starter.db")
                return {};
            ++*looks;
            ++*holding;
            for (int waited = 0; *isHeld && waited < 5000 && !*inGui; ++waited)
                QThread::msleep(20);
            --*holding;
            return fail(ErrorCode::Locked, "the disk is gone");
        };
        const auto release = qScopeGuard([=] { *isHeld = false; }); // so that its thread ends
        makeDesk(engine);
        const auto* start = m_desk->find<QPushButton>(u"new_run.start"_s);
        const auto reason = [this] { return m_desk->find<QLabel>(u"new_run.reason"_s)->text(); };
        QTRY_COMPARE(looks->load(), 1);
        m_desk->state.requestPage(u"new_run"_s);
        QTest::mouseClick(m_desk->find<QPushButton>(u"new_run.useDemo"_s), Qt::LeftButton);
        QTRY_VERIFY2(reason().contains(u"being looked at"_s), qPrintable(reason()));
        for (int times = 0; times < 3; ++times) {
            QElapsedTimer clock;
            clock.start();
            m_desk->state.requestPage(u"new_run"_s);
            QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
            QTRY_VERIFY(m_desk->window.page(u"new_run"_s)->isVisible());
            m_desk->find<QLineEdit>(u"new_run.name"_s)->setText(QString::number(times));
            QVERIFY(!start->isEnabled());
            m_desk->state.requestPage(u"runs"_s);
        }
        QCOMPARE(looks->load(), 1); // further ones wait for the first
        // Another project is not held up by it.
        const auto openOther = [this](const QString& name) {
            m_desk->state.openProject(path(name));
            QTRY_COMPARE(m_desk->state.projectFile(), path(name));
        };
        QVERIFY(
            QFile::copy(QStringLiteral(CLWB_SOURCE_DIR "/experiments.db"), path(u"other.db"_s)));
        QVERIFY(QFile::setPermissions(path(u"other.db"_s), QFile::ReadOwner | QFile::WriteOwner));
        openOther(u"other.db"_s);
        m_desk->state.requestPage(u"new_run"_s);
        QTRY_VERIFY2(start->isEnabled(), qPrintable(reason()));
        QCOMPARE(holding->load(), 1);
        openOther(u"starter.db"_s);
        QTRY_VERIFY2(reason().contains(u"being looked at"_s), qPrintable(reason()));
        QCOMPARE(looks->load(), 1);
        *isHeld = false;
        m_desk->state.requestPage(u"new_run"_s);
        QTRY_VERIFY2(reason().contains(u"the disk is gone"_s), qPrintable(reason()));
        QVERIFY(!*inGui);
        // Nor does closing the window wait for it.
        *isHeld = true;
        m_desk->state.requestPage(u"runs"_s);
        m_desk->state.requestPage(u"new_run"_s);
        QTRY_COMPARE(holding->load(), 1);
        QElapsedTimer closing;
        closing.start();
        m_desk.reset();
        QVERIFY2(closing.elapsed() < 5000, qPrintable(QString::number(closing.elapsed())));
        QCOMPARE(holding->load(), 1);
        *isHeld = false;
        QTRY_COMPARE(holding->load(), 0);
    }

    void settingsThatAreNotUsedAreTold_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("why");
        QTest::newRow("newer") << QByteArray("[General]\nversion=99\n") << u"newer version"_s;
        QTest::newRow("broken") << QByteArray("\x7f garbage [[[\nno value\n\x01") << u"damaged"_s;
    }
    void settingsThatAreNotUsedAreTold()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, why);
        QTemporaryDir folder;
        const QString file = folder.filePath(u"window.ini"_s);
        writeFile(file, content);
        ui::Settings settings(file);
        ui::AppState state({{}, {}, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        window.show();
        const auto* told = window.findChild<ui::Banner*>(u"window.problem"_s);
        QVERIFY(told->isVisible());
        QCOMPARE(told->message(), u"The settings are not used"_s);
        QVERIFY(settings.whyIgnored().contains(why) && settings.whyIgnored().contains(file));
        settings.setValue(u"window/zoom"_s, 3);
        settings.sync();
        QFile in(file);
        QVERIFY(in.open(QIODevice::ReadOnly));
        QCOMPARE(in.readAll(), content);
        // Whole settings need no word.
        ui::Settings whole;
        ui::AppState quiet({{}, {}, folder.path(), &whole});
        ui::MainWindow other(quiet, QApplication::palette(), ui::ThemeChoice::Light);
        other.show();
        QVERIFY(!other.findChild<ui::Banner*>(u"window.problem"_s)->isVisible());
    }
};

QTEST_MAIN(TestPlaceFaults)
#include "tst_place_faults.moc"
