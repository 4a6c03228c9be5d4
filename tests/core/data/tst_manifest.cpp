// SPDX-License-Identifier: GPL-3.0-or-later
// Which changes of a study's files its manifest sees, and how it names them.
#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/data/dataset.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <fstream>
#include <functional>

namespace fs = std::filesystem;
using namespace clwb;
using namespace clwb::data;

namespace
{

Manifest manifestOf(const fs::path& folder, bool isAllowedToLack = false)
{
    auto study = spec::readStudy(folder / "study.json");
    test::require(study);
    study->images.allowMissing = isAllowedToLack;
    DataNeeds needs;
    needs.validation = true;
    needs.manifest = true;
    auto data = loadStudyData(*study, needs, {});
    test::require(data);
    return data->manifest;
}

std::string contentOf(const fs::path& file)
{
    return *readFile(file, 1 << 24);
}

void append(const fs::path& file, const std::string& text)
{
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

const ManifestPart* partOf(const Manifest& manifest, const std::string& name)
{
    for (const ManifestPart& part : manifest.parts) {
        if (part.name == name)
            return &part;
    }
    return nullptr;
}

} // namespace

class TestManifest : public QObject
{
    Q_OBJECT

    static void write(const fs::path& folder, test::TinyStudy::Kind kind)
    {
        test::TinyStudy tiny;
        tiny.kind = kind;
        test::require(test::writeTinyStudy(folder, tiny));
    }

private Q_SLOTS:
    // Every picture of a folder study, by its own size on the disk.
    void listsEveryFileWithItsSize()
    {
        const QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        write(root, test::TinyStudy::Kind::ClassFolders);
        const Manifest manifest = manifestOf(root);
        const ManifestPart* train = partOf(manifest, "updated_task.train");
        QVERIFY(train);
        int64_t files = 0;
        uint64_t bytes = 0;
        for (const auto& entry : fs::recursive_directory_iterator(root / "own" / "train")) {
            if (!entry.is_regular_file())
                continue;
            ++files;
            bytes += entry.file_size();
            const std::string line = "updated_task.train\t" +
                                     entry.path().lexically_relative(root / "own/train").string() +
                                     "\t" + std::to_string(entry.file_size()) + "\t";
            QVERIFY2(std::find(train->lines.begin(), train->lines.end(), line) !=
                         train->lines.end(),
                     line.c_str());
        }
        QCOMPARE(files, int64_t(4 * 6)); // classes × pictures of the tiny study
        QCOMPARE(train->files, files);
        QCOMPARE(train->bytes, bytes);
        QCOMPARE(summaryOf(manifest).at("sha256").get<std::string>(), sha256Hex(manifest.text()));
    }

    void listsAreNamedWithTheirContent()
    {
        const QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        write(root, test::TinyStudy::Kind::Coco);
        const Manifest manifest = manifestOf(root);
        const std::string content = contentOf(root / "dataset_tiny.json");
        const std::string line = "lists\tupdated_task.split_file dataset_tiny.json\t" +
                                 std::to_string(content.size()) + "\t" + sha256Hex(content) + "\n";
        QVERIFY2(manifest.text().find(line) != std::string::npos, manifest.text().c_str());
        // Crops of one scene are one file.
        QVERIFY(partOf(manifest, "updated_task.train")->files < 4 * 6);
    }

    void placeAndOrderAreNoDifference()
    {
        for (const auto kind : {test::TinyStudy::Kind::Coco, test::TinyStudy::Kind::ClassFolders}) {
            const QTemporaryDir one, two;
            const fs::path first = one.path().toStdString();
            const fs::path second = fs::path(two.path().toStdString()) / "else where";
            write(first, kind);
            fs::copy(first, second, fs::copy_options::recursive);
            QCOMPARE(manifestOf(first).text(), manifestOf(second).text());
            QVERIFY(!differenceOf(manifestOf(first), manifestOf(second)));
        }
    }

    void changedMissingAndExchangedFilesAreNamed()
    {
        const QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        write(root, test::TinyStudy::Kind::ClassFolders);
        const Manifest then = manifestOf(root);
        const fs::path folder = fs::directory_iterator(root / "own" / "test")->path();
        const fs::path picture = fs::directory_iterator(folder)->path();
        const std::string name = folder.filename().string() + "/" + picture.filename().string();
        const std::string good = contentOf(picture);

        append(picture, "more");
        const auto changed = differenceOf(then, manifestOf(root));
        QVERIFY(changed);
        const std::string size = std::to_string(good.size());
        QVERIFY2(changed->find("updated_task.test " + name + ", " + size + " bytes then, " +
                               std::to_string(good.size() + 4) + " bytes now") != std::string::npos,
                 changed->c_str());
        QVERIFY2(changed->find("(1 differs)") != std::string::npos, changed->c_str());

        fs::rename(picture, picture.string() + ".bmp"); // another name sorts otherwise
        std::ofstream(picture.string() + ".bmp", std::ios::binary) << good;
        const auto exchanged = differenceOf(then, manifestOf(root));
        QVERIFY(exchanged);
        QVERIFY2(exchanged->find(name + ", " + size + " bytes, is gone") != std::string::npos,
                 exchanged->c_str());

        fs::remove(picture.string() + ".bmp");
        const auto missing = differenceOf(then, manifestOf(root));
        QVERIFY(missing);
        QVERIFY2(missing->find(name + ", " + size + " bytes, is gone") != std::string::npos,
                 missing->c_str());
        QVERIFY2(missing->find(std::to_string(then.files()) + " files of ") == 0, missing->c_str());
        const auto back = differenceOf(manifestOf(root), then);
        QVERIFY(back && back->find(name + ", " + size + " bytes, is new") != std::string::npos);

        std::ofstream(picture, std::ios::binary) << good;
        QVERIFY(!differenceOf(then, manifestOf(root)));
    }

    // A caption of the same length: sizes are the same, content and selection are not.
    void otherWordsInAListAreSeen()
    {
        const QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        write(root, test::TinyStudy::Kind::Coco);
        const Manifest then = manifestOf(root);
        const fs::path list = root / "dataset_tiny.json";
        std::string text = contentOf(list);
        const size_t raw = text.find("\"raw\"");
        const size_t word = text.find('"', text.find(':', raw)) + 1;
        text[word] = text[word] == 'x' ? 'y' : 'x';
        std::ofstream(list, std::ios::binary) << text;
        const auto difference = differenceOf(then, manifestOf(root));
        QVERIFY(difference);
        QVERIFY2(difference->find("lists ") != std::string::npos &&
                     difference->find("with other content") != std::string::npos,
                 difference->c_str());
    }

    // What is selected counts, also where a list is too large to be hashed.
    void otherSelectionsAreSeen()
    {
        spec::Study study;
        study.updatedTask.emplace();
        study.updatedTask->kind = "coco";
        study.updatedTask->images = "/data";
        DataNeeds needs;
        needs.zeroShot = needs.retrieval = needs.test = false;
        needs.replayCaptions = true;
        StudyData data;
        data.classes = {"cat", "kite"};
        data.utTrain = {{"1", "/data/a.jpg", {0, 0, 4, 4}, 0}, {"2", "/data/b.jpg", {}, 1}};
        data.replayCaptions = {"a cat", "a kite"};
        const auto textOf = [&](const StudyData& some) {
            const auto manifest =
                makeManifest(study, needs, some, [](const fs::path&) { return uint64_t(9); });
            return manifest ? manifest->text() : std::string();
        };
        const std::string then = textOf(data);
        QVERIFY(!then.empty());
        const std::function<void(StudyData&)> changes[] = {
            [](StudyData& some) { some.utTrain[0].label = 1; },
            [](StudyData& some) { some.utTrain[0].box.x1 = 5; },
            [](StudyData& some) { some.utTrain[1].id = "3"; },
            [](StudyData& some) { std::swap(some.utTrain[0], some.utTrain[1]); },
            [](StudyData& some) { some.replayCaptions[1] = "a cart"; },
            [](StudyData& some) { some.classes[1] = "bite"; }};
        for (const auto& change : changes) {
            StudyData other = data;
            change(other);
            QVERIFY(textOf(other) != then);
        }
        QCOMPARE(textOf(data), then);
    }

    // A run goes on where a list is missing that it never opened.
    void listsThatNobodyReadsAreNoPartOfIt()
    {
        const QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        spec::Study study;
        study.retrieval.emplace_back();
        study.retrieval.back().name = "flickr";
        study.retrieval.back().splitFile = root / "captions.json";
        DataNeeds needs;
        const auto textOf = [&](bool readsCaptions) {
            needs.retrieval = readsCaptions;
            const auto manifest = makeManifest(study, needs, {}, {});
            return manifest ? manifest->text() : std::string("unreadable");
        };
        QCOMPARE(textOf(false), std::string());
        QVERIFY(textOf(true).find("missing") != std::string::npos);
        std::ofstream(study.retrieval.back().splitFile) << "{}";
        QCOMPARE(textOf(false), std::string());
        QVERIFY(textOf(true).find("missing") == std::string::npos);
    }

    // Runs that read other parts can be compared in those that both read.
    void partsThatOneSideLacksAreNoDifference()
    {
        const QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        write(root, test::TinyStudy::Kind::Coco);
        const Manifest all = manifestOf(root);
        Manifest some = all;
        std::erase_if(some.parts, [](const auto& part) { return part.name == "zero_shot"; });
        QVERIFY(some.parts.size() + 1 == all.parts.size());
        QVERIFY(!differenceOf(all, some) && !differenceOf(some, all));
    }

    void textReadsBackAndDamageIsRefused()
    {
        const QTemporaryDir place;
        const fs::path root = place.path().toStdString();
        write(root, test::TinyStudy::Kind::Coco);
        const Manifest manifest = manifestOf(root);
        const std::string text = manifest.text();
        const auto back = manifestFromText(text);
        QVERIFY(back);
        QCOMPARE(back->text(), text);
        QCOMPARE(back->files(), manifest.files());
        QCOMPARE(back->bytes(), manifest.bytes());
        for (const std::string& bad :
             {text.substr(0, text.size() - 1), std::string("a\tb\tc\t\n"), std::string("a\tb\t1\n"),
              std::string("\tb\t1\t\n"), std::string("a\tb\t-1\t\n"), std::string("\n"),
              std::string("a\tc\t1\t\na\tb\t1\t\n"),
              std::string("a\tb\t1\t\nc\tb\t1\t\na\tc\t1\t\n")}) {
            const auto refused = manifestFromText(bad);
            QVERIFY2(!refused && refused.error().code == ErrorCode::Data, bad.c_str());
        }
    }

    // COCO's number of pictures: what the manifest adds to the look at each file.
    void manyPicturesCostLittle()
    {
        spec::Study study;
        study.updatedTask.emplace();
        study.updatedTask->kind = "class_folders";
        study.updatedTask->train = "/data/coco";
        DataNeeds needs;
        needs.zeroShot = needs.retrieval = needs.test = false;
        StudyData data;
        constexpr int kPictures = 120000;
        for (int i = 0; i < kPictures; ++i) {
            const std::string name = "class/COCO_train2014_" + std::to_string(100000000 + i);
            data.utTrain.push_back({name, fs::path("/data/coco/" + name), {}, i % 80});
        }
        const auto start = std::chrono::steady_clock::now();
        const auto manifest =
            makeManifest(study, needs, data, [](const fs::path&) { return uint64_t(1000); });
        const Json summary = summaryOf(*manifest);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        qInfo("120 000 pictures: %.0f ms", 1000 * seconds.count());
        QCOMPARE(summary.at("files").get<int64_t>(), int64_t(kPictures));
        QCOMPARE(summary.at("bytes").get<uint64_t>(), uint64_t(kPictures) * 1000);
        QVERIFY(seconds.count() < 10); // far above 2 s: other work may share the processor
    }
};

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
