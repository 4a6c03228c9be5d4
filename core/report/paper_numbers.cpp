// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/paper_numbers.h"

#include "clwb_report_files.h"
#include "core/base/check.h"
#include "core/base/json.h"
#include "core/base/number_text.h"
#include "core/report/csv.h"

#include <algorithm>
#include <iterator>

namespace clwb::report
{
namespace
{

/// A file of resources/paper; broken ones are our bug.
class PaperTable
{
public:
    explicit PaperTable(const std::string& name)
        : m_name(name)
    {
        auto parsed = readCsv(embeddedFile(name), name);
        CLWB_CHECK(parsed.has_value(), name);
        m_table = std::move(*parsed);
    }

    [[nodiscard]] size_t rows() const { return m_table.rows.size(); }
    [[nodiscard]] std::string text(size_t row, std::string_view column) const
    {
        const auto index = m_table.column(column);
        return index ? m_table.rows[row][*index] : std::string();
    }
    [[nodiscard]] std::optional<double> number(size_t row, std::string_view column) const
    {
        const std::string cell = text(row, column);
        if (cell.empty())
            return std::nullopt;
        const auto value = parseDouble(cell);
        CLWB_CHECK(value.has_value(), m_name, ": ", cell);
        return value;
    }
    [[nodiscard]] int64_t integer(size_t row, std::string_view column) const
    {
        return static_cast<int64_t>(number(row, column).value());
    }

private:
    std::string m_name;
    CsvTable m_table;
};

constexpr const char* kPlainMetrics[]{"Bwt",  "ZS-Acc", "TR@1",  "TR@5", "TR@10",
                                      "IR@1", "IR@5",   "IR@10", "A-Acc"};

void takeMetrics(ReportRun& run, const PaperTable& table, size_t row)
{
    const auto ut = table.number(row, "UT-Acc");
    if (ut)
        run.metrics[run.setting == "OST" ? "UT-Acc (overall)" : "UT-Acc (session mean)"] = *ut;
    for (const char* name : kPlainMetrics) {
        if (const auto value = table.number(row, name))
            run.metrics[name] = *value;
    }
}

void addTable(ReportRun& run, const std::string& table)
{
    std::string tables = paramText(run, "paper.tables");
    tables += (tables.empty() ? "" : ", ") + table;
    run.params["paper.tables"] = Json(tables).dump();
}

ReportRun newRun(const std::string& setting)
{
    ReportRun run;
    run.origin = "paper";
    run.status = "reported";
    run.setting = setting;
    run.study = "COCO + tiered-ImageNet (paper)";
    run.model = "ViT-B/32 (paper)";
    return run;
}

void setReplay(ReportRun& run, const std::string& tokens, const std::string& sentences,
               const std::string& source)
{
    if (!tokens.empty())
        run.params["params.M"] = tokens;
    run.params["params.Ks"] = sentences;
    run.params["params.replay"] = Json(source).dump();
}

/// Tables III and IV.
std::vector<ReportRun> mainRuns(const std::string& file, const std::string& setting,
                                const std::string& tableName)
{
    const PaperTable table(file);
    std::vector<ReportRun> runs;
    for (size_t row = 0; row < table.rows(); ++row) {
        ReportRun run = newRun(setting);
        run.kind = table.text(row, "kind");
        run.method = table.text(row, "method");
        run.option = table.text(row, "option");
        run.name = labelOf(run) + " " + setting + " (paper)";
        if (run.method == "vr-lwf")
            setReplay(run, "10", "100", "random_tokens");
        if (const std::string note = table.text(row, "note"); !note.empty())
            run.params["paper.note"] = Json(note).dump();
        addTable(run, tableName);
        takeMetrics(run, table, row);
        runs.push_back(std::move(run));
    }
    return runs;
}

std::string withCommas(std::string names)
{
    for (size_t at = names.find(' '); at != std::string::npos; at = names.find(' ', at + 2))
        names.replace(at, 1, ", ");
    return names;
}

/// Tables V to VIII; the row that equals the main run only adds its table's name there.
void addAblations(std::vector<ReportRun>& runs, const std::string& file, const std::string& setting)
{
    const PaperTable table(file);
    const auto main = std::find_if(runs.begin(), runs.end(), [](const ReportRun& run) {
        return run.method == "vr-lwf" && run.option == "WM";
    });
    CLWB_CHECK(main != runs.end());
    const auto mainIndex = static_cast<size_t>(main - runs.begin());
    for (size_t row = 0; row < table.rows(); ++row) {
        const std::string tokens = table.text(row, "M");
        const std::string sentences = table.text(row, "Ks");
        const std::string source = table.text(row, "replay");
        const std::string tables = withCommas(table.text(row, "table"));
        if (tokens == "10" && sentences == "100") {
            addTable(runs[mainIndex], tables);
            continue;
        }
        ReportRun run = newRun(setting);
        run.method = "vr-lwf";
        run.option = "WM";
        setReplay(run, tokens, sentences, source);
        const std::string what = source == "captions" ? "captions"
                                 : tokens != "10"     ? "M=" + tokens
                                                      : "Ks=" + sentences;
        run.name = labelOf(run) + " " + setting + " " + what + " (paper)";
        addTable(run, tables);
        takeMetrics(run, table, row);
        runs.push_back(std::move(run));
    }
}

/// Table II: recalls of the original model, plain and with shuffled words, and a cited model.
void addShuffle(std::vector<ReportRun>& runs)
{
    const PaperTable table("table2-shuffle.csv");
    ReportRun& original = runs.front();
    CLWB_CHECK(original.kind == "original");
    for (size_t row = 0; row < table.rows(); ++row) {
        const bool isOriginal = table.text(row, "model") == "Original CLIP";
        ReportRun cited = newRun("");
        ReportRun& run = isOriginal ? original : cited;
        const std::string prefix = table.text(row, "shuffled") == "true" ? "shuffled " : "";
        for (const char* name : kPlainMetrics) {
            if (const auto value = table.number(row, name))
                run.metrics[prefix + name] = *value;
        }
        if (!isOriginal) {
            cited.kind = "original";
            cited.name = cited.model = table.text(row, "model");
            cited.params["paper.cited"] = "true";
            cited.params["paper.note"] = Json(table.text(row, "note")).dump();
            addTable(cited, "II");
            runs.push_back(std::move(cited));
        } else if (prefix.empty()) {
            addTable(original, "II");
        }
    }
}

std::vector<ReportRun> allRuns()
{
    std::vector<ReportRun> runs = mainRuns("table3-ost.csv", "OST", "III");
    addAblations(runs, "tables5-6-ost-ablations.csv", "OST");
    addShuffle(runs);
    std::vector<ReportRun> multi = mainRuns("table4-mst.csv", "MST", "IV");
    addAblations(multi, "tables7-8-mst-ablations.csv", "MST");
    multi.front().sessions = paperSessions();
    addTable(multi.front(), "I");
    std::move(multi.begin(), multi.end(), std::back_inserter(runs));
    int64_t id = 0;
    for (ReportRun& run : runs) {
        run.runId = ++id;
        run.uid = "paper-" + std::to_string(id);
        const int lastSession = run.kind == "original" ? 0 : run.setting == "MST" ? 8 : 1;
        run.series[lastSession] = run.metrics;
    }
    return runs;
}

std::vector<std::string> splitNames(const std::string& list)
{
    std::vector<std::string> names;
    size_t begin = 0;
    while (begin <= list.size()) {
        const size_t end = std::min(list.find(", ", begin), list.size());
        names.push_back(list.substr(begin, end - begin));
        begin = end + 2;
    }
    return names;
}

std::vector<SessionCrops> allSessions()
{
    const PaperTable table("table1-sessions.csv");
    std::vector<SessionCrops> sessions;
    for (size_t row = 0; row < table.rows(); ++row) {
        sessions.push_back({static_cast<int>(table.integer(row, "session")),
                            splitNames(table.text(row, "classes")), table.integer(row, "train"),
                            table.integer(row, "test")});
    }
    return sessions;
}

} // namespace

const std::vector<ReportRun>& paperRuns()
{
    static const std::vector<ReportRun> runs = allRuns();
    return runs;
}

Json reportedSpec(const ReportRun& run)
{
    Json spec{{"name", run.name},      {"study", run.study},   {"model", run.model},
              {"kind", run.kind},      {"method", run.method}, {"option", run.option},
              {"setting", run.setting}};
    for (const auto& [key, text] : run.params) {
        const size_t dot = key.find('.');
        const auto value = parseJson(text, key);
        CLWB_CHECK(dot != std::string::npos && value.has_value(), key);
        spec[key.substr(0, dot)][key.substr(dot + 1)] = *value;
    }
    return spec;
}

const std::vector<SessionCrops>& paperSessions()
{
    static const std::vector<SessionCrops> sessions = allSessions();
    return sessions;
}

} // namespace clwb::report
