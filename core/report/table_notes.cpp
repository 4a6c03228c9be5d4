// SPDX-License-Identifier: GPL-3.0-or-later
// Footnotes of tables: what a reader must know of the numbers, and what is still to be run.
#include "core/report/table_kinds.h"

#include <algorithm>
#include <map>

namespace clwb::report::detail
{
namespace
{

/// Notes with the rows that they are about: "FT-WM, FT-IO: …".
class RowNotes
{
public:
    void add(const std::string& note, const std::string& label)
    {
        std::vector<std::string>& labels = m_labels[note];
        if (std::find(labels.begin(), labels.end(), label) == labels.end())
            labels.push_back(label);
    }

    void moveTo(std::vector<std::string>& notes)
    {
        for (const auto& [note, labels] : m_labels)
            notes.push_back(joined(labels) + ": " + note + ".");
        m_labels.clear();
    }

    static std::string joined(const std::vector<std::string>& words)
    {
        std::string text;
        for (const std::string& word : words)
            text += (text.empty() ? "" : ", ") + word;
        return text;
    }

private:
    std::map<std::string, std::vector<std::string>> m_labels;
};

/// Where means leave sessions out.
std::vector<std::string> undefinedSessions(const ReportRun& run)
{
    std::vector<std::string> sessions;
    if (run.matrix.empty())
        return sessions;
    const auto& last = run.matrix.rbegin()->second;
    for (size_t i = 0; i < last.size(); ++i) {
        if (!last[i])
            sessions.push_back(std::to_string(i + 1));
    }
    return sessions;
}

void addRunNotes(RowNotes& notes, const RunGroup& group, const TableOptions& options)
{
    const ReportRun& first = group.first();
    if (!first.isFinished()) {
        const auto session = first.lastSession();
        notes.add(first.status + (session ? ", values after session " + std::to_string(*session)
                                          : std::string()),
                  group.label);
    }
    if (!group.replaced.empty()) {
        std::string text;
        for (const std::string& replaced : replacedTexts(group.replaced))
            text += (text.empty() ? "" : "; ") + replaced;
        notes.add(text + " (n = " + std::to_string(group.runs.size()) + ")", group.label);
    }
    if (first.branchedFrom)
        notes.add("branch, trained on from the state of another run", group.label);
    const std::vector<std::string> sessions = undefinedSessions(first);
    if (!sessions.empty()) {
        notes.add("no test crops in session " + RowNotes::joined(sessions) +
                      ", left out of the means",
                  group.label);
    }
    const std::string wanted = options.labelSpace.empty() ? "all" : options.labelSpace;
    if (first.labelSpace != wanted) {
        notes.add("updated task counted among " +
                      std::string(first.labelSpace == "seen" ? "the seen" : "all") + " classes",
                  first.isReported() ? "Reported rows" : group.label);
    }
}

/// Labels that the paper prints wrongly, and models that it only cites.
void addReportedNote(RowNotes& notes, const ReportRun& run, const TableOptions& options)
{
    const bool isBeside = options.reported == Reported::Beside;
    const ReportRun* reported = isBeside ? reportedCounterpart(run) : &run;
    if (!reported)
        return;
    if (const std::string note = paramText(*reported, "paper.note"); !note.empty())
        notes.add(note, labelOf(*reported) + " (reported)");
}

/// "IV, VII" → table4.json.
std::string studyFileOf(const ReportRun& run)
{
    static const std::map<std::string, std::string> files{
        {"III", "table3.json"},  {"IV", "table4.json"},    {"V", "table5-6.json"},
        {"VI", "table5-6.json"}, {"VII", "table7-8.json"}, {"VIII", "table7-8.json"}};
    const std::string tables = paramText(run, "paper.tables");
    const auto file = files.find(tables.substr(0, tables.find(',')));
    return file == files.end() ? "" : file->second;
}

/// What to run for the rows that stand there empty.
std::vector<std::string> missingNotes(const std::vector<RunGroup>& groups)
{
    std::vector<std::string> labels;
    std::vector<std::string> files;
    std::string example;
    for (const RunGroup& group : groups) {
        if (!group.isMissing())
            continue;
        const ReportRun& run = group.first();
        std::string label = group.label;
        if (isAblation(run))
            label += " " + run.setting + " (" + variantOf(run) + ")";
        labels.push_back(std::move(label));
        const std::string file = studyFileOf(run);
        if (!file.empty() && std::find(files.begin(), files.end(), file) == files.end())
            files.push_back(file);
        if (example.empty())
            example = runCommand(run);
    }
    if (labels.empty())
        return {};
    std::vector<std::string> notes{"Not run yet: " + RowNotes::joined(labels) +
                                   ". The first of them: " + example};
    for (const std::string& file : files)
        notes.push_back("All of a table: " + sweepCommand(file));
    return notes;
}

} // namespace

void addSourceColumn(Grid& grid)
{
    const auto isReported = [](const Row& row) { return row.isReported; };
    if (std::none_of(grid.rows.begin(), grid.rows.end(), isReported) ||
        std::all_of(grid.rows.begin(), grid.rows.end(), isReported))
        return;
    grid.columns.insert(grid.columns.begin() + 1, {"source", "Source", Role::Text});
    for (Row& row : grid.rows)
        row.cells.insert(row.cells.begin() + 1, textCell(row.isReported ? "reported" : "own"));
}

void addNotes(Grid& grid, const std::vector<RunGroup>& groups, const TableOptions& options)
{
    const bool hasSeeds = std::any_of(grid.rows.begin(), grid.rows.end(), [](const Row& row) {
        return std::any_of(row.cells.begin(), row.cells.end(),
                           [](const Cell& cell) { return cell.count > 1; });
    });
    if (hasSeeds)
        grid.notes.emplace_back("Mean ± sample standard deviation (number of seeds).");
    if (options.reported == Reported::Beside)
        grid.notes.emplace_back("paper: as reported for CLIP ViT-B/32 and COCO; Δ: own − paper.");
    RowNotes notes;
    for (const RunGroup& group : groups) {
        if (!group.isMissing())
            addRunNotes(notes, group, options);
        addReportedNote(notes, group.first(), options);
    }
    notes.moveTo(grid.notes);
    grid.hints = missingNotes(groups);
}

void addMarkNote(Grid& grid, Underline underline)
{
    bool isBold = false;
    bool isUnderlined = false;
    for (const Row& row : grid.rows) {
        for (const Cell& cell : row.cells) {
            isBold = isBold || cell.isBest;
            isUnderlined = isUnderlined || cell.isUnderlined();
        }
    }
    if (!isBold)
        return;
    std::string note = "Bold: best of the column";
    if (isUnderlined)
        note += underline == Underline::Second ? "; underlined: second best"
                                               : "; underlined: best of WM, IO or TO";
    const bool hasReferences = std::any_of(grid.rows.begin(), grid.rows.end(),
                                           [](const Row& row) { return row.isReference; });
    if (hasReferences)
        note += "; references do not compete";
    grid.notes.insert(grid.notes.begin(), note + ".");
}

} // namespace clwb::report::detail
