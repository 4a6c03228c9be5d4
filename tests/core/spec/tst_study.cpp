// SPDX-License-Identifier: GPL-3.0-or-later
// Reading study files: the documented example, defaults, and every refusal with its JSON path.
#include "core/base/sha256.h"
#include "core/spec/param.h"
#include "core/spec/study.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace clwb;
using namespace clwb::spec;

namespace
{

const char* const kPaperStudy = R"({"schema": 1, "name": "COCO",
 "prompt": "this is a photo of {}.",
 "updated_task": {"kind": "coco",
   "instances": ["annotations/a.json", "/abs/b.json"],
   "images": "coco", "split_file": "dataset_coco.json",
   "crop": {"rounding": "round", "min_side": 2, "skip_crowd": false, "context": 0.25,
            "geometry": "pad"},
   "sessions": {"count": 8, "order": "category_id"}, "max_per_class": 50, "seed": 3,
   "captions": {"split_file": "c.json"}},
 "zero_shot": {"kind": "class_folders", "root": "ILSVRC2012/train", "classes": "train.csv",
   "names": "names.tsv", "name_source": "all", "images_per_class": 50, "seed": 1,
   "allow_fewer": true},
 "zero_shot_validation": {"kind": "class_folders", "root": "../val"},
 "retrieval": [{"name": "COCO", "kind": "karpathy", "split_file": "d.json", "images": "coco",
                "folds": 5, "captions_per_image": 5, "prefix": "a "},
               {"name": "Flickr30k", "kind": "karpathy", "split_file": "f.json", "images": "fl"}],
 "images": {"exif_orientation": "apply", "cache": "compact", "allow_missing": true,
            "follow_links": true}})";

const char* const kSmallStudy = R"({"schema": 1,
 "updated_task": {"kind": "class_folders", "train": "tr", "test": "te"}})";

} // namespace

class TestStudy : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path write(const QByteArray& text)
    {
        const QString path = m_folder.filePath("study.json");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no temporary file");
        file.write(text);
        return path.toStdString();
    }

    std::string problem(const QByteArray& text)
    {
        const auto study = readStudy(write(text));
        if (study)
            return "no error";
        return study.error().code == ErrorCode::Usage ? study.error().message : "wrong code";
    }

private Q_SLOTS:
    void readsEveryKey()
    {
        const auto study = readStudy(write(kPaperStudy));
        QVERIFY2(study.has_value(), study ? "" : study.error().message.c_str());
        const std::filesystem::path folder = m_folder.path().toStdString();
        QCOMPARE(study->name, std::string("COCO"));
        const UpdatedTask& task = *study->updatedTask;
        QVERIFY(task.instances[0] == folder / "annotations/a.json");
        QVERIFY(task.instances[1] == "/abs/b.json");
        QVERIFY(task.splitFile == folder / "dataset_coco.json");
        QVERIFY(task.captionsSplitFile == folder / "c.json");
        QCOMPARE(task.crop.rounding, std::string("round"));
        QCOMPARE(task.crop.minSide, 2);
        QVERIFY(!task.crop.skipCrowd);
        QCOMPARE(task.crop.context, 0.25);
        QCOMPARE(task.crop.geometry, std::string("pad"));
        QCOMPARE(task.maxPerClass, 50);
        QCOMPARE(task.seed, uint64_t(3));
        QCOMPARE(study->zeroShot->nameSource, std::string("all"));
        QCOMPARE(study->zeroShot->imagesPerClass, 50);
        QVERIFY(study->zeroShot->allowFewer);
        QCOMPARE(study->zeroShotValidation->imagesPerClass, 100);
        QVERIFY(study->zeroShotValidation->root == folder / "../val");
        QCOMPARE(study->retrieval.size(), size_t(2));
        QCOMPARE(study->retrieval[0].folds, 5);
        QCOMPARE(study->retrieval[0].prefix, std::string("a "));
        QCOMPARE(study->retrieval[1].folds, 1);
        QCOMPARE(study->retrieval[1].captionsPerImage, 5);
        QCOMPARE(study->images.exifOrientation, std::string("apply"));
        QVERIFY(study->images.followLinks);
        QCOMPARE(study->sha256, sha256Hex(kPaperStudy));
    }

    void leavesDefaultsWhereNothingIsSaid()
    {
        const auto study = readStudy(write(kSmallStudy));
        QVERIFY2(study.has_value(), study ? "" : study.error().message.c_str());
        QCOMPARE(study->prompt, std::string("this is a photo of {}."));
        QCOMPARE(study->updatedTask->sessions.order, std::string("name"));
        QCOMPARE(study->updatedTask->sessions.count, 8);
        QVERIFY(study->updatedTask->val.empty());
        QCOMPARE(study->images.cache, std::string("exact"));
        QVERIFY(!study->zeroShot);
    }

    void classFoldersHaveAGeometryButNoBoxes()
    {
        QByteArray text(kSmallStudy);
        text.replace("\"te\"", R"("te", "crop": {"geometry": "pad"})");
        const auto study = readStudy(write(text));
        QVERIFY2(study.has_value(), study ? "" : study.error().message.c_str());
        QCOMPARE(study->updatedTask->crop.geometry, std::string("pad"));
        text.replace("\"pad\"", R"("pad", "min_side": 2, "context": 0.5)");
        const std::string message = problem(text);
        for (const char* key : {"updated_task.crop.min_side: ", "updated_task.crop.context: "})
            QVERIFY2(message.find(key) != std::string::npos, message.c_str());
    }

    void takesExplicitSessions()
    {
        QByteArray text(kSmallStudy);
        text.replace("\"te\"", R"("te", "sessions": {"classes": [["b","a"],["c"]]})");
        const auto study = readStudy(write(text));
        QVERIFY2(study.has_value(), study ? "" : study.error().message.c_str());
        QCOMPARE(study->updatedTask->sessions.count, 2);
        QCOMPARE(study->updatedTask->sessions.classes[0][0], std::string("b"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("named");
        using B = QByteArray;
        QTest::newRow("unknown key") << B("\"folds\"") << B("\"fold\"")
                                     << "retrieval[0].fold: unknown key; did you mean 'folds'?";
        QTest::newRow("unknown group") << B("\"crop\"") << B("\"crops\"") << "updated_task.crops";
        QTest::newRow("rounding")
            << B("\"round\"") << B("\"up\"")
            << "updated_task.crop.rounding: is \"up\", allowed are floor, round, ceil";
        QTest::newRow("min_side") << B("\"min_side\": 2") << B("\"min_side\": 0")
                                  << "crop.min_side";
        QTest::newRow("boolean") << B("\"skip_crowd\": false") << B("\"skip_crowd\": 0")
                                 << "skip_crowd";
        QTest::newRow("count") << B("\"count\": 8") << B("\"count\": 0") << "sessions.count";
        QTest::newRow("order") << B("category_id") << B("name") << "sessions.order";
        QTest::newRow("kind") << B("\"coco\",\n") << B("\"yolo\",\n") << "updated_task.kind";
        QTest::newRow("prompt") << B("of {}.") << B("of it.") << "prompt";
        QTest::newRow("schema") << B("\"schema\": 1") << B("\"schema\": 2") << "schema";
        QTest::newRow("instances")
            << B("[\"annotations/a.json\", \"/abs/b.json\"]") << B("[]") << "instances";
        QTest::newRow("empty path") << B("\"ILSVRC2012/train\"") << B("\"\"") << "zero_shot.root";
        QTest::newRow("name source") << B("\"all\"") << B("\"both\"") << "zero_shot.name_source";
        QTest::newRow("same set twice") << B("Flickr30k") << B("COCO") << "retrieval[1].name";
        QTest::newRow("seed") << B("\"seed\": 3") << B("\"seed\": -3") << "updated_task.seed";
        QTest::newRow("cache") << B("compact") << B("none") << "images.cache";
        QTest::newRow("comment") << B("\"schema\"") << B("//\n\"schema\"") << ":1:2";
        QTest::newRow("duplicate")
            << B("\"schema\": 1") << B("\"schema\": 1, \"schema\": 1") << "twice";
    }

    void refuses()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, named);
        QByteArray text(kPaperStudy);
        const qsizetype place = text.indexOf(from);
        QVERIFY(place >= 0);
        text.replace(place, from.size(), to);
        const std::string message = problem(text);
        QVERIFY2(QString::fromStdString(message).contains(named), message.c_str());
    }

    void refusesASecondMentionOfAClass()
    {
        QByteArray text(kSmallStudy);
        text.replace("\"te\"", R"("te", "sessions": {"classes": [["a"],["a"]], "count": 3})");
        const QString message = QString::fromStdString(problem(text));
        QVERIFY(message.contains("\"a\" twice"));
        QVERIFY(message.contains("lists 2 sessions"));
    }

    void listsAllProblemsAtOnce()
    {
        const QString message = QString::fromStdString(
            problem(R"({"schema":1,"updated_task":{"kind":"coco"},"zero_shot":{},"foo":1})"));
        for (const char* named : {"instances", "updated_task.images", "split_file",
                                  "zero_shot.root", "foo: unknown key"})
            QVERIFY2(message.contains(named), qPrintable(message));
    }

    void listedOrderNeedsItsFile()
    {
        QByteArray text(kSmallStudy);
        text.replace("\"te\"", R"("te", "order": "listed")");
        QVERIFY(problem(text).find("classes") != std::string::npos);
        text.replace("\"listed\"", R"("listed", "classes": "c.txt")");
        const auto study = readStudy(write(text));
        QVERIFY(study.has_value());
        QCOMPARE(study->updatedTask->sessions.order, std::string("listed"));
    }

    void missingFileIsAUsageError()
    {
        const auto study = readStudy("/nonexistent/study.json");
        QVERIFY(!study);
        QVERIFY(study.error().code == ErrorCode::Usage);
    }

    void emptyStudyIsRefused()
    {
        QVERIFY(problem(R"({"schema":1})").find("neither") != std::string::npos);
        QVERIFY(problem("[]").find("object") != std::string::npos);
        QVERIFY(problem("").find("study.json:1:1") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestStudy)
#include "tst_study.moc"
