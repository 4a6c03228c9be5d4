// SPDX-License-Identifier: GPL-3.0-or-later
// Layout, loading and editing of the inspector.
#include "ui/widgets/run_inspector.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/run_columns.h"
#include "ui/models/run_name.h"
#include "ui/plots/curve_plot.h"
#include "ui/shell/app_state.h"
#include "ui/shell/run_edits.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/forgetting_links.h"
#include "ui/widgets/notes_edit.h"
#include "ui/widgets/run_origin.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/side_scroll.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTimer>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kNotesPauseMs = 800;
constexpr qsizetype kTipWarnings = 20;

struct Inspected
{
    StoredRun stored;
    RunOrigin origin;
};

QString shortPath(const std::string& path)
{
    const std::filesystem::path file(path);
    return toQt(file.filename().empty() ? file.parent_path().filename().string()
                                        : file.filename().string());
}

} // namespace

RunInspector::RunInspector(AppState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
{
    nameWidget(this, u"runs.inspector"_s, tr("Selected run"));
    m_empty = makeMuted(tr("Select a run to see its curves, settings and notes."), this);
    m_empty->setAlignment(Qt::AlignCenter);
    body()->addWidget(m_empty, 1);
    m_content = new QWidget(this);
    auto* columns = new QHBoxLayout(m_content);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(22);
    columns->addWidget(makeSummary(), 54);
    columns->addWidget(makeDetails(), 32);
    columns->addWidget(makeNotes(), 24);
    // In a small window its parts are scrolled rather than the page pushed wider.
    m_scroll = new SideScroll(m_content, this);
    m_content->setAutoFillBackground(false);
    body()->addWidget(m_scroll, 1);
    m_scroll->hide();
    m_notesTimer = new QTimer(this);
    m_notesTimer->setSingleShot(true);
    m_notesTimer->setInterval(kNotesPauseMs);
    connect(m_notesTimer, &QTimer::timeout, this, &RunInspector::saveNotes);
    connect(&state, &AppState::projectChanged, this, [this] {
        m_isLoading = false; // the earlier project never answers
        m_notesTimer->stop();
        m_hasUnsavedNotes = false;
    });
}

void RunInspector::finishEditing()
{
    saveName();
    saveTags();
    if (std::exchange(m_hasUnsavedNotes, false))
        saveNotes();
}

QWidget* RunInspector::makeSummary()
{
    auto* summary = new QWidget(this);
    auto* layout = new QVBoxLayout(summary);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    m_name = new QLineEdit(summary);
    nameWidget(m_name, u"inspector.name"_s, tr("Name of the run"));
    m_name->setFrame(false);
    m_name->setStyleSheet(u"QLineEdit { border: none; padding: 0; background: transparent; "
                          "font-weight: 600; }"_s);
    m_meta = makeElided({}, summary);
    layout->addWidget(m_name);
    auto* line = new QHBoxLayout;
    line->setSpacing(12);
    line->addWidget(m_meta, 1);
    m_forgetting = new ForgettingLinks(m_state, summary);
    connect(m_forgetting, &ForgettingLinks::keptKnown, this, &RunInspector::keptKnown);
    line->addWidget(m_forgetting);
    layout->addLayout(line);
    auto* plots = new QHBoxLayout;
    plots->setSpacing(16);
    m_ut = new CurvePlot(u"inspector.ut"_s, tr("UT-Acc by session"), CurvePlot::Density::Mini,
                         summary);
    m_zs = new CurvePlot(u"inspector.zs"_s, tr("ZS-Acc by session"), CurvePlot::Density::Mini,
                         summary);
    for (CurvePlot* plot : {m_ut, m_zs})
        plot->setMinimumWidth(150); // room for the sessions at its axis
    plots->addWidget(m_ut);
    plots->addWidget(m_zs);
    layout->addLayout(plots, 1);
    connect(m_name, &QLineEdit::editingFinished, this, &RunInspector::saveName);
    return summary;
}

QWidget* RunInspector::makeDetails()
{
    auto* details = new QWidget(this);
    auto* layout = new QVBoxLayout(details);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    auto* choice = new Segments(
        u"inspector.part"_s, tr("What is shown of the run"),
        {{u"settings"_s, tr("Settings"), tr("Changes from the preset")},
         {u"origin"_s, tr("Origin"), tr("Program, computer, data hashes and the run's folder")}},
        details);
    layout->addWidget(choice, 0, Qt::AlignLeft);
    auto* parts = new QStackedWidget(details);
    m_origin = new RunOriginView(m_state, parts);
    parts->addWidget(makeSettings(parts));
    parts->addWidget(m_origin);
    layout->addWidget(parts, 1);
    connect(choice, &Segments::currentChanged, parts,
            [parts](const QString& id) { parts->setCurrentIndex(id == "settings"_L1 ? 0 : 1); });
    return details;
}

QWidget* RunInspector::makeSettings(QWidget* parent)
{
    auto* details = new QWidget(parent);
    auto* layout = new QVBoxLayout(details);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_branch = new RunLink(u"inspector.branch"_s, m_state, details);
    layout->addWidget(m_branch);
    layout->addWidget(makeHeading(tr("Changed from the preset"), details));
    m_changes = new QWidget(details);
    m_changesGrid = new QGridLayout(m_changes);
    m_changesGrid->setContentsMargins(0, 0, 0, 0);
    m_changesGrid->setHorizontalSpacing(14);
    m_changesGrid->setVerticalSpacing(2);
    m_changesGrid->setColumnStretch(0, 1);
    layout->addWidget(m_changes);
    layout->addSpacing(4);
    layout->addWidget(makeHeading(tr("Study and model"), details));
    m_files = makeMuted({}, details);
    m_files->setWordWrap(true);
    layout->addWidget(m_files);
    m_twins = new RunLink(u"inspector.twin"_s, m_state, details);
    layout->addWidget(m_twins);
    m_warnings = makeLabel({}, details);
    m_warnings->setObjectName(u"inspector.warnings"_s);
    m_warnings->setWordWrap(true);
    m_warnings->setProperty("warning", true);
    layout->addWidget(m_warnings);
    layout->addStretch(1);
    return details;
}

QWidget* RunInspector::makeNotes()
{
    auto* notes = new QWidget(this);
    auto* layout = new QVBoxLayout(notes);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    QLabel* tagsLabel = makeHeading(tr("Ta&gs"), notes);
    m_tags = new QLineEdit(notes);
    nameWidget(m_tags, u"inspector.tags"_s, tr("Tags of the run"));
    m_tags->setPlaceholderText(tr("words, parted by commas"));
    tagsLabel->setBuddy(m_tags);
    QLabel* notesLabel = makeHeading(tr("N&otes"), notes);
    m_notesPlace = new NotesEdit(notes);
    m_notes = m_notesPlace->editor();
    nameWidget(m_notes, u"inspector.notes"_s, tr("Notes on the run"));
    m_notes->setPlaceholderText(tr("What you want to remember about this run, in Markdown"));
    m_notes->setTabChangesFocus(true);
    m_notesPlace->setMinimumHeight(40);
    notesLabel->setBuddy(m_notesPlace);
    layout->addWidget(tagsLabel);
    layout->addWidget(m_tags);
    layout->addWidget(notesLabel);
    layout->addWidget(m_notesPlace, 1);
    connect(m_tags, &QLineEdit::editingFinished, this, &RunInspector::saveTags);
    connect(m_notes, &QPlainTextEdit::textChanged, this, [this] {
        m_hasUnsavedNotes = true; // typed, dropped or pasted: fillRow() keeps quiet
        m_notesTimer->start();
    });
    return notes;
}

void RunInspector::showRun(int64_t runId)
{
    if (runId != m_runId)
        finishEditing();
    const store::RunRow* row = m_state.findRun(runId);
    const bool isOther = runId != m_runId;
    m_runId = row ? runId : -1;
    m_scroll->setVisible(row != nullptr);
    m_empty->setVisible(row == nullptr);
    if (!row)
        return;
    if (isOther)
        fillRow(*row);
    const int request = ++m_request;
    m_isLoading = true;
    m_state.reader()->ask(
        this,
        [runId](store::Project& project) -> Result<Inspected> {
            Inspected inspected;
            CLWB_ASSIGN(inspected.stored, readStoredRun(project, runId, StoredParts::Curves));
            CLWB_ASSIGN(inspected.origin, readRunOrigin(project, runId));
            return inspected;
        },
        [this, request](Result<Inspected> inspected) {
            if (request != m_request)
                return;
            m_isLoading = false;
            if (!inspected)
                return;
            showStored(inspected->stored);
            m_origin->show(inspected->origin);
            m_twins->showTwins(inspected->origin.twins);
        });
}

bool RunInspector::lacksRanks(int64_t runId) const
{
    return m_forgetting->lacksRanks(runId);
}

void RunInspector::updateRow()
{
    if (m_runId < 0)
        return;
    if (const store::RunRow* row = m_state.findRun(m_runId)) {
        // What is being typed stays, also while another window is in front.
        const bool isEdited =
            m_hasUnsavedNotes || m_name->hasFocus() || m_tags->hasFocus() || m_notes->hasFocus();
        if (!isEdited)
            fillRow(*row);
        if (row->status == "running")
            showRun(m_runId);
    } else {
        showRun(-1);
    }
}

void RunInspector::fillRow(const store::RunRow& row)
{
    const bool isEditable = row.status != "reported" && m_state.readOnlyReason().isEmpty();
    const QString whyNot = isEditable                 ? QString()
                           : row.status == "reported" ? tr("Reported in the paper: not to change")
                                                      : m_state.whyNoRuns();
    m_name->setText(runName(row));
    m_name->setCursorPosition(0); // where it is too long its beginning is seen
    m_name->setReadOnly(!isEditable);
    m_name->setToolTip(isEditable ? tr("Rename the run; its number stays") : whyNot);
    QStringList meta;
    m_branch->showSource(row.runId);
    m_forgetting->showRun(row);
    meta << runNumber(row.runId);
    if (row.status == "reported") {
        meta << tr("reported in the paper") << toQt(row.setting);
    } else {
        meta << branchText(m_state.runDetails().branchOf(row.runId)) << toQt(row.setting);
        if (row.seed)
            meta << tr("seed %1").arg(*row.seed);
        if (row.seconds)
            meta << durationText(*row.seconds);
        meta << statusText(row);
        const QString when =
            agoText(toQt(row.finishedUtc.empty() ? row.createdUtc : row.finishedUtc),
                    QDateTime::currentDateTimeUtc());
        if (!when.isEmpty())
            meta << (when == tr("now") ? when : tr("%1 ago").arg(when));
    }
    meta.removeAll(QString());
    m_meta->setText(meta.join(u" · "_s));
    m_tags->setText(cellText(runColumns()[static_cast<size_t>(columnOf(u"tags"_s))], row));
    m_tags->setReadOnly(!isEditable);
    m_tags->setToolTip(whyNot);
    {
        const QSignalBlocker quiet(m_notes);
        m_notes->setPlainText(toQt(row.notes));
    }
    m_notes->setReadOnly(!isEditable);
    m_notes->setToolTip(whyNot);
    m_notesPlace->showText();
    QStringList files;
    if (!row.study.empty())
        files << tr("Study: %1").arg(shortPath(std::filesystem::path(row.study).parent_path()));
    if (!row.model.empty())
        files << tr("Model: %1").arg(shortPath(row.model));
    m_files->setText(files.isEmpty() ? u"—"_s : files.join(u'\n'));
    m_files->setToolTip(toQt(row.study) + u'\n' + toQt(row.model));
}

void RunInspector::showStored(const StoredRun& stored)
{
    showCurves(stored);
    showChanges(stored);
    showWarnings(stored);
}

void RunInspector::showWarnings(const StoredRun& stored)
{
    const auto& warnings = stored.warnings;
    QStringList all;
    for (const std::string& warning : warnings)
        all << toQt(warning);
    m_warnings->setVisible(!warnings.empty());
    m_warnings->setText(
        all.size() < 2 ? all.join(QString())
                       : tr("%1 warnings, the last: %2").arg(countText(all.size()), all.back()));
    m_warnings->setToolTip(all.mid(std::max<qsizetype>(0, all.size() - kTipWarnings)).join(u'\n'));
}

void RunInspector::showCurves(const StoredRun& stored)
{
    const LiveRun live = liveRunOf(stored);
    const auto curveOf = [&](const std::string& metric, const QString& name) {
        CurveData curve{name, u"%"_s, std::max(1, live.sessions), {}, {}};
        const auto points = live.curves.find(metric);
        if (points != live.curves.end()) {
            curve.series.push_back(
                {live.label, m_state.looks().colourOf(stored.row.runId, live.kind, live.method),
                 optionStyle(live.option), points->second, true});
            curve.sessions =
                std::max(curve.sessions, static_cast<int>(points->second.back().session));
        }
        if (const auto original = live.valueAt(metric, 0))
            curve.references.push_back({tr("original CLIP"), *original});
        return curve;
    };
    m_ut->setData(curveOf(live.mainUtMetric(), tr("UT-Acc")));
    m_zs->setData(curveOf("ZS-Acc", tr("ZS-Acc")));
    const bool hasCurves = stored.row.status != "reported";
    m_ut->setVisible(hasCurves);
    m_zs->setVisible(hasCurves);
}

void RunInspector::saveName()
{
    const store::RunRow* row = m_state.findRun(m_runId);
    const QString name = m_name->text().simplified();
    if (!row || m_name->isReadOnly() || name.isEmpty() || !m_name->isModified() ||
        name == toQt(row->name))
        return;
    m_name->setModified(false);
    renameRun(m_state, *row, name);
}

void RunInspector::saveTags()
{
    const store::RunRow* row = m_state.findRun(m_runId);
    if (!row || m_tags->isReadOnly() || !m_tags->isModified())
        return;
    m_tags->setModified(false);
    setTags(m_state, *row, m_tags->text());
}

void RunInspector::saveNotes()
{
    m_notesTimer->stop();
    m_hasUnsavedNotes = false;
    const store::RunRow* row = m_state.findRun(m_runId);
    if (row && !m_notes->isReadOnly() && m_notes->toPlainText() != toQt(row->notes))
        setNotes(m_state, *row, m_notes->toPlainText());
}

} // namespace clwb::ui
