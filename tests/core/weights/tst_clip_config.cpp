// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes from config.json and from shapes; published parameter counts; lists of differences.
#include "core/weights/clip_config.h"
#include "core/weights/open_clip_config.h"
#include "tests/core/weights/tiny_clip.h"

#include <QTest>

using namespace clwb;
using namespace clwb::weights;

namespace
{

ClipConfig vitB32()
{
    ClipConfig config;
    config.vision = {
        .width = 768, .heads = 12, .layers = 12, .mlp = 3072, .patch = 32, .imageSize = 224};
    config.text = {
        .width = 512, .heads = 8, .layers = 12, .mlp = 2048, .context = 77, .vocabulary = 49408};
    config.projection = 512;
    return config;
}

/// Shapes without numbers, for sizes that would be large.
TensorMap shapesOf(const ClipConfig& config)
{
    TensorMap tensors;
    for (const ExpectedTensor& expected : expectedTensors(config))
        tensors.emplace(expected.name, HostTensor{expected.shape, {}});
    return tensors;
}

Json parsed(const char* text)
{
    return *parseJson(text, "test");
}

} // namespace

class TestClipConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsThePublishedParameters()
    {
        QCOMPARE(parameterCount(vitB32()), 151'277'313);
        QCOMPARE(expectedTensors(vitB32()).size(), size_t(398)); // names of the published file
    }

    void infersSizesFromShapes()
    {
        const auto config = inferConfig(shapesOf(vitB32()));
        VERIFY_RESULT(config);
        QVERIFY(*config == vitB32());
        VERIFY_ERROR(inferConfig(tensorsFor(tinyConfig())), "0 does not divide the width 8");
        TensorMap tensors = shapesOf(vitB32());
        tensors.erase("visual_projection.weight");
        tensors["vision_model.embeddings.position_embedding.weight"].shape = {51, 768};
        VERIFY_ERROR(inferConfig(tensors), "projection_dim: neither given");
        VERIFY_ERROR(inferConfig(tensors), "image_size: neither given");
    }

    void fillsWhatAConfigLacks()
    {
        const auto config = configFromJson(parsed("{}"), shapesOf(vitB32()), "test");
        VERIFY_RESULT(config);
        QVERIFY(*config == vitB32()); // heads 12 and 8 are the defaults
        const auto tiny = configFromJson(
            parsed(R"({"vision_config":{"num_attention_heads":2,"hidden_act":"gelu"},)"
                   R"("text_config":{"num_attention_heads":1}})"),
            tensorsFor(tinyConfig()), "test");
        VERIFY_RESULT(tiny);
        QCOMPARE(tiny->vision.activation, Activation::Gelu);
        QCOMPARE(tiny->text.activation, Activation::QuickGelu);
        QCOMPARE(tiny->vision.heads, 2);
    }

    void writesWhatItReads()
    {
        ClipConfig config = tinyConfig();
        config.text.activation = Activation::Gelu;
        const auto again = configFromJson(configToJson(config), {}, "test");
        VERIFY_RESULT(again);
        QVERIFY(*again == config);
        QCOMPARE(configToJson(config)["text_config"]["eos_token_id"].get<int>(), 6);
    }

    void refusesBadConfigs_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* json, const char* problem) {
            QTest::newRow(json) << QByteArray(json) << QByteArray(problem);
        };
        row(R"([1])", "expected an object");
        row(R"({"text_config":3})", "text_config: expected an object");
        row(R"({"vision_config":{"hidden_act":"relu"}})", "vision_config.hidden_act");
        row(R"({"vision_config":{"hidden_size":"768"}})", "vision_config.hidden_size");
        row(R"({"vision_config":{"hidden_size":0}})", "allowed are 1 to");
        row(R"({"text_config":{"num_hidden_layers":1000000}})", "text_config.num_hidden_layers");
        row(R"({"vision_config":{"num_attention_heads":7}})", "7 does not divide the width 768");
        row(R"({"vision_config":{"image_size":225}})", "no multiple of the patch size 32");
        row(R"({"text_config":{"layer_norm_eps":0.001}})", "text_config.layer_norm_eps");
        row(R"({"projection_dim":1e300})", "projection_dim");
    }

    void refusesBadConfigs()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, problem);
        const auto config = configFromJson(parsed(json.constData()), shapesOf(vitB32()), "test");
        VERIFY_ERROR(config, problem);
        QCOMPARE(config.error().code, ErrorCode::Data);
    }

    void listsDifferences()
    {
        TensorMap tensors = tensorsFor(tinyConfig());
        QVERIFY(refuseDifferences(compareTensors(tinyConfig(), tensors), "test"));
        tensors.erase("logit_scale");
        tensors["visual_projection.weight"].shape = {8, 3};
        for (int i = 0; i < 12; ++i)
            tensors["extra." + std::to_string(i)] = {{1}, {0}};
        const auto checked = refuseDifferences(compareTensors(tinyConfig(), tensors), "test");
        VERIFY_ERROR(checked, "1 missing: logit_scale");
        VERIFY_ERROR(checked, "12 unexpected: extra.0, extra.1, extra.10");
        VERIFY_ERROR(checked, ", …");
        VERIFY_ERROR(checked, "visual_projection.weight: expected [3, 8], got [8, 3]");
    }

    void readsOpenClipConfigs()
    {
        const auto config = openClipConfigFromJson(
            parsed(R"({"model_cfg":{"embed_dim":512,"quick_gelu":true,)"
                   R"("vision_cfg":{"layers":12},"text_cfg":{"heads":8}},)"
                   R"("preprocess_cfg":{"mean":[0.5,0.5,0.5],"std":[0.25,0.25,0.25]}})"),
            shapesOf(vitB32()), "test");
        VERIFY_RESULT(config);
        QVERIFY(config->clip == vitB32());
        QCOMPARE(config->preprocess.mean[1], 0.5f);
        QCOMPARE(config->preprocess.size, 224);
        const auto plain =
            openClipConfigFromJson(parsed(R"({"model_cfg":{}})"), shapesOf(vitB32()), "test");
        VERIFY_RESULT(plain);
        QCOMPARE(plain->clip.text.activation, Activation::Gelu);
        VERIFY_ERROR(openClipConfigFromJson(parsed(R"({"model_cfg":{"quick_gelu":1}})"),
                                            shapesOf(vitB32()), "test"),
                     "quick_gelu");
    }
};

QTEST_APPLESS_MAIN(TestClipConfig)
#include "tst_clip_config.moc"
