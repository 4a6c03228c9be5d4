// SPDX-License-Identifier: GPL-3.0-or-later
// COCO's JSON as a stream, and the boxes that a crop rule keeps.
#include "core/base/file.h"
#include "core/data/coco_instances.h"
#include "core/data/karpathy.h"
#include "tests/support/require.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace clwb;
using namespace clwb::data;

namespace
{

CocoAnnotation boxed(double x, double y, double width, double height)
{
    return {1, 1, 1, x, y, width, height, false};
}

} // namespace

class TestCocoInstances : public QObject
{
    Q_OBJECT

    std::filesystem::path write(const std::string& text)
    {
        const std::filesystem::path file = (m_folder.path() + "/file.json").toStdString();
        test::require(writeFileAtomically(file, text));
        return file;
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void readsWhatItNeeds()
    {
        const auto read = readCocoInstances(write(R"({
            "info": {"images": [1, {"id": 5}]}, "licenses": [],
            "images": [{"license": 1, "file_name": "a.jpg", "height": 4, "width": 6, "id": 7}],
            "annotations": [
              {"segmentation": [[1.5, 2, 3]], "area": 1, "iscrowd": 0, "image_id": 7,
               "bbox": [0.5, 1, 2.25, 3e0], "category_id": 90, "id": 9007199254740993},
              {"segmentation": {"counts": [1, 2], "size": [4, 6]}, "iscrowd": 1, "image_id": 7,
               "bbox": [1, 2, 3], "category_id": 1, "id": 2}],
            "categories": [{"supercategory": "x", "id": 90, "name": "toothbrush"}]})"),
                                            {});
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->images.size(), size_t(1));
        QCOMPARE(read->images[0].fileName, std::string("a.jpg"));
        QCOMPARE(read->images[0].width, 6);
        QCOMPARE(read->annotations.size(), size_t(2));
        QCOMPARE(read->annotations[0].id, int64_t(9007199254740993));
        QCOMPARE(read->annotations[0].width, 2.25);
        QVERIFY(!read->annotations[0].isCrowd);
        QVERIFY(read->annotations[1].isCrowd);
        QVERIFY(std::isnan(read->annotations[1].x)); // three numbers are no box
        QCOMPARE(read->categories[0].name, std::string("toothbrush"));
    }

    void refusesBrokenFiles_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        QTest::newRow("empty") << ""
                               << "malformed JSON";
        QTest::newRow("cut off") << "{\"images\": [{\"id\": 1,"
                                 << "line 1";
        QTest::newRow("no lists") << "{\"images\": []}"
                                  << "not all are there";
        QTest::newRow("array") << "[1, 2]"
                               << "not all are there";
        QTest::newRow("image without id")
            << "{\"images\": [{\"file_name\": \"a\", \"width\": 1, \"height\": 1}], "
               "\"annotations\": [], \"categories\": []}"
            << "images[0]";
        QTest::newRow("negative size")
            << "{\"images\": [{\"id\": 1, \"file_name\": \"a\", \"width\": -1, \"height\": 1}], "
               "\"annotations\": [], \"categories\": []}"
            << "images[0]";
        QTest::newRow("too deep") << QString(100'000, '[') << "deeper";
        QTest::newRow("invalid UTF-8") << "{\"images\": \"\xff\"}"
                                       << "malformed JSON";
    }
    void refusesBrokenFiles()
    {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        const std::string bytes = QTest::currentDataTag() == std::string("invalid UTF-8")
                                      ? std::string("{\"images\": \"\xff\"}")
                                      : text.toStdString();
        const auto read = readCocoInstances(write(bytes), {});
        QVERIFY(!read);
        QVERIFY(read.error().code == ErrorCode::Data);
        QVERIFY2(read.error().message.find(reason.toStdString()) != std::string::npos,
                 read.error().message.c_str());
    }

    void stopsWhenAsked()
    {
        StopSource stop;
        stop.requestStop();
        const auto read = readCocoInstances(write("{}"), stop.token());
        QVERIFY(!read && read.error().code == ErrorCode::Stopped);
    }

    void readsManyWindows()
    {
        // Several times the reading window, with texts that lie across its borders.
        std::string text = "{\"images\": [";
        for (int i = 0; i < 9000; ++i)
            text +=
                (i ? ",\n" : "") + std::string("{\"filepath\": \"val2014\", \"filename\": \"f") +
                std::to_string(i) + ".jpg\", \"cocoid\": " + std::to_string(i) +
                ", \"split\": \"test\", \"sentences\": [{\"tokens\": [\"a\"], \"raw\": \"caption " +
                std::to_string(i) + "\"}, {\"raw\": \"b\"}]}";
        const auto read = readKarpathy(write(text + "], \"dataset\": \"x\"}"), {});
        QVERIFY(read);
        QCOMPARE(read->size(), size_t(9000));
        for (size_t i = 0; i < read->size(); ++i) {
            QCOMPARE((*read)[i].name(), "val2014/f" + std::to_string(i) + ".jpg");
            QCOMPARE((*read)[i].captions[0], "caption " + std::to_string(i));
            QCOMPARE((*read)[i].captions.size(), size_t(2));
        }
    }

    void cutsBoxes_data()
    {
        QTest::addColumn<QList<double>>("box");
        QTest::addColumn<QString>("rounding");
        QTest::addColumn<QList<int>>("expected"); // empty: no crop
        using D = QList<double>;
        using I = QList<int>;
        QTest::newRow("floor") << D{1.9, 2.9, 3.2, 4.2} << "floor" << I{1, 2, 5, 7};
        QTest::newRow("ceil") << D{1.9, 2.9, 3.2, 4.2} << "ceil" << I{2, 3, 6, 8};
        QTest::newRow("round") << D{1.4, 2.5, 3.2, 4.2} << "round" << I{1, 3, 5, 7};
        QTest::newRow("outside") << D{-5, -5, 500, 500} << "floor" << I{0, 0, 10, 8};
        QTest::newRow("below a pixel") << D{1.1, 1.1, 0.5, 5} << "floor" << I{};
        QTest::newRow("a pixel") << D{1.9, 1, 0.2, 5} << "floor" << I{1, 1, 2, 6};
        QTest::newRow("negative") << D{5, 5, -3, 2} << "floor" << I{};
        QTest::newRow("huge") << D{0, 0, 1e308, 1e308} << "floor" << I{0, 0, 10, 8};
        QTest::newRow("beyond") << D{20, 20, 5, 5} << "floor" << I{};
        QTest::newRow("no number") << D{std::nan(""), 0, 5, 5} << "floor" << I{};
    }
    void cutsBoxes()
    {
        QFETCH(QList<double>, box);
        QFETCH(QString, rounding);
        QFETCH(QList<int>, expected);
        spec::CropRule rule;
        rule.rounding = rounding.toStdString();
        const auto cut = cropBox(boxed(box[0], box[1], box[2], box[3]), 10, 8, rule);
        QCOMPARE(cut.has_value(), !expected.isEmpty());
        if (cut)
            QVERIFY((*cut == PixelBox{expected[0], expected[1], expected[2], expected[3]}));
    }

    void minSideAndContext()
    {
        spec::CropRule rule;
        rule.minSide = 4;
        QVERIFY(!cropBox(boxed(0, 0, 3, 8), 10, 8, rule));
        QVERIFY(cropBox(boxed(0, 0, 4, 8), 10, 8, rule));
        rule.context = 0.5; // half a side more on each side
        QVERIFY((cropBox(boxed(4, 4, 2, 2), 10, 8, rule) == PixelBox{3, 3, 7, 7}));
    }
};

QTEST_APPLESS_MAIN(TestCocoInstances)
#include "tst_coco_instances.moc"
