// SPDX-License-Identifier: GPL-3.0-or-later
// How terms of the loss are watched: their share of the gradient, when that is worth a warning, and
// that looking leaves every step as it was.
#include "core/model/initialize.h"
#include "core/train/batch_step.h"
#include "core/train/gradient_share.h"
#include "core/train/term_watch.h"

#include <ATen/ATen.h>

#include <QtTest>

#include <cmath>
#include <limits>

using namespace clwb;
using namespace clwb::train;
using methods::NamedLoss;

namespace
{

StepOutput outputOf(std::map<std::string, double> shares, std::vector<NamedLoss> skipped = {})
{
    StepOutput output;
    output.shares = std::move(shares);
    output.skipped = std::move(skipped);
    return output;
}

bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

weights::ClipConfig tinyConfig()
{
    weights::ClipConfig config;
    config.vision.width = 16;
    config.vision.heads = 2;
    config.vision.layers = 1;
    config.vision.mlp = 32;
    config.text = config.vision;
    config.vision.patch = 8;
    config.vision.imageSize = 16;
    config.text.context = 8;
    config.text.vocabulary = 50;
    config.projection = 12;
    return config;
}

/// Trained weights after a few steps of a method on made-up pictures; all values, in one row.
at::Tensor weightsAfterSteps(const methods::MethodInfo& info, bool measures)
{
    spec::RunSpec spec;
    spec.method = info.id;
    spec.option = "WM";
    const auto method = info.create();
    model::ClipModel base;
    base.config = tinyConfig();
    base.preprocess.size = 16;
    base.parameters = model::randomParameters(base.config, 0, std::log(20.0));
    method->prepareModel(base, model::Option::WholeModel, spec.params);
    const auto trained =
        method->trainedNames(base.parameters, model::Option::WholeModel, spec.params,
                             model::trainedNames(base.parameters, model::Option::WholeModel, true));
    model::ClipModel student = base;
    student.parameters = model::snapshot(base.parameters, trained);
    for (const std::string& name : trained)
        student.parameters.at(name).requires_grad_(true);
    Adam adam({}, {{trained, 0}}, student.parameters);

    SessionPlan plan;
    plan.info.previous = {0, 3};
    plan.info.current = {3, 3};
    plan.info.seen = {0, 6};
    plan.ceClasses = plan.info.current;
    model::Sentences prompts;
    for (int32_t c = 0; c < 6; ++c)
        prompts.push_back({48, c, c + 10, 49});
    SessionFeatures features;
    features.teacherClasses = base.encodeText(prompts).detach();
    StepInput input;
    input.rows = at::arange(8, at::kLong);
    input.pixels = (at::arange(8 * 16 * 16 * 3, at::kLong) * 7919 % 251).to(at::kByte);
    input.pixels = input.pixels.view({8, 16, 16, 3});
    input.labels = at::arange(8, at::kLong) % 3;
    input.replay.sentences = {{48, 5, 6, 49}, {48, 7, 8, 9, 49}};
    input.measuresShares = measures;
    const StepSetup setup{spec,
                          *method,
                          student,
                          base,
                          plan,
                          features,
                          prompts,
                          method->needs(plan.info, spec.params),
                          model::Option::WholeModel,
                          false};
    for (int step = 0; step < 3; ++step) {
        const auto output = runStep(setup, input, adam, 1e-3);
        if (!output || output->shares.empty() != (!measures || info.lossNames.empty()))
            return {};
    }
    std::vector<at::Tensor> values;
    for (const std::string& name : trained)
        values.push_back(student.parameters.at(name).detach().reshape({-1}));
    return at::cat(values);
}

} // namespace

class TestTermWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Gradients of sums of elements are constant, so the shares follow by hand.
    void shares()
    {
        const at::Tensor x = at::ones({2, 3}, at::kDouble).requires_grad_(true);
        const at::Tensor y = at::ones({4}, at::kDouble).requires_grad_(true);
        const std::vector<NamedLoss> terms{{"both", 2 * x.sum() + y.sum(), 3},
                                           {"small", 1e-4 * x.sum(), 1},
                                           {"none", at::zeros({}, at::kDouble), 5},
                                           {"cancels", -y.sum(), 3},
                                           {"absent", {}, 1}};
        at::Tensor total = 4 * x.sum();
        for (const NamedLoss& term : terms) {
            if (term.value.defined())
                total = total + term.weight * term.value;
        }
        const auto shares = gradientShares(terms, total, {x, y, {}, at::ones({2}, at::kDouble)});
        QCOMPARE(shares.size(), size_t(4));
        const double whole = 4 + 6 + 1e-4; // each element of x; those of y cancel
        QVERIFY(std::abs(shares.at("both") - 1) < 1e-12);
        QVERIFY(std::abs(shares.at("small") - 1e-4 / whole) < 1e-12);
        QCOMPARE(shares.at("none"), 0.0);
        QCOMPARE(shares.at("cancels"), 1.0);
        QVERIFY(!x.grad().defined() && !y.grad().defined());
        total.backward(); // the graph is still there
        QVERIFY(std::abs(x.grad()[0][0].item<double>() - whole) < 1e-12);
        QVERIFY(gradientShares({}, total, {x}).empty());
        QVERIFY(gradientShares(terms, total, {}).empty());
    }

    void measuringLeavesTheStepsAsTheyWere_data()
    {
        QTest::addColumn<QString>("id");
        for (const methods::MethodInfo& info : methods::allMethods())
            QTest::addRow("%s", info.id.c_str()) << QString::fromStdString(info.id);
    }

    void measuringLeavesTheStepsAsTheyWere()
    {
        QFETCH(QString, id);
        const methods::MethodInfo& info = *methods::findMethod(id.toStdString());
        const at::Tensor plain = weightsAfterSteps(info, false);
        const at::Tensor measured = weightsAfterSteps(info, true);
        QVERIFY(plain.defined() && measured.defined());
        QVERIFY(at::equal(plain, measured));
    }

    void measuresFirstTenthAndLast()
    {
        std::vector<int64_t> measured;
        for (int64_t batch = 1; batch <= 34; ++batch) {
            if (TermWatch::measures(batch, 34))
                measured.push_back(batch);
        }
        QVERIFY((measured == std::vector<int64_t>{1, 10, 20, 30, 34}));
        QVERIFY(TermWatch::measures(1, 1));
    }

    void saysWhichTermWasDead()
    {
        TermWatch watch(2, 30);
        QVERIFY(watch.add(outputOf({{"alive", 0.0}, {"dead", 0.0}, {"weak", 0.0}})));
        QVERIFY(watch.warnings().empty()); // the first step says nothing
        QVERIFY(watch.add(outputOf({{"alive", 2e-3}, {"dead", 0.0}, {"weak", 5e-4}})));
        QVERIFY(watch.add(outputOf({{"alive", 1e-5}, {"dead", 0.0}, {"weak", 1e-4}})));
        const auto warnings = watch.warnings();
        QCOMPARE(warnings.size(), size_t(2));
        QVERIFY(contains(warnings[0], "session 2: dead made no gradient at all in 3 measured"));
        QVERIFY(contains(warnings[0], "frozen tower"));
        QVERIFY(contains(warnings[1], "weak made at most 0.0500 % of the gradient"));
        QVERIFY(contains(warnings[1], "params.beta"));
    }

    void countsWhatWasLeftOut()
    {
        const NamedLoss few{"GeoText", {}, 1, "too few rows"};
        TermWatch watch(1, 7);
        for (int batch = 0; batch < 7; ++batch)
            QVERIFY(watch.add(outputOf({}, {few})));
        QCOMPARE(watch.warnings().size(), size_t(1));
        QCOMPARE(watch.warnings()[0],
                 std::string("session 1: left out in 7 of 7 batches: GeoText: too few rows"));
    }

    void bearsOneFailureInAHundred()
    {
        const NamedLoss failed{"GeoImage", {}, 1, "did not converge", true};
        TermWatch watch(3, 250);
        QVERIFY(watch.add(outputOf({}, {failed})));
        QVERIFY(watch.add(outputOf({}, {failed})));
        const auto third = watch.add(outputOf({}, {failed}));
        QVERIFY(!third);
        QCOMPARE(int(third.error().code), int(ErrorCode::RunFailed));
        QVERIFY(contains(third.error().message, "session 3: GeoImage failed in 3 of its 250"));
        QVERIFY(contains(third.error().message, "did not converge"));
        QVERIFY(!TermWatch(1, 99).add(outputOf({}, {failed})));
        QVERIFY(TermWatch(1, 100).add(outputOf({}, {failed})));
    }

    void continuesFromACheckpoint()
    {
        const NamedLoss failed{"GeoImage", {}, 1, "did not converge", true};
        TermWatch watch(3, 250);
        QVERIFY(watch.add(outputOf({{"dead", 0.0}, {"alive", 0.5}}, {failed})));
        QVERIFY(watch.add(outputOf({{"dead", 1e-5}, {"alive", 0.0}}, {failed})));
        TermWatch resumed(3, 250);
        resumed.restore(watch.state());
        QVERIFY(resumed.warnings() == watch.warnings() && watch.warnings().size() == 2);
        QVERIFY(!resumed.add(outputOf({}, {failed})));
    }

    void namesWhatIsNotFinite()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        StepOutput output;
        output.losses = {{"CE", 1}, {"GeoImage", -1}, {"LwF", 2}, {"total", 3}};
        QCOMPARE(nonFinitePart(output), std::string("gradient"));
        output.losses["total"] = std::numeric_limits<double>::infinity();
        QCOMPARE(nonFinitePart(output), std::string("total loss"));
        output.losses["GeoImage"] = nan;
        QCOMPARE(nonFinitePart(output), std::string("GeoImage loss"));
        output.losses["CE"] = nan;
        QCOMPARE(nonFinitePart(output), std::string("CE, GeoImage loss"));
    }
};

QTEST_APPLESS_MAIN(TestTermWatch)
#include "tst_term_watch.moc"
