// SPDX-License-Identifier: GPL-3.0-or-later
// The load of an ended run in words; the numbers are those given, in the units of the window.
#include "ui/models/load_text.h"

#include <QTest>

using namespace clwb;

class TestLoadText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesOutAMissingCard()
    {
        const store::LoadSummary load{{92.6, 99.4}, {1.24e9, 1.36e9}, {}, {}, 0};
        QCOMPARE(ui::loadText(load),
                 QStringLiteral("CPU 93 %, peak 99 % · memory 1.2 GB, peak 1.4 GB"));
        QVERIFY(!ui::loadTip(load).contains(QStringLiteral("card")));
        QCOMPARE(ui::loadTip(load).count(u'\n'), qsizetype{2});
    }

    void tellsOfTheCard()
    {
        const store::LoadSummary load{{5, 6},
                                      {2e9, 2e9},
                                      store::LoadFigure{97.2, 100},
                                      store::LoadFigure{30.1e9, 31.2e9},
                                      85520809984};
        QVERIFY(ui::loadText(load).endsWith(
            QStringLiteral("GPU 97 %, peak 100 % · its memory 30.1 GB, peak 31.2 GB")));
        QVERIFY(
            ui::loadTip(load).contains(QStringLiteral("median 30.1 GB, peak 31.2 GB of 85.5 GB")));
    }
};

QTEST_APPLESS_MAIN(TestLoadText)
#include "tst_load_text.moc"
