// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that wait for a disk that does not answer: what asked them ends all the same, and what
// they say later reaches nobody.
#include "ui/bridge/background.h"
#include "ui/bridge/store_reader.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QSemaphore>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

using namespace clwb;
using namespace std::chrono_literals;

namespace
{

/// What a stuck question holds: nothing of those who asked.
struct Stuck
{
    QSemaphore begun;
    QSemaphore gate; ///< the disk answers
    std::atomic<bool> isDone{false};
    std::atomic<bool> isAnswered{false};

    std::atomic<QThread*> thread{nullptr}; ///< in which the question is asked

    bool wait()
    {
        thread = QThread::currentThread();
        begun.release();
        gate.acquire();
        isDone = true;
        return true;
    }
};

} // namespace

class TestBackground : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersComeInTheirOrder()
    {
        ui::Background background;
        QList<int> answers;
        for (int number = 0; number < 3; ++number)
            background.ask(
                this, [number] { return number; }, [&](int answer) { answers << answer; });
        QTRY_COMPARE(answers, (QList<int>{0, 1, 2}));
    }

    void changesAreMadeBeforeTheEnd()
    {
        const auto isMade = std::make_shared<std::atomic<bool>>(false);
        {
            ui::Background background;
            background.change(
                this,
                [isMade] {
                    *isMade = true;
                    return true;
                },
                [](bool) {});
        }
        QVERIFY(*isMade);
    }

    void aQuestionThatHangsIsLeftAlone()
    {
        const auto stuck = std::make_shared<Stuck>();
        auto background = std::make_unique<ui::Background>();
        background->setPatience(20ms);
        background->ask(
            this, [stuck] { return stuck->wait(); }, [stuck](bool) { stuck->isAnswered = true; });
        stuck->begun.acquire();
        const QPointer<QThread> thread = stuck->thread.load();
        background.reset(); // comes back while the question is still at work
        QVERIFY(!stuck->isDone);
        stuck->gate.release();
        QTRY_VERIFY(stuck->isDone);
        QTRY_VERIFY(thread.isNull()); // nothing of it stays
        QVERIFY(!stuck->isAnswered);
    }

    void aQueryThatHangsIsLeftAlone_data()
    {
        QTest::addColumn<bool>("writes");
        QTest::newRow("reader") << false;
        QTest::newRow("editor") << true;
    }

    void aQueryThatHangsIsLeftAlone()
    {
        QFETCH(bool, writes);
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("p.db")).toStdString();
        QVERIFY(store::Project::open(file, store::OpenMode::CreateIfMissing).has_value());
        const auto stuck = std::make_shared<Stuck>();
        auto reader = std::make_unique<ui::StoreReader>(file, writes ? store::OpenMode::ReadWrite
                                                                     : store::OpenMode::ReadOnly);
        reader->setPatience(20ms);
        reader->ask(
            this, [stuck](store::Project&) -> Result<bool> { return stuck->wait(); },
            [stuck](const Result<bool>&) { stuck->isAnswered = true; });
        stuck->begun.acquire();
        const QPointer<QThread> thread = stuck->thread.load();
        reader.reset();
        QVERIFY(!stuck->isDone);
        stuck->gate.release();
        QTRY_VERIFY(stuck->isDone);
        QTRY_VERIFY(thread.isNull()); // nothing of it stays
        QVERIFY(!stuck->isAnswered);
    }

    void severalThatHangAreWaitedForTogether()
    {
        constexpr auto kPatience = 600ms;
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("p.db")).toStdString();
        QVERIFY(store::Project::open(file, store::OpenMode::CreateIfMissing).has_value());
        std::vector<std::shared_ptr<Stuck>> all;
        std::vector<std::unique_ptr<QObject>> owners;
        const auto makeStuck = [&] {
            const auto stuck = std::make_shared<Stuck>();
            all.push_back(stuck);
            return stuck;
        };
        for (int number = 0; number < 2; ++number) {
            auto reader = std::make_unique<ui::StoreReader>(file, store::OpenMode::ReadOnly);
            reader->setPatience(kPatience);
            reader->ask(
                this,
                [stuck = makeStuck()](store::Project&) -> Result<bool> { return stuck->wait(); },
                [](const Result<bool>&) {});
            owners.push_back(std::move(reader));
            auto background = std::make_unique<ui::Background>();
            background->setPatience(kPatience);
            background->ask(
                this, [stuck = makeStuck()] { return stuck->wait(); }, [](bool) {});
            owners.push_back(std::move(background));
        }
        std::vector<QPointer<QThread>> threads;
        for (const auto& stuck : all) {
            stuck->begun.acquire();
            threads.emplace_back(stuck->thread.load());
        }
        QElapsedTimer clock;
        clock.start();
        ui::ThreadOwner::askAllToEnd();
        owners.clear();
        const auto waited = std::chrono::milliseconds(clock.elapsed());
        QVERIFY2(waited >= kPatience - 50ms && waited < 2 * kPatience,
                 qPrintable(QString::number(waited.count())));
        for (const auto& stuck : all) {
            QVERIFY(!stuck->isDone);
            stuck->gate.release();
        }
        for (const QPointer<QThread>& thread : threads)
            QTRY_VERIFY(thread.isNull()); // nothing of them stays
    }

    void whatIsToBeChangedIsChangedBeforeTheCommonEnd()
    {
        const auto isMade = std::make_shared<std::atomic<bool>>(false);
        ui::Background background;
        background.change(
            this,
            [isMade] {
                *isMade = true;
                return true;
            },
            [](bool) {});
        ui::ThreadOwner::askAllToEnd();
        QTRY_VERIFY(*isMade);
    }
};

QTEST_GUILESS_MAIN(TestBackground)
#include "tst_background.moc"
