// SPDX-License-Identifier: GPL-3.0-or-later
// Written directories read back; RKR directories; conversion; inspection; nothing half-written.
#include "core/weights/model_directory.h"
#include "core/weights/staged_folder.h"
#include "tests/core/weights/tiny_clip.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace clwb;
using namespace clwb::weights;
namespace fs = std::filesystem;

namespace
{

const std::string kAttention = "text_model.encoder.layers.0.rkr_attn_scale";
const std::string kMlp = "text_model.encoder.layers.0.rkr_mlp_scale";
const std::string kBlock = "vision_model.encoder.layers.0.rkr_scale";

const ReadOptions kNoVocabulary{.needVocabulary = false, .vocabulary = {}};

size_t entriesIn(const fs::path& folder)
{
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

} // namespace

class TestModelDirectory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        qunsetenv("CLWB_VOCABULARY");
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = pathOf(m_folder->path());
        m_tensors = tensorsFor(tinyConfig());
        QVERIFY(createFolders(m_root / "vocabulary"));
        QVERIFY(writeFileAtomically(m_root / "vocabulary/vocab.json", "{\"x\": 0}"));
        QVERIFY(writeFileAtomically(m_root / "vocabulary/merges.txt", "#version: 0.2\n"));
        m_content = tinyContent(tinyConfig());
        m_content.vocabulary = m_root / "vocabulary";
    }

    void copiesTextsUnchanged()
    {
        m_content.configText = "  " + m_content.configText + "\n\n";
        m_content.preprocessorText = R"({ "size" : 4 })";
        VERIFY_RESULT(writeModelDirectory(m_root / "m", m_content, m_tensors));
        const auto model = readModel(m_root / "m");
        VERIFY_RESULT(model);
        QCOMPARE(model->configText, m_content.configText);
        QCOMPARE(model->preprocessorText, m_content.preprocessorText);
        QCOMPARE(*readFile(m_root / "m/vocab.json", 100), std::string("{\"x\": 0}"));
        QVERIFY(equal(model->tensors, m_tensors));
        const auto file = SafetensorsFile::open(m_root / "m/model.safetensors");
        QCOMPARE(file->metadata().at("format"), std::string("pt"));
        QCOMPARE(file->tensors().front().dtype, DType::F32);
    }

    void replacesAFolderWhole()
    {
        VERIFY_RESULT(writeModelDirectory(m_root / "m", m_content, m_tensors));
        QVERIFY(writeFileAtomically(m_root / "m/old", "x"));
        m_tensors["logit_scale"].values[0] = 2.0f;
        VERIFY_RESULT(writeModelDirectory(m_root / "m/", m_content, m_tensors));
        QVERIFY(!fs::exists(m_root / "m/old"));
        QCOMPARE(readModel(m_root / "m")->tensors.at("logit_scale").values[0], 2.0f);
        QCOMPARE(entriesIn(m_root), size_t(2)); // m and vocabulary, nothing temporary
    }

    void leavesNothingHalfWritten()
    {
        m_content.vocabulary = m_root / "absent";
        QVERIFY(!writeModelDirectory(m_root / "m", m_content, m_tensors));
        QCOMPARE(entriesIn(m_root), size_t(1));
        QVERIFY(writeFileAtomically(m_root / "file", "x"));
        VERIFY_ERROR(StagedFolder::create(m_root / "file"), "is no folder");
    }

    void rkrScalesAreReadBack()
    {
        VERIFY_RESULT(writeModelDirectory(m_root / "base", m_content, m_tensors));
        const std::vector<float> scale(8, 1.25f);
        const RkrBase base{"../base", modelSha256(m_tensors)};
        VERIFY_RESULT(writeRkrDirectory(m_root / "rkr", m_content, base, "block_output",
                                        {{kBlock, {8}, scale.data()}}));
        QVERIFY(!fs::exists(m_root / "rkr/model.safetensors"));
        auto model = readModel(m_root / "rkr");
        VERIFY_RESULT(model);
        QCOMPARE(model->rkrPlacement, std::string("block_output"));
        QCOMPARE(model->rkrScales.at(kBlock).values, scale);
        QVERIFY(equal(model->tensors, m_tensors));
        QVERIFY(model->modelSha256 != base.sha256);
        VERIFY_ERROR(foldRkrScales(*model), "block_output");
        m_tensors["logit_scale"].values[0] += 1.0f;
        VERIFY_RESULT(writeModelDirectory(m_root / "base", m_content, m_tensors));
        VERIFY_ERROR(readModel(m_root / "rkr"), "base model changed");
    }

    void rkrScalesThatDoNotFitAreRefused()
    {
        VERIFY_RESULT(writeModelDirectory(m_root / "base", m_content, m_tensors));
        const std::vector<float> scale(8, 1.0f);
        const RkrBase base{m_root / "base", modelSha256(m_tensors)};
        const auto readBack = [&](const std::string& name, Shape shape, const char* placement) {
            const auto written = writeRkrDirectory(m_root / "rkr", m_content, base, placement,
                                                   {{name, std::move(shape), scale.data()}});
            return written ? readModel(m_root / "rkr")
                           : Result<ModelFiles>(Failure(written.error()));
        };
        VERIFY_ERROR(readBack(kBlock, {4}, "block_output"), "expected [8]");
        VERIFY_ERROR(readBack(kBlock, {8}, "sublayer"), "no such scale for placement sublayer");
        VERIFY_ERROR(readBack(kBlock, {8}, "somewhere"), "placement");
        VERIFY_ERROR(readBack("logit_scale", {8}, "sublayer"), "no such scale");
        QVERIFY(writeFileAtomically(m_root / "rkr/base.json", R"({"path":"rkr"})"));
        VERIFY_ERROR(readModel(m_root / "rkr"), "base.json");
    }

    void incompleteRkrScalesAreRefused()
    {
        ClipConfig config = tinyConfig();
        config.vision.layers = 2;
        m_tensors = tensorsFor(config);
        m_content.configText = tinyContent(config).configText;
        VERIFY_RESULT(writeModelDirectory(m_root / "base", m_content, m_tensors));
        const std::vector<float> scale(8, 1.0f);
        const RkrBase base{m_root / "base", modelSha256(m_tensors)};
        const auto readBack = [&](const std::vector<std::string>& names, const char* placement) {
            std::vector<TensorView> scales;
            for (const std::string& name : names)
                scales.push_back({name, {name.starts_with("text") ? 4 : 8}, scale.data()});
            const auto written =
                writeRkrDirectory(m_root / "rkr", m_content, base, placement, scales);
            return written ? readModel(m_root / "rkr")
                           : Result<ModelFiles>(Failure(written.error()));
        };
        const std::string second = "vision_model.encoder.layers.1.rkr_scale";
        VERIFY_RESULT(readBack({kBlock, second}, "block_output")); // a frozen text tower has none
        VERIFY_ERROR(readBack({kBlock}, "block_output"), second.c_str());
        VERIFY_ERROR(readBack({kAttention}, "sublayer"), kMlp.c_str());
        VERIFY_ERROR(readBack({}, "block_output"), "no scale");
    }

    void convertingFoldsSublayerScales()
    {
        VERIFY_RESULT(writeModelDirectory(m_root / "base", m_content, m_tensors));
        const std::vector<float> attention{1, 2, 3, 4};
        const std::vector<float> mlp{0.5f, 0.5f, 0.5f, 2};
        VERIFY_RESULT(writeRkrDirectory(
            m_root / "rkr", m_content, {m_root / "base", modelSha256(m_tensors)}, "sublayer",
            {{kAttention, {4}, attention.data()}, {kMlp, {4}, mlp.data()}}));
        VERIFY_RESULT(convertWeights(m_root / "rkr", m_root / "plain"));
        const auto plain = readModel(m_root / "plain");
        VERIFY_RESULT(plain);
        QVERIFY(plain->rkrScales.empty());
        const std::string layer = "text_model.encoder.layers.0.";
        TensorMap expected = m_tensors;
        for (size_t row = 0; row < 4; ++row) {
            for (size_t c = 0; c < 4; ++c)
                expected[layer + "self_attn.out_proj.weight"].values[row * 4 + c] *= attention[row];
            expected[layer + "self_attn.out_proj.bias"].values[row] *= attention[row];
            for (size_t c = 0; c < 6; ++c)
                expected[layer + "mlp.fc2.weight"].values[row * 6 + c] *= mlp[row];
            expected[layer + "mlp.fc2.bias"].values[row] *= mlp[row];
        }
        QVERIFY(equal(plain->tensors, expected));
    }

    void convertsToFilesAndFolders()
    {
        QVERIFY(createFolders(m_root / "in"));
        QVERIFY(writeFileAtomically(m_root / "in/config.json", m_content.configText));
        fs::copy_file(golden("torchscript.pt"), m_root / "in/pytorch_model.bin");
        const auto summary = convertWeights(m_root / "in", m_root / "out.safetensors");
        VERIFY_RESULT(summary);
        QCOMPARE((*summary)["out_sha256"].get<std::string>(),
                 *fileSha256(m_root / "out.safetensors"));
        const auto golden2 = SafetensorsFile::open(golden("hugging_face.safetensors"));
        const auto written = SafetensorsFile::open(m_root / "out.safetensors");
        VERIFY_RESULT(written);
        QCOMPARE(written->tensors().size(), golden2->tensors().size());
        VERIFY_ERROR(convertWeights(m_root / "in", m_root / "out"), "no vocabulary");
        QVERIFY(writeFileAtomically(m_root / "in/bpe_simple_vocab_16e6.txt.gz", "list"));
        const auto writer = [](const fs::path& from, const fs::path& to) {
            return writeFileAtomically(to / "vocab.json", from.filename().string());
        };
        VERIFY_RESULT(convertWeights(m_root / "in", m_root / "out", writer));
        QCOMPARE(*readFile(m_root / "out/vocab.json", 100),
                 std::string("bpe_simple_vocab_16e6.txt.gz"));
        const auto again = convertWeights(m_root / "in", m_root / "out", writer);
        VERIFY_ERROR(again, "exists and is not empty");
        QCOMPARE(again.error().code, ErrorCode::Usage);
    }

    void inspects()
    {
        m_tensors["odd"] = {{1}, {0}};
        VERIFY_RESULT(writeModelDirectory(m_root / "m", m_content, m_tensors));
        const auto summary = inspectModel(m_root / "m");
        VERIFY_RESULT(summary);
        QCOMPARE((*summary)["vision"]["patch"].get<int>(), 2);
        QCOMPARE((*summary)["text"]["vocabulary"].get<int>(), 7);
        QCOMPARE((*summary)["activation"].get<std::string>(), std::string("quick_gelu"));
        QCOMPARE((*summary)["unknown_tensors"].dump(), std::string(R"(["odd"])"));
        int64_t count = -1; // the odd one
        for (const auto& [name, tensor] : m_tensors)
            count += static_cast<int64_t>(tensor.values.size());
        QCOMPARE((*summary)["parameters"].get<int64_t>(), count);
        QCOMPARE((*summary)["file_sha256"].get<std::string>(),
                 *fileSha256(m_root / "m/model.safetensors"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    TensorMap m_tensors;
    DirectoryContent m_content;
};

QTEST_APPLESS_MAIN(TestModelDirectory)
#include "tst_model_directory.moc"
