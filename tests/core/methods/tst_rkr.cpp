// SPDX-License-Identifier: GPL-3.0-or-later
// RKR's scales: which there are, what they act on, that ones change nothing, and their own rate.
#include "core/base/random_stream.h"
#include "core/methods/method.h"
#include "core/model/initialize.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <QtTest>

#include <cmath>
#include <cstring>

using namespace clwb;
using namespace clwb::methods;

namespace
{

const model::Sentences kSentences{{28, 3, 4, 29}, {28, 7, 29}};

weights::ClipConfig tinyConfig()
{
    weights::ClipConfig config;
    config.vision = {.width = 12, .heads = 3, .layers = 2, .mlp = 20, .patch = 4, .imageSize = 8};
    config.text = {.width = 8, .heads = 2, .layers = 2, .mlp = 16, .context = 10, .vocabulary = 30};
    config.projection = 6;
    return config;
}

/// Random weights whose biases and norms are not zero and one.
model::ClipModel tinyModel()
{
    model::ClipModel model;
    model.config = tinyConfig();
    model.preprocess.size = 8;
    model.parameters = model::randomParameters(tinyConfig(), 3, 2.5);
    for (auto& [name, tensor] : model.parameters) {
        RandomStream stream = RandomStream::named(8, name);
        auto* values = tensor.mutable_data_ptr<float>();
        for (int64_t i = 0; i < tensor.numel() && name != "logit_scale"; ++i)
            values[i] += static_cast<float>(0.2 * stream.normal());
    }
    return model;
}

at::Tensor images(const model::ClipModel& model)
{
    at::Tensor pixels = at::empty({2, 8, 8, 3}, at::kByte);
    for (int64_t i = 0; i < pixels.numel(); ++i)
        pixels.mutable_data_ptr<uint8_t>()[i] = static_cast<uint8_t>((i * 37) % 256);
    const at::NoGradGuard noGrad;
    return model.encodePictures(pixels);
}

at::Tensor texts(const model::ClipModel& model)
{
    const at::NoGradGuard noGrad;
    return model.encodeText(kSentences);
}

bool sameBits(const at::Tensor& a, const at::Tensor& b)
{
    return std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()) == 0;
}

double largestDifference(const at::Tensor& a, const at::Tensor& b)
{
    double largest = 0;
    for (int64_t i = 0; i < a.numel(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(a.const_data_ptr<float>()[i]) -
                                             static_cast<double>(b.const_data_ptr<float>()[i])));
    return largest;
}

model::ClipModel prepared(const model::ClipModel& start, model::Option option,
                          const std::string& placement)
{
    spec::MethodParams params;
    params.rkrPlacement = placement;
    model::ClipModel model = start;
    findMethod("rkr")->create()->prepareModel(model, option, params);
    return model;
}

std::vector<std::string> scalesOf(const model::ClipModel& model)
{
    return findMethod("rkr")->create()->trainedNames(model.parameters, model::Option::WholeModel,
                                                     {}, {"logit_scale", "text_projection.weight"});
}

void fill(model::ClipModel& model, const std::string& name, float value)
{
    model.parameters.at(name) = model.parameters.at(name).clone().fill_(value);
}

/// A copy whose tensors were multiplied: what a loop over rows would give.
void scaleRows(model::ClipModel& model, const std::string& name, const std::vector<float>& scale)
{
    at::Tensor tensor = model.parameters.at(name).clone();
    const auto columns = static_cast<size_t>(tensor.numel()) / scale.size();
    for (size_t i = 0; i < scale.size() * columns; ++i)
        tensor.mutable_data_ptr<float>()[i] *= scale[i / columns];
    model.parameters.at(name) = tensor;
}

} // namespace

class TestRkr : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAndCounts_data()
    {
        QTest::addColumn<int>("option");
        QTest::addColumn<QString>("placement");
        QTest::addColumn<int>("count");
        // ViT-B/32: 12 blocks of 768 and 12 of 512.
        QTest::newRow("WM") << int(model::Option::WholeModel) << "block_output" << 15360;
        QTest::newRow("IO") << int(model::Option::ImageOnly) << "block_output" << 9216;
        QTest::newRow("TO") << int(model::Option::TextOnly) << "block_output" << 6144;
        QTest::newRow("WM sublayer") << int(model::Option::WholeModel) << "sublayer" << 30720;
        QTest::newRow("IO sublayer") << int(model::Option::ImageOnly) << "sublayer" << 18432;
    }

    void namesAndCounts()
    {
        QFETCH(int, option);
        QFETCH(QString, placement);
        QFETCH(int, count);
        model::ClipModel large; // no weights are needed to know the scales
        large.config.vision = {.width = 768, .heads = 12, .layers = 12, .mlp = 3072};
        large.config.text = {.width = 512, .heads = 8, .layers = 12, .mlp = 2048};
        large.parameters.emplace("logit_scale", at::zeros({}, at::kFloat));
        const auto model = prepared(large, model::Option(option), placement.toStdString());
        const std::vector<std::string> names = scalesOf(model);
        QCOMPARE(names.size() + 1, model.parameters.size()); // the logit scale is not one of them
        QVERIFY(std::is_sorted(names.begin(), names.end()));
        int64_t numbers = 0;
        for (const std::string& name : names) {
            const bool image = name.starts_with("vision_model.encoder.layers.");
            QVERIFY(image || name.starts_with("text_model.encoder.layers."));
            QVERIFY(image ? option != int(model::Option::TextOnly)
                          : option != int(model::Option::ImageOnly));
            QCOMPARE(name.ends_with(".rkr_scale"), placement == "block_output");
            QCOMPARE(name.ends_with(".rkr_attn_scale") || name.ends_with(".rkr_mlp_scale"),
                     placement == "sublayer");
            QVERIFY(model.parameters.at(name).sizes() == at::IntArrayRef{image ? 768 : 512});
            numbers += model.parameters.at(name).numel();
        }
        QCOMPARE(numbers, int64_t(count));
    }

    void onesChangeNothing()
    {
        const model::ClipModel plain = tinyModel();
        for (const char* placement : {"block_output", "sublayer"}) {
            const auto model = prepared(plain, model::Option::WholeModel, placement);
            QCOMPARE(scalesOf(model).size(), size_t(placement[0] == 'b' ? 4 : 8));
            QVERIFY(sameBits(images(model), images(plain)));
            QVERIFY(sameBits(texts(model), texts(plain)));
        }
    }

    // LayerNorm does not see a common factor: c on the output of block 0 is 1/c on what block 1
    // adds.
    void blockOutputScalesTheResidualStream()
    {
        const model::ClipModel plain = tinyModel();
        for (const char* tower : {"vision_model", "text_model"}) {
            const std::string layers = std::string(tower) + ".encoder.layers.";
            auto scaled = prepared(plain, model::Option::WholeModel, "block_output");
            fill(scaled, layers + "0.rkr_scale", 2);
            model::ClipModel reference = plain;
            const std::vector<float> half(tower[0] == 'v' ? 12 : 8, 0.5f);
            for (const char* part : {"self_attn.out_proj", "mlp.fc2"}) {
                for (const char* kind : {".weight", ".bias"})
                    scaleRows(reference, layers + "1." + part + kind, half);
            }
            const auto encode = tower[0] == 'v' ? images : texts;
            // ε = 1e-5 inside the norms is all that tells the two apart.
            QVERIFY(largestDifference(encode(scaled), encode(reference)) < 1e-4);
            QVERIFY(largestDifference(encode(scaled), encode(plain)) > 1e-2);
            // On the last block the factor is lost in the final norm.
            fill(scaled, layers + "0.rkr_scale", 1);
            fill(scaled, layers + "1.rkr_scale", 2);
            QVERIFY(largestDifference(encode(scaled), encode(plain)) < 1e-4);
        }
    }

    void sublayerScalesAreRowsOfTheOutputs()
    {
        const model::ClipModel plain = tinyModel();
        for (const char* tower : {"vision_model", "text_model"}) {
            const std::string layers = std::string(tower) + ".encoder.layers.";
            auto scaled = prepared(plain, model::Option::WholeModel, "sublayer");
            model::ClipModel reference = plain;
            const size_t width = tower[0] == 'v' ? 12 : 8;
            for (const char* layer : {"0.", "1."}) {
                for (const auto& [part, linear] :
                     {std::pair("rkr_attn_scale", "self_attn.out_proj"),
                      std::pair("rkr_mlp_scale", "mlp.fc2")}) {
                    RandomStream stream = RandomStream::named(4, layers + layer + part);
                    std::vector<float> scale;
                    for (size_t i = 0; i < width; ++i)
                        scale.push_back(static_cast<float>(1 + 0.3 * stream.normal()));
                    at::Tensor tensor = at::empty({static_cast<int64_t>(width)}, at::kFloat);
                    std::copy(scale.begin(), scale.end(), tensor.mutable_data_ptr<float>());
                    scaled.parameters.at(layers + layer + part) = tensor;
                    for (const char* kind : {".weight", ".bias"})
                        scaleRows(reference, layers + layer + linear + kind, scale);
                }
            }
            const auto encode = tower[0] == 'v' ? images : texts;
            QVERIFY(largestDifference(encode(scaled), encode(reference)) < 1e-5);
            QVERIFY(largestDifference(encode(scaled), encode(plain)) > 1e-2);
        }
    }

    void rateOfItsOwnDropsWithTheSchedule()
    {
        const auto method = findMethod("rkr")->create();
        spec::RunSpec spec;
        spec.schedule.lr = 3e-6;
        spec.schedule.dropFactor = 0.1;
        QCOMPARE(method->learningRate(3e-6, spec), 3e-6);
        QCOMPARE(method->learningRate(3e-7, spec), 3e-7);
        spec.params.rkrLr = 2e-3;
        QCOMPARE(method->learningRate(3e-6, spec), 2e-3);
        QCOMPARE(method->learningRate(3e-6 * 0.1, spec), 2e-4);
    }

    void saysHowFarTheScalesMoved()
    {
        auto model = prepared(tinyModel(), model::Option::TextOnly, "block_output");
        const std::vector<std::string> names = scalesOf(model);
        model::Parameters trained = model.parameters;
        trained.at(names[1]) = trained.at(names[1]).clone();
        trained.at(names[1]).mutable_data_ptr<float>()[3] = 0.75f;
        const auto end = [&](int session) {
            const SessionInfo info{
                .session = session, .sessions = 2, .previous = {}, .current = {}, .seen = {}};
            return findMethod("rkr")->create()->endSession(
                {info, {}, model.parameters, trained, names, {}});
        };
        QVERIFY(end(1).note.empty());
        const auto outcome = end(2);
        QVERIFY(outcome.note.find("session 2") != std::string::npos);
        QVERIFY(outcome.note.find("0.250000") != std::string::npos);
        QVERIFY(!outcome.mergeAlpha);
    }
};

QTEST_APPLESS_MAIN(TestRkr)
#include "tst_rkr.moc"
