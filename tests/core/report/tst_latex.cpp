// SPDX-License-Identifier: GPL-3.0-or-later
// LaTeX of every kind of table: checked by a tokenizer, and compiled where pdfLaTeX is installed.
#include "core/report/paper_numbers.h"
#include "core/report/table_writers.h"
#include "core/report/tables.h"
#include "tests/support/latex_check.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace clwb;
using namespace clwb::report;

namespace
{

constexpr const char* kHostile = "VR_LwF 50% & #1 {x} ~^\\ $a$ <b> \"q\" |--,, 'ü' ß β ± \x01\t";
constexpr const char* kBeyondLatin = "Кириллица 中文 \xff";

/// Two seeds of a run with values for every table, and names that LaTeX would choke on.
std::vector<ReportRun> hostileRuns(const std::string& name)
{
    std::vector<ReportRun> runs = paperRuns();
    for (int64_t seed = 0; seed < 2; ++seed) {
        ReportRun run;
        run.runId = 1000 + seed;
        run.name = name;
        run.method = "ft";
        run.option = "WM";
        run.setting = "MST";
        run.study = name;
        run.retrievalSet = name;
        run.metrics = {{"UT-Acc (session mean)", 50.0 + static_cast<double>(seed)},
                       {"Bwt", -3.5},
                       {"TR@1", 20},
                       {"shuffled 0 TR@1", 10},
                       {"Set_2 & more TR@1", 30}};
        run.series = {{0, {{"ZS-Acc", 60}}}, {2, {{"ZS-Acc", 50}, {"UT-Acc (seen)", 70}}}};
        run.matrix = {{1, {90.0, 0.0}}, {2, {30.0, std::nullopt}}};
        run.sessions = {{1, {name, "cat"}, std::nullopt, 15}, {2, {"bus"}, 4, 3}};
        runs.push_back(run);
        run.method = "vr-lwf";
        run.runId += 10;
        run.params = {{"params.M", "10"}, {"params.Ks", "100"}, {"params.beta", "3.0"}};
        runs.push_back(run);
        run.runId += 10;
        run.params["params.beta"] = "1.0";
        runs.push_back(run);
    }
    return runs;
}

std::vector<TableOptions> someOptions()
{
    TableOptions plain;
    plain.isComplete = true;
    TableOptions beside = plain;
    beside.reported = Reported::Beside;
    beside.underline = Underline::Second;
    beside.decimals = 0;
    return {plain, beside};
}

std::string latexOf(std::string_view kind, const std::vector<ReportRun>& runs,
                    const TableOptions& options)
{
    return *renderTable(kind, runs, TableFormat::Latex, options);
}

/// Whether a table with this name asks for another engine than pdfLaTeX.
bool isAnnounced(const std::string& name)
{
    return latexOf("runs", hostileRuns(name), {}).find("LuaLaTeX") != std::string::npos;
}

/// Compiles a document; what the engine said when it did not work.
QByteArray compile(const QString& engine, const QByteArray& body)
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("t.tex")));
    if (!file.open(QIODevice::WriteOnly))
        return "cannot write";
    file.write("\\documentclass{article}\n\\usepackage{booktabs}\n\\usepackage[T1]{fontenc}\n"
               "\\usepackage{graphicx}\n\\begin{document}\n" +
               body + "\\end{document}\n");
    file.close();
    QProcess process;
    // Fonts that the engine makes are kept in the build folder.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TEXMFVAR"), QStringLiteral(CLWB_BINARY_DIR "/texmf-var"));
    environment.insert(QStringLiteral("HOME"), folder.path());
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder.path());
    process.start(engine, {QStringLiteral("-interaction=nonstopmode"),
                           QStringLiteral("-halt-on-error"), QStringLiteral("t.tex")});
    if (!process.waitForFinished(240'000))
        return "did not end";
    if (process.exitCode() == 0 && QFile::exists(folder.filePath(QStringLiteral("t.pdf"))))
        return {};
    const QByteArray said = process.readAllStandardOutput();
    return said.mid(std::max(said.indexOf("\n!"), qsizetype(0)), 600);
}

} // namespace

class TestLatex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tokenizerSeesWhatWouldNotCompile_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("good") << QByteArray("\\begin{tabular}{lr@{\\,}l}a & $\\pm$ & \\_\\\\\n"
                                            "\\multicolumn{2}{c}{x} & y \\\\ \\end{tabular}")
                              << true;
        QTest::newRow("underscore") << QByteArray("a_b") << false;
        QTest::newRow("ampersand") << QByteArray("a & b") << false;
        QTest::newRow("hash") << QByteArray("#1") << false;
        QTest::newRow("tilde") << QByteArray("~") << false;
        QTest::newRow("comment hides a brace") << QByteArray("{a % }\n") << false;
        QTest::newRow("brace") << QByteArray("{a}}") << false;
        QTest::newRow("math") << QByteArray("$a") << false;
        QTest::newRow("environment") << QByteArray("\\begin{table}\\end{tabular}") << false;
        QTest::newRow("open") << QByteArray("\\begin{table}") << false;
        QTest::newRow("short row")
            << QByteArray("\\begin{tabular}{ll}a \\\\\n\\end{tabular}") << false;
    }

    void tokenizerSeesWhatWouldNotCompile()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isGood);
        QCOMPARE(test::LatexCheck(text.toStdString()).problem().empty(), isGood);
    }

    void everyKindPassesTheTokenizer()
    {
        for (const TableKind& kind : tableKinds()) {
            for (const char* name : {kHostile, kBeyondLatin}) {
                for (const TableOptions& options : someOptions()) {
                    const std::string text = latexOf(kind.name, hostileRuns(name), options);
                    test::LatexCheck check(text);
                    const std::string problem = check.problem();
                    QVERIFY2(problem.empty(), (problem + ":\n" + text).c_str());
                    QVERIFY2(check.rows() >= 2, text.c_str());
                }
            }
        }
    }

    void specialCharactersAreSpelt()
    {
        QCOMPARE(escapedForLatex("VR_LwF 50% & #1 {x} ~^\\$"),
                 std::string("VR\\_LwF 50\\% \\& \\#1 \\{x\\} \\textasciitilde{}"
                             "\\textasciicircum{}\\textbackslash{}\\$"));
        QCOMPARE(escapedForLatex("--set β ±"), std::string("-{}-set $\\beta$ $\\pm$"));
        QCOMPARE(escapedForLatex("a\xff\xc3 \t\n"), std::string("a??   "));
        QCOMPARE(escapedForLatex("Größe 中文"), std::string("Größe 中文"));
        QCOMPARE(escapedForLatex("\xc0\xaf\xed\xa0\x80"), std::string("?????")); // no UTF-8
    }

    void lettersBeyondLatinAreAnnounced()
    {
        QVERIFY(!isAnnounced(kHostile));
        QVERIFY(isAnnounced(kBeyondLatin) && isAnnounced("Ħ") && isAnnounced("u\u0308"));
        const std::string other = latexOf("runs", hostileRuns(kBeyondLatin), {});
        QVERIFY(other.find("Кириллица 中文 ?") != std::string::npos);
    }

    void decimalsStandBelowEachOther()
    {
        // A second column takes "± std (n)"; a single run leaves it empty.
        const std::string text = latexOf("mst", hostileRuns("x"), {});
        QVERIFY2(text.find("r@{\\,}l") != std::string::npos, text.c_str());
        QVERIFY(text.find("\\multicolumn{2}{c}{UT-Acc}") != std::string::npos);
        QVERIFY2(text.find("{\\textbf{50.50}} & $\\pm$ 0.71 (2) &") != std::string::npos,
                 text.c_str());
        QVERIFY(text.find("$-$22.23") != std::string::npos);
    }

    void pdflatexCompilesEveryKind()
    {
        const QString engine = QStandardPaths::findExecutable(QStringLiteral("pdflatex"));
        if (engine.isEmpty())
            QSKIP("pdflatex is not installed: only the tokenizer checked the tables");
        QByteArray body;
        for (const TableKind& kind : tableKinds()) {
            for (const TableOptions& options : someOptions()) {
                body +=
                    QByteArray::fromStdString(latexOf(kind.name, hostileRuns(kHostile), options)) +
                    "\\clearpage\n";
            }
        }
        // Letters that a table does not announce as beyond Latin.
        QString letters = QStringLiteral("–—‘’“”„…€");
        for (char16_t code = 0xa1; code < 0x180; ++code)
            letters += isAnnounced(QString(QChar(code)).toStdString()) ? QChar(u' ') : QChar(code);
        QVERIFY(letters.contains(QStringLiteral("ÿĀā")));
        body += QByteArray::fromStdString(escapedForLatex(letters.toStdString()));
        const QByteArray problem = compile(engine, body);
        QVERIFY2(problem.isEmpty(), problem.constData());
    }

    void lualatexCompilesLettersBeyondLatin()
    {
        const QString engine = QStandardPaths::findExecutable(QStringLiteral("lualatex"));
        if (engine.isEmpty())
            QSKIP("lualatex is not installed: only the tokenizer checked these letters");
        const QByteArray problem = compile(
            engine,
            QByteArray::fromStdString(latexOf("runs", hostileRuns(kBeyondLatin), TableOptions{})));
        QVERIFY2(problem.isEmpty(), problem.constData());
    }
};

QTEST_GUILESS_MAIN(TestLatex)
#include "tst_latex.moc"
