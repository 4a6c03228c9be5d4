// SPDX-License-Identifier: GPL-3.0-or-later
// Folders named in a dialog whose disk does not answer: one look at a time, and the newest name.
#include "ui/dialogs/named_source.h"

#include <QTest>

#include <atomic>
#include <future>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestNamedSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsForALookThatHangs()
    {
        std::promise<void> release;
        const std::shared_future<void> gate = release.get_future().share();
        const auto begun = std::make_shared<std::atomic<int>>(0);
        int name = 1;
        int wished = 0; // what was to be read, begun or not
        using Source = ui::NamedSource<int>;
        Source source(
            this,
            [&]() -> std::optional<Source::Read> {
                ++wished;
                return [gate, begun, name](const StopToken&, const run::FolderLook&) {
                    ++*begun;
                    if (name == 1)
                        gate.wait();
                    return Result<int>(name);
                };
            },
            [] {});
        source.forget();
        QTRY_COMPARE(begun->load(), 1);
        for (name = 2; name < 7; ++name) {
            source.forget();
            QVERIFY(source.isReading());
            QVERIFY(!source.found());
            QTRY_COMPARE(wished, name); // not typed over
        }
        QCOMPARE(begun->load(), 1); // none beside it
        name = 7;
        release.set_value();
        QTRY_VERIFY(source.found());
        QCOMPARE(*source.found(), 7); // neither the one that hung nor those in between
        QCOMPARE(begun->load(), 2);
        QVERIFY(!source.isReading());
    }
};

QTEST_GUILESS_MAIN(TestNamedSource)
#include "tst_named_source.moc"
