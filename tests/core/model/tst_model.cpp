// SPDX-License-Identifier: GPL-3.0-or-later
// Both towers against loops over doubles, cropping, activations, and sets of parameters.
#include "core/base/random_stream.h"
#include "core/base/sha256.h"
#include "core/model/activation.h"
#include "core/model/clip_model.h"
#include "core/model/image_tower.h"
#include "core/model/initialize.h"
#include "core/model/text_tower.h"
#include "core/model/trainable.h"
#include "tests/core/model/naive_towers.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>

#include <QtTest>

#include <cmath>
#include <cstring>

using namespace clwb;
using namespace clwb::model;

namespace
{

weights::ClipConfig tinyConfig()
{
    weights::ClipConfig config;
    config.vision = {.width = 12, .heads = 3, .layers = 2, .mlp = 20, .patch = 4, .imageSize = 8};
    config.text = {.width = 8, .heads = 2, .layers = 2, .mlp = 16, .context = 10, .vocabulary = 30};
    config.projection = 6;
    return config;
}

/// Random weights with biases and norms that are not zero and one.
Parameters tinyParameters()
{
    Parameters parameters = randomParameters(tinyConfig(), 3, 2.5);
    for (auto& [name, tensor] : parameters) {
        RandomStream stream = RandomStream::named(8, name);
        auto* values = tensor.mutable_data_ptr<float>();
        for (int64_t i = 0; i < tensor.numel() && name != "logit_scale"; ++i)
            values[i] += static_cast<float>(0.2 * stream.normal());
    }
    return parameters;
}

double difference(const std::vector<double>& expected, const at::Tensor& rows, int64_t row)
{
    const float* got = rows.const_data_ptr<float>() + row * rows.size(1);
    double worst = 0;
    for (const double value : expected)
        worst = std::max(worst, std::abs(value - static_cast<double>(*got++)));
    return worst;
}

double difference(const at::Tensor& a, const at::Tensor& b)
{
    double worst = 0;
    for (int64_t i = 0; i < a.numel(); ++i)
        worst = std::max(worst, std::abs(static_cast<double>(a.const_data_ptr<float>()[i]) -
                                         static_cast<double>(b.const_data_ptr<float>()[i])));
    return worst;
}

bool sameBits(const at::Tensor& a, const at::Tensor& b)
{
    const auto bytes = 4 * static_cast<size_t>(a.numel());
    return a.numel() == b.numel() &&
           std::memcmp(a.const_data_ptr<float>(), b.const_data_ptr<float>(), bytes) == 0;
}

// EOT is 29.
const Sentences kSentences{{28, 3, 4, 29}, {28, 29}, {28, 1, 2, 3, 4, 5, 29}};

at::Tensor somePixels()
{
    at::Tensor pixels = at::empty({2, 3, 8, 8}, at::kFloat);
    RandomStream stream = RandomStream::named(1, "pixels");
    for (int64_t i = 0; i < pixels.numel(); ++i)
        pixels.mutable_data_ptr<float>()[i] = static_cast<float>(stream.normal());
    return pixels;
}

} // namespace

class TestModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void imageTower()
    {
        const Parameters parameters = tinyParameters();
        const at::Tensor pixels = somePixels();
        const at::Tensor got = encodeImages(parameters, tinyConfig(), pixels);
        for (int64_t i = 0; i < 2; ++i) {
            const double error = difference(
                naiveImage(parameters, tinyConfig(), pixels.const_data_ptr<float>() + i * 192), got,
                i);
            QVERIFY2(error < 1e-5, qPrintable(QString::number(error)));
        }
    }

    void textTower()
    {
        const Parameters parameters = tinyParameters();
        const at::Tensor got = encodeTexts(parameters, tinyConfig(), kSentences);
        for (size_t i = 0; i < kSentences.size(); ++i) {
            const double error = difference(naiveText(parameters, tinyConfig(), kSentences[i]), got,
                                            static_cast<int64_t>(i));
            QVERIFY2(error < 1e-5, qPrintable(QString::number(error)));
        }
    }

    void croppingIsExact()
    {
        const Parameters parameters = tinyParameters();
        const double error =
            difference(encodeTexts(parameters, tinyConfig(), kSentences, ContextCrop::Longest),
                       encodeTexts(parameters, tinyConfig(), kSentences, ContextCrop::Full));
        QVERIFY2(error <= 2e-6, qPrintable(QString::number(error)));
    }

    // x·σ(1.702x) and its derivative σ(1.702x)·(1 + 1.702x·(1 − σ(1.702x))).
    void quickGelu()
    {
        at::Tensor x = at::empty({41}, at::kDouble);
        for (int64_t i = 0; i < 41; ++i)
            x.mutable_data_ptr<double>()[i] = 0.3 * static_cast<double>(i - 20);
        const at::Tensor plain = quickGeluPlain(x).clone();
        x.requires_grad_(true);
        const at::Tensor y = activate(x, weights::Activation::QuickGelu);
        y.sum().backward();
        for (int64_t i = 0; i < 41; ++i) {
            const double v = 0.3 * static_cast<double>(i - 20);
            const double sigma = 1 / (1 + std::exp(-1.702 * v));
            QVERIFY(std::abs(y.detach().const_data_ptr<double>()[i] - v * sigma) < 1e-12);
            QVERIFY(std::abs(plain.const_data_ptr<double>()[i] - v * sigma) < 1e-12);
            QVERIFY(std::abs(x.grad().const_data_ptr<double>()[i] -
                             sigma * (1 + 1.702 * v * (1 - sigma))) < 1e-12);
        }
    }

    void scalesOfOneChangeNothing()
    {
        const Parameters plain = tinyParameters();
        Parameters scaled = plain;
        for (const char* layer : {"0", "1"}) {
            const std::string vision = std::string("vision_model.encoder.layers.") + layer;
            const std::string text = std::string("text_model.encoder.layers.") + layer;
            scaled[vision + ".rkr_scale"] = at::ones({12}, at::kFloat);
            scaled[text + ".rkr_attn_scale"] = at::ones({8}, at::kFloat);
            scaled[text + ".rkr_mlp_scale"] = at::ones({8}, at::kFloat);
        }
        QVERIFY(sameBits(encodeImages(plain, tinyConfig(), somePixels()),
                         encodeImages(scaled, tinyConfig(), somePixels())));
        QVERIFY(sameBits(encodeTexts(plain, tinyConfig(), kSentences),
                         encodeTexts(scaled, tinyConfig(), kSentences)));
        scaled["vision_model.encoder.layers.0.rkr_scale"].mutable_data_ptr<float>()[3] = 2;
        QVERIFY(!sameBits(encodeImages(plain, tinyConfig(), somePixels()),
                          encodeImages(scaled, tinyConfig(), somePixels())));
    }

    void interpolation()
    {
        const Parameters before = tinyParameters();
        const Parameters after = randomParameters(tinyConfig(), 9, 3.5);
        const std::string name = "visual_projection.weight", other = "text_projection.weight";
        QVERIFY(sameBits(interpolate(before, after, 0, {name}).at(name), before.at(name)));
        QVERIFY(sameBits(interpolate(before, after, 1, {name}).at(name), after.at(name)));
        const Parameters middle = interpolate(before, after, 0.5, {name});
        QVERIFY(sameBits(middle.at(other), after.at(other)));
        for (size_t i = 0; i < 72; ++i) {
            const double mean = (numberAt(before, name, i) + numberAt(after, name, i)) / 2;
            QVERIFY(std::abs(numberAt(middle, name, i) - mean) < 1e-7);
        }
    }

    void snapshots()
    {
        const Parameters parameters = tinyParameters();
        const std::string name = "visual_projection.weight";
        const Parameters copy = snapshot(parameters, {name});
        for (const auto& [key, tensor] : parameters) {
            const bool shared =
                copy.at(key).const_data_ptr<float>() == tensor.const_data_ptr<float>();
            QCOMPARE(shared, key != name);
            QVERIFY(sameBits(copy.at(key), tensor));
        }
    }

    void trainedTensors()
    {
        const Parameters parameters = tinyParameters();
        const auto all = trainedNames(parameters, Option::WholeModel, true);
        QCOMPARE(all.size(), parameters.size());
        size_t sum = 1; // ln τ
        for (const Option option : {Option::ImageOnly, Option::TextOnly}) {
            const auto names = trainedNames(parameters, option, false);
            sum += names.size();
            for (const std::string& name : names)
                QCOMPARE(name.starts_with("vis"), option == Option::ImageOnly);
        }
        QCOMPARE(sum, parameters.size());
        QVERIFY(trainsLogitScale(Option::WholeModel, "auto"));
        QVERIFY(!trainsLogitScale(Option::ImageOnly, "auto"));
        QVERIFY(trainsLogitScale(Option::TextOnly, "trained"));
        QVERIFY(!trainsLogitScale(Option::WholeModel, "frozen"));
    }

    // name, 0, "F32", 0, shape, 0, little-endian numbers; bytewise by name.
    void hashOfWeights()
    {
        Parameters parameters;
        parameters["b"] = at::ones({2, 1}, at::kFloat);
        parameters["a"] = at::ones({}, at::kFloat);
        const std::string one("\x00\x00\x80\x3f", 4);
        const std::string zero(1, '\0');
        const std::string type = zero + "F32" + zero;
        const std::string bytes = "a" + type + zero + one + "b" + type + "2,1" + zero + one + one;
        QCOMPARE(modelSha256(parameters), sha256Hex(bytes));
    }

    // algorithms.md §3.4
    void parameterCounts()
    {
        weights::ClipConfig config;
        config.vision = {
            .width = 768, .heads = 12, .layers = 12, .mlp = 3072, .patch = 32, .imageSize = 224};
        config.text = {.width = 512,
                       .heads = 8,
                       .layers = 12,
                       .mlp = 2048,
                       .context = 77,
                       .vocabulary = 49408};
        config.projection = 512;
        int64_t image = 0, text = 0, rest = 0;
        for (const weights::ExpectedTensor& tensor : weights::expectedTensors(config)) {
            int64_t count = 1;
            for (const int64_t size : tensor.shape)
                count *= size;
            (isImageTensor(tensor.name) ? image : isTextTensor(tensor.name) ? text : rest) += count;
        }
        QCOMPARE(image, int64_t(87'849'216));
        QCOMPARE(text, int64_t(63'428'096));
        QCOMPARE(rest, int64_t(1));
        QCOMPARE(weights::parameterCount(config), int64_t(151'277'313));
    }
};

QTEST_APPLESS_MAIN(TestModel)
#include "tst_model.moc"
