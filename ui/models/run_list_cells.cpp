// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells, group lines and titles of the run list say.
#include "ui/bridge/qt_text.h"
#include "ui/models/run_list_model.h"
#include "ui/models/run_mime.h"
#include "ui/models/run_name.h"
#include "ui/models/run_owner.h"

#include <QDateTime>
#include <QFont>
#include <QKeySequence>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QVariant alignmentOf(const RunColumn& column)
{
    const bool isNumber = column.kind == ColumnKind::Metric || column.kind == ColumnKind::Number;
    return QVariant(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
}

/// Where the model of that session lies, or that it was not kept; a line of its own.
QString keptModelText(const store::RunRow& run, int session)
{
    if (run.folder.empty() || session < 1 || run.kind == "original")
        return {};
    const std::filesystem::path folder = run.folder;
    std::error_code ignored;
    for (const auto& kept : {folder / "sessions" / std::to_string(session), folder / "model"}) {
        const bool isOfSession = kept.filename() != "model" || session == run.lastSession;
        if (isOfSession && std::filesystem::is_directory(kept, ignored))
            return u'\n' + RunListModel::tr("Its model: %1").arg(toQt(kept));
    }
    return u'\n' + RunListModel::tr("Its model was not kept (checkpoints=all keeps all)");
}

} // namespace

Qt::ItemFlags RunListModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    // A selected configuration stands for its runs.
    return index.internalId() == 0 && m_grouping != RunGrouping::Configuration
               ? Qt::ItemIsEnabled
               : Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled;
}

QMimeData* RunListModel::mimeData(const QModelIndexList& indexes) const
{
    std::vector<int64_t> runs;
    const auto add = [&](const QModelIndex& index) {
        const store::RunRow* run = runAt(index);
        if (run && std::find(runs.begin(), runs.end(), run->runId) == runs.end())
            runs.push_back(run->runId);
    };
    for (const QModelIndex& index : indexes) {
        if (index.column() != 0) // of a row all cells are given
            continue;
        add(index);
        for (int row = 0; row < rowCount(index); ++row)
            add(this->index(row, 0, index));
    }
    return newRunMimeData(runs);
}

QVariant RunListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const RunColumn& column = runColumns()[static_cast<size_t>(section)];
    switch (role) {
    case Qt::DisplayRole:
        return m_figures.shown(section).titleOf(column.title);
    case Qt::ToolTipRole: {
        const QString which = m_figures.shown(section).explanation();
        return which.isEmpty() ? column.definition : QString(column.definition + u'\n' + which);
    }
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    default:
        return {};
    }
}

QVariant RunListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    if (index.internalId() == 0)
        return groupData(m_groups[static_cast<size_t>(index.row())], index.column(), role);
    const store::RunRow& run = *runAt(index);
    if (role == Qt::FontRole || role == UnderlineRole)
        return m_grouping == RunGrouping::Configuration ? QVariant()
                                                        : markData(run.runId, index.column(), role);
    return runData(run, index.column(), role);
}

int64_t RunListModel::markedRun(const Group& group) const
{
    for (const size_t row : group.rows) {
        if (competes(m_runs[row]))
            return m_runs[row].runId;
    }
    return -1;
}

QVariant RunListModel::markData(int64_t id, int column, int role) const
{
    const auto mark = m_marks.find({id, column});
    if (mark == m_marks.end())
        return {};
    if (role == UnderlineRole)
        return m_underline == report::Underline::Second ? mark->second.isSecondBest
                                                        : mark->second.isBestOfOption;
    QFont font;
    font.setBold(mark->second.isBest);
    return font;
}

QVariant RunListModel::groupData(const Group& group, int column, int role) const
{
    const auto shown = static_cast<int>(group.rows.size());
    switch (role) {
    case IsGroupRole:
        return true;
    case GroupKeyRole:
        return group.key;
    case GroupTitleRole:
        return group.title;
    case GroupCountRole:
        return QString(
            (shown == group.total ? countedText(shown, tr("%1 run"), tr("%1 runs"))
                                  : tr("%1 of %2 runs match").arg(shown).arg(group.total)) +
            (group.replaced.empty() ? QString()
                                    : tr(", %1 not counted", "runs").arg(group.replaced.size())));
    case HasFiguresRole:
        return !group.figures.empty();
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        if (group.figures.empty() || column == 0)
            return column == 0 ? group.title : QString();
        break;
    default:
        break;
    }
    return group.figures.empty() ? QVariant() : groupCell(group, column, role);
}

QString RunListModel::textOf(const store::RunRow& run, int at) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    return column.number ? numberCellText(column, m_figures.number(run, at))
                         : cellText(column, run);
}

QString RunListModel::markText(const store::RunRow& run, int column) const
{
    const auto found = m_marks.find({run.runId, column});
    if (found == m_marks.end() || m_grouping == RunGrouping::Configuration)
        return {};
    const Mark& mark = found->second;
    // Where runs of several studies stand together, each study has a best one.
    const QString study = m_grouping == RunGrouping::Study || m_studies.titles().size() < 2
                              ? QString()
                              : m_studies.titleOf(run);
    const auto told = [&study](const QString& text) {
        return study.isEmpty() ? text : tr("%1, %2").arg(text, study);
    };
    if (mark.isBest)
        return told(tr("Best of %1").arg(toQt(run.setting)));
    QStringList texts;
    if (mark.isSecondBest)
        texts << told(tr("Second best of %1").arg(toQt(run.setting)));
    if (mark.isBestOfOption)
        texts << told(tr("Best of %1 %2").arg(toQt(run.setting), toQt(run.option)));
    return texts.join(u" · "_s);
}

QVariant RunListModel::runTip(const store::RunRow& run, int at) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    const auto number =
        column.kind == ColumnKind::Metric ? m_figures.number(run, at) : std::nullopt;
    if (number) {
        const store::BestValue* best = m_figures.shownBest(run, at);
        const int session = m_figures.sessionOf(run, at);
        const QString when = best && best->step
                                 ? tr("session %1, step %2").arg(session).arg(*best->step)
                                 : tr("session %1").arg(session);
        QString tip = (best ? tr("%1\nBest, after %2: %3") : tr("%1\nAfter %2: %3"))
                          .arg(column.definition, when, numberText(*number, 4));
        const auto last = column.number(run);
        if (session != std::max(0, run.lastSession) && last)
            tip = tr("%1\nLast, after session %2: %3")
                      .arg(tip)
                      .arg(std::max(0, run.lastSession))
                      .arg(numberText(*last, 4));
        tip += keptModelText(run, session);
        const QString mark = markText(run, at);
        return mark.isEmpty() ? tip : QString(tip + u'\n' + mark);
    }
    if (column.id == "name"_L1) {
        const QString branch = branchText(m_details.branchOf(run.runId));
        return branch.isEmpty()
                   ? runTitle(run)
                   : tr("%1\nBranch %2: it trained on from that state").arg(runTitle(run), branch);
    }
    if (column.id == "status"_L1 && canContinue(run)) {
        const QString how =
            tr("Continue it with the right mouse button or %1")
                .arg(QKeySequence(m_continueShortcut).toString(QKeySequence::NativeText));
        return run.message.empty() ? how : QString(toQt(run.message) + u'\n' + how);
    }
    if (column.id == "status"_L1 && !run.message.empty())
        return toQt(run.message);
    if (column.id == "status"_L1 && run.status == "running" && !run.owner.empty())
        return tr("Trained by %1\n%2")
            .arg(ownerText(run, QDateTime::currentDateTime()), toQt(run.owner));
    return column.kind == ColumnKind::Text || column.kind == ColumnKind::Tags
               ? cellText(column, run)
               : QVariant();
}

QString RunListModel::accessibleText(const store::RunRow& run, int at) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    if (column.kind == ColumnKind::Swatch) {
        QStringList states;
        if (run.starred)
            states << tr("starred");
        if (m_looks && m_looks->isHidden(run.runId))
            states << tr("hidden in plots");
        return states.join(u", "_s);
    }
    const QString text = textOf(run, at);
    if (const auto session = m_figures.sessionOfBest(run, at))
        return tr("%1 at session %2").arg(text).arg(*session);
    const QString branch =
        column.id == "name"_L1 ? branchText(m_details.branchOf(run.runId)) : QString();
    return branch.isEmpty() ? text : QString(text + u", "_s + branch);
}

QVariant RunListModel::runData(const store::RunRow& run, int at, int role) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(run, at);
    case Qt::AccessibleTextRole:
        return accessibleText(run, at);
    case BranchShortRole:
        return branchText(m_details.branchOf(run.runId)).section(u", "_s, 0, 0);
    case BranchRole:
        return column.id == "name"_L1 ? branchText(m_details.branchOf(run.runId)) : QString();
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    case Qt::ToolTipRole:
        return runTip(run, at);
    case RunIdRole:
        return QVariant::fromValue<qint64>(run.runId);
    case IsGroupRole:
        return false;
    case SessionRole: {
        if (m_figures.shown(at) != MetricValue::Best)
            return {};
        return m_figures.sessionOfBest(run, at).value_or(-1);
    }
    case ArchivedRole:
        return isArchived(run);
    case ColourRole:
        return colourOfRun(m_looks, run);
    case HiddenRole:
        return m_looks && m_looks->isHidden(run.runId);
    case StarRole:
        return run.starred;
    case StatusRole:
        return toQt(run.status);
    default:
        return {};
    }
}

} // namespace clwb::ui
