// SPDX-License-Identifier: GPL-3.0-or-later
// Which program has a run in hand, as people read it.
#include "ui/models/run_owner.h"

#include <QDateTime>
#include <QTest>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestRunOwner : public QObject
{
    Q_OBJECT

    const QDateTime m_now{QDate(2026, 3, 4), QTime(15, 30)};

    store::RunRow running(int64_t id, store::OwnerPlace place, const QDateTime& since) const
    {
        store::RunRow run;
        run.runId = id;
        run.name = "ft-wm-" + std::to_string(id);
        run.status = "running";
        run.ownerPlace = place;
        run.ownerHost = "node17";
        run.ownerSinceUtc = since.toUTC().toString(Qt::ISODateWithMs).toStdString();
        return run;
    }

private Q_SLOTS:
    void saysWhoAndSinceWhen()
    {
        const QDateTime today(QDate(2026, 3, 4), QTime(14, 5));
        const QDateTime earlier(QDate(2026, 3, 2), QTime(9, 0));
        QCOMPARE(ui::ownerText(running(1, store::OwnerPlace::ThisHost, today), m_now),
                 u"another program on this computer since 14:05"_s);
        QCOMPARE(ui::ownerText(running(1, store::OwnerPlace::OtherHost, earlier), m_now),
                 u"a program on node17 since 2026-03-02 09:00"_s);
        QCOMPARE(ui::ownerText(running(1, store::OwnerPlace::ThisProcess, today), m_now),
                 u"this window"_s);
        QCOMPARE(ui::ownerText(store::RunRow(), m_now), QString());
        store::RunRow undated = running(1, store::OwnerPlace::ThisHost, today);
        undated.ownerSinceUtc = "nonsense";
        QCOMPARE(ui::ownerText(undated, m_now), u"another program on this computer"_s);
    }

    void saysWhatOthersTrain()
    {
        QCOMPARE(ui::elsewhereText({}), QString());
        std::vector<store::RunRow> runs{running(1, store::OwnerPlace::ThisProcess, m_now)};
        QCOMPARE(ui::elsewhereText(runs), QString());
        QVERIFY(!ui::newestElsewhere(runs));
        runs.push_back(running(2, store::OwnerPlace::ThisHost, m_now));
        QCOMPARE(ui::elsewhereText(runs), u"another program trains #2 ft-wm-2"_s);
        runs.back().sessions = 8;
        runs.back().sessionNow = 3;
        QCOMPARE(ui::elsewhereText(runs), u"another program trains #2 ft-wm-2 (session 3 of 8)"_s);
        runs.push_back(running(3, store::OwnerPlace::OtherHost, m_now));
        runs.back().status = "queued"; // waits
        QVERIFY(ui::newestElsewhere(runs) == &runs[1]);
        runs.back().status = "running";
        QCOMPARE(ui::elsewhereText(runs), u"other programs train 2 runs"_s);
        QVERIFY(ui::newestElsewhere(runs) == &runs[2]);
    }
};

QTEST_MAIN(TestRunOwner)
#include "tst_run_owner.moc"
