// SPDX-License-Identifier: GPL-3.0-or-later
// Retrieval ranks against a loop, with ties and uneven folds; class prompts.
#include "core/base/random_stream.h"
#include "core/eval/evaluator.h"
#include "core/eval/features.h"
#include "core/eval/retrieval.h"
#include "core/eval/texts.h"
#include "core/metrics/folds.h"

#include <ATen/ops/empty.h>

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace clwb;
using namespace clwb::eval;
using metrics::foldBegin;

namespace
{

/// Coordinates are small integers, so that dot products are exact and ties are frequent.
std::vector<std::vector<int>> coarseRows(size_t count, const char* name)
{
    RandomStream stream = RandomStream::named(2, name);
    std::vector<std::vector<int>> rows(count, std::vector<int>(3));
    for (auto& row : rows)
        for (int& value : row)
            value = static_cast<int>(stream.below(3)) - 1;
    return rows;
}

/// A quarter of each coordinate: exact in float32, and all products lie within [-1, 1].
at::Tensor tensorOf(const std::vector<std::vector<int>>& rows)
{
    at::Tensor tensor = at::empty({static_cast<int64_t>(rows.size()), 3}, at::kFloat);
    auto* out = tensor.mutable_data_ptr<float>();
    for (const auto& row : rows)
        for (const int value : row)
            *out++ = static_cast<float>(value) / 4;
    return tensor;
}

int dot(const std::vector<int>& a, const std::vector<int>& b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

} // namespace

class TestEval : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ranks_data()
    {
        QTest::addColumn<int>("folds");
        for (const int folds : {1, 2, 3, 5, 11})
            QTest::addRow("%d", folds) << folds;
    }

    void ranks()
    {
        QFETCH(int, folds);
        const std::vector<int> counts{5, 1, 2, 5, 3, 1, 1, 4, 2, 5, 5};
        const auto images = coarseRows(counts.size(), "images");
        std::vector<size_t> owner;
        for (size_t i = 0; i < counts.size(); ++i)
            owner.insert(owner.end(), static_cast<size_t>(counts[i]), i);
        const auto captions = coarseRows(owner.size(), "captions");

        metrics::RetrievalRecord record;
        record.folds = folds;
        record.images = static_cast<int64_t>(images.size());
        record.captions = static_cast<int64_t>(captions.size());
        record.captionCounts = counts;
        rankFolds(tensorOf(images), tensorOf(captions), record);

        // Fold of image i: the f with ⌊f·n/F⌋ <= i < ⌊(f+1)·n/F⌋.
        std::vector<size_t> foldOf(images.size());
        const size_t number = static_cast<size_t>(folds);
        for (size_t i = 0; i < images.size(); ++i)
            for (size_t f = 0; f < number; ++f)
                if (f * images.size() / number <= i)
                    foldOf[i] = f;
        for (size_t i = 0; i < images.size(); ++i) {
            int best = -100, better = 0;
            for (size_t c = 0; c < owner.size(); ++c)
                if (owner[c] == i)
                    best = std::max(best, dot(images[i], captions[c]));
            for (size_t c = 0; c < owner.size(); ++c)
                if (foldOf[owner[c]] == foldOf[i])
                    better += dot(images[i], captions[c]) > best ? 1 : 0;
            QCOMPARE(record.imageRanks[i], int64_t(better));
        }
        for (size_t c = 0; c < owner.size(); ++c) {
            int better = 0;
            for (size_t i = 0; i < images.size(); ++i)
                if (foldOf[owner[c]] == foldOf[i])
                    better +=
                        dot(images[i], captions[c]) > dot(images[owner[c]], captions[c]) ? 1 : 0;
            QCOMPARE(record.captionRanks[c], int64_t(better));
        }
    }

    // The best candidates and the true ones of every query, against sorting all of them.
    void candidates_data() { ranks_data(); }

    void candidates()
    {
        QFETCH(int, folds);
        std::vector<int> counts;
        for (int i = 0; i < 55; ++i)
            counts.push_back(i % 3); // some have none
        const auto images = coarseRows(counts.size(), "images");
        std::vector<size_t> owner;
        for (size_t i = 0; i < counts.size(); ++i)
            owner.insert(owner.end(), static_cast<size_t>(counts[i]), i);
        const auto captions = coarseRows(owner.size(), "captions");
        metrics::RetrievalRecord record;
        record.folds = folds;
        record.images = static_cast<int64_t>(images.size());
        record.captions = static_cast<int64_t>(captions.size());
        record.captionCounts = counts;
        metrics::RetrievalDetails details;
        rankFolds(tensorOf(images), tensorOf(captions), record, &details);

        std::vector<int> foldOf(images.size());
        for (int f = 0; f < folds; ++f)
            for (int64_t i = foldBegin(record.images, folds, f); i < record.images; ++i)
                foldOf[static_cast<size_t>(i)] = f;
        const auto compare = [](const metrics::DirectionDetails& direction, size_t query,
                                std::vector<std::pair<int, size_t>> all, auto isTrue) {
            std::stable_sort(all.begin(), all.end(),
                             [](const auto& a, const auto& b) { return a.first > b.first; });
            const size_t begin = direction.topBegin[query];
            QCOMPARE(direction.topBegin[query + 1] - begin, std::min<size_t>(20, all.size()));
            size_t truths = 0;
            for (size_t rank = 0; rank < all.size(); ++rank) {
                const auto position = static_cast<int32_t>(all[rank].second);
                if (rank < 20)
                    QCOMPARE(direction.top[begin + rank].position, position);
                if (!isTrue(all[rank].second))
                    continue;
                ++truths;
                const auto last = direction.truths.begin() + direction.truthBegin[query + 1];
                const auto found =
                    std::find_if(direction.truths.begin() + direction.truthBegin[query], last,
                                 [&](const auto& each) { return each.position == position; });
                QVERIFY(found != last && found->rank == static_cast<int32_t>(rank));
                QVERIFY(found->score == static_cast<float>(all[rank].first) / 16);
            }
            QCOMPARE(size_t{direction.truthBegin[query + 1] - direction.truthBegin[query]}, truths);
        };
        QCOMPARE(details.textToImage.topBegin.size(), owner.size() + 1);
        QCOMPARE(details.imageToText.topBegin.size(), images.size() + 1);
        for (size_t i = 0; i < images.size(); ++i) {
            std::vector<std::pair<int, size_t>> all;
            for (size_t c = 0; c < owner.size(); ++c)
                if (foldOf[owner[c]] == foldOf[i])
                    all.emplace_back(dot(images[i], captions[c]), c);
            compare(details.imageToText, i, all, [&](size_t c) { return owner[c] == i; });
        }
        for (size_t c = 0; c < owner.size(); ++c) {
            std::vector<std::pair<int, size_t>> all;
            for (size_t i = 0; i < images.size(); ++i)
                if (foldOf[owner[c]] == foldOf[i])
                    all.emplace_back(dot(images[i], captions[c]), i);
            compare(details.textToImage, c, all, [&](size_t i) { return owner[c] == i; });
        }
    }

    void classesAreRankedWithTheirProbabilities()
    {
        const auto images = coarseRows(40, "images");
        auto classes = coarseRows(7, "classes");
        classes[4] = classes[1]; // two classes of one name
        metrics::HashedList items;
        for (size_t i = 0; i < images.size(); ++i)
            items.list.labels.push_back(static_cast<int32_t>(i % 7));
        items.list.images.resize(images.size());
        items.list.classes.assign(7, "x");
        const double scale = 9;
        const auto details = rankClasses(tensorOf(images), tensorOf(classes), scale,
                                         std::make_shared<metrics::HashedList>(items));
        QVERIFY(metrics::isConsistent(details));
        QCOMPARE(details.top, 5);
        for (size_t i = 0; i < images.size(); ++i) {
            std::vector<std::pair<int, int>> order;
            double sum = 0;
            for (int c = 0; c < 7; ++c) {
                const int score = dot(images[i], classes[static_cast<size_t>(c)]);
                order.emplace_back(-score, c);
                sum += std::exp(scale * score / 16.0);
            }
            std::sort(order.begin(), order.end());
            for (size_t k = 0; k < 5; ++k) {
                QCOMPARE(details.classes[5 * i + k], order[k].second);
                QVERIFY(std::abs(details.probabilities[5 * i + k] -
                                 std::exp(-scale * order[k].first / 16.0) / sum) < 1e-5);
            }
            const int label = items.list.labels[i];
            const auto truth = std::find_if(order.begin(), order.end(),
                                            [&](const auto& each) { return each.second == label; });
            QCOMPARE(details.truthRanks[i], static_cast<int32_t>(truth - order.begin()));
            QVERIFY(std::abs(details.truthProbabilities[i] -
                             std::exp(-scale * truth->first / 16.0) / sum) < 1e-5);
        }
    }

    void imagesWithoutCaptionsHaveNoRank()
    {
        metrics::RetrievalRecord record;
        record.images = 3;
        record.captions = 2;
        record.captionCounts = {1, 0, 1};
        const auto images = coarseRows(3, "images");
        rankFolds(tensorOf(images), tensorOf({images[0], images[2]}), record);
        QCOMPARE(record.imageRanks[1], int64_t(-1));
        QVERIFY(record.imageRanks[0] >= 0 && record.imageRanks[2] >= 0);
        metrics::EvaluationRecord whole;
        whole.retrieval = {record};
        QVERIFY(metrics::toJson(whole)["retrieval"][0]["image_ranks"][1].is_null());
    }

    void equalTextsScoreEqually()
    {
        // Each text comes twice, far apart: a matrix product alone rounds some pairs differently.
        RandomStream stream = RandomStream::named(5, "features");
        const auto fill = [&](at::Tensor rows) {
            auto* values = rows.mutable_data_ptr<float>();
            for (int64_t i = 0; i < rows.numel(); ++i)
                values[i] = static_cast<float>(stream.normal());
            return rows;
        };
        const int64_t texts = 23, width = 16;
        const at::Tensor images = fill(at::empty({9, width}, at::kFloat));
        const at::Tensor once = fill(at::empty({texts, width}, at::kFloat));
        at::Tensor twice = at::empty({2 * texts, width}, at::kFloat);
        twice.narrow(0, 0, texts).copy_(once);
        twice.narrow(0, texts, texts).copy_(once);
        const at::Tensor scores = cosines(images, twice).contiguous();
        const auto* values = scores.const_data_ptr<float>();
        for (int64_t i = 0; i < 9; ++i) {
            for (int64_t t = 0; t < texts; ++t) {
                double exact = 0;
                for (int64_t d = 0; d < width; ++d)
                    exact += double(images.const_data_ptr<float>()[i * width + d]) *
                             double(once.const_data_ptr<float>()[t * width + d]);
                const float first = values[i * 2 * texts + t];
                QVERIFY(std::abs(double(first) - exact) < 1e-5);
                QCOMPARE(values[i * 2 * texts + texts + t], first);
            }
        }
    }

    void foldsCoverEverything()
    {
        QCOMPARE(foldBegin(5000, 5, 0), int64_t(0));
        QCOMPARE(foldBegin(5000, 5, 1), int64_t(1000));
        QCOMPARE(foldBegin(7, 3, 1), int64_t(2));
        QCOMPARE(foldBegin(7, 3, 2), int64_t(4));
        QCOMPARE(foldBegin(7, 3, 3), int64_t(7));
    }

    void missingPartsAreNamed()
    {
        spec::Study study;
        study.zeroShot.emplace();
        study.retrieval.resize(1);
        data::StudyData data;
        data.zeroShot.items.resize(1);
        data.retrieval.resize(1);
        data.retrieval[0].images.resize(1);
        data.retrievalValidation.resize(1); // named, but its file has no image of val
        const std::vector<std::string> what{"ut", "zs", "retrieval"};

        const auto test = checkParts(study, data, what, Split::Test, Parts::Any);
        QVERIFY(test);
        QVERIFY((*test == std::vector<std::string>{"ut: the study has no updated_task"}));
        const auto all = checkParts(study, data, what, Split::Test, Parts::All);
        QVERIFY(!all && all.error().code == ErrorCode::Usage);
        QVERIFY(checkParts(study, data, {"zs", "shuffle"}, Split::Test, Parts::All)->empty());

        const auto val = checkParts(study, data, what, Split::Validation, Parts::Any);
        QVERIFY(!val && val.error().code == ErrorCode::Usage);
        for (const char* text : {"validation split", "zs: the study has no zero_shot_validation",
                                 "retrieval: retrieval has nothing of this split"})
            QVERIFY2(val.error().message.find(text) != std::string::npos,
                     val.error().message.c_str());
        // The study names everything asked for: what is wrong is in the files.
        const auto files = checkParts(study, data, {"retrieval"}, Split::Validation, Parts::Any);
        QVERIFY(!files && files.error().code == ErrorCode::Data);
    }

    void prompts()
    {
        QVERIFY((classPrompts("This is a photo of a {}.", {"dog", "teddy bear"}) ==
                 std::vector<std::string>{"This is a photo of a dog.",
                                          "This is a photo of a teddy bear."}));
        QVERIFY((classPrompts("{}", {"{}"}) == std::vector<std::string>{"{}"}));
    }
};

QTEST_APPLESS_MAIN(TestEval)
#include "tst_eval.moc"
