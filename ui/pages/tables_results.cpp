// SPDX-License-Identifier: GPL-3.0-or-later
// What the Tables page shows: reading of runs, the table made of them, and links back to them.
#include "core/run/report_source.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/comparison_choice.h"
#include "ui/models/grid_model.h"
#include "ui/models/run_name.h"
#include "ui/pages/tables_page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"
#include "ui/widgets/building.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/grid_view.h"
#include "ui/widgets/menu_title.h"
#include "ui/widgets/segments.h"

#include <QComboBox>
#include <QCursor>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>

#include <algorithm>
#include <map>
#include <set>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

using Runs = std::vector<report::ReportRun>;

Runs chosenOf(const Runs& all, const std::vector<int64_t>& ids)
{
    const std::set<int64_t> wanted(ids.begin(), ids.end());
    Runs chosen;
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen),
                 [&](const report::ReportRun& run) { return wanted.contains(run.runId); });
    return chosen;
}

/// How many of these runs such a table of them alone would hold.
Result<int64_t> placesOf(const std::string& kind, const Runs& runs, report::TableOptions options)
{
    if (runs.empty())
        return int64_t{0};
    options.isComplete = false; // or rows of the paper are added
    CLWB_ASSIGN(const report::Grid grid, report::buildTable(kind, runs, options));
    std::set<int64_t> placed;
    for (const report::Row& row : grid.rows)
        placed.insert(row.runIds.begin(), row.runIds.end());
    return std::count_if(runs.begin(), runs.end(), [&placed](const report::ReportRun& run) {
        return placed.contains(run.runId);
    });
}

} // namespace

void TablesPage::open(const Json& argument)
{
    if (!argument.is_object())
        return;
    if (argument.contains("kind"))
        m_kind->setCurrentIndex(
            std::max(0, m_kind->findData(toQt(argument["kind"].get<std::string>()))));
    if (argument.contains("filter"))
        m_filterText->setText(toQt(argument["filter"].get<std::string>()));
    onChoice();
}

void TablesPage::trigger(const QString& actionId)
{
    if (actionId == "tables.copyLatex"_L1)
        copyTableText(state(), order(report::TableFormat::Latex));
}

bool TablesPage::isActionEnabled(const QString& /*actionId*/) const
{
    return m_model->rowCount() > 0;
}

void TablesPage::copyShown()
{
    m_view->copyShown();
}

bool TablesPage::canCopy() const
{
    return m_model->rowCount() > 0;
}

void TablesPage::exportShown()
{
    const QString last = state().settings().value(u"tables/format"_s).toString();
    for (const TableFileType& type : tableFileTypes()) {
        if (type.suffix == last)
            return askAndExportTable(state(), order(type.format), this);
    }
    askAndExportTable(state(), order(report::TableFormat::Csv), this);
}

TableOrder TablesPage::order(report::TableFormat format) const
{
    for (const TableFileType& type : tableFileTypes()) {
        if (type.format == format)
            state().settings().setValue(u"tables/format"_s, type.suffix);
    }
    return {kind(), chosenRuns(), options(), format};
}

void TablesPage::onChoice()
{
    RunFilter::Parsed parsed = RunFilter::parse(m_filterText->text());
    m_problem->setText(parsed.problem);
    m_filterText->setToolTip(parsed.problem.isEmpty() ? filterHelp() : parsed.problem);
    m_problem->setVisible(!parsed.problem.isEmpty());
    setStyleFlag(m_filterText, "invalid", !parsed.problem.isEmpty());
    if (parsed.problem.isEmpty()) // otherwise the table stays as it was
        m_filter = std::move(parsed.filter);
    rememberChoices();
    m_update.start();
}

void TablesPage::onRunsChanged()
{
    m_runs.reset();
    m_isStale = true;
    if (isVisible())
        m_update.start();
    showTableOrReason();
}

void TablesPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_isStale)
        m_update.start();
}

std::vector<int64_t> TablesPage::chosenRuns() const
{
    return runsWhere(false);
}

std::vector<int64_t> TablesPage::runsWhere(bool areLeftOut) const
{
    const bool withoutHidden = isChosen(u"withoutHidden"_s);
    const bool hasReported = m_reported->current() != "none"_L1;
    std::vector<int64_t> runs;
    for (const store::RunRow& row : state().runs()) {
        if (withoutHidden && state().looks().isHidden(row.runId))
            continue;
        if (row.isPathPoint() && kind() != "runs"_L1)
            continue;
        if (!isOfChosenStudy(row))
            continue;
        if (isLeftOut(row) == areLeftOut && m_filter.matches(row) &&
            (hasReported || row.origin != "paper"))
            runs.push_back(row.runId);
    }
    return runs;
}

bool TablesPage::isOfChosenStudy(const store::RunRow& run) const
{
    if (kind() == "runs"_L1 || m_study->count() < 2)
        return true;
    const std::string key = m_studies.keyOf(run);
    return key.empty() || toQt(key) == m_study->currentData().toString();
}

int TablesPage::mostTabledStudy() const
{
    const QString setting = kind() == "ost"_L1   ? u"OST"_s
                            : kind() == "mst"_L1 ? u"MST"_s
                                                 : QString();
    std::map<std::string, std::pair<int, int64_t>> results; // how many, and the newest
    for (const store::RunRow& row : state().runs()) {
        const std::string key = m_studies.keyOf(row);
        if (key.empty() || !hasEnded(row) || row.isPathPoint() || !m_filter.matches(row) ||
            (!setting.isEmpty() && toQt(row.setting) != setting))
            continue;
        auto& [count, newest] = results[key];
        ++count;
        newest = std::max(newest, row.runId);
    }
    const auto most =
        std::max_element(results.begin(), results.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == results.end() ? -1 : m_study->findData(toQt(most->first));
}

void TablesPage::fillStudies()
{
    RunStudies studies(state().runs(), state().runDetails().studyNames);
    if (studies.titles() != m_studies.titles()) {
        const QVariant shown = m_study->currentData();
        m_study->clear();
        for (const auto& [key, title] : studies.titles())
            m_study->addItem(tr("Study: %1").arg(title), toQt(key));
        m_study->model()->sort(0);
        m_study->setCurrentIndex(std::max(0, m_study->findData(shown)));
    }
    m_studies = std::move(studies);
    int chosen = m_study->findData(m_memory.value(u"tables/study"_s));
    if (chosen < 0)
        chosen = mostTabledStudy();
    if (chosen >= 0)
        m_study->setCurrentIndex(chosen);
    const bool isAll = kind() == "runs"_L1;
    m_study->setEnabled(!isAll);
    m_study->setToolTip(isAll ? tr("The list of runs holds those of all studies")
                              : tr("A table holds the runs of one study"));
    m_study->setVisible(m_study->count() > 1);
}

bool TablesPage::isLeftOut(const store::RunRow& run) const
{
    return !hasEnded(run) && kind() != "runs"_L1 && !isChosen(u"unfinished"_s);
}

QString TablesPage::leftOutText() const
{
    return m_leftOut == 0 ? QString()
                          : countedText(m_leftOut, tr("%1 run that has not finished is left out"),
                                        tr("%1 runs that have not finished are left out"));
}

void TablesPage::load()
{
    if (!state().hasProject()) {
        m_study->hide();
        return showTableOrReason();
    }
    m_isStale = false;
    fillStudies();
    const report::TableOptions wanted = options();
    if (m_labelSpace != wanted.labelSpace)
        m_runs.reset();
    m_labelSpace = wanted.labelSpace;
    ++m_loading;
    state().reader()->ask(
        this,
        [kind = fromQt(kind()), ids = chosenRuns(), leftOut = runsWhere(true),
         rows = state().runs(), wanted,
         known = m_runs](const store::Project& project) -> Result<Answer> {
            Answer answer{known, {}, 0};
            if (!known) {
                CLWB_ASSIGN(Runs all, run::reportRuns(project, rows,
                                                      run::labelSpaceFromText(wanted.labelSpace)));
                answer.runs = std::make_shared<const Runs>(std::move(all));
            }
            CLWB_ASSIGN(answer.grid, report::buildTable(kind, chosenOf(*answer.runs, ids), wanted));
            CLWB_ASSIGN(answer.leftOut, placesOf(kind, chosenOf(*answer.runs, leftOut), wanted));
            return answer;
        },
        [this, request = ++m_request](Result<Answer> answer) {
            --m_loading;
            if (request != m_request)
                return;
            if (answer)
                showAnswer(std::move(*answer));
            else
                state().reportProblem(tr("The table can't be shown"), errorText(answer.error()));
        });
}

void TablesPage::showAnswer(Answer answer)
{
    if (!m_isStale)
        m_runs = answer.runs;
    m_leftOut = answer.leftOut;
    std::map<int64_t, QColor> colours;
    for (const report::ReportRun& run : *answer.runs)
        colours[run.runId] = state().looks().colourOf(run.runId, toQt(run.kind), toQt(run.method));
    std::vector<QColor> swatches;
    const std::string& first = answer.grid.columns.front().key;
    const bool isByMethod = first == "label" || first == "run_id"; // other rows are no methods
    for (const report::Row& row : answer.grid.rows) {
        const auto known = colours.find(row.runIds.empty() ? 0 : row.runIds.front());
        swatches.push_back(known == colours.end() || !isByMethod ? QColor() : known->second);
    }
    QStringList notes;
    if (const QString leftOut = leftOutText(); !leftOut.isEmpty())
        notes << tr("%1 (menu More)").arg(leftOut);
    for (const std::string& note : answer.grid.allNotes())
        notes << toQt(note);
    constexpr qsizetype kMostNotes = 6; // the table is what the page is for
    if (const qsizetype more = notes.size() - kMostNotes; more > 1) {
        m_notes->setToolTip(notes.mid(kMostNotes, 4 * kMostNotes).join(u'\n'));
        notes.resize(kMostNotes);
        notes << tr("%1 more notes stand in the table as LaTeX, Markdown and HTML").arg(more);
    } else {
        m_notes->setToolTip({});
    }
    m_notes->setText(notes.join(u'\n'));
    m_model->setGrid(std::move(answer.grid), std::move(swatches));
    showTableOrReason();
    Q_EMIT actionsChanged();
}

void TablesPage::showTableOrReason()
{
    QWidget* shown = m_view;
    if (!state().hasProject())
        shown = m_noProject;
    else if (m_model->rowCount() == 0 && m_loading == 0)
        shown = m_empty;
    m_notes->setVisible(shown == m_view && !m_notes->text().isEmpty());
    if (shown == m_empty) {
        const bool isFiltered = !m_filterText->text().trimmed().isEmpty();
        QString reason = isFiltered ? tr("None of the runs that %1 lets through belongs here.")
                                          .arg(m_filterText->text())
                                    : tr("%1: rows come from finished evaluations of such runs.")
                                          .arg(m_kind->currentText());
        if (m_study->count() > 1 && m_study->isEnabled())
            reason += u' ' + tr("Another study can be chosen above.");
        if (const QString leftOut = leftOutText(); !leftOut.isEmpty())
            reason += u' ' + tr("%1; the menu More shows what it has.").arg(leftOut);
        m_empty->setText(tr("No run has a place in this table"), reason);
    }
    m_stack->setCurrentWidget(shown);
}

void TablesPage::followLink(const QModelIndex& index)
{
    const std::vector<int64_t> runs = m_model->runsAt(index);
    if (runs.size() == 1)
        return openRuns(runs);
    auto* menu = new QMenu(this);
    menu->setObjectName(u"tables.runsMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addMenuTitle(*menu, tr("Mean ± std of %1 runs").arg(runs.size()));
    for (const int64_t id : runs) {
        if (const store::RunRow* run = state().findRun(id))
            connect(menu->addAction(runTitle(*run)), &QAction::triggered, this,
                    [this, id] { openRuns({id}); });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Compare These %1 Runs").arg(runs.size())), &QAction::triggered,
            this, [this, runs] {
                state().requestPage(u"compare"_s, Json{{"runs", runs}});
            });
    connect(menu->addAction(tr("Select All %1 in Runs").arg(runs.size())), &QAction::triggered,
            this, [this, runs] { openRuns(runs); });
    menu->popup(m_view->viewport()->mapToGlobal(m_view->visualRect(index).bottomLeft()));
}

void TablesPage::openRuns(const std::vector<int64_t>& runs)
{
    state().requestPage(u"runs"_s, Json{{"runs", runs}});
}

} // namespace clwb::ui
