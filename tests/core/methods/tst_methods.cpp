// SPDX-License-Identifier: GPL-3.0-or-later
// What every method promises, LwF's and VR-LwF's terms against loops over doubles, and which of
// GeoDL's terms are computed from what.
#include "core/base/random_stream.h"
#include "core/losses/geodesic_flow.h"
#include "core/methods/method.h"

#include <ATen/ops/empty.h>

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace clwb;
using namespace clwb::methods;

namespace
{

using Matrix = std::vector<std::vector<double>>;

Matrix unitRows(size_t rows, const char* name)
{
    RandomStream stream = RandomStream::named(5, name);
    Matrix matrix(rows, std::vector<double>(6));
    for (auto& row : matrix) {
        double square = 0;
        for (double& value : row) {
            value = stream.normal();
            square += value * value;
        }
        for (double& value : row)
            value /= std::sqrt(square);
    }
    return matrix;
}

at::Tensor tensorOf(const Matrix& matrix)
{
    at::Tensor tensor = at::empty({static_cast<int64_t>(matrix.size()), 6}, at::kDouble);
    auto* out = tensor.mutable_data_ptr<double>();
    for (const auto& row : matrix)
        out = std::copy(row.begin(), row.end(), out);
    return tensor;
}

at::Tensor scalar(double value)
{
    at::Tensor tensor = at::empty({}, at::kDouble);
    *tensor.mutable_data_ptr<double>() = value;
    return tensor;
}

double valueOf(const at::Tensor& tensor)
{
    return tensor.detach().const_data_ptr<double>()[0];
}

/// A step in the second of two sessions with two classes each, or in the first.
struct Scene
{
    explicit Scene(size_t batch, int session)
        : images(unitRows(batch, "images"))
        , teacherImages(unitRows(batch, "teacher images"))
        , classes(unitRows(session == 1 ? 2 : 4, "classes"))
        , teacherClasses(unitRows(session == 1 ? 2 : 4, "teacher classes"))
        , replay(unitRows(5, "replay"))
        , teacherReplay(unitRows(5, "teacher replay"))
    {
        info.session = session;
        info.sessions = 2;
        info.previous = {0, session == 1 ? 0 : 2};
        info.current = {info.previous.count, 2};
        info.seen = {0, info.current.end()};
        step.session = &info;
        step.params = &params;
        step.images = tensorOf(images);
        step.images.requires_grad_(true);
        step.teacherImages = tensorOf(teacherImages);
        step.classes = tensorOf(classes);
        step.classRange = info.seen;
        step.teacherClasses = tensorOf(teacherClasses);
        step.replay = tensorOf(replay);
        step.teacherReplay = tensorOf(teacherReplay);
        step.scale = scalar(7);
        step.teacherScale = scalar(9);
    }
    Matrix images, teacherImages, classes, teacherClasses, replay, teacherReplay;
    SessionInfo info;
    spec::MethodParams params;
    StepContext step;
};

std::vector<double> distribution(const std::vector<double>& image, const Matrix& texts,
                                 double scale, double temperature)
{
    std::vector<double> p;
    double sum = 0;
    for (const auto& text : texts) {
        double dot = 0;
        for (size_t d = 0; d < text.size(); ++d)
            dot += image[d] * text[d];
        p.push_back(std::exp(scale * dot / temperature));
        sum += p.back();
    }
    for (double& value : p)
        value /= sum;
    return p;
}

/// T²·mean over the given texts of the divergence that params.distillation names.
double naiveTerm(const Scene& scene, const Matrix& texts, const Matrix& teacherTexts)
{
    const double t = scene.params.temperature;
    double sum = 0;
    for (size_t i = 0; i < scene.images.size(); ++i) {
        const auto p = distribution(scene.images[i], texts, 7, t);
        const auto q = distribution(scene.teacherImages[i], teacherTexts, 9, t);
        for (size_t k = 0; k < p.size(); ++k) {
            if (scene.params.distillation == "teacher_to_student")
                sum -= q[k] * std::log(p[k]);
            else if (scene.params.distillation == "reverse_kl")
                sum += p[k] * (std::log(p[k]) - std::log(q[k]));
            else
                sum -= p[k] * std::log(q[k]);
        }
    }
    return t * t * sum / static_cast<double>(scene.images.size());
}

Matrix firstTwo(const Matrix& matrix)
{
    return {matrix[0], matrix[1]};
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-10 * (1 + std::abs(b));
}

} // namespace

class TestMethods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void registry()
    {
        std::set<std::string> ids;
        for (const MethodInfo& method : allMethods()) {
            QVERIFY(ids.insert(method.id).second);
            QVERIFY(!method.title.empty() && !method.sentence.empty() && !method.source.empty());
            QCOMPARE(findMethod(method.id), &method);
        }
        for (const char* id : {"ft", "lwf", "geodl", "vr-lwf"})
            QVERIFY(ids.contains(id));
        QVERIFY(findMethod("nothing") == nullptr);
    }

    // The contract of any file put into core/methods.
    void everyMethod()
    {
        for (const MethodInfo& info : allMethods()) {
            for (const int session : {1, 2}) {
                for (const size_t batch : {1, 3}) {
                    const auto method = info.create();
                    Scene scene(batch, session);
                    const StepNeeds needs = method->needs(scene.info, scene.params);
                    QVERIFY(session == 2 || info.id != "ft" || !needs.replay);
                    for (const NamedLoss& loss : method->extraLoss(scene.step)) {
                        const auto& names = info.lossNames;
                        QVERIFY(std::count(names.begin(), names.end(), loss.name) == 1);
                        QCOMPARE(loss.value.defined(), loss.skipped.empty());
                        if (!loss.value.defined())
                            continue;
                        QCOMPARE(loss.value.dim(), int64_t(0));
                        QVERIFY(std::isfinite(valueOf(loss.value)));
                    }
                }
            }
        }
    }

    void fineTuningAddsNothing()
    {
        const Scene scene(3, 2);
        const auto method = findMethod("ft")->create();
        QVERIFY(method->extraLoss(scene.step).empty());
        const StepNeeds needs = method->needs(scene.info, scene.params);
        QVERIFY(!needs.replay && !needs.teacherImages);
        QVERIFY(!needs.seenClasses && !needs.teacherClasses);
    }

    void replayTermOfTheFirstSession()
    {
        Scene scene(4, 1);
        scene.params.beta = 3;
        const auto method = findMethod("vr-lwf")->create();
        const StepNeeds needs = method->needs(scene.info, scene.params);
        QVERIFY(needs.replay && needs.teacherImages && !needs.teacherClasses && !needs.seenClasses);
        for (const char* term : {"separate", "joint"}) {
            scene.params.previousTerm = term;
            const auto losses = method->extraLoss(scene.step);
            QCOMPARE(losses.size(), size_t(1));
            QCOMPARE(losses[0].name, std::string("VR"));
            QCOMPARE(losses[0].weight, 3.0);
            QVERIFY(near(valueOf(losses[0].value),
                         naiveTerm(scene, scene.replay, scene.teacherReplay)));
        }
    }

    void previousClassesSeparately()
    {
        Scene scene(4, 2);
        scene.params.temperature = 2;
        const auto method = findMethod("vr-lwf")->create();
        QVERIFY(method->needs(scene.info, scene.params).teacherClasses);
        const auto losses = method->extraLoss(scene.step);
        QCOMPARE(losses.size(), size_t(2));
        QVERIFY(losses[0].name == "VR" && losses[1].name == "Pre");
        QVERIFY(
            near(valueOf(losses[0].value), naiveTerm(scene, scene.replay, scene.teacherReplay)));
        QVERIFY(near(valueOf(losses[1].value),
                     naiveTerm(scene, firstTwo(scene.classes), firstTwo(scene.teacherClasses))));
        losses[1].value.backward();
        QVERIFY(scene.step.images.grad().defined());
    }

    void previousClassesJointly()
    {
        Scene scene(4, 2);
        scene.params.previousTerm = "joint";
        const auto losses = findMethod("vr-lwf")->create()->extraLoss(scene.step);
        QCOMPARE(losses.size(), size_t(1));
        Matrix texts = scene.replay;
        Matrix teacherTexts = scene.teacherReplay;
        for (size_t k = 0; k < 2; ++k) {
            texts.push_back(scene.classes[k]);
            teacherTexts.push_back(scene.teacherClasses[k]);
        }
        QVERIFY(near(valueOf(losses[0].value), naiveTerm(scene, texts, teacherTexts)));
    }

    void lwf_data()
    {
        QTest::addColumn<QString>("direction");
        QTest::addColumn<double>("temperature");
        QTest::addColumn<int>("session");
        for (const char* direction : {"teacher_to_student", "reverse_kl", "paper_literal"})
            for (const double t : {1.0, 2.0, 5.0})
                for (const int session : {1, 2})
                    QTest::addRow("%s at %g in session %d", direction, t, session)
                        << direction << t << session;
    }

    // Over all classes up to now: in the first session those are the current ones, not none.
    void lwf()
    {
        QFETCH(QString, direction);
        QFETCH(double, temperature);
        QFETCH(int, session);
        Scene scene(4, session);
        scene.params.distillation = direction.toStdString();
        scene.params.temperature = temperature;
        scene.params.beta = 2;
        const auto method = findMethod("lwf")->create();
        const StepNeeds needs = method->needs(scene.info, scene.params);
        QVERIFY(needs.teacherImages && needs.seenClasses && needs.teacherClasses && !needs.replay);
        const auto losses = method->extraLoss(scene.step);
        QCOMPARE(losses.size(), size_t(1));
        QVERIFY(losses[0].name == "LwF" && losses[0].weight == 2);
        QVERIFY(
            near(valueOf(losses[0].value), naiveTerm(scene, scene.classes, scene.teacherClasses)));
        losses[0].value.backward();
        QVERIFY(scene.step.images.grad().defined());
    }

    void geodlTermsOfTrainedTowers()
    {
        for (const auto option :
             {model::Option::WholeModel, model::Option::ImageOnly, model::Option::TextOnly}) {
            Scene scene(6, 2);
            scene.info.option = option;
            scene.params.beta = 7;
            const bool images = model::trainsImage(option);
            const bool texts = model::trainsText(option);
            const auto method = findMethod("geodl")->create();
            const StepNeeds needs = method->needs(scene.info, scene.params);
            QVERIFY(needs.teacherImages == images && !needs.replay);
            QVERIFY(needs.seenClasses == texts && needs.teacherClasses == texts);
            const auto terms = method->extraLoss(scene.step);
            QCOMPARE(terms.size(), size_t(images) + size_t(texts));
            const auto expected = [](const Matrix& student, const Matrix& teacher) {
                return valueOf(losses::geodesicLoss(losses::subspaceOf(tensorOf(student), {}),
                                                    losses::subspaceOf(tensorOf(teacher), {}), {}));
            };
            if (images) {
                QVERIFY(terms.front().name == "GeoImage" && terms.front().weight == 7);
                QCOMPARE(valueOf(terms.front().value), expected(scene.images, scene.teacherImages));
            }
            if (texts) {
                QVERIFY(terms.back().name == "GeoText" && terms.back().weight == 7);
                QCOMPARE(valueOf(terms.back().value),
                         expected(scene.classes, scene.teacherClasses));
            }
            spec::RunSpec spec;
            spec.option = images && texts ? "WM" : images ? "IO" : "TO";
            QCOMPARE(method->notes(spec).size(), size_t(images && texts ? 0 : 1));
        }
    }

    void geodlTakesItsSettings()
    {
        Scene scene(6, 2);
        scene.info.option = model::Option::ImageOnly;
        scene.params.geodlDim = 2;
        scene.params.geodlCentring = "feature_mean";
        scene.params.geodlObjective = "mahalanobis";
        const losses::GeodesicOptions options{2, losses::Centring::FeatureMean,
                                              losses::GeodesicObjective::Mahalanobis,
                                              losses::KernelGradient::Stop};
        const double expected = valueOf(losses::geodesicLoss(
            losses::subspaceOf(tensorOf(scene.images), options),
            losses::subspaceOf(tensorOf(scene.teacherImages), options), options));
        std::vector<double> gradients;
        for (const char* gradient : {"stop", "full"}) {
            scene.params.geodlGradient = gradient;
            scene.step.images = tensorOf(scene.images).requires_grad_(true);
            const auto terms = findMethod("geodl")->create()->extraLoss(scene.step);
            QVERIFY(near(valueOf(terms[0].value), expected));
            terms[0].value.backward();
            gradients.push_back(scene.step.images.grad().const_data_ptr<double>()[0]);
        }
        QVERIFY(std::abs(gradients[0] - gradients[1]) > 1e-6);
    }

    // One method object sees many sessions, each with a teacher of its own.
    void geodlFollowsTheTeachersTexts()
    {
        Scene scene(6, 2);
        scene.info.option = model::Option::TextOnly;
        const auto method = findMethod("geodl")->create();
        const double first = valueOf(method->extraLoss(scene.step)[0].value);
        QCOMPARE(valueOf(method->extraLoss(scene.step)[0].value), first);
        scene.step.teacherClasses = tensorOf(unitRows(4, "next teacher"));
        const double second = valueOf(method->extraLoss(scene.step)[0].value);
        QVERIFY(std::abs(second - first) > 1e-6);
        QCOMPARE(valueOf(findMethod("geodl")->create()->extraLoss(scene.step)[0].value), second);
    }

    void geodlSkipsWhatHasNoSubspace()
    {
        Scene few(3, 1);
        for (const NamedLoss& term : findMethod("geodl")->create()->extraLoss(few.step))
            QVERIFY(!term.value.defined() && !term.skipped.empty() && !term.failed);
        Scene bad(6, 2);
        bad.images[1][1] = std::numeric_limits<double>::quiet_NaN();
        bad.step.images = tensorOf(bad.images);
        const auto terms = findMethod("geodl")->create()->extraLoss(bad.step);
        QVERIFY(!terms[0].value.defined() && terms[0].failed);
        QVERIFY(terms[1].value.defined() && !terms[1].failed);
    }
};

QTEST_APPLESS_MAIN(TestMethods)
#include "tst_methods.moc"
