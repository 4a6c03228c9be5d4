// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation records as JSON: keys of the interface, undefined as null, damaged input refused.
#include "core/metrics/evaluation_record.h"

#include <QTest>

using namespace clwb;
using namespace clwb::metrics;

namespace
{

EvaluationRecord sample()
{
    EvaluationRecord record;
    record.modelSha256 = "ab";
    record.session = 2;
    record.ut = UtRecord{{"dog", "cat", "hair drier"},
                         {1, 1, 2},
                         {{2, 1, 0}, {0, 3, 0}, {0, 0, 0}},
                         {3, 3, 0},
                         "all"};
    record.zs = ZsRecord{{"fox"}, {1}, {3}};
    record.retrieval.push_back({"COCO", 2, 2, 3, {0, 7}, {0, 1, 4}, {2, 1}, {}});
    record.retrieval.push_back({"COCO", 1, 1, 1, {0}, {0}, {1}, 9});
    return record;
}

} // namespace

class TestRecordJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasTheKeysOfTheInterface()
    {
        const Json json = toJson(sample());
        std::string keys;
        for (const auto& item : json.items())
            keys += item.key() + " ";
        QCOMPARE(keys,
                 std::string("schema model_sha256 session setting split ut zs retrieval a_acc "));
        QVERIFY(json["schema"] == 1);
        QVERIFY(json["ut"]["confusion"][0][1] == 1);
        QVERIFY(json["ut"]["session_of_class"] == Json::array({1, 1, 2}));
        QCOMPARE(json["ut"]["overall"].get<double>(), 500.0 / 6);
        QVERIFY(json["ut"]["per_session"][1].is_null());
        QCOMPARE(json["ut"]["session_mean"].get<double>(), 500.0 / 6);
        QCOMPARE(json["zs"]["accuracy"].get<double>(), 100.0 / 3);
        QCOMPARE(json["a_acc"].get<double>(), (500.0 / 6 + 100.0 / 3) / 2);
        QCOMPARE(json["retrieval"][0]["TR@1"].get<double>(), 50.0);
        // Two folds of one image each: ranks 0 and 7; captions 0, 1 and 4.
        const Json& folds = json["retrieval"][0]["per_fold"];
        QCOMPARE(folds.size(), size_t(2));
        QVERIFY(folds[0]["TR@1"] == 100.0 && folds[1]["TR@1"] == 0.0 && folds[1]["TR@10"] == 100.0);
        QVERIFY(folds[0]["IR@1"] == 50.0 && folds[1]["IR@5"] == 100.0);
        QVERIFY(!json["retrieval"][0].contains("shuffle_seed"));
        QVERIFY(json["retrieval"][1]["shuffle_seed"] == 9);
        QVERIFY(json["retrieval"][0]["image_ranks"] == Json::array({0, 7}));
    }

    void leavesOutWhatWasNotEvaluated()
    {
        EvaluationRecord record = sample();
        record.zs.reset();
        record.retrieval.clear();
        record.epoch = 3;
        record.split = "val";
        const Json json = toJson(record);
        QVERIFY(!json.contains("zs") && !json.contains("retrieval") && !json.contains("a_acc"));
        QVERIFY(json["epoch"] == 3 && json["split"] == "val");
        record.zs = ZsRecord{{"fox"}, {0}, {0}};
        QVERIFY(toJson(record)["a_acc"].is_null());
        QVERIFY(toJson(record)["zs"]["accuracy"].is_null());
    }

    void readsBackEqual()
    {
        EvaluationRecord record = sample();
        record.ut->labelSpace = "seen";
        record.retrieval.push_back({"none", 1, 2, 1, {-1, 3}, {5}, {0, 1}, {}});
        const Json json = toJson(record);
        const auto text = parseJson(json.dump(), "test");
        const auto back = evaluationRecordFromJson(*text);
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QCOMPARE(toJson(*back).dump(), json.dump());
        QCOMPARE(back->retrieval[2].captionCounts, (std::vector<int>{0, 1}));
        QCOMPARE(back->retrieval[2].imageRanks[0], int64_t(-1));
        QVERIFY(json["retrieval"][2]["image_ranks"][0].is_null());
    }

    void namesTheStudysFirstSetWhereItIsNotTheFirst()
    {
        EvaluationRecord record = sample();
        record.firstRetrievalSet = "COCO";
        QVERIFY(!toJson(record).contains("first_retrieval_set"));
        record.firstRetrievalSet = "Flickr30k";
        const auto back = evaluationRecordFromJson(toJson(record));
        QVERIFY(back.has_value());
        QCOMPARE(back->firstRetrievalSet, std::string("Flickr30k"));
    }

    void uniformCaptionsNeedNoCounts()
    {
        EvaluationRecord record;
        record.retrieval.push_back(
            {"COCO", 1, 2, 10, {0, 1}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {5, 5}, {}});
        const Json json = toJson(record);
        QVERIFY(!json["retrieval"][0].contains("caption_counts"));
        QCOMPARE(evaluationRecordFromJson(json)->retrieval[0].captionCounts,
                 (std::vector<int>{5, 5}));
    }

    void refusesDamagedRecords_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("named");
        QTest::newRow("schema") << "/schema"
                                << "2"
                                << "schema";
        QTest::newRow("setting") << "/setting"
                                 << "\"XST\""
                                 << "setting";
        QTest::newRow("row too short") << "/ut/confusion/1"
                                       << "[1,2]"
                                       << "ut.confusion";
        QTest::newRow("negative count") << "/ut/confusion/1/0"
                                        << "-1"
                                        << "row 1";
        QTest::newRow("no square") << "/ut/confusion"
                                   << "[]"
                                   << "3 classes";
        QTest::newRow("session 0") << "/ut/session_of_class/0"
                                   << "0"
                                   << "session_of_class";
        QTest::newRow("too few sessions") << "/ut/session_of_class"
                                          << "[1]"
                                          << "expected 3";
        QTest::newRow("more seen hits") << "/ut/seen_hits/0"
                                        << "4"
                                        << "ut.seen_hits: class 0 has more hits";
        QTest::newRow("sums beyond 64 bits") << "/ut/confusion/0/0"
                                             << "9007199254740991"
                                             << "row 0";
        QTest::newRow("more hits") << "/zs/hits/0"
                                   << "4"
                                   << "more hits";
        QTest::newRow("text count") << "/zs/totals/0"
                                    << "\"3\""
                                    << "zs.totals";
        QTest::newRow("images") << "/retrieval/0/images"
                                << "5"
                                << "retrieval[0].image_ranks";
        QTest::newRow("caption ranks") << "/retrieval/0/caption_ranks"
                                       << "[1]"
                                       << "caption_ranks";
        QTest::newRow("folds") << "/retrieval/0/folds"
                               << "0"
                               << "folds";
        QTest::newRow("fraction") << "/retrieval/0/image_ranks/0"
                                  << "0.5"
                                  << "image_ranks";
        QTest::newRow("retrieval") << "/retrieval"
                                   << "{}"
                                   << "retrieval";
        QTest::newRow("ut") << "/ut"
                            << "3"
                            << "ut";
    }

    void refusesDamagedRecords()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, named);
        Json json = toJson(sample());
        json[Json::json_pointer(pointer.toStdString())] = *parseJson(value.toStdString(), "value");
        const auto record = evaluationRecordFromJson(json);
        QVERIFY(!record.has_value());
        QVERIFY(record.error().code == ErrorCode::Data);
        QVERIFY2(QString::fromStdString(record.error().message).contains(named),
                 record.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(TestRecordJson)
#include "tst_record_json.moc"
