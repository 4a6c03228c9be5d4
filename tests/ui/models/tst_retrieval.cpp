// SPDX-License-Identifier: GPL-3.0-or-later
// Values of the Retrieval page against naive loops: joined ranks, filters, order, recalls, the pair
// that is shown first, tables and the LaTeX figure.
#include "core/report/csv.h"
#include "tests/support/latex_check.h"
#include "ui/models/query_list_model.h"
#include "ui/models/ranked_model.h"
#include "ui/models/retrieval_figure.h"
#include "ui/models/retrieval_pair.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <random>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

using store::RetrievalQuery;

std::vector<RetrievalQuery> randomQueries(int count, uint32_t seed)
{
    std::mt19937 random(seed);
    std::vector<RetrievalQuery> queries;
    for (int at = 0; at < count; ++at) {
        RetrievalQuery& query = queries.emplace_back();
        query.position = at;
        query.fold = at * 3 / count;
        query.queryId = 1000 + at;
        query.imageId = at / 2;
        query.text = (at % 3 == 0 ? "A Fox beside " : "a koala and ") + std::to_string(at % 17);
        if (random() % 11 != 0)
            query.bestRank = static_cast<int64_t>(random() % 12);
    }
    return queries;
}

std::vector<ComparedQuery> randomPair()
{
    return joinQueries(randomQueries(300, 1), randomQueries(300, 2));
}

store::RunRow makeRow(int64_t id, const char* method, const char* option, const char* setting,
                      int64_t seed)
{
    store::RunRow row;
    row.runId = id;
    row.kind = "method";
    row.method = method;
    row.option = option;
    row.setting = setting;
    row.status = "finished";
    row.seed = seed;
    row.model = "/models/mini";
    return row;
}

store::RetrievalEntry makeEntry(int64_t run, int session, const char* hash, int64_t list = 1)
{
    return {run, session, "scenes", list, 1, 6, 12, hash};
}

ShownRetrieval makeShown(store::Direction direction)
{
    ShownRetrieval shown;
    shown.direction = direction;
    shown.setName = u"scenes_1"_s;
    shown.folds = 5;
    shown.query = u"50% of a \"fox\" & #1"_s;
    shown.a.model = u"Original CLIP"_s;
    shown.a.rank = 1;
    shown.b.model = u"#9 FT-WM"_s;
    shown.b.rank = 37;
    for (int rank = 0; rank < 20; ++rank) {
        store::RankedCandidate candidate;
        candidate.rank = rank;
        candidate.candidateId = candidate.imageId = 100 + rank;
        candidate.text = "{caption}_" + std::to_string(rank);
        candidate.score = 0.4 - 0.01 * rank;
        candidate.isRelevant = rank == 1;
        shown.a.candidates.push_back(candidate);
        candidate.isRelevant = false;
        shown.b.candidates.push_back(candidate);
    }
    store::RankedCandidate truth = shown.a.candidates[1];
    truth.rank = 37;
    truth.score = 0.1;
    shown.b.candidates.push_back(truth);
    return shown;
}

} // namespace

class TestRetrieval : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void joinsByPosition()
    {
        auto a = randomQueries(50, 1);
        auto b = randomQueries(50, 2);
        a.erase(a.begin() + 7);
        b.erase(b.begin() + 20, b.begin() + 23);
        b[40].queryId = 5; // another query at this place
        const auto joined = joinQueries(a, b);
        size_t next = 0;
        for (const RetrievalQuery& left : a) {
            for (const RetrievalQuery& right : b) {
                if (left.position != right.position || left.queryId != right.queryId)
                    continue;
                QVERIFY(next < joined.size());
                QCOMPARE(joined[next].position, left.position);
                QCOMPARE(joined[next].rankA, left.bestRank);
                QCOMPARE(joined[next].rankB, right.bestRank);
                ++next;
            }
        }
        QCOMPARE(joined.size(), next);
        QCOMPARE(next, size_t{45});
        QVERIFY(joinQueries({}, b).empty());
    }

    void countsAndFiltersLikeALoop()
    {
        const auto queries = randomPair();
        for (const int hitAt : {1, 5, 10}) {
            int sum = 0;
            for (const QueryOutcome outcome : {QueryOutcome::Lost, QueryOutcome::Gained,
                                               QueryOutcome::BothHit, QueryOutcome::BothMiss}) {
                std::vector<int> expected;
                for (size_t at = 0; at < queries.size(); ++at) {
                    const ComparedQuery& query = queries[at];
                    if (!query.rankA || !query.rankB)
                        continue;
                    const bool a = *query.rankA < hitAt;
                    const bool b = *query.rankB < hitAt;
                    const QueryOutcome is = a && b ? QueryOutcome::BothHit
                                            : a    ? QueryOutcome::Lost
                                            : b    ? QueryOutcome::Gained
                                                   : QueryOutcome::BothMiss;
                    if (is == outcome && query.text.contains(u"fox"_s, Qt::CaseInsensitive))
                        expected.push_back(static_cast<int>(at));
                }
                QCOMPARE(shownQueries(queries, {outcome, hitAt, u"FOX beside"_s}), expected);
                sum += static_cast<int>(shownQueries(queries, {outcome, hitAt}).size());
            }
            const QueryCounts counts = countOutcomes(queries, hitAt);
            QCOMPARE(counts.lost + counts.gained + counts.bothHit + counts.bothMiss, sum);
            QCOMPARE(counts.all, 300);
            QVERIFY(sum < 300); // some have no truth
        }
    }

    void sortsStablyWithoutTruthLast()
    {
        const auto queries = randomPair();
        for (const bool isDescending : {false, true}) {
            const auto shown = shownQueries(
                queries, {QueryOutcome::All, 1, {}, QueryColumn::Change, isDescending});
            QCOMPARE(shown.size(), queries.size());
            for (size_t at = 1; at < shown.size(); ++at) {
                const auto before = changeOf(queries[static_cast<size_t>(shown[at - 1])]);
                const auto here = changeOf(queries[static_cast<size_t>(shown[at])]);
                QVERIFY(before || !here);
                if (before == here)
                    QVERIFY(shown[at - 1] < shown[at]);
                else if (before && here)
                    QCOMPARE(*before > *here, isDescending);
            }
        }
        QueryListModel model;
        const QAbstractItemModelTester tester(&model);
        model.setQueries(queries, false);
        model.sort(static_cast<int>(QueryColumn::Change), Qt::DescendingOrder);
        const ComparedQuery& worst = model.at(0);
        QVERIFY(model.index(0, 3).data().toString().startsWith(u"▼ "_s));
        QCOMPARE(model.index(0, 1).data().toString(), QString::number(*worst.rankA + 1));
        QCOMPARE(model.rowOf(worst.position), 0);
    }

    void recallsAreMeansOverFolds()
    {
        const auto queries = randomPair();
        double expected = 0;
        for (int fold = 0; fold < 3; ++fold) {
            int all = 0;
            int hits = 0;
            for (const ComparedQuery& query : queries) {
                all += query.fold == fold ? 1 : 0;
                hits += query.fold == fold && query.rankA && *query.rankA < 5 ? 1 : 0;
            }
            expected += 100.0 * hits / all / 3;
        }
        QVERIFY(std::abs(*recallOf(queries, 5).a - expected) < 1e-9);
        QVERIFY(!recallOf({}, 5).a);
    }

    void picturesAreFoundByTheirCaptions()
    {
        auto queries = joinQueries(randomQueries(4, 1), randomQueries(4, 2));
        std::vector<RetrievalQuery> captions(1);
        captions[0].imageId = 1;
        captions[0].text = "Ein FUCHS";
        nameByPicture(queries, captions, {{0, u"scenes/0.png"_s}, {1, u"scenes/1.png"_s}});
        QCOMPARE(queries[2].text, u"scenes/1.png"_s);
        QCOMPARE(shownQueries(queries, {.words = u"fuchs"_s}), (std::vector{2, 3}));
    }

    void showsFirstWhatTellsMost()
    {
        store::DetailIndex index;
        std::vector<store::RunRow> runs;
        QVERIFY(!tellingPair(rankedModels(index, runs), runs));
        const auto add = [&](const store::RunRow& row, int64_t list) {
            runs.push_back(row);
            index.retrieval.push_back(makeEntry(row.runId, 0, "aaaa", list));
            index.retrieval.push_back(makeEntry(row.runId, 8, "bbbb", list));
        };
        const auto pair = [&] {
            const auto models = rankedModels(index, runs);
            const auto found = tellingPair(models, runs);
            return models[found->a].title + u" | "_s + models[found->b].title;
        };
        add(makeRow(1, "lwf", "WM", "MST", 0), 1);
        QCOMPARE(pair(), u"Original CLIP | #1 LwF-WM, MST, seed 0 · after session 8"_s);
        add(makeRow(2, "ft", "TO", "MST", 0), 1);
        QCOMPARE(pair(), u"Original CLIP | #2 FT-TO, MST, seed 0 · after session 8"_s);
        add(makeRow(3, "ft", "WM", "MST", 1), 2); // of another study
        add(makeRow(4, "vr-lwf", "WM", "MST", 1), 2);
        add(makeRow(5, "vr-lwf", "IO", "MST", 0), 1);
        QCOMPARE(pair(), u"#4 VR-LwF-WM, MST, seed 1 · after session 8 | "
                         u"#3 FT-WM, MST, seed 1 · after session 8"_s);
        const auto models = rankedModels(index, runs);
        QCOMPARE(models.front().sets.size(), size_t{2}); // one original, asked about both
        QVERIFY(commonSets(models[1], models[3]).empty());
        index.retrieval.push_back(makeEntry(1, 0, "cccc"));
        QVERIFY(rankedModels(index, runs)[1].title.contains(u"cccc"_s)); // two originals
    }

    void theOriginalBesideARunIsTheRunsOwn()
    {
        store::DetailIndex index;
        std::vector<store::RunRow> runs;
        for (const int64_t run : {int64_t{3}, int64_t{5}, int64_t{8}}) {
            runs.push_back(makeRow(run, "ft", "WM", "MST", run));
            index.retrieval.push_back(makeEntry(run, 0, run == 8 ? "cccc" : "aaaa"));
            index.retrieval.push_back(makeEntry(run, 8, "bbbb"));
        }
        const auto models = rankedModels(index, runs);
        QCOMPARE(models.size(), size_t{5}); // two originals, three runs
        const auto of = [&](size_t a, size_t b) {
            return commonSets(models[a], models[b]).front();
        };
        QCOMPARE(of(0, 2).a.runId, int64_t{3});
        QCOMPARE(of(0, 3).a.runId, int64_t{5});
        QCOMPARE(of(0, 3).a.session, 0);
        QCOMPARE(of(3, 0).b.runId, int64_t{5});
        QCOMPARE(of(0, 4).a.runId, int64_t{3}); // #8 began with another model
        QCOMPARE(of(2, 3).a.runId, int64_t{3});
        QCOMPARE(of(0, 3).a.runs, (std::vector<int64_t>{3, 5}));
        QCOMPARE(besideOriginal(models, 3).a, size_t{0});
        QCOMPARE(besideOriginal(models, 4).a, size_t{1}); // its own, though the other fits, too
    }

    void ratherShowsWhatCanBeAsked()
    {
        store::DetailIndex index;
        std::vector<store::RunRow> runs;
        LackingByModel lacking;
        const auto add = [&](int64_t run, const char* method, const char* option, bool isHere) {
            runs.push_back(makeRow(run, method, option, "MST", 0));
            const auto lacks = isHere ? run::Lacking::Nothing : run::Lacking::Model;
            for (const int session : {0, 8}) {
                index.retrieval.push_back(makeEntry(run, session, session == 0 ? "aaaa" : "bbbb"));
                lacking[{run, session}] = lacks;
            }
        };
        const auto titles = [&](auto choose) {
            auto models = rankedModels(index, runs);
            setLacking(models, lacking);
            const std::optional<ModelPair> pair = choose(models, runs);
            return pair ? models[pair->a].title.left(10) + u" | "_s + models[pair->b].title.left(5)
                        : u"none"_s;
        };
        add(1, "ft", "WM", false);
        add(2, "vr-lwf", "WM", false);
        QCOMPARE(titles(tellingPair), u"#2 VR-LwF- | #1 FT"_s);
        QCOMPARE(titles(askablePair), u"none"_s);
        add(3, "ft", "TO", true); // can be asked, but tells less
        QCOMPARE(titles(tellingPair), u"#2 VR-LwF- | #1 FT"_s);
        QCOMPARE(titles(askablePair), u"Original C | #3 FT"_s);
        add(4, "ft", "WM", true);
        add(5, "vr-lwf", "WM", true);
        QCOMPARE(titles(tellingPair), u"#5 VR-LwF- | #4 FT"_s);
        // Not looked at yet: it may be shown, but nobody says that it can be asked.
        lacking.erase({5, 8});
        QCOMPARE(titles(tellingPair), u"#5 VR-LwF- | #4 FT"_s);
        QVERIFY(!titles(askablePair).contains(u"#5"_s));
        const PlacesToLook places = placesToLook(rankedModels(index, runs), runs, lacking);
        QCOMPARE(places.models.size(), size_t{1});
        QCOMPARE(places.models.front().first.runId, int64_t{5});
    }

    void knowsWhichRunFinishedLast()
    {
        store::DetailIndex index;
        std::vector<store::RunRow> runs;
        const auto add = [&](int64_t run, const char* end, const char* status) {
            runs.push_back(makeRow(run, "ft", "WM", "MST", run));
            runs.back().finishedUtc = end;
            runs.back().status = status;
            index.retrieval.push_back(makeEntry(run, 0, "aaaa"));
            index.retrieval.push_back(makeEntry(run, 4, "bbbb"));
            index.retrieval.push_back(makeEntry(run, 8, "bbbb"));
        };
        QVERIFY(!lastFinishedModel({}, {}));
        add(1, "2026-03-02T10:00:00Z", "finished");
        add(2, "2026-03-02T10:00:00Z", "finished"); // in the same second
        add(3, "2026-03-01T23:00:00Z", "finished");
        add(4, "2026-03-05T00:00:00Z", "stopped");
        const auto models = rankedModels(index, runs);
        const auto last = lastFinishedModel(models, runs);
        QVERIFY(last);
        QCOMPARE(models[*last].runId, int64_t{2});
        QCOMPARE(models[*last].session, 8);
    }

    void tablesCountRanksFromOne()
    {
        const auto queries = randomPair();
        const auto shown = shownQueries(queries, {QueryOutcome::Lost, 5});
        const auto csv =
            report::readCsv(csvOf(queryTable(queries, shown)).toStdString(), "clipboard");
        QVERIFY(csv.has_value());
        QCOMPARE(csv->rows.size(), shown.size());
        for (size_t row = 0; row < shown.size(); ++row) {
            const ComparedQuery& query = queries[static_cast<size_t>(shown[row])];
            QCOMPARE(csv->rows[row][*csv->column("rank_a")], std::to_string(*query.rankA + 1));
            QCOMPARE(csv->rows[row][*csv->column("change")],
                     std::to_string(*query.rankB - *query.rankA));
            QCOMPARE(csv->rows[row][*csv->column("query")], query.text.toStdString());
        }
        const DataTable table = candidateTable(makeShown(store::Direction::TextToImage));
        QCOMPARE(table.rows.size(), size_t{41});
        QCOMPARE(table.rows.back()[3].text, u"38"_s);
    }

    void latexCompilesAndShowsTheTruth()
    {
        for (const auto direction :
             {store::Direction::TextToImage, store::Direction::ImageToText}) {
            ShownRetrieval shown = makeShown(direction);
            if (shown.areCaptions())
                shown.queryImage = 7;
            const auto wanted = figurePictures(shown);
            const std::set<int64_t> pictures(wanted.begin(), wanted.end());
            const QString text =
                latexFigure(shown, figureFolderName(u"/a b/my_fig.v2.tex"_s), pictures);
            test::LatexCheck check(text.toStdString());
            QCOMPARE(check.problem(), std::string());
            QVERIFY(text.contains(u"rank 2 of A and at rank 38 of B"_s));
            if (shown.areCaptions()) {
                QCOMPARE(wanted, std::vector<int64_t>{7});
                QVERIFY(text.contains(u"\\textbf{\\{caption\\}\\_1}"_s));
            } else {
                QCOMPARE(text.count(u"\\includegraphics"_s), 12);
                QCOMPARE(text.count(u"\\fbox{"_s), 2); // the truth of A, and of B beyond the best
                QVERIFY(text.contains(u"38 (true) 0.100"_s));
                const QString without = latexFigure(shown, u"f"_s, {});
                QVERIFY(!without.contains(u"\\includegraphics["_s));
                QCOMPARE(without.count(u"no picture"_s), 12);
                QVERIFY(text.contains(u"(scenes\\_1, fold 1)"_s));
                shown.pool = u"among the 12 images of scenes_1"_s; // asked just now
                QVERIFY(latexFigure(shown, u"f"_s, {})
                            .contains(u"(among the 12 images of scenes\\_1)"_s));
            }
        }
        QCOMPARE(figureFolderName(u"/a b/my_fig.v2.tex"_s), u"my-fig-pictures"_s);
    }

    void candidatesShareAScale()
    {
        const ShownRetrieval shown = makeShown(store::Direction::TextToImage);
        RankedListModel model;
        const QAbstractItemModelTester tester(&model);
        model.setCandidates(shown.b.candidates, false, shown.topScore());
        QCOMPARE(model.index(0).data(RankedListModel::ShareRole).toDouble(), 1.0);
        QCOMPARE(model.index(20).data(RankedListModel::ShareRole).toDouble(), 0.25);
        QVERIFY(
            model.index(20).data(Qt::AccessibleTextRole).toString().startsWith(u"rank 38, true"_s));
    }
};

QTEST_MAIN(TestRetrieval)
#include "tst_retrieval.moc"
