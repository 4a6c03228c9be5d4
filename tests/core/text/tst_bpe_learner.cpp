// SPDX-License-Identifier: GPL-3.0-or-later
// The learner against a naive one that counts everything anew for each merge.
#include "core/text/bpe_learner.h"
#include "core/text/clean_text.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace clwb;
using namespace clwb::text;

namespace
{

const std::vector<std::string> kTexts{"this is a photo of a cat.",  "this is a photo of a rabbit.",
                                      "a cat and a hat on the mat", "abababab banana bananas",
                                      "the theatre then there",     "caf\xC3\xA9 caf\xC3\xA9s"};

using Merges = std::vector<std::pair<std::string, std::string>>;

/// Counts all pairs of all words for each merge; words are ASCII here.
Merges naiveMerges(const std::vector<std::string>& texts, size_t count)
{
    std::vector<std::vector<std::string>> words;
    for (const std::string& text : texts) {
        for (const std::string& piece : splitPieces(cleanText(text))) {
            std::vector<std::string> word;
            for (const char c : piece)
                word.emplace_back(1, c);
            word.back() += "</w>";
            words.push_back(std::move(word));
        }
    }
    Merges merges;
    while (merges.size() < count) {
        std::map<std::pair<std::string, std::string>, int> counts; // bytewise order
        for (const auto& word : words) {
            for (size_t i = 0; i + 1 < word.size(); ++i)
                ++counts[{word[i], word[i + 1]}];
        }
        if (counts.empty())
            break;
        const auto best = std::max_element(counts.begin(), counts.end(), [](auto& a, auto& b) {
            return a.second < b.second; // the first of equal ones
        });
        const auto pair = best->first;
        for (auto& word : words) {
            for (size_t i = 0; i + 1 < word.size(); ++i) {
                if (word[i] == pair.first && word[i + 1] == pair.second) {
                    word[i] += word[i + 1];
                    word.erase(word.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                }
            }
        }
        merges.push_back(pair);
    }
    return merges;
}

} // namespace

class TestBpeLearner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void learnsTheMostFrequentPairs()
    {
        const std::vector<std::string> ascii(kTexts.begin(), kTexts.end() - 1);
        const auto tokenizer = learnVocabulary(ascii, 514 + 30);
        QVERIFY(tokenizer);
        QCOMPARE(tokenizer->vocabularySize(), 544);
        QVERIFY(tokenizer->vocabulary().merges == naiveMerges(ascii, 30));
        QCOMPARE(tokenizer->eot(), 543);
        QCOMPARE(tokenizer->sot(), 542);
    }

    void doesNotDependOnTheOrderOfTexts()
    {
        std::vector<std::string> reversed(kTexts.rbegin(), kTexts.rend());
        const auto one = learnVocabulary(kTexts, 600);
        const auto two = learnVocabulary(reversed, 600);
        QVERIFY(one && two);
        QVERIFY(one->vocabulary().merges == two->vocabulary().merges);
    }

    void endsWhenNoPairIsLeft()
    {
        const auto tokenizer = learnVocabulary({"ab ab", "b"}, 2048);
        QVERIFY(tokenizer);
        QCOMPARE(tokenizer->vocabularySize(), 515);
        QCOMPARE(tokenizer->encode("ab"), std::vector<int32_t>{512});
    }

    void everyLearntTextReadsBack()
    {
        const auto tokenizer = learnVocabulary(kTexts, 700);
        QVERIFY(tokenizer);
        QCOMPARE(tokenizer->decode(tokenizer->encode("caf\xC3\xA9 banana")),
                 std::string("caf\xC3\xA9 banana"));
    }

    void refusesImpossibleSizes()
    {
        QVERIFY(learnVocabulary(kTexts, 514));
        QCOMPARE(learnVocabulary(kTexts, 513).error().code, ErrorCode::Data);
        QCOMPARE(learnVocabulary({" "}, 600).error().code, ErrorCode::Data);
    }
};

QTEST_APPLESS_MAIN(TestBpeLearner)
#include "tst_bpe_learner.moc"
