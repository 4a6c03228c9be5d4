// SPDX-License-Identifier: GPL-3.0-or-later
// Free queries against what the programs `clwb encode-…` write: cosines in a plain loop.
#include "core/run/encode.h"
#include "core/run/live_retrieval.h"
#include "core/run/project_query.h"
#include "core/run/stored_run.h"
#include "tests/core/run/tiny_runs.h"

#include <QTest>

#include <cstring>
#include <fstream>
#include <set>

using namespace clwb;
namespace fs = std::filesystem;

namespace
{

/// The float32 rows of an .npy file.
std::vector<std::vector<float>> rowsOf(const fs::path& file, size_t rows)
{
    const std::string bytes = test::TinyRuns::bytesOf(file);
    uint16_t header = 0;
    std::memcpy(&header, bytes.data() + 8, sizeof header);
    const size_t begin = 10 + size_t{header};
    const size_t width = (bytes.size() - begin) / sizeof(float) / rows;
    std::vector<std::vector<float>> result(rows, std::vector<float>(width));
    for (size_t row = 0; row < rows; ++row)
        std::memcpy(result[row].data(), bytes.data() + begin + row * width * sizeof(float),
                    width * sizeof(float));
    return result;
}

double product(const std::vector<float>& a, const std::vector<float>& b)
{
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

} // namespace

namespace live_test
{

/// Test images and captions of the tiny study's only set, as the study's file has it.
struct SetOnDisk
{
    std::vector<std::string> files;
    std::vector<std::string> captions;
};
SetOnDisk readSet(const fs::path& study)
{
    SetOnDisk set;
    const Json file = Json::parse(test::TinyRuns::bytesOf(study / "dataset_tiny.json"));
    for (const Json& image : file.at("images")) {
        if (image.at("split") != "test")
            continue;
        const std::string folder = image.value("filepath", "");
        set.files.push_back(
            (study / "coco" / folder / image.at("filename").get<std::string>()).string());
        size_t taken = 0;
        for (const Json& sentence : image.at("sentences")) {
            if (++taken <= 5)
                set.captions.push_back(sentence.at("raw").get<std::string>());
        }
    }
    return set;
}

} // namespace live_test

class TestLiveRetrieval : public QObject
{
    Q_OBJECT

private:
    test::TinyRuns m_runs;
    live_test::SetOnDisk m_set;

    [[nodiscard]] fs::path study() const { return m_runs.root() / "study"; }
    [[nodiscard]] run::LiveQuery query() const
    {
        run::LiveQuery query;
        query.model = m_runs.root() / "model";
        query.study = study() / "study.json";
        query.setName = "tiny";
        return query;
    }
    void write(const std::string& name, const std::vector<std::string>& lines) const
    {
        std::ofstream file(m_runs.root() / name, std::ios::binary);
        for (const std::string& line : lines)
            file << line << '\n';
    }
    /// Embeddings of lines by the functions behind `clwb encode-…`.
    [[nodiscard]] std::vector<std::vector<float>> encoded(const std::vector<std::string>& lines,
                                                          bool areImages) const
    {
        write("lines.txt", lines);
        const fs::path out = m_runs.root() / "out.npy";
        const auto result =
            areImages
                ? run::encodeImages(m_runs.root() / "model", m_runs.root() / "lines.txt", out, {})
                : run::encodeTexts(m_runs.root() / "model", m_runs.root() / "lines.txt", out, {});
        test::require(result);
        return rowsOf(out, lines.size());
    }
    static void compare(const run::LiveAnswer& answer, const std::vector<double>& expected)
    {
        QCOMPARE(answer.candidates.size(), std::min<size_t>(expected.size(), 20));
        for (size_t at = 0; at < answer.candidates.size(); ++at) {
            const auto place = static_cast<size_t>(answer.candidates[at].position);
            QVERIFY(std::abs(answer.candidates[at].score - expected[place]) < 1e-5);
            // As many are better as stand before it, up to rounding.
            size_t better = 0;
            for (const double score : expected)
                better += score > expected[place] + 1e-5 ? 1 : 0;
            QVERIFY(better <= at);
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_set = live_test::readSet(study());
        QVERIFY(m_set.files.size() > 3 && m_set.captions.size() > m_set.files.size());
    }

    void aTextFindsPictures()
    {
        run::LiveRetrieval live(m_runs.root() / "embeddings");
        run::LiveQuery asked = query();
        asked.text = "a red disc";
        const auto answer = live.ask(asked, {});
        QVERIFY2(answer, answer ? "" : toText(answer.error()).c_str());
        QVERIFY(!answer->wasCached);
        const std::vector<float> text = encoded({asked.text}, false).front();
        std::vector<double> expected;
        for (const auto& picture : encoded(m_set.files, true))
            expected.push_back(product(picture, text));
        compare(*answer, expected);

        const auto again = live.ask(asked, {});
        QVERIFY(again && again->wasCached);
        run::LiveRetrieval next(m_runs.root() / "embeddings"); // the next window
        const auto later = next.ask(asked, {});
        QVERIFY(later && later->wasCached);
        QCOMPARE(later->candidates.front().position, answer->candidates.front().position);
        // Products of the same rows, which lie elsewhere in memory, may differ in their last bit.
        QVERIFY(std::abs(later->candidates.front().score - answer->candidates.front().score) <
                1e-6);
    }

    void theTruthIsToldWhateverItsRank()
    {
        run::LiveRetrieval live({});
        run::LiveQuery asked = query();
        asked.text = "a red disc";
        asked.best = 2;
        const std::vector<float> text = encoded({asked.text}, false).front();
        std::vector<double> scores;
        for (const auto& picture : encoded(m_set.files, true))
            scores.push_back(product(picture, text));
        std::set<int64_t> ranks;
        for (size_t truth = 0; truth < scores.size(); ++truth) {
            asked.truth = static_cast<int64_t>(truth);
            const auto answer = live.ask(asked, {});
            QVERIFY2(answer, answer ? "" : toText(answer.error()).c_str());
            int64_t better = 0; // and equal ones that stand before it, up to rounding
            int64_t notWorse = 0;
            for (const double score : scores) {
                better += score > scores[truth] + 1e-6 ? 1 : 0;
                notWorse += score > scores[truth] - 1e-6 ? 1 : 0;
            }
            size_t found = 0;
            int64_t rank = -1;
            for (const run::LiveCandidate& candidate : answer->candidates) {
                QCOMPARE(candidate.isTruth, candidate.position == asked.truth);
                if (!candidate.isTruth)
                    continue;
                ++found;
                rank = candidate.rank;
                QVERIFY(candidate.rank >= better && candidate.rank < notWorse);
                QVERIFY(std::abs(candidate.score - scores[truth]) < 1e-5);
            }
            QCOMPARE(found, size_t{1});
            ranks.insert(rank);
            QCOMPARE(answer->candidates.size(), rank < 2 ? size_t{2} : size_t{3});
        }
        QCOMPARE(ranks.size(), scores.size()); // 0, 1, 2, … once each
        asked.fold = 0;
        asked.truth = static_cast<int64_t>(scores.size()) - 1; // of another fold
        const auto other = live.ask(asked, {});
        QVERIFY(other && other->candidates.size() == 2);
    }

    void aPictureFindsCaptions()
    {
        run::LiveRetrieval live({});
        run::LiveQuery asked = query();
        asked.picture = m_set.files[2];
        const auto answer = live.ask(asked, {});
        QVERIFY2(answer, answer ? "" : toText(answer.error()).c_str());
        const std::vector<float> picture = encoded({m_set.files[2]}, true).front();
        std::vector<double> expected;
        for (const auto& caption : encoded(m_set.captions, false))
            expected.push_back(product(caption, picture));
        compare(*answer, expected);
        const run::LiveCandidate& best = answer->candidates.front();
        QCOMPARE(best.name, m_set.captions[static_cast<size_t>(best.position)]);
    }

    void onlyAFoldCompetes()
    {
        run::LiveRetrieval live({});
        run::LiveQuery asked = query();
        asked.text = "a yellow star";
        asked.best = 1000;
        const auto all = live.ask(asked, {});
        QVERIFY(all);
        const auto folds = static_cast<int>(test::TinyStudy().folds);
        QVERIFY(folds > 1);
        std::set<int64_t> seen;
        for (int fold = 0; fold < folds; ++fold) {
            asked.fold = fold;
            const auto part = live.ask(asked, {});
            QVERIFY(part);
            for (const run::LiveCandidate& candidate : part->candidates)
                QVERIFY(seen.insert(candidate.position).second);
        }
        QCOMPARE(seen.size(), all->candidates.size());
        asked.fold = folds;
        QVERIFY(!live.ask(asked, {}));
    }

    /// What is stored of a run, asked again in words and pictures.
    void storedQueriesHaveTheStoredAnswers()
    {
        run::RunRequest request = m_runs.request("stored", "ft");
        request.spec.evaluate.after = "session";
        const fs::path file = m_runs.root() / "project.db";
        run::StoredRunSetting setting;
        setting.project = file;
        test::require(store::Project::open(file, store::OpenMode::CreateIfMissing));
        const auto stored = run::executeNewRun(request.spec, m_runs.folder("stored"), setting);
        QVERIFY2(stored && stored->status == "finished",
                 stored ? "" : toText(stored.error()).c_str());
        auto project = store::Project::open(file, store::OpenMode::ReadOnly);
        test::require(project);
        const auto index = store::detailIndex(*project, stored->runId);
        test::require(index);
        QVERIFY(index->retrieval.size() >= 2); // before training and at the end
        run::LiveRetrieval live(m_runs.root() / "embeddings-stored");
        for (const store::RetrievalEntry& entry : index->retrieval) {
            for (const auto direction :
                 {store::Direction::TextToImage, store::Direction::ImageToText}) {
                const auto queries =
                    store::queries(*project, entry.runId, entry.session, entry.setName, direction);
                test::require(queries);
                const store::RetrievalQuery& query = queries->at(queries->size() / 2);
                run::ProjectQuery asked;
                asked.runId = entry.runId;
                asked.session = entry.session;
                asked.modelSha256 = entry.modelSha256;
                asked.setName = entry.setName;
                asked.fold = query.fold;
                if (direction == store::Direction::TextToImage)
                    asked.text = query.text;
                else
                    asked.picture = m_set.files[static_cast<size_t>(query.position)];
                const auto answer = run::askProject(*project, live, asked, {});
                QVERIFY2(answer, answer ? "" : toText(answer.error()).c_str());
                const auto expected = store::candidates(*project, entry.runId, entry.session,
                                                        entry.setName, direction, query.position);
                test::require(expected);
                QVERIFY(!answer->empty() && answer->size() <= expected->size());
                for (size_t at = 0; at < answer->size(); ++at) {
                    QVERIFY(std::abs((*answer)[at].score - (*expected)[at].score) < 2e-5);
                    QCOMPARE((*answer)[at].candidateId, (*expected)[at].candidateId);
                    QCOMPARE((*answer)[at].imageId, (*expected)[at].imageId);
                    QCOMPARE((*answer)[at].text, (*expected)[at].text);
                }
            }
        }
        run::ProjectQuery other;
        other.runId = stored->runId;
        other.modelSha256 = std::string(64, '0');
        other.setName = "tiny";
        other.text = "a dog";
        const auto wrong = run::askProject(*project, live, other, {});
        QVERIFY(!wrong && toText(wrong.error()).find("not the one") != std::string::npos);
        fs::rename(study(), m_runs.root() / "moved");
        const auto gone = run::askProject(*project, live, other, {});
        fs::rename(m_runs.root() / "moved", study());
        QVERIFY(!gone && toText(gone.error()).find("study.json") != std::string::npos);
    }

    void changedPicturesAreEncodedAgain()
    {
        const fs::path folder = m_runs.root() / "embeddings-changed";
        run::LiveQuery asked = query();
        asked.text = "a blue square";
        QVERIFY(run::LiveRetrieval(folder).ask(asked, {}));
        fs::last_write_time(m_set.files[0], fs::file_time_type::clock::now());
        const auto answer = run::LiveRetrieval(folder).ask(asked, {});
        QVERIFY(answer && !answer->wasCached);
    }

    void damagedEmbeddingsAreMadeAgain()
    {
        const fs::path folder = m_runs.root() / "embeddings-damaged";
        run::LiveQuery asked = query();
        asked.text = "a green ring";
        const auto before = run::LiveRetrieval(folder).ask(asked, {});
        QVERIFY(before);
        size_t files = 0;
        for (const auto& entry : fs::directory_iterator(folder)) {
            fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
            ++files;
        }
        QCOMPARE(files, size_t{1});
        const auto after = run::LiveRetrieval(folder).ask(asked, {});
        QVERIFY(after && !after->wasCached);
        QVERIFY(std::abs(after->candidates.front().score - before->candidates.front().score) <
                1e-6);
    }

    void saysWhatIsMissing()
    {
        run::LiveRetrieval live({});
        run::LiveQuery asked = query();
        const auto nothing = live.ask(asked, {});
        QVERIFY(!nothing && nothing.error().code == ErrorCode::Usage);
        asked.text = "a dog";
        asked.setName = "other";
        const auto noSet = live.ask(asked, {});
        QVERIFY(!noSet && toText(noSet.error()).find("other") != std::string::npos);
        asked = query();
        asked.text = "a dog";
        asked.model = m_runs.root() / "gone";
        const auto noModel = live.ask(asked, {});
        QVERIFY(!noModel && toText(noModel.error()).find("gone") != std::string::npos);
        asked = query();
        asked.picture = m_runs.root() / "broken.jpg";
        write("broken.jpg", {"no picture"});
        const auto broken = live.ask(asked, {});
        QVERIFY(!broken && toText(broken.error()).find("broken.jpg") != std::string::npos);
        StopSource source;
        source.requestStop(StopPoint::Batch);
        asked = query();
        asked.text = "a cat";
        const auto stopped = live.ask(asked, source.token());
        QVERIFY(!stopped);
        QVERIFY(live.ask(asked, {})); // and goes on after all that
    }
};

QTEST_GUILESS_MAIN(TestLiveRetrieval)
#include "tst_live_retrieval.moc"
