// SPDX-License-Identifier: GPL-3.0-or-later
// Old and new forms of preprocessor_config.json.
#include "core/weights/preprocess_config.h"
#include "tests/core/weights/tiny_clip.h"

#include <QTest>

using namespace clwb;
using namespace clwb::weights;

class TestPreprocessConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("problem"); // empty: accepted
        const auto row = [](const char* json, const char* problem = "") {
            QTest::newRow(json) << QByteArray(json) << QByteArray(problem);
        };
        row("{}");
        row(R"({"size":48,"crop_size":48,"resample":3})");
        row(R"({"size":{"shortest_edge":48},"crop_size":{"height":48,"width":48}})");
        row(R"({"size":{"height":48,"width":48},"do_resize":true})");
        row(R"({"size":50})", "expected the model's image size 48");
        row(R"({"crop_size":{"height":48,"width":50}})", "expected a square");
        row(R"({"size":"48"})", "size: expected a whole number");
        row(R"({"image_mean":[0.5,0.5]})", "image_mean: expected three numbers");
        row(R"({"image_mean":[0.5,0.5,"x"]})", "image_mean: expected three numbers");
        row(R"({"image_std":[0.5,0.0,0.5]})", "image_std: expected numbers above 0");
        row(R"({"do_center_crop":false})", "do_center_crop");
        row(R"({"resample":2})", "resample");
        row("[]", "expected an object");
    }

    void reads()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, problem);
        const auto config = preprocessFromJson(*parseJson(json.toStdString(), "test"), 48, "test");
        if (problem.isEmpty()) {
            VERIFY_RESULT(config);
            QCOMPARE(config->size, 48);
            QCOMPARE(config->mean[0], 0.48145466f);
            QCOMPARE(config->std[2], 0.27577711f);
        } else {
            VERIFY_ERROR(config, problem);
        }
    }

    void writesShortNumbers()
    {
        PreprocessConfig config;
        config.mean = {0.1f, 0.2f, 0.3f};
        const Json json = preprocessToJson(config);
        QCOMPARE(QByteArray::fromStdString(json["image_mean"].dump()), QByteArray("[0.1,0.2,0.3]"));
        const auto again = preprocessFromJson(json, 224, "test");
        VERIFY_RESULT(again);
        QVERIFY(*again == config);
    }
};

QTEST_APPLESS_MAIN(TestPreprocessConfig)
#include "tst_preprocess_config.moc"
