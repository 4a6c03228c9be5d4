// SPDX-License-Identifier: GPL-3.0-or-later
// What every method promises, and VR-LwF's terms against loops over doubles.
#include "core/base/random_stream.h"
#include "core/methods/method.h"

#include <ATen/ops/empty.h>

#include <QtTest>

#include <algorithm>
#include <cmath>
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
        : images(unitRows(batch, "images")), teacherImages(unitRows(batch, "teacher images")),
          classes(unitRows(session == 1 ? 2 : 4, "classes")),
          teacherClasses(unitRows(session == 1 ? 2 : 4, "teacher classes")),
          replay(unitRows(5, "replay")), teacherReplay(unitRows(5, "teacher replay"))
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

/// T²·mean of −Σ q log p, over the given texts.
double naiveTerm(const Scene& scene, const Matrix& texts, const Matrix& teacherTexts)
{
    const double t = scene.params.temperature;
    double sum = 0;
    for (size_t i = 0; i < scene.images.size(); ++i) {
        const auto p = distribution(scene.images[i], texts, 7, t);
        const auto q = distribution(scene.teacherImages[i], teacherTexts, 9, t);
        for (size_t k = 0; k < p.size(); ++k)
            sum -= q[k] * std::log(p[k]);
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
        QVERIFY(ids.contains("ft") && ids.contains("vr-lwf"));
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
        QVERIFY(near(valueOf(losses[0].value),
                     naiveTerm(scene, scene.replay, scene.teacherReplay)));
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
};

QTEST_APPLESS_MAIN(TestMethods)
#include "tst_methods.moc"
