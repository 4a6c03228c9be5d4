// SPDX-License-Identifier: GPL-3.0-or-later
// Cleaning and splitting of texts against the rules of the model directory format.
#include "core/text/clean_text.h"

#include <QTest>

using namespace clwb::text;

namespace
{

QByteArray cleaned(std::string_view text)
{
    return QByteArray::fromStdString(encodeUtf8(cleanText(text)));
}

QByteArray pieces(std::string_view text)
{
    QByteArray joined;
    for (const std::string& piece : splitPieces(cleanText(text)))
        joined += (joined.isEmpty() ? "" : "|") + QByteArray::fromStdString(piece);
    return joined;
}

} // namespace

class TestCleanText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleans_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("empty", "", "");
        row("only space", " \t\r\n ", "");
        row("collapsed", "  A \t b\n", "a b");
        row("unicode spaces",
            "a\xC2\xA0\xE3\x80\x80\xE2\x80\xA8"
            "b\xC2\x85",
            "a b");
        row("zero width space is no white space",
            "a\xE2\x80\x8B"
            "b",
            "a\xE2\x80\x8B"
            "b");
        row("information separator is no white space",
            "a\x1C"
            "b",
            "a\x1C"
            "b");
        row("entity", "Tom &amp; Jerry", "tom & jerry");
        row("undone twice", "a &amp;lt; b", "a < b");
        row("not three times", "&amp;amp;lt;", "&lt;");
        row("semicolon needed", "&amp &lt", "&amp &lt");
        row("numbers", "&#65;&#x42;&#X43;", "abc");
        row("no number", "&#; &#x; &#xg;", "&#; &#x; &#xg;");
        row("no character", "&#xD800;&#0;&#99999999999;", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        row("last name", "&zwnj;", "\xE2\x80\x8C");
        row("longest name", "&thetasym;", "\xCF\x91");
        row("case of names", "&Eacute;&eacute;&EACUTE;", "\xC3\xA9\xC3\xA9&eacute;");
        row("HTML 5 names unknown", "&apos;&nbsp;x", "&apos; x");
        row("entity space trimmed", "&nbsp;x&#32;", "x");
        row("final sigma", "\xCE\xA3\xCE\x91\xCE\xA3", "\xCF\x83\xCE\xB1\xCF\x83");
        row("dotted capital I", "\xC4\xB0", "i\xCC\x87");
        row("sharp s stays",
            "STRA\xC3\x9F"
            "E",
            "stra\xC3\x9F"
            "e");
        row("not normalised", "e\xCC\x81", "e\xCC\x81");
        row("stray byte",
            "a\xFF"
            "b",
            "a\xEF\xBF\xBD"
            "b");
        row("cut sequence", "a\xE2\x82", "a\xEF\xBF\xBD");
        row("overlong", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD");
        row("surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        row("beyond Unicode", "\xF4\x90\x80\x80",
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    }

    void cleans()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(cleaned(text.toStdString()), expected);
    }

    void splits_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("words", "hello world!", "hello|world|!");
        row("endings", "he's don't we're I've I'm we'll he'd",
            "he|'s|don|'t|we|'re|i|'ve|i|'m|we|'ll|he|'d");
        row("ending before letters", "'sun 'x", "'s|un|'|x");
        row("ending inside a run", "!'s", "!'|s");
        row("single digits", "1234", "1|2|3|4");
        row("other numbers", "\xC2\xBD\xE2\x85\xA7", "\xC2\xBD|\xE2\x85\xB7");
        row("mixed", "a1-b_c", "a|1|-|b|_|c");
        row("special token is text", "<|endoftext|>", "<||endoftext||>");
        row("combining mark is no letter", "e\xCC\x81x", "e|\xCC\x81|x");
        row("letters of many scripts", "\xD0\x96\xE6\xBC\xA2", "\xD0\xB6\xE6\xBC\xA2");
    }

    void splits()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(pieces(text.toStdString()), expected);
    }
};

QTEST_APPLESS_MAIN(TestCleanText)
#include "tst_clean_text.moc"
