// SPDX-License-Identifier: GPL-3.0-or-later
// resources/studies: every file has the runs that its README states, all of them valid, and the
// tables' files hold exactly the rows of the paper's tables. Counted from the JSON alone.
#include "core/base/json.h"
#include "core/spec/run_spec.h"

#include <QFile>
#include <QRegularExpression>
#include <QtTest>

#include <algorithm>
#include <map>
#include <set>

namespace fs = std::filesystem;
using namespace clwb;

namespace
{

const fs::path kFolder = fs::path(CLWB_SOURCE_DIR) / "resources" / "studies";
const fs::path kPaper = fs::path(CLWB_SOURCE_DIR) / "resources" / "paper";

QStringList linesOf(const fs::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly)
               ? QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts)
               : QStringList();
}

Json readStudies(const std::string& name)
{
    const auto document = readJsonFile(kFolder / name);
    return document ? *document : Json();
}

/// File → number of runs, from the tables of the README.
std::map<std::string, int> statedCounts()
{
    std::map<std::string, int> counts;
    static const QRegularExpression row("^\\| `([a-z0-9-]+\\.json)` \\|[^|]*\\| (\\d+) \\|");
    for (const QString& line : linesOf(kFolder / "README.md")) {
        const auto match = row.match(line);
        if (match.hasMatch())
            counts[match.captured(1).toStdString()] = match.captured(2).toInt();
    }
    return counts;
}

/// Every combination as dotted keys with values.
std::vector<Json> combinationsOf(const Json& document)
{
    if (document.contains("parameter")) {
        std::vector<Json> candidates;
        for (const Json& value : document["values"])
            candidates.push_back({{document["parameter"].get<std::string>(), value}});
        return candidates;
    }
    if (document["mode"] == "list")
        return document["list"].get<std::vector<Json>>();
    std::vector<Json> combinations{Json::object()};
    for (const auto& [key, values] : document["grid"].items()) {
        std::vector<Json> wider;
        for (const Json& combination : combinations) {
            for (const Json& value : values) {
                wider.push_back(combination);
                wider.back()[key] = value;
            }
        }
        combinations = std::move(wider);
    }
    return combinations;
}

Result<spec::ResolveResult> resolve(const Json& base, const Json& combination,
                                    const std::string& preset)
{
    std::vector<std::string> sets{"study=/data/study.json", "model=/data/model"};
    for (const auto& [key, value] : combination.items())
        sets.push_back(key + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
    return spec::resolveRunSpec(base, "/", sets, preset);
}

std::vector<spec::RunSpec> runsOf(const std::string& name, const std::string& preset = "paper")
{
    std::vector<spec::RunSpec> runs;
    const Json document = readStudies(name);
    for (const Json& combination : combinationsOf(document)) {
        auto resolved = resolve(document["base"], combination, preset);
        if (!resolved)
            qFatal("%s: %s", name.c_str(), resolved.error().message.c_str());
        if (!resolved->warnings.empty())
            qFatal("%s: %s", name.c_str(), resolved->warnings.front().c_str());
        runs.push_back(std::move(resolved->spec));
    }
    return runs;
}

/// "vr-lwf WM MST 10 100 random_tokens" of every row of a paper's table.
std::multiset<QString> paperRows(const char* file, const QString& setting)
{
    std::multiset<QString> rows;
    const QStringList lines = linesOf(kPaper / file);
    const QStringList head = lines.front().split(u',');
    for (const QString& line : lines.mid(1)) {
        const QStringList cells = line.split(u',');
        const auto cell = [&](const char* column) {
            const auto index = head.indexOf(QLatin1String(column));
            return index < 0 ? QString() : cells.value(index);
        };
        rows.insert(QStringList{cell("kind"), cell("method"), cell("option"), setting, cell("M"),
                                cell("Ks"), cell("replay")}
                        .join(u' '));
    }
    return rows;
}

} // namespace

class TestReadyStudies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFileIsListedAndEveryListedFileIsThere()
    {
        std::set<std::string> files;
        for (const auto& entry : fs::directory_iterator(kFolder)) {
            if (entry.path().extension() == ".json")
                files.insert(entry.path().filename().string());
        }
        std::set<std::string> listed;
        for (const auto& [name, count] : statedCounts())
            listed.insert(name);
        QVERIFY(files == listed);
        QVERIFY(files.size() >= 16);
    }

    void everyFileHasItsRuns_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("count");
        for (const auto& [name, count] : statedCounts())
            QTest::newRow(name.c_str()) << QString::fromStdString(name) << count;
    }
    void everyFileHasItsRuns()
    {
        QFETCH(QString, name);
        QFETCH(int, count);
        const Json document = readStudies(name.toStdString());
        QCOMPARE(document.value("schema", 0), 1);
        for (const char* preset : {"paper", "demo"}) {
            const auto runs = runsOf(name.toStdString(), preset);
            QCOMPARE(int(runs.size()), count);
            std::set<std::string> distinct;
            for (const spec::RunSpec& run : runs)
                distinct.insert(spec::toJson(run).dump());
            QCOMPARE(int(distinct.size()), count);
        }
    }

    void mainTablesAreThePapers_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("setting");
        QTest::newRow("III") << "table3.json"
                             << "table3-ost.csv"
                             << "OST";
        QTest::newRow("IV") << "table4.json"
                            << "table4-mst.csv"
                            << "MST";
    }
    void mainTablesAreThePapers()
    {
        QFETCH(QString, name);
        QFETCH(QString, table);
        QFETCH(QString, setting);
        std::multiset<QString> rows;
        for (const spec::RunSpec& run : runsOf(name.toStdString())) {
            const bool isOriginal = run.kind == "original";
            rows.insert(QString("%1 %2 %3 %4   ")
                            .arg(QString::fromStdString(run.kind),
                                 QString::fromStdString(run.method),
                                 QString::fromStdString(isOriginal ? "" : run.option),
                                 QString::fromStdString(run.setting)));
        }
        QVERIFY(rows == paperRows(table.toUtf8().constData(), setting));
    }

    void ablationsAreThePapers_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("setting");
        QTest::newRow("V, VI") << "table5-6.json"
                               << "tables5-6-ost-ablations.csv"
                               << "OST";
        QTest::newRow("VII, VIII") << "table7-8.json"
                                   << "tables7-8-mst-ablations.csv"
                                   << "MST";
    }
    void ablationsAreThePapers()
    {
        QFETCH(QString, name);
        QFETCH(QString, table);
        QFETCH(QString, setting);
        std::set<QString> rows;
        for (const spec::RunSpec& run : runsOf(name.toStdString())) {
            QVERIFY(run.method == "vr-lwf" && run.option == "WM");
            const bool captions = run.params.replay == "captions";
            rows.insert(QString("   %1 %2 %3 %4")
                            .arg(QString::fromStdString(run.setting),
                                 captions ? QString() : QString::number(run.params.M),
                                 QString::number(run.params.Ks),
                                 QString::fromStdString(run.params.replay)));
        }
        const auto paper = paperRows(table.toUtf8().constData(), setting);
        QVERIFY(rows == std::set<QString>(paper.begin(), paper.end()));
    }

    void figuresAndReferencesShareTheTablesRuns()
    {
        const auto texts = [](const std::string& name) {
            std::set<std::string> runs;
            for (const spec::RunSpec& run : runsOf(name))
                runs.insert(spec::toJson(run).dump());
            return runs;
        };
        const auto includes = [](const auto& all, const auto& part) {
            return std::includes(all.begin(), all.end(), part.begin(), part.end());
        };
        const auto table4 = texts("table4.json");
        QVERIFY(texts("fig4.json") == table4 && texts("fig5.json") == table4);
        QVERIFY(includes(table4, texts("table2.json")));
        QVERIFY(includes(texts("references.json"), texts("table2.json")));
        auto grid = texts("demo-grid.json");
        for (const char* name : {"table3.json", "table4.json"}) {
            for (const spec::RunSpec& run : runsOf(name)) {
                if (run.kind == "method")
                    QCOMPARE(grid.erase(spec::toJson(run).dump()), size_t(1));
            }
        }
        QVERIFY(grid.empty());
    }

    void searchesCoverWhatThePaperSearched()
    {
        // algorithms.md §7: α of IMM, β of the methods that have an extra loss.
        for (const auto& [name, parameter] :
             std::map<std::string, std::string>{{"search-imm.json", "params.alpha"},
                                                {"search-lwf.json", "params.beta"},
                                                {"search-geodl.json", "params.beta"},
                                                {"search-vr-lwf.json", "params.beta"}})
            QCOMPARE(readStudies(name)["parameter"].get<std::string>(), parameter);
        QVERIFY((readStudies("search-lwf.json")["values"] == Json{0.1, 0.3, 1, 3, 10, 30}));
        QVERIFY((readStudies("search-geodl.json")["values"] == Json{1, 3, 10, 30, 100}));
    }
};

QTEST_APPLESS_MAIN(TestReadyStudies)
#include "tst_ready_studies.moc"
