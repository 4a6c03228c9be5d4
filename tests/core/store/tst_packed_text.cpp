// SPDX-License-Identifier: GPL-3.0-or-later
// Packed texts: what goes in comes out, and nothing else does.
#include "core/base/random_stream.h"
#include "core/store/packed_text.h"
#include "core/store/sqlite.h"
#include "tests/core/store/store_fixture.h"

using namespace clwb;

class TestPackedText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBack()
    {
        std::string ranks = "[";
        for (int i = 0; i < 20000; ++i)
            ranks += std::to_string(i * i % 977) + ",";
        for (const std::string& text :
             {std::string(), std::string("x"), std::string("\0a\0", 3), ranks}) {
            const std::string packed = store::packText(text);
            const auto back = store::unpackText(packed);
            VERIFY_OK(back);
            QVERIFY(*back == text);
        }
        QVERIFY(store::packText(ranks).size() * 3 < ranks.size());
    }

    void refusesWhatIsNoPackedText()
    {
        const std::string packed = store::packText(std::string(5000, 'a') + "end");
        for (size_t length = 0; length < packed.size(); ++length)
            VERIFY_FAILS(ErrorCode::Corrupt, store::unpackText(packed.substr(0, length)));
        // A head that promises far more than the stream can hold is refused before memory is taken.
        std::string bomb = packed;
        bomb[7] = '\x03';
        VERIFY_FAILS(ErrorCode::Corrupt, store::unpackText(bomb));
        RandomStream stream = RandomStream::named(1, "bytes");
        for (int turn = 0; turn < 20000; ++turn) {
            std::string changed = packed;
            changed[stream.below(changed.size())] ^= static_cast<char>(1 + stream.below(255));
            const auto text = store::unpackText(changed);
            QVERIFY(!text || text->size() == 5003);
        }
    }

    void sqlPacksAndLeavesTextAlone()
    {
        auto database = store::Database::openInMemory();
        VERIFY_OK(database);
        const auto count = [&](const std::string& condition) {
            return database->integer("SELECT " + condition)->value_or(-1);
        };
        QCOMPARE(count("clwb_unpack(clwb_pack('{\"a\":1}')) = '{\"a\":1}'"), int64_t{1});
        QCOMPARE(count("typeof(clwb_pack('a')) = 'blob'"), int64_t{1});
        QCOMPARE(count("clwb_unpack('of schema 3') = 'of schema 3'"), int64_t{1});
        QCOMPARE(count("clwb_unpack(x'00') IS NULL"), int64_t{1});
    }

    void damagedRecordsAreToldByTheirRun()
    {
        const test::TemporaryProject file;
        auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
        VERIFY_OK(writer);
        (*writer)->addEvaluation(test::sampleRecord(1), std::nullopt);
        VERIFY_OK((*writer)->flush());
        const store::Project project = file.open();
        VERIFY_OK(project.evaluations(1));
        VERIFY_OK(
            project.database().execute("UPDATE evaluation SET record = substr(record, 1, 9)"));
        const auto records = project.evaluations(1);
        QVERIFY(!records && records.error().message.find("run 1") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestPackedText)
#include "tst_packed_text.moc"
