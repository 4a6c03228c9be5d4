// SPDX-License-Identifier: GPL-3.0-or-later
// What became of pictures and classes, confusion matrices, kept models and links: against plain
// loops, or worked out by hand.
#include "ui/models/class_changes.h"
#include "ui/models/confusion.h"
#include "ui/models/image_comparison.h"
#include "ui/models/image_link.h"
#include "ui/models/kept_predictions.h"
#include "ui/plots/confusion_image.h"
#include "ui/shell/theme.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

constexpr int kClasses = 7;
constexpr int kTop = 3;

/// Each picture has its classes in an order of its own.
std::shared_ptr<const store::Predictions> randomPredictions(const std::vector<int32_t>& labels,
                                                            unsigned seed)
{
    std::mt19937 random(seed);
    auto predictions = std::make_shared<store::Predictions>();
    predictions->top = kTop;
    for (const int32_t label : labels) {
        std::vector<int32_t> order(kClasses);
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random);
        if (random() % 2 == 0) { // right more often than by chance
            std::iter_swap(order.begin(), std::find(order.begin(), order.end(), label));
        }
        for (int place = 0; place < kTop; ++place) {
            predictions->classes.push_back(order[static_cast<size_t>(place)]);
            predictions->probabilities.push_back(0.5F / static_cast<float>(place + 1));
        }
        const auto rank = std::find(order.begin(), order.end(), label) - order.begin();
        predictions->truthRanks.push_back(static_cast<int32_t>(rank));
        predictions->truthProbabilities.push_back(static_cast<float>(random() % 1000) / 1000);
    }
    return predictions;
}

ImagePair randomPair(int pictures)
{
    std::mt19937 random(1);
    auto items = std::make_shared<store::PredictionItems>();
    for (int number = 0; number < kClasses; ++number)
        items->classes.push_back("class " + std::to_string(number));
    for (int picture = 0; picture < pictures; ++picture) {
        items->images.push_back(100 + picture);
        items->labels.push_back(static_cast<int32_t>(random() % (kClasses - 1))); // one has none
    }
    ImagePair pair{items, randomPredictions(items->labels, 2), randomPredictions(items->labels, 3)};
    return pair;
}

metrics::EvaluationRecord record(int session, int64_t dogs, int64_t cats, int64_t tents)
{
    metrics::EvaluationRecord record;
    record.session = session;
    record.ut =
        metrics::UtRecord{{"dog", "cat"}, {1, 2}, {{dogs, 4 - dogs}, {4 - cats, cats}}, {}, "all"};
    record.zs = metrics::ZsRecord{{"tent"}, {tents}, {4}};
    return record;
}

} // namespace

class TestImageOutcomes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsOutcomesAsAPlainLoop()
    {
        const ImagePair pair = randomPair(500);
        const std::vector<OutcomeCounts> classes = outcomesOfClasses(pair);
        QCOMPARE(classes.size(), size_t{kClasses});
        for (int32_t number = 0; number < kClasses; ++number) {
            OutcomeCounts expected;
            int right[2] = {0, 0};
            for (size_t item = 0; item < pair.items->labels.size(); ++item) {
                if (pair.items->labels[item] != number)
                    continue;
                const bool a = pair.a->classes[item * kTop] == number;
                const bool b = pair.b->classes[item * kTop] == number;
                right[0] += a;
                right[1] += b;
                if (a && b)
                    ++expected[Outcome::Always];
                else if (a)
                    ++expected[Outcome::Forgotten];
                else if (b)
                    ++expected[Outcome::Learned];
                else
                    ++expected[Outcome::Never];
            }
            QVERIFY(classes[static_cast<size_t>(number)] == expected);
            const auto before = expected.before();
            QCOMPARE(before.has_value(), expected.total() > 0);
            if (before) {
                QCOMPARE(*before, 100.0 * right[0] / static_cast<double>(expected.total()));
                QCOMPARE(*expected.after(),
                         100.0 * right[1] / static_cast<double>(expected.total()));
            }
        }
        QVERIFY(!classes[kClasses - 1].before()); // no pictures: no accuracy
    }

    void choosesPicturesByTruthAndPrediction()
    {
        const ImagePair pair = randomPair(500);
        for (const Decider decider : {Decider::A, Decider::B, Decider::Either}) {
            for (int32_t truth = 0; truth < kClasses; ++truth) {
                for (int32_t predicted = 0; predicted < kClasses; ++predicted) {
                    std::vector<int32_t> expected;
                    for (size_t item = 0; item < pair.items->labels.size(); ++item) {
                        const bool a = pair.a->classes[item * kTop] == predicted;
                        const bool b = pair.b->classes[item * kTop] == predicted;
                        const bool isWanted = decider == Decider::A   ? a
                                              : decider == Decider::B ? b
                                                                      : (a || b);
                        if (pair.items->labels[item] == truth && isWanted)
                            expected.push_back(static_cast<int32_t>(item));
                    }
                    std::vector<int32_t> chosen = chosenImages(pair, {truth, predicted, decider});
                    std::sort(chosen.begin(), chosen.end());
                    QCOMPARE(chosen, expected);
                }
            }
        }
    }

    void listsTheLargestLossFirst()
    {
        const ImagePair pair = randomPair(300);
        const std::vector<int32_t> all = chosenImages(pair, {});
        QCOMPARE(all.size(), size_t{300});
        const auto gain = [&pair](int32_t image) {
            return pair.b->truthProbabilities[static_cast<size_t>(image)] -
                   pair.a->truthProbabilities[static_cast<size_t>(image)];
        };
        for (size_t at = 1; at < all.size(); ++at)
            QVERIFY(gain(all[at - 1]) < gain(all[at]) ||
                    (gain(all[at - 1]) == gain(all[at]) && all[at - 1] < all[at]));
        int64_t sum = 0;
        for (const Outcome outcome : kOutcomes) {
            const std::vector<int32_t> some = withOutcome(pair, all, outcome);
            for (const int32_t image : some)
                QVERIFY(pair.outcomeOf(static_cast<size_t>(image)) == outcome);
            QCOMPARE(static_cast<int64_t>(some.size()), countOutcomes(pair, all)[outcome]);
            sum += static_cast<int64_t>(some.size());
        }
        QCOMPARE(sum, int64_t{300});
        QCOMPARE(withOutcome(pair, all, {}), all);
    }

    void saysInWhichSessionAPictureWasLost()
    {
        // Sessions 0, 1, 3 (2 was not kept): 1 right, 0 wrong.
        const auto history = [](std::vector<uint8_t> rights) {
            return std::vector<SessionRights>{{0, {rights[0]}}, {1, {rights[1]}}, {3, {rights[2]}}};
        };
        QVERIFY(!lostAfter(history({1, 1, 1}), 0));
        QCOMPARE(lostAfter(history({1, 1, 0}), 0), std::optional(3));
        QCOMPARE(lostAfter(history({1, 0, 0}), 0), std::optional(1));
        QVERIFY(!lostAfter(history({1, 0, 1}), 0)); // it came back
        QVERIFY(!lostAfter(history({0, 0, 0}), 0));
        QCOMPARE(lostAfter(history({0, 1, 0}), 0), std::optional(3));
        QVERIFY(!lostAfter({}, 0));
    }

    void countsConfusionsAsAPlainLoop()
    {
        const ImagePair pair = randomPair(400);
        const Confusion confusion = confusionOf(*pair.items, *pair.a);
        const Confusion other = confusionOf(*pair.items, *pair.b);
        const std::vector<float> change = confusionChange(confusion, other);
        for (int32_t truth = 0; truth < kClasses; ++truth) {
            for (int32_t predicted = 0; predicted < kClasses; ++predicted) {
                int a = 0;
                int b = 0;
                int total = 0;
                for (size_t item = 0; item < pair.items->labels.size(); ++item) {
                    if (pair.items->labels[item] != truth)
                        continue;
                    ++total;
                    a += pair.a->classes[item * kTop] == predicted;
                    b += pair.b->classes[item * kTop] == predicted;
                }
                const auto at = static_cast<size_t>(truth * kClasses + predicted);
                QCOMPARE(confusion.counts[at], a);
                QCOMPARE(confusion.totals[static_cast<size_t>(truth)], total);
                const double expected = total == 0 ? 0 : 100.0 * (b - a) / total;
                QVERIFY(std::abs(static_cast<double>(change[at]) - expected) < 1e-3);
            }
        }
    }

    void ordersClassesBySession()
    {
        QCOMPARE(orderBySession(4, {2, 1, 2, 1}), (std::vector<int32_t>{1, 3, 0, 2}));
        QCOMPARE(orderBySession(3, {}), (std::vector<int32_t>{0, 1, 2}));
    }

    void drawsWhatTheCellsHold()
    {
        std::mt19937 random(5);
        const std::vector<int32_t> order{2, 0, 3, 1, 4};
        std::vector<float> values(25);
        for (float& value : values)
            value = static_cast<float>(static_cast<int>(random() % 201) - 100);
        const ConfusionColours colours{Qt::white, Qt::blue, Qt::red};
        // Cells of 8 pixels; then several cells a pixel.
        for (const int side : {40, 3, 1, 7}) {
            const QImage image =
                confusionImage(values, order, QRectF(0, 0, 5, 5), {side, side}, 100, colours);
            QCOMPARE(image.size(), QSize(side, side));
            for (int y = 0; y < side; ++y) {
                for (int x = 0; x < side; ++x) {
                    float expected = 0;
                    for (int row = 0; row < 5; ++row) {
                        for (int column = 0; column < 5; ++column) {
                            // A cell is of a pixel when they overlap; with large cells, when the
                            // pixel begins in it.
                            const auto covers = [side](int pixel, int cell) {
                                return side > 5 ? pixel * 5 / side == cell
                                                : cell * side < (pixel + 1) * 5 &&
                                                      (cell + 1) * side > pixel * 5;
                            };
                            if (!covers(y, row) || !covers(x, column))
                                continue;
                            const float value =
                                values[static_cast<size_t>(order[static_cast<size_t>(row)] * 5 +
                                                           order[static_cast<size_t>(column)])];
                            if (std::abs(value) > std::abs(expected) ||
                                (std::abs(value) == std::abs(expected) && expected == 0))
                                expected = value;
                        }
                    }
                    const double share = std::sqrt(std::lround(std::abs(expected) * 2.55F) / 255.0);
                    const QColor wanted =
                        mixed(colours.ground, expected < 0 ? colours.less : colours.more, share);
                    const QColor got = image.pixelColor(x, y);
                    // Values of one size and both signs in a pixel: either is the largest.
                    const QColor opposite =
                        mixed(colours.ground, expected < 0 ? colours.more : colours.less, share);
                    const auto near = [&got](const QColor& c) {
                        return std::abs(got.red() - c.red()) < 4 &&
                               std::abs(got.blue() - c.blue()) < 4;
                    };
                    QVERIFY2(near(wanted) || (side < 5 && near(opposite)),
                             qPrintable(u"%1 px at %2,%3: %4, not %5"_s.arg(side).arg(x).arg(y).arg(
                                 got.name(), wanted.name())));
                }
            }
        }
    }

    void drawsThePartInSight()
    {
        const std::vector<float> values{0, 100, 0, 0, 0, 0, 0, 0, 100};
        const ConfusionColours colours{Qt::white, Qt::black, Qt::red};
        const QImage image =
            confusionImage(values, {0, 1, 2}, QRectF(1, 0, 2, 2), {20, 20}, 100, colours);
        QCOMPARE(image.pixelColor(0, 0), QColor(Qt::black)); // row 0, column 1
        QCOMPARE(image.pixelColor(9, 9), QColor(Qt::black));
        QCOMPARE(image.pixelColor(10, 0), QColor(Qt::white));
        QCOMPARE(image.pixelColor(0, 10), QColor(Qt::white));
        QVERIFY(confusionImage({}, {}, QRectF(), {20, 20}, 100, colours).isNull());
    }

    void knowsWhichModelsAreKept()
    {
        std::vector<store::PredictionEntry> index;
        for (const int session : {0, 1, 2})
            index.push_back({3, session, "ut", 7, 10, {}});
        index.push_back({3, 0, "zs", 8, 10, {}});
        index.push_back({9, 1, "ut", 7, 10, {}});
        index.push_back({10, 1, "ut", 7, 0, {}}); // no pictures
        const std::vector<KeptRun> kept = keptRuns(index, "ut");
        QCOMPARE(kept.size(), size_t{2});
        // Run 9 has one model only, which tells nothing of forgetting.
        QVERIFY(firstPair(kept) == (PredictionPair{{3, 0}, {3, 2}}));
        QVERIFY(nearestKept(kept, {3, 99}) == (PredictionPoint{3, 2}));
        QVERIFY(nearestKept(kept, {9, 0}) == (PredictionPoint{9, 1}));
        QVERIFY(!nearestKept(kept, {4, 0}));
        QVERIFY(firstPair(keptRuns(index, "zs")) == (PredictionPair{{3, 0}, {3, 0}}));
        QVERIFY(!firstPair({}));
        QCOMPARE(findKept(kept, 3)->lists.at(1), int64_t{7});
        QVERIFY(!findKept(kept, 10));
    }

    void namesAPlaceOnThePage()
    {
        const ImageLink link{.run = 5,
                             .a = PredictionPoint{5, 1},
                             .b = PredictionPoint{6, 8},
                             .part = "zs",
                             .classNumber = 2,
                             .className = "kite",
                             .outcome = Outcome::Forgotten};
        const auto read = imageLinkFromJson(toJson(link));
        QVERIFY(read.has_value());
        QVERIFY(read->a == link.a && read->b == link.b && read->part == "zs" && read->run == 5);
        QVERIFY(read->outcome == Outcome::Forgotten);
        QCOMPARE(classOfLink(*read, {"a", "b", "kite"}), std::optional(2));
        QCOMPARE(classOfLink(*read, {"kite", "b", "c"}), std::optional(0)); // another study
        QVERIFY(!classOfLink(*read, {"a", "b", "c"}));
        QCOMPARE(classOfLink(*read, {"kite", "b", "kite"}), std::optional(2)); // the number decides
        QVERIFY(!imageLinkFromJson(Json::object()));
        QVERIFY(!imageLinkFromJson(Json("run")));
        QVERIFY(!imageLinkFromJson(Json{{"run", "five"}}));
        const auto plain = imageLinkFromJson(Json{{"run", 5}, {"a", 3}, {"class", "x"}});
        QVERIFY(plain && !plain->a && !plain->classNumber && plain->part == "ut");
        for (const Outcome outcome : kOutcomes)
            QVERIFY(outcomeOfId(outcomeId(outcome)) == outcome);
    }

    void tellsClassesOfOneNameApart()
    {
        QCOMPARE(distinctNames({"seal", "crane", "seal"}),
                 (QStringList{u"seal (class 1)"_s, u"crane"_s, u"seal (class 3)"_s}));
    }

    void judgesEverySessionByItsRecords()
    {
        std::map<int, metrics::EvaluationRecord> records;
        records.emplace(0, record(0, 1, 1, 4));
        records.emplace(1, record(1, 4, 1, 3));
        records.emplace(2, record(2, 1, 4, 1));
        const ClassChanges first = classChanges(records, 3, 1);
        QCOMPARE(first.session, 1);
        QVERIFY(first.forgotten.empty()); // nothing was learned before
        QCOMPARE(first.learned.at(0).name, std::string("dog"));
        QCOMPARE(first.learned.at(0).since, 0);
        QCOMPARE(first.zeroShotLost.at(0).points, -25.0);
        const ClassChanges last = classChanges(records, 3);
        QCOMPARE(last.forgotten.at(0).number, 0);
        QCOMPARE(last.forgotten.at(0).since, 1); // when it was learned
        QCOMPARE(last.learned.at(0).number, 1);
        QCOMPARE(last.learned.at(0).since, 1);
        QCOMPARE(last.zeroShotLost.at(0).points, -75.0);
        QCOMPARE(classChanges(records, 3, 0).session, 0);
        QVERIFY(first.worsened.empty() && last.worsened.empty());
        // Its own session made a class worse: neither forgotten nor learned, but told.
        records.insert_or_assign(1, record(1, 0, 1, 4));
        const ClassChanges worse = classChanges(records, 3, 1);
        QVERIFY(worse.learned.empty() && worse.forgotten.empty());
        QCOMPARE(worse.worsened.at(0).name, std::string("dog"));
        QCOMPARE(worse.worsened.at(0).points, -25.0);
    }
};

QTEST_GUILESS_MAIN(TestImageOutcomes)
#include "tst_image_outcomes.moc"
