// SPDX-License-Identifier: GPL-3.0-or-later
// Retrieval ranks against a loop, with ties and uneven folds; class prompts.
#include "core/base/random_stream.h"
#include "core/eval/retrieval.h"
#include "core/eval/texts.h"

#include <ATen/ops/empty.h>

#include <QtTest>

#include <algorithm>

using namespace clwb;
using namespace clwb::eval;

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

    void foldsCoverEverything()
    {
        QCOMPARE(foldBegin(5000, 5, 0), int64_t(0));
        QCOMPARE(foldBegin(5000, 5, 1), int64_t(1000));
        QCOMPARE(foldBegin(7, 3, 1), int64_t(2));
        QCOMPARE(foldBegin(7, 3, 2), int64_t(4));
        QCOMPARE(foldBegin(7, 3, 3), int64_t(7));
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
