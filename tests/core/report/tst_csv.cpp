// SPDX-License-Identifier: GPL-3.0-or-later
// CSV: RFC 4180, guards on text only, numbers exact, damaged files refused.
#include "core/report/csv.h"

#include <QTest>

#include <cmath>

using namespace clwb;
using namespace clwb::report;

class TestCsv : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void guardsTextAndNeverNumbers_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("cell");
        QTest::newRow("formula") << QByteArray("=HYPERLINK(\"x\")")
                                 << QByteArray("\"'=HYPERLINK(\"\"x\"\")\"");
        QTest::newRow("plus") << QByteArray("+1") << QByteArray("'+1");
        QTest::newRow("minus") << QByteArray("-18.45") << QByteArray("'-18.45");
        QTest::newRow("at") << QByteArray("@x") << QByteArray("'@x");
        QTest::newRow("tab") << QByteArray("\tx") << QByteArray("'\tx");
        QTest::newRow("return") << QByteArray("\rx") << QByteArray("\"'\rx\"");
        QTest::newRow("apostrophe") << QByteArray("'tis") << QByteArray("'tis");
        QTest::newRow("apostrophe before formula") << QByteArray("'=1") << QByteArray("''=1");
        QTest::newRow("comma") << QByteArray("a,b") << QByteArray("\"a,b\"");
        QTest::newRow("quote") << QByteArray("a\"b") << QByteArray("\"a\"\"b\"");
        QTest::newRow("line") << QByteArray("a\nb") << QByteArray("\"a\nb\"");
        QTest::newRow("space") << QByteArray(" a") << QByteArray("\" a\"");
        QTest::newRow("umlaut") << QByteArray("Größe") << QByteArray("Größe");
        QTest::newRow("empty") << QByteArray("") << QByteArray("");
    }

    void guardsTextAndNeverNumbers()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, cell);
        CsvWriter writer;
        writer.text("name");
        writer.text("Bwt");
        writer.endRow();
        writer.text(name.toStdString());
        writer.number(-18.45);
        writer.endRow();
        const std::string text = writer.take();
        QCOMPARE(text, "name,Bwt\r\n" + cell.toStdString() + ",-18.45\r\n");
        const auto table = readCsv(text, "test");
        QVERIFY(table.has_value());
        QCOMPARE(unguarded(table->rows[0][0]), name.toStdString());
        QCOMPARE(table->rows[0][1], std::string("-18.45"));
    }

    void numbersReadBackExactly()
    {
        CsvWriter writer;
        for (const double value : {0.1, 1.0 / 3, 1e-300, 6.02e23, -0.0, 100.0})
            writer.number(value);
        writer.number(std::nullopt);
        writer.number(std::nan(""));
        writer.integer(42);
        writer.endRow();
        QCOMPARE(writer.take(),
                 std::string("0.1,0.3333333333333333,1e-300,6.02e+23,-0,100,,,42\r\n"));
    }

    void otherDialectsCanBeChosen()
    {
        CsvFormat format;
        format.separator = ';';
        format.decimal = ',';
        format.newline = "\n";
        format.byteOrderMark = true;
        format.raw = true;
        CsvWriter writer(format);
        writer.text("=a");
        writer.number(1.5);
        writer.endRow();
        const std::string text = writer.take();
        QCOMPARE(text, std::string("\xEF\xBB\xBF=a;1,5\n"));
        QCOMPARE(guessSeparator("a;b,x;c\r\n,,,"), ';');
        QCOMPARE(guessSeparator("a\tb,c\td"), '\t');
        QCOMPARE(guessSeparator("a"), ',');
    }

    void readsAllLineEndsAndQuotes()
    {
        const auto table = readCsv("\xEF\xBB\xBF"
                                   "a,b\r\n\"1\r\n2\",\"\"\"\"\n\n3,\r4,5",
                                   "test");
        QVERIFY2(table.has_value(), table ? "" : table.error().message.c_str());
        QCOMPARE(table->header, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(table->rows.size(), size_t(3));
        QCOMPARE(table->rows[0][0], std::string("1\r\n2"));
        QCOMPARE(table->rows[0][1], std::string("\""));
        QCOMPARE(table->rows[1][1], std::string());
        QCOMPARE(table->rows[2][1], std::string("5"));
        QVERIFY(*table->column("b") == 1 && !table->column("c"));
    }

    void refusesDamagedFiles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("named");
        QTest::newRow("empty") << QByteArray("") << "header";
        QTest::newRow("lone quote") << QByteArray("a\n1\n\"x\ny") << ":3: a quote is never closed";
        QTest::newRow("text after quote") << QByteArray("a\n\"x\"y\n") << ":2: text after";
        QTest::newRow("unequal") << QByteArray("a,b\n1\n") << "row 1: expected 2 cells, got 1";
        QTest::newRow("twice") << QByteArray("a,a\n") << "'a' appears twice";
        QTest::newRow("too wide") << QByteArray(20000, ',') << "10000 columns";
    }

    void refusesDamagedFiles()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, named);
        const auto table = readCsv(text.toStdString(), "f.csv");
        QVERIFY(!table.has_value());
        QVERIFY(table.error().code == ErrorCode::Data);
        QVERIFY2(QString::fromStdString(table.error().message).contains(named),
                 table.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(TestCsv)
#include "tst_csv.moc"
