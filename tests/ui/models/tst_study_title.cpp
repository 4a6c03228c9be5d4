// SPDX-License-Identifier: GPL-3.0-or-later
// One name for a study wherever it is chosen.
#include "ui/models/study_title.h"

#include <QtTest>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

class TestStudyTitle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheDemoTheSameWay_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("own");
        QTest::addColumn<QString>("title");
        QTest::newRow("read") << u"/data/ada/demo/world/study.json"_s << u"demo world"_s
                              << u"Demo world"_s;
        QTest::newRow("moved") << u"/data/copy/study.json"_s << u"demo world"_s << u"Demo world"_s;
        QTest::newRow("of the starter") << u"world/study.json"_s << QString() << u"Demo world"_s;
        QTest::newRow("of the starter as it is")
            << u"build/experiments/world/study.json"_s << QString() << u"Demo world"_s;
        QTest::newRow("another world") << u"/data/world/study.json"_s << u"Worlds"_s << u"Worlds"_s;
        QTest::newRow("of another computer")
            << u"/data/ada/demo/world/study.json"_s << QString() << u"Demo world"_s;
        QTest::newRow("another world unread")
            << u"/data/ada/world/study.json"_s << QString() << u"world"_s;
        QTest::newRow("by folder") << u"/data/birds/study.json"_s << QString() << u"birds"_s;
        QTest::newRow("by file") << u"/data/birds.json"_s << QString() << u"birds"_s;
    }
    void namesTheDemoTheSameWay()
    {
        QFETCH(QString, path);
        QFETCH(QString, own);
        QFETCH(QString, title);
        QCOMPARE(studyTitle(path.toStdString(), own.toStdString()), title);
    }
};

QTEST_APPLESS_MAIN(TestStudyTitle)
#include "tst_study_title.moc"
