// SPDX-License-Identifier: GPL-3.0-or-later
// A disk is silent once nothing has come from it for a while, and only then.
#include "ui/bridge/disk_silence.h"

#include <QTest>

using namespace clwb;

class TestDiskSilence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isSilentAfterAWhile()
    {
        ui::DiskSilence silence;
        QVERIFY(!silence.isSilent(0)); // asked before anything was begun
        silence.setPatience(std::chrono::milliseconds(50));
        silence.begin();
        QTRY_VERIFY(silence.isSilent(0));
        QVERIFY(silence.isSilent(0));  // and stays so
        QVERIFY(!silence.isSilent(1)); // something came
        QTRY_VERIFY(silence.isSilent(1));
        silence.begin(); // another look
        QVERIFY(!silence.isSilent(1));
        QTRY_VERIFY(silence.isSilent(1));
    }
};

QTEST_GUILESS_MAIN(TestDiskSilence)
#include "tst_disk_silence.moc"
