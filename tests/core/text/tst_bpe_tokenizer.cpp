// SPDX-License-Identifier: GPL-3.0-or-later
// The tokenizer against CLIP's published vectors, a naive encoder, and damaged vocabularies.
#include "core/base/file.h"
#include "core/text/bpe_tokenizer.h"
#include "core/text/byte_symbols.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>

using namespace clwb;
using namespace clwb::text;

namespace
{

const char* const kClipVocabulary =
    CLWB_SHARED_DATA_DIR "/clip-vocabulary/bpe_simple_vocab_16e6.txt.gz";

using Ids = std::vector<int32_t>;

/// 512 byte symbols, the given merges, the special tokens.
Vocabulary tinyVocabulary(const std::vector<std::pair<std::string, std::string>>& merges)
{
    Vocabulary vocabulary{baseTokens(), merges};
    for (const auto& [left, right] : merges)
        vocabulary.tokens.push_back(left + right);
    vocabulary.tokens.emplace_back("<|startoftext|>");
    vocabulary.tokens.emplace_back("<|endoftext|>");
    return vocabulary;
}

/// The textbook loop on strings: find the lowest rank, merge all its places, repeat.
std::vector<std::string> naiveMerge(std::vector<std::string> word, const Vocabulary& vocabulary)
{
    for (;;) {
        size_t best = vocabulary.merges.size();
        for (size_t i = 0; i + 1 < word.size(); ++i) {
            for (size_t rank = 0; rank < best; ++rank) {
                if (vocabulary.merges[rank] == std::pair(word[i], word[i + 1]))
                    best = rank;
            }
        }
        if (best == vocabulary.merges.size())
            return word;
        std::vector<std::string> merged;
        for (size_t i = 0; i < word.size(); ++i) {
            const bool here =
                i + 1 < word.size() && vocabulary.merges[best] == std::pair(word[i], word[i + 1]);
            merged.push_back(here ? word[i] + word[i + 1] : word[i]);
            i += here ? 1 : 0;
        }
        word = std::move(merged);
    }
}

QByteArray messageOf(const Result<Tokenizer>& result)
{
    return result ? QByteArray("loaded") : QByteArray::fromStdString(result.error().message);
}

} // namespace

class TestBpeTokenizer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void encodesPublishedVectors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<std::vector<int32_t>>("expected");
        const auto row = [](const char* text, const Ids& ids) {
            QTest::newRow(text) << QByteArray(text) << ids;
        };
        row("a photo of a cat", {320, 1125, 539, 320, 2368});
        row("hello world!", {3306, 1002, 256});
        row("this is a photo of person.", {589, 533, 320, 1125, 539, 2533, 269});
        row("this is a photo of fire hydrant.", {589, 533, 320, 1125, 539, 1769, 8031, 773, 269});
        row("a man's 12 dogs!! don't", {320, 786, 568, 272, 273, 3255, 748, 847, 713});
        row("traffic light", {3399, 1395});
        row("potted plant", {48581, 3912});
        row("surfboard", {10176, 1972});
        row("hair drier", {2225, 39877});
        row("tv", {1583});
        row("teddy bear", {11798, 4298});
        row("toothbrush", {36841});
        row("", {});
    }

    void encodesPublishedVectors()
    {
        QFETCH(QByteArray, text);
        QFETCH(std::vector<int32_t>, expected);
        if (!QFile::exists(kClipVocabulary))
            QSKIP("CLIP's vocabulary is not in the shared data folder");
        static const Result<Tokenizer> tokenizer = Tokenizer::load(kClipVocabulary);
        QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
        QCOMPARE(tokenizer->vocabularySize(), 49408);
        QCOMPARE(tokenizer->sot(), 49406);
        QCOMPARE(tokenizer->eot(), 49407);
        QCOMPARE(tokenizer->poolAllNonSpecial().size(), size_t(49406));
        QCOMPARE(tokenizer->poolWholeWord().size(), size_t(34483));
        QCOMPARE(tokenizer->encode(text.toStdString()), expected);
    }

    void savesWhatItLoaded()
    {
        if (!QFile::exists(kClipVocabulary))
            QSKIP("CLIP's vocabulary is not in the shared data folder");
        const Result<Tokenizer> tokenizer = Tokenizer::loadClipVocabulary(kClipVocabulary);
        QVERIFY(tokenizer);
        const QTemporaryDir folder;
        QVERIFY(tokenizer->save(folder.path().toStdString()));
        const Result<Tokenizer> again = Tokenizer::load(folder.path().toStdString());
        QVERIFY2(again, messageOf(again));
        QCOMPARE(again->vocabulary().tokens, tokenizer->vocabulary().tokens);
        QVERIFY(again->vocabulary().merges == tokenizer->vocabulary().merges);
        QCOMPARE(again->encode("a photo of a cat"), (Ids{320, 1125, 539, 320, 2368}));
    }

    void agreesWithTheTextbookLoop()
    {
        // Ranks in an unusual order, so that a merge may create a pair of lower rank.
        const Vocabulary vocabulary = tinyVocabulary({{"ab", "a"},
                                                      {"a", "b"},
                                                      {"b", "a"},
                                                      {"a", "a"},
                                                      {"aa", "b</w>"},
                                                      {"b", "b"},
                                                      {"aa", "aa"},
                                                      {"ab", "ab</w>"},
                                                      {"a", "b</w>"},
                                                      {"c", "c"}});
        Vocabulary complete = vocabulary; // parts of merges must be tokens themselves
        const Result<Tokenizer> tokenizer = Tokenizer::create(complete, "test");
        QVERIFY2(tokenizer, messageOf(tokenizer));
        std::mt19937 random(1);
        for (int trial = 0; trial < 500; ++trial) {
            std::string text(1 + random() % 12, 'a');
            for (char& c : text)
                c = "abc"[random() % 3];
            std::vector<std::string> word;
            for (const char c : text)
                word.emplace_back(1, c);
            word.back() += "</w>";
            std::vector<std::string> encoded;
            for (const int32_t id : tokenizer->encode(text))
                encoded.push_back(vocabulary.tokens[static_cast<size_t>(id)]);
            QCOMPARE(encoded, naiveMerge(word, vocabulary));
        }
    }

    void cutsToTheContext()
    {
        const Result<Tokenizer> tokenizer = Tokenizer::create(tinyVocabulary({}), "test");
        QVERIFY2(tokenizer, messageOf(tokenizer));
        const int32_t sot = 512;
        const int32_t eot = 513;
        const int32_t a = 'a' - 33; // 'a' within a word; at its end 256 more
        QCOMPARE(tokenizer->encodeForModel("", 5).ids, (Ids{sot, eot}));
        QCOMPARE(tokenizer->encodeForModel("aaa", 5).ids, (Ids{sot, a, a, a + 256, eot}));
        QVERIFY(!tokenizer->encodeForModel("aaa", 5).truncated);
        QCOMPARE(tokenizer->encodeForModel("aaaa", 5).ids, (Ids{sot, a, a, a, eot}));
        QVERIFY(tokenizer->encodeForModel("aaaa", 5).truncated);
        QCOMPARE(tokenizer->encodeForModel("a", 2).ids, (Ids{sot, eot}));
    }

    void decodesWhatItEncoded()
    {
        const Result<Tokenizer> tokenizer =
            Tokenizer::create(tinyVocabulary({{"c", "a"}, {"ca", "t</w>"}}), "test");
        QVERIFY2(tokenizer, messageOf(tokenizer));
        const std::string text = "cat \xC3\xA9\xE6\xBC\xA2 ! cat";
        QCOMPARE(tokenizer->decode(tokenizer->encodeForModel(text, 77).ids), text);
        QCOMPARE(tokenizer->decode(Ids{99999}), std::string("\xEF\xBF\xBD"));
    }

    void aLongWordDoesNotHang()
    {
        const Result<Tokenizer> tokenizer =
            Tokenizer::create(tinyVocabulary({{"a", "a"}, {"aa", "aa"}}), "test");
        QVERIFY2(tokenizer, messageOf(tokenizer));
        QCOMPARE(tokenizer->encode(std::string(200'000, 'a')).size(), size_t(50'000 + 2));
    }

    void refusesUnfitVocabularies()
    {
        Vocabulary vocabulary = tinyVocabulary({{"a", "b"}});
        vocabulary.tokens.insert(vocabulary.tokens.end(), "extra");
        QVERIFY(messageOf(Tokenizer::create(vocabulary, "v")).contains("largest id"));

        vocabulary = tinyVocabulary({});
        vocabulary.tokens.erase(vocabulary.tokens.end() - 2);
        QVERIFY(messageOf(Tokenizer::create(vocabulary, "v")).contains("<|startoftext|>"));

        vocabulary = tinyVocabulary({});
        vocabulary.tokens.erase(vocabulary.tokens.begin());
        QVERIFY(messageOf(Tokenizer::create(vocabulary, "v")).contains("first \"!\""));

        vocabulary = tinyVocabulary({});
        vocabulary.merges.emplace_back("a", "b");
        QVERIFY(messageOf(Tokenizer::create(vocabulary, "v")).contains("no token \"ab\""));

        vocabulary = tinyVocabulary({{"a", "b"}});
        vocabulary.merges.emplace_back("a", "b");
        QVERIFY(messageOf(Tokenizer::create(vocabulary, "v")).contains("twice"));
        QCOMPARE(Tokenizer::create(vocabulary, "v").error().code, ErrorCode::Data);
    }

    void refusesDamagedFiles_data()
    {
        QTest::addColumn<QByteArray>("vocab");
        QTest::addColumn<QByteArray>("merges");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const char* vocab, const char* merges,
                            const char* problem) {
            QTest::newRow(name) << QByteArray(vocab) << QByteArray(merges) << QByteArray(problem);
        };
        row("no JSON", "{\"a\": 0", "", "no valid JSON");
        row("list", "[1]", "", "expected an object");
        row("nested", "{\"a\": {}}", "", "expected a whole number");
        row("fraction", "{\"a\": 0.5}", "", "expected a whole number");
        row("text", "{\"a\": \"0\"}", "", "expected a whole number");
        row("negative", "{\"a\": -1}", "", "got -1");
        row("huge", "{\"a\": 18446744073709551615}", "", "expected 0");
        row("gap", "{\"a\": 0, \"b\": 2}", "", "once each, got 2");
        row("same id", "{\"a\": 0, \"b\": 0}", "", "got 0 twice");
        row("one word", "{\"a\": 0}", "#version: 0.2\nab\n", "line 2: expected two symbols");
        row("three words", "{\"a\": 0}", "a b c\n", "line 1: expected two symbols");
    }

    void refusesDamagedFiles()
    {
        QFETCH(QByteArray, vocab);
        QFETCH(QByteArray, merges);
        QFETCH(QByteArray, problem);
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(writeFileAtomically(path / "vocab.json", vocab.toStdString()));
        QVERIFY(writeFileAtomically(path / "merges.txt", merges.toStdString()));
        const QByteArray message = messageOf(Tokenizer::load(path));
        QVERIFY2(message.contains(problem), message);
    }

    void refusesMissingAndCutFiles()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(messageOf(Tokenizer::load(path)).contains("no vocabulary"));
        QVERIFY(!Tokenizer::load(path / "absent.txt.gz"));
        if (!QFile::exists(kClipVocabulary))
            QSKIP("CLIP's vocabulary is not in the shared data folder");
        QFile full(kClipVocabulary);
        QVERIFY(full.open(QIODevice::ReadOnly));
        QFile cut(folder.filePath("cut.txt.gz"));
        QVERIFY(cut.open(QIODevice::WriteOnly));
        cut.write(full.read(full.size() / 2));
        cut.close();
        QVERIFY(messageOf(Tokenizer::load(path / "cut.txt.gz")).contains("cut off"));
    }
};

QTEST_APPLESS_MAIN(TestBpeTokenizer)
#include "tst_bpe_tokenizer.moc"
