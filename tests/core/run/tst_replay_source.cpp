// SPDX-License-Identifier: GPL-3.0-or-later
// What VR-LwF replays: draws against their definition, pools, refresh rules, captions, bad corpora.
#include "core/base/random_stream.h"
#include "core/text/bpe_learner.h"
#include "core/train/replay.h"
#include "tests/core/run/tiny_runs.h"

#include <QtTest>

#include <map>
#include <set>

using namespace clwb;
using namespace clwb::test;
namespace fs = std::filesystem;

namespace
{

using Bodies = std::vector<std::vector<int32_t>>;

const text::Tokenizer& tokenizer()
{
    static const auto learnt =
        text::learnVocabulary({"a photo of a red square", "a green disc beside a bar"}, 560);
    require(learnt);
    return *learnt;
}

spec::RunSpec specOf(int64_t M, int64_t Ks)
{
    spec::RunSpec spec;
    spec.method = "vr-lwf";
    spec.params.M = M;
    spec.params.Ks = Ks;
    spec.seed = 4;
    return spec;
}

train::Replay drawn(const spec::RunSpec& spec, int session, int64_t epoch, int64_t batch,
                    const std::vector<std::string>& captions = {}, int64_t context = 16)
{
    return train::ReplaySource(spec, tokenizer(), captions, context).draw(session, epoch, batch);
}

} // namespace

class TestReplay : public QObject
{
    Q_OBJECT

private:
    TinyRuns m_tiny;

    run::RunRequest captionRequest(const std::string& name, int64_t Ks) const
    {
        run::RunRequest request = m_tiny.request(name, "vr-lwf");
        request.spec.params.replay = "captions";
        request.spec.params.Ks = Ks;
        return request;
    }
    Json splitFile() const
    {
        return Json::parse(TinyRuns::bytesOf(m_tiny.root() / "study" / "dataset_tiny.json"));
    }
    /// A study like the tiny one whose caption corpus is another file.
    fs::path studyWithCorpus(const std::string& name, const Json& corpus) const
    {
        const fs::path folder = m_tiny.root() / "study";
        require(writeFileAtomically(folder / (name + "-corpus.json"), corpus.dump()));
        Json study = Json::parse(TinyRuns::bytesOf(folder / "study.json"));
        study["updated_task"]["captions"] = {{"split_file", name + "-corpus.json"}};
        require(writeFileAtomically(folder / (name + ".json"), study.dump()));
        return folder / (name + ".json");
    }

private Q_SLOTS:
    // One draw of the named stream a token, sentence by sentence.
    void drawsFollowTheirDefinition()
    {
        for (const char* pool : {"all_nonspecial", "whole_word"}) {
            spec::RunSpec spec = specOf(5, 30);
            spec.params.tokenPool = pool;
            const auto& ids =
                pool[0] == 'a' ? tokenizer().poolAllNonSpecial() : tokenizer().poolWholeWord();
            RandomStream stream = RandomStream::named(4, "pseudo-text", {2, 3, 7});
            const train::Replay replay = drawn(spec, 2, 3, 7);
            QCOMPARE(replay.bodies.size(), size_t(30));
            for (size_t k = 0; k < 30; ++k) {
                std::vector<int32_t> sentence{tokenizer().sot()};
                for (int i = 0; i < 5; ++i)
                    sentence.push_back(ids[stream.below(ids.size())]);
                sentence.push_back(tokenizer().eot());
                QVERIFY(replay.sentences[k] == sentence);
                QVERIFY((replay.bodies[k] ==
                         std::vector<int32_t>(sentence.begin() + 1, sentence.end() - 1)));
            }
        }
    }

    void poolsHoldWhatTheyPromise()
    {
        const auto& tokens = tokenizer().vocabulary().tokens;
        spec::RunSpec spec = specOf(14, 2000);
        std::map<int32_t, int> all, words;
        for (const auto& body : drawn(spec, 1, 1, 1).bodies)
            for (const int32_t id : body)
                ++all[id];
        spec.params.tokenPool = "whole_word";
        for (const auto& body : drawn(spec, 1, 1, 1).bodies)
            for (const int32_t id : body)
                ++words[id];
        size_t endings = 0;
        for (size_t id = 0; id < tokens.size(); ++id) {
            const auto key = static_cast<int32_t>(id);
            const bool special = key == tokenizer().sot() || key == tokenizer().eot();
            const bool isWord = !special && tokens[id].ends_with("</w>");
            endings += isWord ? 1 : 0;
            QCOMPARE(all.contains(key), !special);
            QCOMPARE(words.contains(key), isWord);
        }
        // 28 000 uniform draws: every id within six standard deviations of its share.
        const double mean = 28000.0 / static_cast<double>(endings);
        for (const auto& [id, count] : words)
            QVERIFY(std::abs(count - mean) < 6 * std::sqrt(mean));
    }

    void anyNumberAndLength()
    {
        for (const int64_t Ks : {1, 50, 400}) {
            for (const int64_t M : {1, 14}) {
                const train::Replay replay = drawn(specOf(M, Ks), 1, 1, 1);
                QCOMPARE(replay.sentences.size(), size_t(Ks));
                for (const auto& sentence : replay.sentences)
                    QCOMPARE(sentence.size(), size_t(M + 2));
            }
        }
    }

    void refreshRules_data()
    {
        QTest::addColumn<QString>("refresh");
        QTest::addColumn<QString>("replay");
        QTest::addColumn<bool>("batch");
        QTest::addColumn<bool>("epoch");
        QTest::addColumn<bool>("session");
        for (const char* replay : {"random_tokens", "captions"}) {
            QTest::addRow("step %s", replay) << "step" << replay << true << true << true;
            QTest::addRow("epoch %s", replay) << "epoch" << replay << false << true << true;
            // Once is once a run.
            QTest::addRow("once %s", replay) << "once" << replay << false << false << false;
        }
    }

    void refreshRules()
    {
        QFETCH(QString, refresh);
        QFETCH(QString, replay);
        QFETCH(bool, batch);
        QFETCH(bool, epoch);
        QFETCH(bool, session);
        spec::RunSpec spec = specOf(6, 20);
        spec.params.replayRefresh = refresh.toStdString();
        spec.params.replay = replay.toStdString();
        std::vector<std::string> captions;
        for (int i = 0; i < 40; ++i)
            captions.push_back("a red square " + std::to_string(i));
        const Bodies first = drawn(spec, 1, 1, 1, captions).bodies;
        QVERIFY(drawn(spec, 1, 1, 1, captions).bodies == first);
        QCOMPARE(drawn(spec, 1, 1, 2, captions).bodies != first, batch);
        QCOMPARE(drawn(spec, 1, 2, 1, captions).bodies != first, epoch);
        QCOMPARE(drawn(spec, 2, 1, 1, captions).bodies != first, session);
        spec.seed = 5;
        QVERIFY(drawn(spec, 1, 1, 1, captions).bodies != first);
    }

    void captionsAreDrawnAndCut()
    {
        spec::RunSpec spec = specOf(6, 3000);
        spec.params.replay = "captions";
        const std::string longText = "a red square beside a green disc beside a red square";
        const std::vector<std::string> captions{"a red square", longText, "a bar"};
        const std::vector<int32_t> whole = tokenizer().encode(longText);
        QVERIFY(whole.size() > 6);
        const train::Replay replay = drawn(spec, 1, 1, 1, captions, 8);
        std::map<std::vector<int32_t>, int> seen;
        for (size_t k = 0; k < replay.sentences.size(); ++k) {
            const auto& sentence = replay.sentences[k];
            QVERIFY(sentence.size() <= 8 && sentence.front() == tokenizer().sot());
            // The first EOT is where the text tower reads: the last position.
            QVERIFY(std::max_element(sentence.begin(), sentence.end()) == sentence.end() - 1);
            QVERIFY(std::equal(sentence.begin() + 1, sentence.end() - 1, replay.bodies[k].begin(),
                               replay.bodies[k].end()));
            ++seen[replay.bodies[k]];
        }
        std::map<std::vector<int32_t>, int> wanted;
        for (const std::string& caption : captions) {
            std::vector<int32_t> ids = tokenizer().encode(caption);
            ids.resize(std::min<size_t>(ids.size(), 6));
            QVERIFY(std::abs(seen[ids] - 1000) < 160); // six standard deviations
            ++wanted[ids];
        }
        QCOMPARE(seen.size(), wanted.size());
    }

    // Captions of test and validation pictures must never be learnt from.
    void corpusIsTheTrainingSplit()
    {
        Json corpus = splitFile();
        int count = 0;
        for (Json& image : corpus["images"]) {
            const bool train = image.at("split") == "train";
            for (Json& sentence : image["sentences"])
                sentence["raw"] = train ? "a red square" : "a pink cross";
            count += train ? static_cast<int>(image["sentences"].size()) : 0;
        }
        QCOMPARE(count, 90);
        run::RunRequest request = captionRequest("captions", 90);
        request.spec.study = studyWithCorpus("marked", corpus);
        const TinyOutcome outcome = TinyRuns::execute(request);
        QVERIFY2(outcome.isFinished(), outcome.errorText().c_str());
        const auto model = text::Tokenizer::load(m_tiny.root() / "model");
        QVERIFY(model);
        const Json expected = model->encode("a red square");
        for (const Json& step : m_tiny.trace("captions", "step")) {
            QCOMPARE(step.at("pseudo").size(), size_t(90));
            for (const Json& body : step.at("pseudo"))
                QVERIFY(body == expected);
            QVERIFY(step.at("losses").at("VR").get<double>() > 0);
        }
    }

    void badCorporaAreRefused()
    {
        const auto expectRefused = [&](run::RunRequest request, const char* words) {
            const TinyOutcome outcome = TinyRuns::execute(request);
            QVERIFY(!outcome.result);
            QCOMPARE(int(outcome.result.error().code), int(ErrorCode::Data));
            QVERIFY2(outcome.result.error().message.find(words) != std::string::npos,
                     outcome.errorText().c_str());
            QVERIFY(!fs::exists(request.folder)); // before anything was begun
        };
        expectRefused(captionRequest("many", 91), "params.Ks = 91");
        Json corpus = splitFile();
        for (Json& image : corpus["images"])
            image["split"] = "val";
        run::RunRequest empty = captionRequest("empty", 4);
        empty.spec.study = studyWithCorpus("empty", corpus);
        expectRefused(empty, "no captions of split train");
        run::RunRequest none = captionRequest("none", 4);
        const auto folders =
            writeTinyStudy(m_tiny.root() / "folders", {.kind = TinyStudy::Kind::ClassFolders});
        QVERIFY(folders);
        none.spec.study = *folders;
        expectRefused(none, "names no captions");
    }

    void previousTermsInTheTrace()
    {
        for (const char* term : {"separate", "joint"}) {
            run::RunRequest request = m_tiny.request(term, "vr-lwf");
            request.spec.params.previousTerm = term;
            request.spec.params.M = 14; // context − 2
            request.spec.params.Ks = 3;
            request.spec.params.tokenPool = "whole_word";
            const TinyOutcome outcome = TinyRuns::execute(request);
            QVERIFY2(outcome.isFinished(), outcome.errorText().c_str());
            for (const Json& step : m_tiny.trace(term, "step")) {
                const bool wanted = term[0] == 's' && step.at("session") != 1;
                QCOMPARE(step.at("losses").contains("Pre"), wanted);
                QCOMPARE(step.at("weights").contains("Pre"), wanted);
                QCOMPARE(step.at("pseudo")[2].size(), size_t(14));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestReplay)
#include "tst_replay_source.moc"
