// SPDX-License-Identifier: GPL-3.0-or-later
// Archives written by PyTorch itself, and hostile ones that must be refused with nothing executed.
#include "core/weights/name_maps.h"
#include "core/weights/safetensors.h"
#include "core/weights/torch_archive.h"
#include "tests/core/weights/tiny_clip.h"

#include <zip.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>

using namespace clwb;
using namespace clwb::weights;
namespace fs = std::filesystem;

namespace
{

TensorMap huggingFaceGolden()
{
    const auto file = SafetensorsFile::open(golden("hugging_face.safetensors"));
    TensorMap tensors;
    for (const TensorInfo& info : file->tensors())
        tensors.emplace(info.name, *file->read(info));
    return tensors;
}

/// An archive with this object description and no tensor data.
void writeArchive(const fs::path& path, const std::string& description)
{
    int code = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    QVERIFY(archive);
    zip_source_t* source = zip_source_buffer(archive, description.data(), description.size(), 0);
    const zip_int64_t index = zip_file_add(archive, "archive/data.pkl", source, 0);
    QVERIFY(index >= 0);
    QCOMPARE(zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0),
             0);
    QCOMPARE(zip_close(archive), 0);
}

} // namespace

class TestTorchArchive : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        // hostile files would leave their marker here
        QVERIFY(QDir::setCurrent(m_folder.path()));
    }

    void cleanup()
    {
        QVERIFY(!QFile::exists(m_folder.filePath("clwb-executed-marker")));
        QVERIFY(QDir::setCurrent(QDir::rootPath()));
    }

    void readsWhatPyTorchWrote_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("torchScript");
        QTest::newRow("state dictionary") << QByteArray("state_dict.pt") << false;
        QTest::newRow("checkpoint with module.") << QByteArray("checkpoint.pt") << false;
        QTest::newRow("TorchScript module") << QByteArray("torchscript.pt") << true;
    }

    void readsWhatPyTorchWrote()
    {
        QFETCH(QByteArray, name);
        QFETCH(bool, torchScript);
        auto archive = readTorchArchive(golden(name.constData()));
        VERIFY_RESULT(archive);
        QCOMPARE(archive->torchScript, torchScript);
        QCOMPARE(archive->types, (std::vector<std::string>{"F16", "F32"}));
        QCOMPARE(archive->skipped.size(), size_t(3));
        const auto report = toHuggingFaceNames(archive->tensors);
        VERIFY_RESULT(report);
        QCOMPARE(report->unknown, std::vector<std::string>{});
        QVERIFY(equal(archive->tensors, huggingFaceGolden()));
    }

    void readsViewsOfStorages()
    {
        const auto archive = readTorchArchive(golden("views.pt"));
        VERIFY_RESULT(archive);
        QCOMPARE(archive->tensors.at("part").values, (std::vector<float>{6, 7, 8, 9, 10, 11}));
        const HostTensor& transposed = archive->tensors.at("transposed");
        QCOMPARE(transposed.shape, (Shape{6, 4}));
        for (size_t row = 0; row < 6; ++row) {
            for (size_t column = 0; column < 4; ++column)
                QCOMPARE(transposed.values[row * 4 + column], static_cast<float>(column * 6 + row));
        }
        QCOMPARE(archive->tensors.at("bf16").values, (std::vector<float>{1.5f, -2.0f}));
        QCOMPARE(archive->tensors.at("double").values, std::vector<float>{0.1f});
        QCOMPARE(archive->skipped, std::vector<std::string>{"long"});
    }

    void refusesHostileArchives()
    {
        VERIFY_ERROR(readTorchArchive(golden("hostile_command.pt")), "posix.system");
        VERIFY_ERROR(readTorchArchive(golden("hostile_command.pt")), "nothing was executed");
        VERIFY_ERROR(readTorchArchive(golden("hostile_path.pt")), "leaves the archive");
        VERIFY_ERROR(readTorchArchive(golden("hostile_bomb.pt")), "is compressed");
    }

    void modulesInsideOneAnotherAreBounded()
    {
        // A module whose 20 000 members are all itself: every level would multiply the work.
        using namespace std::string_literals;
        std::string pickle = "\x80\x02"
                             "c__torch__\nM\n)\x81q\x01}("s;
        for (int i = 0; i < 20'000; ++i)
            pickle += "X\x01\0\0\0ah\x01"s;
        const fs::path path = pathOf(m_folder.filePath("nested.pt"));
        writeArchive(path, pickle + "ub.");
        VERIFY_ERROR(readTorchArchive(path), "too deep or holds too many");
        // A name that grows with every level.
        writeArchive(path, "\x80\x02"
                           "c__torch__\nM\n)\x81q\x01}X\0\x02\0\0"s +
                               std::string(512, 'n') + "h\x01sb."s);
        VERIFY_ERROR(readTorchArchive(path), "too deep or holds too many");
    }

    void codeInArchivesIsNeverRun()
    {
        const auto archive = readTorchArchive(golden("writes_in_forward.pt"));
        VERIFY_RESULT(archive);
        QCOMPARE(archive->tensors.at("weight").values, (std::vector<float>{1, 1}));
    }

    void cutOffArchivesLookLikeDownloads()
    {
        const std::string bytes = *readFile(golden("state_dict.pt"), 1 << 20);
        const auto path = pathOf(m_folder.filePath("ViT-B-32.pt"));
        for (const size_t size : {bytes.size() / 2, bytes.size() - 10}) {
            QVERIFY(writeFileAtomically(path, bytes.substr(0, size)));
            VERIFY_ERROR(readTorchArchive(path), "incomplete download (expected 338 MB");
        }
        QVERIFY(writeFileAtomically(path, ""));
        VERIFY_ERROR(readTorchArchive(path), "no archive of PyTorch");
        QVERIFY(writeFileAtomically(path, "\x80\x02}q."));
        VERIFY_ERROR(readTorchArchive(path), "old format");
        QVERIFY(!readTorchArchive(pathOf(m_folder.path())));
        QVERIFY(!readTorchArchive(pathOf(m_folder.filePath("absent.pt"))));
    }

    void changedBytesNeverCrash()
    {
        const std::string good = *readFile(golden("views.pt"), 1 << 20);
        const auto path = pathOf(m_folder.filePath("changed.pt"));
        std::mt19937 random(3);
        int refused = 0;
        for (int trial = 0; trial < 150; ++trial) {
            std::string bytes = good;
            for (int n = 0; n < 4; ++n)
                bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
            QFile file(QString::fromStdString(path.string()));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes.data(), static_cast<qint64>(bytes.size()));
            file.close();
            refused += readTorchArchive(path) ? 0 : 1;
        }
        QVERIFY(refused > 0);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestTorchArchive)
#include "tst_torch_archive.moc"
