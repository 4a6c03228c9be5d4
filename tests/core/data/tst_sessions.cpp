// SPDX-License-Identifier: GPL-3.0-or-later
// Class order and sessions; Table I's own sums.
#include "core/data/sessions.h"
#include "core/data/table_one.h"

#include <QtTest>

#include <set>

using namespace clwb;
using namespace clwb::data;

class TestSessions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalParts()
    {
        spec::SessionPlan plan;
        plan.count = 2;
        auto split = splitIntoSessions({"d", "b", "c", "a"}, {}, plan);
        QVERIFY(split);
        QVERIFY((split->order == std::vector<size_t>{0, 1, 2, 3}));
        QVERIFY((split->sessionOfClass == std::vector<int>{1, 1, 2, 2}));
        plan.order = "name";
        split = splitIntoSessions({"d", "b", "c", "a"}, {}, plan);
        QVERIFY((split->order == std::vector<size_t>{3, 1, 2, 0}));
        plan.count = 3;
        split = splitIntoSessions({"d", "b", "c", "a"}, {}, plan);
        QVERIFY(!split && split.error().code == ErrorCode::Usage);
    }

    void explicitClasses()
    {
        spec::SessionPlan plan;
        plan.classes = {{"c"}, {"a", "Bee"}};
        auto split = splitIntoSessions({"a", "b", "c", "d"}, {"Ay", "Bee", "Cee", "Dee"}, plan);
        QVERIFY(split);
        QVERIFY((split->order == std::vector<size_t>{2, 0, 1}));
        QVERIFY((split->sessionOfClass == std::vector<int>{1, 2, 2}));
        QVERIFY((split->unused == std::vector<size_t>{3}));
        QCOMPARE(split->sessions, 2);
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("sessions"); // words between spaces
        QTest::addColumn<QString>("reason");
        QTest::newRow("twice") << QStringList{"a b", "b"} << "second time";
        QTest::newRow("unknown") << QStringList{"a", "zebra"} << "'zebra'";
        QTest::newRow("empty") << QStringList{"a", ""} << "without classes";
    }
    void refusals()
    {
        QFETCH(QStringList, sessions);
        QFETCH(QString, reason);
        spec::SessionPlan plan;
        for (const QString& session : sessions) {
            plan.classes.emplace_back();
            for (const QString& name : session.split(' ', Qt::SkipEmptyParts))
                plan.classes.back().push_back(name.toStdString());
        }
        const auto split = splitIntoSessions({"a", "b", "c"}, {}, plan);
        QVERIFY(!split && split.error().code == ErrorCode::Data);
        QVERIFY2(split.error().message.find(reason.toStdString()) != std::string::npos,
                 split.error().message.c_str());
    }

    void oneNameTwiceInTheData() { QVERIFY(!splitIntoSessions({"mouse", "mouse"}, {}, {})); }

    void tableOneAddsUp()
    {
        // The paper's totals: 596 974 training and 35 360 test crops of 80 classes.
        int64_t train = 0, test = 0;
        std::set<std::string_view> names;
        for (const PaperSession& session : paperSessions()) {
            train += session.trainCrops;
            test += session.testCrops;
            names.insert(session.classes.begin(), session.classes.end());
        }
        QCOMPARE(train, int64_t(596'974));
        QCOMPARE(test, int64_t(35'360));
        QCOMPARE(names.size(), size_t(80));
    }
};

QTEST_APPLESS_MAIN(TestSessions)
#include "tst_sessions.moc"
