// SPDX-License-Identifier: GPL-3.0-or-later
// The instruction machine on hand-written object descriptions.
#include "core/weights/pickle_machine.h"
#include "tests/core/weights/tiny_clip.h"

#include <QTest>

#include <random>

using namespace clwb;
using namespace clwb::weights;
using Kind = PickleNode::Kind;

namespace
{

std::string bytes(const char* text, size_t size)
{
    return {text, size};
}

template<size_t N>
std::string code(const char (&text)[N])
{
    return bytes(text, N - 1);
}

} // namespace

class TestPickleMachine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void buildsValues()
    {
        // pickle.dumps({"a": (1, -2, 300, None, True, [2**40])}, protocol=2) without memo
        const auto tree =
            readPickle(code("\x80\x02}X\x01\0\0\0a(K\x01J\xFE\xFF\xFF\xFFM\x2C\x01N\x88]"
                            "\x8a\x06\0\0\0\0\0\x01"
                            "ats."),
                       "test");
        VERIFY_RESULT(tree);
        const PickleNode& root = tree->at(tree->root);
        QCOMPARE(root.kind, Kind::Dict);
        QCOMPARE(tree->at(root.items[0]).text, std::string("a"));
        const PickleNode& tuple = tree->at(root.items[1]);
        QCOMPARE(tuple.items.size(), size_t(6));
        QCOMPARE(tree->at(tuple.items[0]).integer, 1);
        QCOMPARE(tree->at(tuple.items[1]).integer, -2);
        QCOMPARE(tree->at(tuple.items[2]).integer, 300);
        QCOMPARE(tree->at(tuple.items[3]).kind, Kind::None);
        QCOMPARE(tree->at(tuple.items[4]).integer, 1);
        QCOMPARE(tree->at(tree->at(tuple.items[5]).items[0]).integer, int64_t{1} << 40);
    }

    void readsShortNegativeLongs()
    {
        const auto tree = readPickle(code("\x8a\x02\x00\xFF."), "test"); // −256
        VERIFY_RESULT(tree);
        QCOMPARE(tree->at(tree->root).integer, -256);
        VERIFY_ERROR(readPickle(code("\x8a\x09\0\0\0\0\0\0\0\0\1."), "test"), "above 64 bits");
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const std::string& pickle, const char* problem) {
            QTest::newRow(name) << QByteArray::fromStdString(pickle) << QByteArray(problem);
        };
        row("empty", "", "cut off");
        row("no stop", code("N"), "cut off");
        row("text beyond the end", code("X\xFF\xFF\xFF\xFFN."), "cut off");
        row("instance of protocol 0", code("(ios\nsystem\n."), "unknown instruction 105");
        row("object of protocol 1", code("(cos\nsystem\no."), "os.system");
        row("protocol 5", code("\x80\x05N."), "unknown protocol 5");
        row("extension", code("\x82\x01."), "unknown instruction 130");
        row("eval", code("cbuiltins\neval\n."), "builtins.eval");
        row("getattr", code("cbuiltins\ngetattr\n."), "builtins.getattr");
        row("stack global", code("\x8c\x02os\x8c\x06system\x93."), "os.system");
        row("storage load", code("ctorch.storage\n_load_from_bytes\n."), "_load_from_bytes");
        row("call of a storage", code("ctorch\nFloatStorage\n)R."), "calls \"torch FloatStorage\"");
        row("call of a class", code("c__torch__\nM\n)R."), "calls \"__torch__ M\"");
        row("call of a number", code("K\x01)R."), "no known name");
        row("object of a function", code("ccollections\nOrderedDict\n)\x81."), "unknown class");
        row("nothing to take", code("a."), "takes a value that is not there");
        row("list not begun", code("t."), "not begun");
        row("list of a number",
            code("K\x01K\x02"
                 "a."),
            "takes none");
        row("odd dictionary", code("}(Nu."), "without a value");
        row("state of a number", code("K\x01}b."), "has none");
        row("never there", code("h\x05."), "recalls what was never there");
        row("persistent text", code("X\x01\0\0\0aQ."), "storage in an unknown way");
        row("tensor of nothing", code("ctorch._utils\n_rebuild_tensor_v2\n)R."), "unknown way");
    }

    void refuses()
    {
        QFETCH(QByteArray, pickle);
        QFETCH(QByteArray, problem);
        VERIFY_ERROR(readPickle(pickle.toStdString(), "test"), problem);
    }

    void sharedPartsAreNotCopiedWithoutEnd_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QByteArray>("again");
        const auto row = [](const char* name, const std::string& start, const std::string& again) {
            QTest::newRow(name) << QByteArray::fromStdString(start)
                                << QByteArray::fromStdString(again);
        };
        const std::string longText = code("X\x00\x00\x01\x00") + std::string(65536, 'k');
        std::string state = code("}q\x01(");
        for (int i = 0; i < 2000; ++i)
            state += code("K\x01K\x01");
        row("state of objects", code("c__torch__\nM\nq\x02") + state + "u",
            code("h\x02)\x81h\x01"
                 "b"));
        row("key of storages",
            code("(X\x07\0\0\0storagectorch\nFloatStorage\n") + longText + code("NK\x01tq\x01"),
            code("h\x01Q"));
        row("name of classes", code("X\x09\0\0\0__torch__q\x01") + longText + code("q\x02"),
            code("h\x01h\x02\x93"));
    }

    void sharedPartsAreNotCopiedWithoutEnd()
    {
        QFETCH(QByteArray, start);
        QFETCH(QByteArray, again);
        std::string pickle = start.toStdString();
        for (int i = 0; i < 5; ++i)
            pickle += again.toStdString();
        VERIFY_RESULT(readPickle(pickle + ".", "test"));
        for (int i = 0; i < 20'000; ++i)
            pickle += again.toStdString();
        VERIFY_ERROR(readPickle(pickle + ".", "test"), "uses its parts too often");
    }

    void randomInstructionsNeverCrash()
    {
        const std::string alphabet = code("(.)]}NKabehlqstu\x80\x81\x85\x86\x87\x88\x93\x94QRcX"
                                          "\x01\x00\x02\n");
        std::mt19937 random(11);
        int finished = 0;
        for (int trial = 0; trial < 50'000; ++trial) {
            std::string program;
            for (uint32_t n = 1 + random() % 20; n > 0; --n)
                program += alphabet[random() % alphabet.size()];
            finished += readPickle(program, "test") ? 1 : 0;
        }
        QVERIFY(finished > 0);
    }
};

QTEST_APPLESS_MAIN(TestPickleMachine)
#include "tst_pickle_machine.moc"
