// SPDX-License-Identifier: GPL-3.0-or-later
// Reading models from directories, single files and archives, with and without what they need.
#include "core/weights/model_files.h"
#include "core/weights/model_hash.h"
#include "core/weights/safetensors.h"
#include "tests/core/weights/tiny_clip.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace clwb;
using namespace clwb::weights;
namespace fs = std::filesystem;

namespace
{

const ReadOptions kNoVocabulary{.needVocabulary = false, .vocabulary = {}};

std::string goldenHash()
{
    const Json expected = *readJsonFile(golden("expected.json"));
    return expected["model_sha256"].get<std::string>();
}

/// A directory with config.json and the golden Hugging Face weights.
void makeDirectory(const fs::path& folder)
{
    fs::create_directories(folder);
    QVERIFY(writeFileAtomically(folder / "config.json", tinyContent(tinyConfig()).configText));
    fs::copy_file(golden("hugging_face.safetensors"), folder / "model.safetensors");
}

} // namespace

class TestModelFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        qunsetenv("CLWB_VOCABULARY");
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = pathOf(m_folder->path());
    }

    void readsADirectory()
    {
        makeDirectory(m_root / "m");
        const auto model = readModel(m_root / "m", kNoVocabulary);
        VERIFY_RESULT(model);
        QVERIFY(model->config == tinyConfig());
        QCOMPARE(QByteArray::fromStdString(model->modelSha256),
                 QByteArray::fromStdString(goldenHash()));
        QCOMPARE(model->preprocess.size, 4);
        QVERIFY(model->unknownTensors.empty());
        // the weights file inside stands for the directory
        const auto byFile = readModel(m_root / "m/model.safetensors", kNoVocabulary);
        VERIFY_RESULT(byFile);
        QVERIFY(byFile->config == tinyConfig());
    }

    void archivesGiveTheSameModel()
    {
        for (const char* name : {"state_dict.pt", "checkpoint.pt", "torchscript.pt"}) {
            const fs::path folder = m_root / name;
            fs::create_directories(folder);
            QVERIFY(
                writeFileAtomically(folder / "config.json", tinyContent(tinyConfig()).configText));
            fs::copy_file(golden(name), folder / "open_clip_pytorch_model.bin");
            const auto model = readModel(folder, kNoVocabulary);
            VERIFY_RESULT(model);
            QCOMPARE(QByteArray::fromStdString(model->modelSha256),
                     QByteArray::fromStdString(goldenHash()));
            QVERIFY(model->notes.front().find("F16") != std::string::npos);
        }
    }

    void singleFilesGetAGeneratedConfig()
    {
        ClipConfig config = tinyConfig();
        config.vision.width = 128;
        config.vision.heads = 2;
        config.text.width = 64;
        const TensorMap tensors = tensorsFor(config);
        QVERIFY(writeSafetensors(m_root / "single.safetensors", tensors, {}));
        const auto model = readModel(m_root / "single.safetensors", kNoVocabulary);
        VERIFY_RESULT(model);
        QVERIFY(model->config == config);
        QVERIFY(equal(model->tensors, tensors));
        QCOMPARE(model->notes.size(), size_t(2)); // generated, and unknown origin
        QVERIFY(model->notes[1].starts_with("origin unknown"));
        const auto reread = configFromJson(*parseJson(model->configText, "test"), {}, "test");
        VERIFY_RESULT(reread);
        QVERIFY(*reread == config);
        VERIFY_ERROR(readModel(golden("state_dict.pt"), kNoVocabulary), "does not divide");
    }

    void weightsFilesInsideStandForTheirDirectory()
    {
        // open_clip's own layout: the file alone would get quick_gelu and the wrong heads.
        fs::create_directories(m_root / "m");
        QVERIFY(writeFileAtomically(
            m_root / "m/open_clip_config.json",
            R"({"model_cfg":{"vision_cfg":{"head_width":4},"text_cfg":{"heads":1}}})"));
        fs::copy_file(golden("hugging_face.safetensors"), m_root / "m/open_clip_model.safetensors");
        const auto model = readModel(m_root / "m/open_clip_model.safetensors", kNoVocabulary);
        VERIFY_RESULT(model);
        QCOMPARE(model->config.vision.activation, Activation::Gelu);
        QCOMPARE(model->config.vision.heads, int64_t(2));
        for (const std::string& note : model->notes)
            QVERIFY2(!note.starts_with("there is no config.json"), note.c_str());
    }

    void vocabularyIsLookedForInOrder()
    {
        makeDirectory(m_root / "m");
        VERIFY_ERROR(readModel(m_root / "m"), "no vocabulary");
        fs::create_directories(m_root / "settings");
        QVERIFY(writeFileAtomically(m_root / "settings/vocab.json", "{}"));
        QVERIFY(writeFileAtomically(m_root / "settings/merges.txt", ""));
        ReadOptions options;
        options.vocabulary = m_root / "settings";
        QCOMPARE(readModel(m_root / "m", options)->vocabulary, m_root / "settings");
        QVERIFY(writeFileAtomically(m_root / "list.txt.gz", "x"));
        qputenv("CLWB_VOCABULARY", (m_root / "list.txt.gz").c_str());
        QCOMPARE(readModel(m_root / "m", options)->vocabulary, m_root / "list.txt.gz");
        qputenv("CLWB_VOCABULARY", (m_root / "absent").c_str());
        VERIFY_ERROR(readModel(m_root / "m", options), "CLWB_VOCABULARY is");
        QVERIFY(writeFileAtomically(m_root / "m/vocab.json", "{}"));
        QVERIFY(writeFileAtomically(m_root / "m/merges.txt", ""));
        QCOMPARE(readModel(m_root / "m", options)->vocabulary, m_root / "m");
    }

    void unknownAndMissingTensorsAreRefused()
    {
        TensorMap tensors = tensorsFor(tinyConfig());
        tensors["vision_model.extra"] = {{1}, {0}};
        tensors["other"] = {{1}, {0}};
        const DirectoryContent content = tinyContent(tinyConfig());
        QVERIFY(writeModelDirectory(m_root / "m", content, tensors));
        VERIFY_ERROR(readModel(m_root / "m", kNoVocabulary),
                     "2 unexpected: other, vision_model.extra");
        ReadOptions inspecting = kNoVocabulary;
        inspecting.allowUnknownTensors = true;
        const auto model = readModel(m_root / "m", inspecting);
        VERIFY_RESULT(model);
        QCOMPARE(model->unknownTensors.size(), size_t(2));
        QVERIFY(!model->tensors.contains("other"));
        tensors = tensorsFor(tinyConfig());
        tensors.erase("logit_scale");
        QVERIFY(writeModelDirectory(m_root / "m", content, tensors));
        VERIFY_ERROR(readModel(m_root / "m", kNoVocabulary), "1 missing: logit_scale");
    }

    void wrongShapesAreNamed()
    {
        ClipConfig other = tinyConfig();
        other.text.context = 9;
        QVERIFY(writeModelDirectory(m_root / "m", tinyContent(other), tensorsFor(tinyConfig())));
        VERIFY_ERROR(readModel(m_root / "m", kNoVocabulary),
                     "position_embedding.weight: expected [9, 4], got [5, 4]");
    }

    void nonFiniteNumbersAreNamed()
    {
        TensorMap tensors = tensorsFor(tinyConfig());
        tensors["text_model.final_layer_norm.bias"].values[2] =
            std::numeric_limits<float>::quiet_NaN();
        QVERIFY(writeModelDirectory(m_root / "m", tinyContent(tinyConfig()), tensors));
        VERIFY_ERROR(readModel(m_root / "m", kNoVocabulary),
                     "\"text_model.final_layer_norm.bias\" holds NaN");
    }

    void badFilesAreDataErrors()
    {
        for (const fs::path& path : {m_root / "absent", m_root}) {
            const auto model = readModel(path, kNoVocabulary);
            VERIFY_ERROR(model, "no model");
            QCOMPARE(model.error().code, ErrorCode::Data);
        }
        makeDirectory(m_root / "m");
        QVERIFY(writeFileAtomically(m_root / "m/config.json", "{\n  \"a\" 1}"));
        const auto model = readModel(m_root / "m", kNoVocabulary);
        VERIFY_ERROR(model, "config.json:2:");
        QCOMPARE(model.error().code, ErrorCode::Data);
        QVERIFY(
            writeFileAtomically(m_root / "m/config.json", tinyContent(tinyConfig()).configText));
        QVERIFY(writeFileAtomically(m_root / "m/preprocessor_config.json", R"({"size":5})"));
        VERIFY_ERROR(readModel(m_root / "m", kNoVocabulary), "expected the model's image size 4");
        fs::rename(m_root / "m/model.safetensors", m_root / "m/model.safetensors.index.json");
        VERIFY_ERROR(readModel(m_root / "m", kNoVocabulary), "split into several files");
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
};

QTEST_APPLESS_MAIN(TestModelFiles)
#include "tst_model_files.moc"
