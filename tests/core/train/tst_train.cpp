// SPDX-License-Identifier: GPL-3.0-or-later
// The optimiser against the textbook, the plan of sessions, data order, schedule and replay.
#include "core/base/random_stream.h"
#include "core/text/bpe_learner.h"
#include "core/train/adam.h"
#include "core/train/plan.h"
#include "core/train/replay.h"
#include "tests/support/require.h"

#include <ATen/ops/empty.h>

#include <QtTest>

#include <cmath>
#include <set>

using namespace clwb;
using namespace clwb::train;

namespace
{

constexpr size_t kNumbers = 37;

/// The same gradients for the optimiser and for the loop in doubles.
std::vector<float> gradientsOf(uint64_t step)
{
    RandomStream stream = RandomStream::named(0, "gradients", {step});
    std::vector<float> values;
    for (size_t i = 0; i < kNumbers; ++i)
        values.push_back(
            static_cast<float>(std::pow(10.0, static_cast<double>(i % 5) - 3) * stream.normal()));
    return values;
}

at::Tensor tensorOf(const std::vector<float>& values)
{
    at::Tensor tensor = at::empty({static_cast<int64_t>(values.size())}, at::kFloat);
    std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<float>());
    return tensor;
}

struct Textbook
{
    std::vector<double> theta, m, v;
    int t = 0;
};

void textbookStep(Textbook& book, const AdamOptions& o, double decay, double lr)
{
    book.t += 1;
    const std::vector<float> g = gradientsOf(static_cast<uint64_t>(book.t));
    for (size_t i = 0; i < kNumbers; ++i) {
        double gradient = g[i];
        if (o.decoupledDecay)
            book.theta[i] -= lr * decay * book.theta[i];
        else
            gradient += decay * book.theta[i];
        book.m[i] = o.beta1 * book.m[i] + (1 - o.beta1) * gradient;
        book.v[i] = o.beta2 * book.v[i] + (1 - o.beta2) * gradient * gradient;
        const double mean = book.m[i] / (1 - std::pow(o.beta1, book.t));
        const double root = std::sqrt(book.v[i] / (1 - std::pow(o.beta2, book.t)));
        book.theta[i] -= lr * mean / (root + o.eps);
    }
}

/// 4 classes in 2 sessions; items in the order of the file, label i % 4.
data::StudyData studyOf(size_t items)
{
    data::StudyData data;
    data.classes = {"a", "b", "c", "d"};
    data.sessionOfClass = {1, 1, 2, 2};
    data.sessions = 2;
    for (size_t i = 0; i < items; ++i) {
        data::Item item;
        item.label = static_cast<int>(i % 4);
        data.utTrain.push_back(item);
    }
    return data;
}

spec::RunSpec specOf(const std::string& setting, int64_t batch, int64_t epochs)
{
    spec::RunSpec spec;
    spec.method = "ft";
    spec.setting = setting;
    spec.schedule.batchSize = batch;
    spec.schedule.epochs = epochs;
    return spec;
}

} // namespace

class TestTrain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void adam_data()
    {
        QTest::addColumn<bool>("decoupled");
        QTest::addColumn<double>("decay");
        QTest::newRow("adam") << false << 0.0;
        QTest::newRow("adam with decay") << false << 0.1;
        QTest::newRow("adamw") << true << 0.1;
    }

    void adam()
    {
        QFETCH(bool, decoupled);
        QFETCH(double, decay);
        AdamOptions options;
        options.decoupledDecay = decoupled;
        const std::vector<float> start = gradientsOf(1000);
        model::Parameters parameters{{"x", tensorOf(start)}};
        parameters.at("x").requires_grad_(true);
        auto optimizer =
            std::make_unique<Adam>(options, std::vector<AdamGroup>{{{"x"}, decay}}, parameters);
        Textbook book{{start.begin(), start.end()},
                      std::vector<double>(kNumbers),
                      std::vector<double>(kNumbers)};
        for (int step = 1; step <= 60; ++step) {
            const double lr = step < 30 ? 1e-2 : 1e-3;
            parameters.at("x").mutable_grad() = tensorOf(gradientsOf(static_cast<uint64_t>(step)));
            optimizer->step(lr);
            textbookStep(book, options, decay, lr);
            if (step == 25) { // a new optimiser continues from the saved state
                model::Parameters saved;
                for (const auto& [name, tensor] : optimizer->state())
                    saved.emplace(name, tensor.clone());
                optimizer = std::make_unique<Adam>(options, std::vector<AdamGroup>{{{"x"}, decay}},
                                                   parameters);
                optimizer->restore(saved);
            }
        }
        const float* got = parameters.at("x").const_data_ptr<float>();
        for (size_t i = 0; i < kNumbers; ++i) {
            QVERIFY(std::abs(book.theta[i] - static_cast<double>(start[i])) > 1e-4);
            QVERIFY2(std::abs(static_cast<double>(got[i]) - book.theta[i]) <
                         2e-5 * (1 + std::abs(book.theta[i])),
                     qPrintable(QString("%1: %2 %3").arg(i).arg(got[i]).arg(book.theta[i])));
        }
    }

    void gradientNormAndMissingGradients()
    {
        model::Parameters parameters{{"x", tensorOf({1, 2})}, {"y", tensorOf({5})}};
        Adam optimizer({}, {{{"x", "y"}, 0.1}}, parameters);
        QCOMPARE(optimizer.gradientNorm(), 0.0);
        parameters.at("x").mutable_grad() = tensorOf({3, 4});
        QCOMPARE(optimizer.gradientNorm(), 5.0);
        optimizer.scaleGradients(0.5);
        QCOMPARE(optimizer.gradientNorm(), 2.5);
        optimizer.step(0.1);
        QCOMPARE(parameters.at("y").const_data_ptr<float>()[0], 5.0f);
        QVERIFY(parameters.at("x").const_data_ptr<float>()[0] < 1.0f);
        optimizer.clearGradients();
        QVERIFY(!parameters.at("x").grad().defined());
    }

    void plans()
    {
        const data::StudyData data = studyOf(22); // labels 0 and 1: 6 each, 2 and 3: 5 each
        RunPlan plan = makePlan(specOf("OST", 5, 3), data);
        QCOMPARE(plan.sessions.size(), size_t(1));
        QCOMPARE(plan.sessions[0].items.size(), size_t(22));
        QCOMPARE(plan.sessions[0].batchesPerEpoch, int64_t(5));
        QCOMPARE(plan.totalSteps, int64_t(15));
        QCOMPARE(plan.sessions[0].info.previous.count, 0);

        spec::RunSpec spec = specOf("MST", 5, 3);
        plan = makePlan(spec, data);
        QCOMPARE(plan.sessions.size(), size_t(2));
        QCOMPARE(plan.totalSteps, int64_t(3 * (3 + 2)));
        QCOMPARE(plan.sessions[1].info.previous.count, 2);
        QCOMPARE(plan.sessions[1].ceClasses.first, 2);
        for (const int64_t item : plan.sessions[1].items)
            QVERIFY(item % 4 >= 2);
        spec.schedule.keepLastPartial = false;
        QCOMPARE(makePlan(spec, data).totalSteps, int64_t(3 * (2 + 2)));
        spec.params.ceClasses = "seen";
        QCOMPARE(makePlan(spec, data).sessions[1].ceClasses.count, 4);

        spec.kind = "joint";
        plan = makePlan(spec, data);
        QCOMPARE(plan.sessions.size(), size_t(1));
        QCOMPARE(plan.sessions[0].items.size(), size_t(22));
        spec.params.jointSessions = "all";
        plan = makePlan(spec, data);
        QCOMPARE(plan.sessions.size(), size_t(2));
        QCOMPARE(plan.sessions[0].items.size(), size_t(12));
        QCOMPARE(plan.sessions[1].items.size(), size_t(22));
        spec.kind = "original";
        QVERIFY(makePlan(spec, data).sessions.empty());
        const RunPlan nothing = makePlan(specOf("MST", 5, 3), studyOf(0));
        QVERIFY(nothing.totalSteps == 0 && nothing.sessions.size() == 2);
    }

    // Sessions of 12 and of 10 items.
    void picturesOfAStepOnTheMean()
    {
        const data::StudyData data = studyOf(22);
        spec::RunSpec spec = specOf("MST", 5, 3);
        const auto mean = [&](int doneSessions) {
            return meanBatch(spec.schedule, makePlan(spec, data), doneSessions);
        };
        QCOMPARE(mean(0), int64_t{4}); // 22 in 3 and 2 steps
        QCOMPARE(mean(1), int64_t{5}); // 10 in 2
        QCOMPARE(mean(2), int64_t{5}); // none left
        spec.schedule.keepLastPartial = false;
        QCOMPARE(mean(0), int64_t{5}); // 20 in 4
        spec.schedule.keepLastPartial = true;
        spec.schedule.batchSize = 64;
        QCOMPARE(mean(0), int64_t{11}); // 22 in 2
        spec.schedule.batchSize = 4096;
        QCOMPARE(mean(0), int64_t{11});
        QCOMPARE(mean(1), int64_t{10});
    }

    void epochOrders()
    {
        const RunPlan plan = makePlan(specOf("MST", 5, 3), studyOf(80));
        const SessionPlan& session = plan.sessions[1];
        const auto order = epochOrder(session, 0, 1);
        QVERIFY(order != session.items);
        QVERIFY(std::is_permutation(order.begin(), order.end(), session.items.begin(),
                                    session.items.end()));
        QVERIFY(epochOrder(session, 0, 1) == order);
        QVERIFY(epochOrder(session, 1, 1) != order);
        QVERIFY(epochOrder(session, 0, 2) != order);
    }

    void schedule()
    {
        spec::Schedule schedule;
        schedule.lr = 2e-6;
        QCOMPARE(learningRate(schedule, 100), 2e-6);
        schedule.dropAfterEpoch = 3;
        QCOMPARE(learningRate(schedule, 3), 2e-6);
        QCOMPARE(learningRate(schedule, 4), 2e-7);
    }

    void replay()
    {
        auto tokenizer = text::learnVocabulary({"a photo of a red square", "a green disc"}, 560);
        test::require(tokenizer);
        spec::RunSpec spec = specOf("MST", 4, 1);
        spec.params.M = 7;
        spec.params.Ks = 50;
        const std::vector<std::string> none;
        const ReplaySource source(spec, *tokenizer, none, 16);
        const Replay first = source.draw(1, 1, 1);
        QCOMPARE(first.sentences.size(), size_t(50));
        std::set<int32_t> used;
        for (size_t k = 0; k < first.sentences.size(); ++k) {
            const auto& ids = first.sentences[k];
            QCOMPARE(ids.size(), size_t(9));
            QVERIFY(ids.front() == tokenizer->sot() && ids.back() == tokenizer->eot());
            QVERIFY(std::equal(first.bodies[k].begin(), first.bodies[k].end(), ids.begin() + 1));
            for (const int32_t id : first.bodies[k]) {
                QVERIFY(id != tokenizer->sot() && id != tokenizer->eot() && id >= 0);
                used.insert(id);
            }
        }
        QVERIFY(used.size() > 150); // 350 draws of about 558 ids
        QVERIFY(source.draw(1, 1, 1).bodies == first.bodies);
        const auto differs = [&](int s, int64_t e, int64_t b) {
            return source.draw(s, e, b).bodies != first.bodies;
        };
        QVERIFY(differs(1, 1, 2) && differs(1, 2, 1) && differs(2, 1, 1));
        spec.params.replayRefresh = "epoch";
        const Replay epoch = source.draw(1, 1, 1);
        QVERIFY(source.draw(1, 1, 2).bodies == epoch.bodies);
        QVERIFY(source.draw(1, 2, 1).bodies != epoch.bodies);
        spec.params.replayRefresh = "once";
        QVERIFY(source.draw(2, 5, 9).bodies == source.draw(1, 1, 1).bodies);
    }

    void captionReplay()
    {
        auto tokenizer = text::learnVocabulary({"a red square", "a green disc"}, 540);
        test::require(tokenizer);
        spec::RunSpec spec = specOf("MST", 4, 1);
        spec.params.replay = "captions";
        spec.params.Ks = 40;
        const std::vector<std::string> captions{"a red square", "a green disc"};
        const ReplaySource source(spec, *tokenizer, captions, 16);
        std::set<std::vector<int32_t>> seen;
        for (const auto& body : source.draw(1, 1, 1).bodies)
            seen.insert(body);
        QVERIFY((seen == std::set{tokenizer->encode(captions[0]), tokenizer->encode(captions[1])}));
    }
};

QTEST_APPLESS_MAIN(TestTrain)
#include "tst_train.moc"
