// SPDX-License-Identifier: GPL-3.0-or-later
// The same tiny CLIP in three namings gives the same tensors.
#include "core/weights/name_maps.h"
#include "core/weights/torch_archive.h"
#include "tests/core/weights/tiny_clip.h"

#include <QTest>

using namespace clwb;
using namespace clwb::weights;

namespace
{

TensorMap openAi()
{
    return readTorchArchive(golden("state_dict.pt"))->tensors;
}

TensorMap renamed(const TensorMap& tensors, const std::string& prefix)
{
    TensorMap result;
    for (const auto& [name, tensor] : tensors)
        result.emplace(prefix + name, tensor);
    return result;
}

} // namespace

class TestNameMaps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splitsAndTransposes()
    {
        const TensorMap source = openAi();
        TensorMap tensors = source;
        const auto report = toHuggingFaceNames(tensors);
        VERIFY_RESULT(report);
        QCOMPARE(report->style, NameStyle::OpenAi);
        QCOMPARE(report->ignored, std::vector<std::string>{"attn_mask"});
        const auto& packed = source.at("visual.transformer.resblocks.0.attn.in_proj_weight");
        const auto& key = tensors.at("vision_model.encoder.layers.0.self_attn.k_proj.weight");
        QCOMPARE(key.shape, (Shape{8, 8}));
        for (size_t i = 0; i < 64; ++i)
            QCOMPARE(key.values[i], packed.values[64 + i]);
        const auto& projection = source.at("text_projection");
        const auto& transposed = tensors.at("text_projection.weight");
        QCOMPARE(transposed.shape, (Shape{3, 4}));
        for (size_t d = 0; d < 3; ++d) {
            for (size_t w = 0; w < 4; ++w)
                QCOMPARE(transposed.values[d * 4 + w], projection.values[w * 3 + d]);
        }
    }

    void allNamingsGiveTheSameTensors()
    {
        TensorMap expected = openAi();
        QVERIFY(toHuggingFaceNames(expected));
        TensorMap parallel = renamed(openAi(), "module.");
        QVERIFY(toHuggingFaceNames(parallel));
        QVERIFY(equal(parallel, expected));

        TensorMap custom;
        for (auto& [name, tensor] : openAi()) {
            const bool text = !name.starts_with("visual.") && name != "logit_scale";
            custom.emplace((text ? "text." : "") + name, tensor);
        }
        const auto report = toHuggingFaceNames(custom);
        VERIFY_RESULT(report);
        QCOMPARE(report->style, NameStyle::CustomText);
        QVERIFY(equal(custom, expected));

        TensorMap huggingFace = expected;
        huggingFace["vision_model.embeddings.position_ids"] = {{1, 5}, std::vector<float>(5)};
        huggingFace["logit_scale"].shape = {1};
        const auto same = toHuggingFaceNames(huggingFace);
        VERIFY_RESULT(same);
        QCOMPARE(same->style, NameStyle::HuggingFace);
        QCOMPARE(same->ignored.size(), size_t(1));
        QVERIFY(equal(huggingFace, expected));
    }

    void reportsUnknownNames()
    {
        TensorMap tensors = openAi();
        tensors["visual.extra"] = {{1}, {0}};
        tensors["transformer.resblocks.x.ln_1.weight"] = {{1}, {0}};
        tensors["transformer.resblocks.0.ln_3.weight"] = {{1}, {0}};
        const auto report = toHuggingFaceNames(tensors);
        VERIFY_RESULT(report);
        QCOMPARE(report->unknown,
                 (std::vector<std::string>{"transformer.resblocks.0.ln_3.weight",
                                           "transformer.resblocks.x.ln_1.weight", "visual.extra"}));
    }

    void refusesWhatIsNoClip()
    {
        TensorMap other{{"fc.weight", {{1}, {0}}}};
        VERIFY_ERROR(toHuggingFaceNames(other), "none of its 1 tensor names");
        TensorMap empty;
        VERIFY_ERROR(toHuggingFaceNames(empty), "no CLIP model");
        TensorMap resnet = openAi();
        resnet["visual.layer1.0.conv1.weight"] = {{1}, {0}};
        VERIFY_ERROR(toHuggingFaceNames(resnet), "ResNet");
        TensorMap uneven = openAi();
        uneven["transformer.resblocks.0.attn.in_proj_bias"] = {{4}, {0, 0, 0, 0}};
        VERIFY_ERROR(toHuggingFaceNames(uneven), "3·width");
        TensorMap flat = openAi();
        flat["visual.proj"] = {{1}, {0}};
        VERIFY_ERROR(toHuggingFaceNames(flat), "two dimensions");
    }
};

QTEST_APPLESS_MAIN(TestNameMaps)
#include "tst_name_maps.moc"
