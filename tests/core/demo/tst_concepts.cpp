// SPDX-License-Identifier: GPL-3.0-or-later
// Tests the built-in table of concepts and the sentences about them.
#include "core/demo/captions.h"
#include "core/demo/concepts.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace clwb::demo;

class TestConcepts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tableHoldsUniqueAsciiNames();
    void knownThingsHaveTheirCodePoints_data();
    void knownThingsHaveTheirCodePoints();
    void unknownNamesHaveNoId();
    void splitTextKeepsEmptyParts();
    void articlesFitTheName_data();
    void articlesFitTheName();
    void sceneCaptionsNameEverythingInOrder();
    void singleCaptionsHoldTheName();
};

void TestConcepts::tableHoldsUniqueAsciiNames()
{
    const auto& all = allConcepts();
    QVERIFY2(all.size() > 780 && all.size() < 900, qPrintable(QString::number(all.size())));
    std::set<std::string> names;
    for (const Concept& item : all) {
        QVERIFY2(names.insert(item.name).second, item.name.c_str());
        QVERIFY(!item.code.empty() && !item.group.empty() && !item.subgroup.empty());
        std::vector<std::string> words = item.keywords;
        words.push_back(item.name);
        for (const std::string& word : words) {
            QVERIFY(!word.empty());
            for (const char letter : word)
                QVERIFY2(letter >= ' ' && letter < 127 && !(letter >= 'A' && letter <= 'Z'),
                         word.c_str());
        }
    }
}

void TestConcepts::knownThingsHaveTheirCodePoints_data()
{
    // From the Unicode charts.
    QTest::addColumn<QString>("name");
    QTest::addColumn<unsigned>("codePoint");
    QTest::newRow("dog") << "dog" << 0x1f415u;
    QTest::newRow("alarm clock") << "alarm clock" << 0x23f0u;
    QTest::newRow("red apple") << "red apple" << 0x1f34eu;
    QTest::newRow("soccer ball") << "soccer ball" << 0x26bdu;
}

void TestConcepts::knownThingsHaveTheirCodePoints()
{
    QFETCH(QString, name);
    QFETCH(unsigned, codePoint);
    const int id = conceptByName(name.toStdString());
    QVERIFY(id >= 0);
    const Concept& item = allConcepts()[static_cast<size_t>(id)];
    QCOMPARE(item.codePoints().front(), codePoint);
    QCOMPARE(conceptByCode(item.code), id);
}

void TestConcepts::unknownNamesHaveNoId()
{
    QCOMPARE(conceptByName("grinning face"), -1); // faces are left out
    QCOMPARE(conceptByName(""), -1);
    QCOMPARE(conceptByCode("1f600"), -1);
}

void TestConcepts::splitTextKeepsEmptyParts()
{
    const std::vector<std::string> expected{"a", "", "b", ""};
    QVERIFY(splitText("a||b|", '|') == expected);
    QCOMPARE(splitText("", '|').size(), size_t{1});
}

void TestConcepts::articlesFitTheName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    for (const auto& [name, expected] : std::initializer_list<std::pair<const char*, const char*>>{
             {"fox", "a fox"},
             {"owl", "an owl"},
             {"unicorn", "a unicorn"},
             {"umbrella", "an umbrella"},
             {"hourglass done", "an hourglass done"},
             {"one-piece swimsuit", "a one-piece swimsuit"},
             {"jeans", "jeans"},
             {"dress", "a dress"},
             {"bus", "a bus"},
             {"rhinoceros", "a rhinoceros"},
             {"nest with eggs", "a nest with eggs"},
             {"grapes", "grapes"}})
        QTest::newRow(name) << name << expected;
}

void TestConcepts::articlesFitTheName()
{
    QFETCH(QString, name);
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(withArticle(name.toStdString())), expected);
}

void TestConcepts::sceneCaptionsNameEverythingInOrder()
{
    std::set<std::string> sentences;
    for (const std::vector<std::string>& names :
         {std::vector<std::string>{"fox", "owl"}, {"fox", "owl", "jeans"}}) {
        for (int form = 0; form < kSceneForms; ++form) {
            const std::string text = sceneCaption(form, names);
            QVERIFY2(sentences.insert(text).second, text.c_str());
            size_t at = 0;
            for (const std::string& name : names) {
                at = text.find(withArticle(name), at);
                QVERIFY2(at != std::string::npos, text.c_str());
            }
            QVERIFY(text.find('{') == std::string::npos);
        }
    }
    QCOMPARE(sceneCaption(0, {"fox", "owl"}), std::string("a fox next to an owl"));
}

void TestConcepts::singleCaptionsHoldTheName()
{
    Dice dice(0, "test", {});
    std::set<std::string> forms;
    for (int i = 0; i < 300; ++i)
        forms.insert(singleCaption("kite", dice));
    QVERIFY(forms.size() >= 6);
    QVERIFY(forms.contains("this is a photo of kite."));
    for (const std::string& text : forms)
        QVERIFY2(text.find("kite") != std::string::npos, text.c_str());
}

QTEST_APPLESS_MAIN(TestConcepts)
#include "tst_concepts.moc"
