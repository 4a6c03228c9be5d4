// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs the Compare page shows: choosing, reading, hiding, remembering.
#include "core/run/report_source.h"
#include "core/store/configurations.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/parameter_table.h"
#include "ui/models/run_name.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/compare_tab.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/segments.h"

#include <QStackedWidget>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

std::vector<int64_t> numbersOf(const QVariant& texts)
{
    std::vector<int64_t> numbers;
    for (const QString& text : texts.toStringList())
        numbers.push_back(text.toLongLong());
    return numbers;
}

/// What a change of must lead to a new reading.
QString stateOf(const std::vector<store::RunRow>& rows)
{
    QStringList parts;
    for (const store::RunRow& row : rows)
        parts << u"%1 %2 %3 %4 %5"_s.arg(row.runId)
                     .arg(toQt(row.status))
                     .arg(row.lastSession)
                     .arg(row.metrics.size())
                     .arg(toQt(row.name));
    return parts.join(u'|');
}

} // namespace

void ComparePage::onProjectChanged()
{
    ++m_request;
    m_loading = 0; // the earlier project never answers
    m_hasHashes = false;
    m_hashes.clear();
    m_read.clear();
    const QVariant runs = state().projectSettings().value(u"compare/runs"_s);
    m_hasChoice = state().hasProject() && runs.isValid();
    m_chosen = m_hasChoice ? numbersOf(runs) : std::vector<int64_t>();
    m_isOwnChoice = false;
    m_made.clear();
    m_told.clear();
    m_news->hide();
    m_comparison = std::make_shared<Comparison>();
    m_isStale = true;
    if (isVisible())
        refresh();
    showContentOrReason();
    showComparison();
}

void ComparePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_isStale)
        refresh();
}

void ComparePage::showContentOrReason()
{
    const auto& runs = state().runs();
    if (!state().hasProject())
        m_stack->setCurrentIndex(0);
    else
        m_stack->setCurrentIndex(std::any_of(runs.begin(), runs.end(), isComparable) ? 2 : 1);
}

void ComparePage::refresh()
{
    m_isStale = false;
    if (!state().hasProject() || !state().reader())
        return;
    const int request = ++m_request;
    ++m_loading;
    state().reader()->ask(
        this, [](store::Project& project) { return store::configurationHashes(project); },
        [this, request](Result<ConfigurationHashes> hashes) {
            if (request != m_request)
                return;
            m_loading = 0;
            if (!hashes) {
                state().reportProblem(tr("The runs could not be read"), errorText(hashes.error()));
                return;
            }
            m_hashes = std::move(*hashes);
            m_hasHashes = true;
            if (!m_hasChoice)
                m_chosen = choiceAround(state().runs(), m_hashes, m_made);
            readChosen();
            showNews();
        });
}

std::vector<store::RunRow> ComparePage::chosenRows() const
{
    std::vector<store::RunRow> rows;
    for (const store::RunRow& row : state().runs()) {
        if (rows.size() < kMostCompared && isComparable(row) &&
            std::find(m_chosen.begin(), m_chosen.end(), row.runId) != m_chosen.end())
            rows.push_back(row);
    }
    return rows;
}

void ComparePage::readChosen()
{
    std::vector<store::RunRow> rows = chosenRows();
    const QString wanted = stateOf(rows);
    if (wanted == m_read && (wanted.isEmpty() == m_comparison->entries.empty()))
        return showComparison();
    const int request = ++m_request;
    m_loading = 1;
    state().reader()->ask(
        this,
        [rows = std::move(rows)](store::Project& project) -> Result<std::vector<ComparedEntry>> {
            CLWB_ASSIGN(auto runs, run::reportRuns(project, rows));
            for (report::ReportRun& run : runs) {
                CLWB_ASSIGN(const Json environment, project.environment(run.runId));
                addEnvironment(environment, run);
            }
            return entriesOf(runs);
        },
        [this, request, wanted](Result<std::vector<ComparedEntry>> entries) {
            if (request != m_request)
                return;
            m_loading = 0;
            if (!entries) {
                state().reportProblem(tr("The chosen runs could not be read"),
                                      errorText(entries.error()));
                return;
            }
            m_read = wanted;
            setComparison(std::move(*entries));
        });
}

void ComparePage::setComparison(std::vector<ComparedEntry> entries)
{
    std::map<int64_t, int> shades;
    for (const ComparedEntry& entry : entries) {
        for (const int64_t run : entry.runIds())
            shades[run] = entry.shade;
    }
    auto comparison = std::make_shared<Comparison>();
    comparison->entries = std::move(entries);
    m_comparison = std::move(comparison);
    state().looks().setShades(std::move(shades)); // other pages draw these runs in the same colour
    applyLooks();
}

void ComparePage::applyLooks()
{
    auto changed = std::make_shared<Comparison>(*m_comparison);
    changed->hidden.clear();
    for (ComparedEntry& entry : changed->entries) {
        const std::vector<int64_t> runs = entry.runIds();
        if (state().looks().areHidden(runs)) // of a mean one run may be hidden
            changed->hidden.insert(entry.id);
        entry.ownColour = QColor(); // {} would be Qt::color0
        for (const int64_t run : runs) {
            if (!entry.ownColour.isValid())
                entry.ownColour = state().looks().ownColour(run);
        }
    }
    m_comparison = std::move(changed);
    showComparison();
}

void ComparePage::setChosen(std::vector<int64_t> runs)
{
    if (runs.size() > kMostCompared)
        runs.resize(kMostCompared);
    m_chosen = std::move(runs);
    m_hasChoice = true;
    m_isOwnChoice = true;
    m_news->hide();
    QStringList texts;
    for (const int64_t id : m_chosen)
        texts << QString::number(id);
    state().projectSettings().setValue(u"compare/runs"_s, texts);
    if (m_hasHashes && state().reader())
        readChosen();
    else if (isVisible())
        refresh();
}

std::vector<const store::RunRow*> ComparePage::newRuns() const
{
    const auto holds = [](const std::vector<int64_t>& runs, int64_t run) {
        return std::find(runs.begin(), runs.end(), run) != runs.end();
    };
    std::vector<const store::RunRow*> runs;
    for (const store::RunRow& row : state().runs()) {
        if (row.status == "finished" && isComparable(row) && holds(m_made, row.runId) &&
            !holds(m_chosen, row.runId))
            runs.push_back(&row);
    }
    return runs;
}

void ComparePage::showNews()
{
    // What was chosen just now is what is wanted; a beginning already holds the new ones.
    if (m_isOwnChoice || !m_hasChoice)
        return m_news->hide();
    const std::vector<const store::RunRow*> runs = newRuns();
    if (runs.empty())
        return m_news->hide();
    QStringList titles;
    m_told.clear();
    for (const store::RunRow* run : runs) {
        titles << runTitle(*run);
        m_told.push_back(run->runId);
    }
    constexpr qsizetype kMostNamed = 3;
    QString text = titles.size() > kMostNamed
                       ? tr("%1 new runs are not in this comparison").arg(titles.size())
                       : tr("New, not in this comparison: %1").arg(titles.join(u" · "_s));
    // The newest where not all fit.
    const size_t room = kMostCompared - std::min(kMostCompared, m_chosen.size());
    std::vector<int64_t> ids(
        m_told.end() - static_cast<std::ptrdiff_t>(std::min(room, m_told.size())), m_told.end());
    if (ids.size() < m_told.size())
        text += u" — "_s + tr("a comparison holds at most %1 runs").arg(kMostCompared);
    if (m_news->isHidden() || m_news->message() != text)
        m_news->showMessage(Banner::Tone::Invitation, text);
    if (ids.empty())
        return;
    const QString offer = ids.size() < m_told.size()
                              ? tr("Add %1 of Them").arg(ids.size())
                              : (ids.size() == 1 ? tr("Add It") : tr("Add Them"));
    m_news->offer(offer, [this, ids = std::move(ids)] {
        std::vector<int64_t> chosen = m_chosen;
        chosen.insert(chosen.end(), ids.begin(), ids.end());
        setChosen(std::move(chosen));
        m_isOwnChoice = false; // the next ones may be offered, too
    });
}

void ComparePage::toggle(const QString& id)
{
    if (const ComparedEntry* entry = m_comparison->find(id))
        state().looks().toggle(entry->runIds());
}

std::vector<int64_t>
ComparePage::runsWhere(const std::function<bool(const ComparedEntry&)>& isWanted) const
{
    std::vector<int64_t> all;
    for (const ComparedEntry& entry : m_comparison->entries) {
        const std::vector<int64_t> runs = isWanted(entry) ? entry.runIds() : std::vector<int64_t>();
        all.insert(all.end(), runs.begin(), runs.end());
    }
    return all;
}

void ComparePage::solo(const QString& id)
{
    // References stay as what it is measured by.
    const auto isKept = [&id](const ComparedEntry& entry) {
        return entry.id == id || entry.isReference();
    };
    state().looks().solo(runsWhere(isKept), runsWhere([](const ComparedEntry&) { return true; }));
}

void ComparePage::showAll()
{
    state().looks().show(runsWhere([](const ComparedEntry&) { return true; }));
}

void ComparePage::remove(const QString& id)
{
    const ComparedEntry* entry = m_comparison->find(id);
    if (!entry)
        return;
    std::vector<int64_t> gone = entry->runIds();
    // An earlier run of a seed that was run again is not drawn, but would be next.
    const auto hash = m_hashes.find(gone.front());
    std::vector<int64_t> kept;
    for (const int64_t run : m_chosen) {
        const auto other = m_hashes.find(run);
        const bool isSame = entry->isFinished && hash != m_hashes.end() &&
                            other != m_hashes.end() && other->second == hash->second;
        if (!isSame && std::find(gone.begin(), gone.end(), run) == gone.end())
            kept.push_back(run);
    }
    setChosen(std::move(kept));
}

void ComparePage::open(const Json& argument)
{
    if (!argument.is_object())
        return;
    for (const char* key : {"runs", "add"}) {
        const auto runs = argument.find(key);
        if (runs == argument.end() || !runs->is_array())
            continue;
        std::vector<int64_t> asked;
        for (const Json& run : *runs) {
            if (run.is_number_integer())
                asked.push_back(run.get<int64_t>());
        }
        state().looks().show(asked); // what was asked for is shown
        if (std::string_view(key) == "add")
            std::copy_if(m_chosen.begin(), m_chosen.end(), std::back_inserter(asked),
                         [&](int64_t run) {
                             return std::find(asked.begin(), asked.end(), run) == asked.end();
                         });
        setChosen(std::move(asked));
    }
    if (const auto tab = argument.find("tab"); tab != argument.end() && tab->is_string())
        showTab(toQt(tab->get<std::string>()));
}

QStringList ComparePage::views() const
{
    return {u"curves"_s, u"options"_s, u"tradeoff"_s,  u"bars"_s,
            u"matrix"_s, u"classes"_s, u"parameters"_s};
}

bool ComparePage::isSettled() const
{
    return m_loading == 0 && !m_isStale && currentTab()->isSettled();
}

} // namespace clwb::ui
