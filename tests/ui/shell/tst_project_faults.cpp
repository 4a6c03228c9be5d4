// SPDX-License-Identifier: GPL-3.0-or-later
// The window when the project's file is damaged, gone, replaced, locked, read-only or too new, and
// when what is dropped or remembered is odd.
#include "core/store/maintenance.h"
#include "tests/ui/shell/desk.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/actions.h"
#include "ui/widgets/banner.h"

#include <sqlite3.h>

#include <QAction>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>

#include <memory>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

constexpr int kNoticedMs = 10000; // product.md, fault case 23

QByteArray contentOf(const QString& file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("unreadable");
}

void overwrite(const QString& file, qint64 at, const QByteArray& bytes)
{
    QFile out(file);
    QVERIFY(out.open(QIODevice::ReadWrite));
    QVERIFY(out.seek(at));
    QCOMPARE(out.write(bytes), bytes.size());
}

} // namespace

class TestProjectFaults : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ui::Settings> m_settings;
    std::unique_ptr<test::Desk> m_desk;
    QStringList m_problems;

    QString path(const QString& name) const { return m_desk->folder.filePath(name); }

    QString copyOfStarter(const QString& name) const
    {
        QFile::copy(QStringLiteral(CLWB_SOURCE_DIR "/experiments.db"), path(name));
        QFile::setPermissions(path(name), QFile::ReadOwner | QFile::WriteOwner);
        return path(name);
    }

    ui::Banner* banner() const
    {
        return m_desk->window.findChild<ui::Banner*>(u"window.project"_s);
    }

    void press(const QString& name)
    {
        auto* button = m_desk->find<QPushButton>(name);
        QVERIFY2(button && button->isVisible() && button->isEnabled(), qPrintable(name));
        QTest::mouseClick(button, Qt::LeftButton);
    }

    void answerFile(const QString& dialogName, const QString& file)
    {
        QTRY_VERIFY(m_desk->find<QFileDialog>(dialogName));
        auto* dialog = m_desk->find<QFileDialog>(dialogName);
        dialog->findChild<QLineEdit*>()->setText(file);
        static_cast<QDialog*>(dialog)->accept();
        QTRY_VERIFY(!m_desk->find<QFileDialog>(dialogName));
    }

    QAction* action(const QString& id) const { return m_desk->window.actions().action(id); }

private Q_SLOTS:
    void init()
    {
        m_problems.clear();
        m_settings = std::make_unique<ui::Settings>();
        m_desk = std::make_unique<test::Desk>(*m_settings);
        m_desk->settle();
        QObject::connect(&m_desk->state, &ui::AppState::problem, &m_desk->state,
                         [this](const QString& text, const QString& details) {
                             m_problems << text + u": "_s + details;
                         });
    }
    void cleanup() { m_desk.reset(); }

    void aDamagedProjectIsRepairedIntoANewFile()
    {
        const QString file = copyOfStarter(u"torn.db"_s);
        QVERIFY(QFile::resize(file, QFileInfo(file).size() / 2));
        const QByteArray before = contentOf(file);
        m_desk->state.openProject(file);
        QTRY_VERIFY(banner()->isVisible());
        QCOMPARE(banner()->message(), u"torn.db is damaged"_s);
        QVERIFY(m_desk->state.projectFile().endsWith(u"starter.db"_s)); // the other stays open
        press(u"project.repair"_s);
        answerFile(u"project.repairDialog"_s, path(u"saved.db"_s));
        QTRY_VERIFY2_WITH_TIMEOUT(m_desk->state.projectFile() == path(u"saved.db"_s),
                                  qPrintable(m_problems.join(u'\n')), 60000);
        QTRY_VERIFY(!banner()->isVisible());
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
        QVERIFY(m_desk->state.runs().size() > 5);
        QVERIFY(store::dbCheck(ui::toPath(path(u"saved.db"_s)))->ok);
        QCOMPARE(contentOf(file), before);
    }

    void aTornPageIsNotWrittenAround()
    {
        const QString file = copyOfStarter(u"page.db"_s);
        overwrite(file, QFileInfo(file).size() / 2 / 4096 * 4096, QByteArray(4096, '\0'));
        const QByteArray before = contentOf(file);
        m_desk->state.openProject(file);
        QTRY_VERIFY(banner()->isVisible());
        QCOMPARE(banner()->message(), u"page.db is damaged"_s);
        QVERIFY(m_desk->find<QPushButton>(u"project.repair"_s)->isVisible());
        QCOMPARE(contentOf(file), before);
    }

    void aDamagedStartIsRepairedToo()
    {
        const QString file = copyOfStarter(u"magic.db"_s);
        overwrite(file, 0, QByteArray(16, 'x'));
        const QByteArray before = contentOf(file);
        m_desk->state.openProject(file);
        QTRY_VERIFY(banner()->isVisible());
        QCOMPARE(banner()->message(), u"magic.db is damaged"_s);
        press(u"project.repair"_s);
        answerFile(u"project.repairDialog"_s, path(u"saved.db"_s));
        QTRY_VERIFY2_WITH_TIMEOUT(m_desk->state.projectFile() == path(u"saved.db"_s),
                                  qPrintable(m_problems.join(u'\n')), 60000);
        QCOMPARE(contentOf(file), before);
    }

    void whatIsNoProjectIsLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello\n").repeated(1000);
        QTest::newRow("picture") << QByteArray("\x89PNG\r\n\x1a\n").repeated(100);
    }
    void whatIsNoProjectIsLeftAlone()
    {
        QFETCH(QByteArray, content);
        QFile out(path(u"other.db"_s));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(content);
        out.close();
        m_desk->state.openProject(out.fileName());
        QTRY_VERIFY(banner()->isVisible());
        QCOMPARE(banner()->message(), u"other.db is no project"_s);
        QVERIFY(!m_desk->find<QPushButton>(u"project.repair"_s)->isVisible());
        QVERIFY(m_desk->find<QPushButton>(u"project.open"_s)->isVisible());
        QCOMPARE(contentOf(out.fileName()), content);
    }

    void aProjectThatIsGoneIsSavedElsewhere()
    {
        const size_t runs = m_desk->state.runs().size();
        const QString file = m_desk->state.projectFile();
        QVERIFY(action(u"file.import"_s)->isEnabled());
        QVERIFY(QFile::remove(file));
        QTRY_VERIFY_WITH_TIMEOUT(banner()->isVisible(), kNoticedMs);
        QCOMPARE(banner()->message(), u"The project's file is gone"_s);
        QVERIFY(!action(u"file.import"_s)->isEnabled());
        QVERIFY(action(u"file.import"_s)->toolTip().contains(u"deleted or moved"_s));
        QVERIFY(m_desk->state.whyNoRuns().contains(u"deleted or moved"_s));
        press(u"project.saveAs"_s);
        answerFile(u"project.saveAsDialog"_s, path(u"rescued.db"_s));
        QTRY_COMPARE(m_desk->state.projectFile(), path(u"rescued.db"_s));
        QTRY_VERIFY(!banner()->isVisible());
        QCOMPARE(m_desk->state.runs().size(), runs);
        QVERIFY(action(u"file.import"_s)->isEnabled());
        QVERIFY(store::dbCheck(ui::toPath(path(u"rescued.db"_s)))->ok);
        // Its runs find their files where they were.
        for (const store::RunRow& run : m_desk->state.runs()) {
            if (!run.folder.empty())
                QVERIFY2(ui::toQt(run.folder)
                             .startsWith(m_desk->folder.path() + u"/starter.files/run-"_s),
                         run.folder.c_str());
        }
    }

    void aProjectThatComesBackGoesOn()
    {
        const QString file = m_desk->state.projectFile();
        QVERIFY(QFile::rename(file, path(u"away.db"_s)));
        QTRY_VERIFY_WITH_TIMEOUT(banner()->isVisible(), kNoticedMs);
        QVERIFY(QFile::rename(path(u"away.db"_s), file));
        QTRY_VERIFY_WITH_TIMEOUT(!banner()->isVisible(), kNoticedMs);
        QVERIFY(m_desk->state.readOnlyReason().isEmpty());
    }

    void aReplacedProjectIsOpenedOnRequest()
    {
        const QString file = m_desk->state.projectFile();
        copyOfStarter(u"new.db"_s);
        QVERIFY(QFile::remove(file));
        QVERIFY(QFile::rename(path(u"new.db"_s), file));
        QTRY_VERIFY_WITH_TIMEOUT(banner()->isVisible(), kNoticedMs);
        QVERIFY(banner()->message().startsWith(u"Another file"_s));
        press(u"project.openAgain"_s);
        QTRY_VERIFY(m_desk->state.fileState() == ui::AppState::FileState::InPlace);
        QTRY_VERIFY(!banner()->isVisible());
    }

    void saveAsNeverReplacesAFile()
    {
        const QByteArray content("somebody's thesis");
        QFile out(path(u"thesis.db"_s));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(content);
        out.close();
        action(u"file.saveAs"_s)->trigger();
        answerFile(u"project.saveAsDialog"_s, out.fileName());
        QTRY_COMPARE(m_problems.size(), 1);
        QVERIFY2(m_problems.front().contains(u"exists already"_s), qPrintable(m_problems.front()));
        QCOMPARE(contentOf(out.fileName()), content);
    }

    void aNewerProjectIsOnlyRead()
    {
        const QString file = copyOfStarter(u"newer.db"_s);
        overwrite(file, 60, QByteArray("\x00\x00\x00\x63", 4)); // user_version 99
        const QByteArray before = contentOf(file);
        m_desk->state.openProject(file);
        QTRY_COMPARE(m_desk->state.projectFile(), file);
        QVERIFY2(m_desk->state.readOnlyReason().contains(u"99"_s) ||
                     m_desk->state.readOnlyReason().contains(u"newer"_s),
                 qPrintable(m_desk->state.readOnlyReason()));
        for (const char* id : {"file.import", "new_run.start", "sweeps.open", "runs.trash"}) {
            const QAction* edits = action(QLatin1StringView(id));
            QVERIFY2(edits && !edits->isEnabled(), id);
            QVERIFY2(!edits->toolTip().isEmpty(), id);
        }
        QVERIFY(action(u"file.export"_s)->isEnabled());
        QCOMPARE(contentOf(file), before);
        // It is told on opening and in the title, and no more once another one is open.
        auto* told = m_desk->find<ui::Banner>(u"window.problem"_s);
        QTRY_VERIFY(told->isVisible());
        QCOMPARE(told->message(), u"newer.db can only be read"_s);
        QVERIFY(m_desk->window.windowTitle().startsWith(u"newer (read-only)"_s));
        m_desk->state.openProject(path(u"starter.db"_s));
        QTRY_COMPARE(m_desk->state.projectFile(), path(u"starter.db"_s));
        QVERIFY(!told->isVisible());
        QVERIFY(!m_desk->window.windowTitle().contains(u"read-only"_s));
    }

    void aLockedProjectIsWaitedFor()
    {
        const QString file = copyOfStarter(u"locked.db"_s);
        sqlite3* other = nullptr;
        QCOMPARE(sqlite3_open(file.toUtf8().constData(), &other), SQLITE_OK);
        QCOMPARE(sqlite3_exec(other, "PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE", nullptr,
                              nullptr, nullptr),
                 SQLITE_OK);
        m_desk->state.openProject(file);
        // The window is not held up meanwhile.
        QElapsedTimer watch;
        qint64 longest = 0;
        for (int i = 0; i < 40; ++i) {
            watch.start();
            QTest::qWait(20);
            longest = std::max(longest, watch.elapsed());
        }
        QVERIFY2(longest < 500, qPrintable(QString::number(longest)));
        // However long: nothing fails, and the status bar tells.
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->state.isWaitingForLock(), 8000);
        QTest::qWait(1500);
        QVERIFY(m_desk->state.isOpening());
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
        QVERIFY(m_desk->find<QWidget>(u"status"_s)->accessibleDescription().contains(u"locked"_s));
        QCOMPARE(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(other);
        QTRY_COMPARE_WITH_TIMEOUT(m_desk->state.projectFile(), file, 30000);
        QTRY_VERIFY(!m_desk->state.isWaitingForLock());
    }

    void aWindowIsNeverOffTheScreen()
    {
        const ui::Settings& settings = *m_settings;
        for (const QByteArray& geometry :
             {QByteArray("garbage"), QByteArray(), QByteArray(4000, '\xff')}) {
            m_settings->setValue(u"window/geometry"_s, geometry);
            const ui::MainWindow again(m_desk->state, QApplication::palette(),
                                       ui::ThemeChoice::Light);
            QVERIFY(again.width() > 300 && again.height() > 300);
        }
        // Stored on a screen that is gone.
        ui::MainWindow away(m_desk->state, QApplication::palette(), ui::ThemeChoice::Light);
        away.move(90000, 90000);
        m_settings->setValue(u"window/geometry"_s, away.saveGeometry());
        const ui::MainWindow back(m_desk->state, QApplication::palette(), ui::ThemeChoice::Light);
        QVERIFY(QApplication::primaryScreen()->geometry().intersects(back.geometry()));
        QVERIFY(!settings.value(u"window/geometry"_s).isNull());
        // Its title bar above the screen.
        away.resize(700, 500);
        away.move(40, -200);
        m_settings->setValue(u"window/geometry"_s, away.saveGeometry());
        const ui::MainWindow lower(m_desk->state, QApplication::palette(), ui::ThemeChoice::Light);
        QVERIFY2(lower.frameGeometry().top() >= 0,
                 qPrintable(QString::number(lower.frameGeometry().top())));
    }

    void oddDropsAreNotTaken()
    {
        const auto isTaken = [this](const QList<QUrl>& urls) {
            QMimeData data;
            data.setUrls(urls);
            QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton,
                                  Qt::NoModifier);
            enter.ignore();
            QApplication::sendEvent(&m_desk->window, &enter);
            QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            if (!enter.isAccepted())
                QApplication::sendEvent(&m_desk->window, &drop); // nothing happens either
            return enter.isAccepted();
        };
        const auto local = [this](const QString& name) { return QUrl::fromLocalFile(path(name)); };
        const auto said = [this] {
            return m_desk->find<QWidget>(u"status"_s)->accessibleDescription();
        };
        QVERIFY(!isTaken({}));
        QVERIFY(!isTaken({QUrl(u"https://example.org/a.db"_s)}));
        QVERIFY(said().contains(u"this computer"_s));
        QVERIFY(!isTaken({local(u"a.txt"_s)}));
        QVERIFY(said().contains(u"“a.txt” is no project"_s));
        QVERIFY(!isTaken({QUrl::fromLocalFile(m_desk->folder.path())}));
        QVERIFY(said().contains(u"is a folder"_s));
        QVERIFY(!isTaken({local(u"a.db"_s), local(u"b.zip"_s)}));
        QVERIFY(said().contains(u"together"_s));
        QVERIFY(!isTaken(QList<QUrl>(10000, local(u"a.zip"_s))));
        QVERIFY(said().contains(u"At most 1000 files"_s));
        QVERIFY(isTaken({local(u"a.db"_s)}));
        QVERIFY(isTaken({local(u"a.zip"_s), local(u"b.csv"_s)}));
        QVERIFY(!said().contains(u"At most"_s));
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
    }
};

QTEST_MAIN(TestProjectFaults)
#include "tst_project_faults.moc"
