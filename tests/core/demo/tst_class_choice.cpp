// SPDX-License-Identifier: GPL-3.0-or-later
// Tests the choice of classes: sizes, no overlap, no shared nouns.
#include "core/demo/class_choice.h"
#include "core/demo/concepts.h"

#include <QTest>

#include <set>

using namespace clwb::demo;

namespace
{

const std::string& nameOf(int id)
{
    return allConcepts()[static_cast<size_t>(id)].name;
}

} // namespace

class TestClassChoice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sizesAreThoseOfTheStudy();
    void noConceptStandsTwice();
    void namesThatShareANounAreLeftOut();
    void choiceIsAlwaysTheSame();
    void sessionsAreInTheirOrder();
};

void TestClassChoice::sizesAreThoseOfTheStudy()
{
    const ClassChoice choice = chooseClasses();
    QCOMPARE(choice.sessions.size(), size_t{8});
    for (const auto& session : choice.sessions)
        QCOMPARE(session.size(), size_t{10});
    QCOMPARE(choice.updatedTask().size(), size_t{80});
    QCOMPARE(choice.zeroShot.size(), size_t{351});
    QCOMPARE(choice.zeroShotValidation.size(), size_t{160});
    QVERIFY(choice.fillers.size() > 100);
}

void TestClassChoice::noConceptStandsTwice()
{
    const ClassChoice choice = chooseClasses();
    std::set<int> seen;
    const std::vector<int> updatedTask = choice.updatedTask();
    for (const auto* list :
         {&updatedTask, &choice.zeroShot, &choice.zeroShotValidation, &choice.fillers}) {
        for (const int id : *list)
            QVERIFY2(seen.insert(id).second, nameOf(id).c_str());
    }
}

void TestClassChoice::namesThatShareANounAreLeftOut()
{
    const ClassChoice choice = chooseClasses();
    std::set<std::string> others;
    for (const auto* list : {&choice.zeroShot, &choice.zeroShotValidation, &choice.fillers}) {
        for (const int id : *list)
            others.insert(nameOf(id));
    }
    for (const char* name :
         {"guide dog", "dog face", "oncoming bus", "rabbit face", "minibus", "carousel horse",
          "pancakes", "volleyball", "bear", "old key", "flashlight"}) {
        const bool expected = std::string(name) == "flashlight"; // "light" only describes the bulb
        QVERIFY2(conceptByName(name) >= 0, name);
        QVERIFY2(others.contains(name) == expected, name);
    }
}

void TestClassChoice::choiceIsAlwaysTheSame()
{
    QVERIFY(chooseClasses().zeroShot == chooseClasses().zeroShot);
    QVERIFY(chooseClasses().fillers == chooseClasses().fillers);
}

void TestClassChoice::sessionsAreInTheirOrder()
{
    const ClassChoice choice = chooseClasses();
    QCOMPARE(nameOf(choice.sessions[0][0]), std::string("dog"));
    QCOMPARE(nameOf(choice.sessions[3][2]), std::string("hot dog"));
    QCOMPARE(nameOf(choice.sessions[7][9]), std::string("door"));
}

QTEST_APPLESS_MAIN(TestClassChoice)
#include "tst_class_choice.moc"
