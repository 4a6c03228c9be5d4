// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the Runs page: which, in which order, with last or best values, and what of them
// is read only when it is shown.
#include "core/base/file.h"
#include "core/report/csv.h"
#include "core/store/disk_use.h"
#include "ui/bridge/qt_text.h"
#include "ui/pages/runs_page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"
#include "ui/widgets/column_chooser.h"
#include "ui/widgets/run_view.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QMenu>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void RunsPage::showColumn(int column, bool isShown)
{
    m_view->setColumnHidden(column, !isShown);
    if (isShown && m_view->columnWidth(column) < 20)
        m_view->setColumnWidth(column, runColumns()[static_cast<size_t>(column)].width);
    m_view->fitMetrics();
    readMore();
    rememberLook();
}

void RunsPage::showMetric(int column, MetricValue value)
{
    m_model->setMetricValue(column, value);
    m_view->fitMetrics();
    readMore();
    rememberLook();
}

void RunsPage::chooseColumns()
{
    auto* chooser = new ColumnChooser(this);
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    const auto fill = [this, chooser] {
        QList<ColumnChooser::Line> lines;
        const QHeaderView* header = m_view->header();
        for (int visual = 1; visual < header->count(); ++visual) { // the swatch stays first
            const int at = header->logicalIndex(visual);
            const RunColumn& column = runColumns()[static_cast<size_t>(at)];
            lines << ColumnChooser::Line{at,
                                         column.title,
                                         column.definition,
                                         !header->isSectionHidden(at),
                                         column.kind == ColumnKind::Metric,
                                         m_view->pinnedColumns().contains(at),
                                         m_model->figures().shown(at) == MetricValue::Best};
        }
        chooser->setLines(lines);
    };
    fill();
    connect(chooser, &ColumnChooser::changed, this, [this, chooser] {
        int visual = 1;
        std::set<int> pinned;
        for (const ColumnChooser::Line& line : chooser->lines()) {
            if (line.isPinned)
                pinned.insert(line.column);
            QHeaderView* header = m_view->header();
            header->moveSection(header->visualIndex(line.column), visual++);
            if (line.isShown == header->isSectionHidden(line.column))
                showColumn(line.column, line.isShown);
            const MetricValue value = m_model->figures().shown(line.column);
            if (line.isBest != (value == MetricValue::Best)) // the others are chosen by menu
                m_model->setMetricValue(line.column,
                                        line.isBest ? MetricValue::Best : MetricValue::Last);
        }
        m_view->setPinnedColumns(std::move(pinned));
        m_view->fitMetrics();
        readMore();
        rememberLook();
    });
    connect(chooser, &ColumnChooser::resetAsked, this, [this, fill] {
        resetColumns();
        fill();
    });
    connect(chooser, &ColumnChooser::valueMenuAsked, this,
            [this, chooser, fill](int column, const QPoint& place) {
                auto* menu = new QMenu(chooser);
                menu->setObjectName(u"columns.valueMenu"_s);
                menu->setAttribute(Qt::WA_DeleteOnClose);
                menu->setToolTipsVisible(true);
                fillValueMenu(*menu, column);
                // Queued: the choice itself comes after the menu's own signal.
                connect(menu, &QMenu::triggered, chooser, fill, Qt::QueuedConnection);
                menu->popup(place);
            });
    chooser->open();
}

void RunsPage::showHeaderMenu(const QPoint& position)
{
    const int at = m_view->header()->logicalIndexAt(position);
    auto* menu = new QMenu(this);
    menu->setObjectName(u"runs.headerMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    if (at > 0) {
        const RunColumn& column = runColumns()[static_cast<size_t>(at)];
        if (column.kind == ColumnKind::Metric) {
            fillValueMenu(*menu, at);
            menu->addSeparator();
        }
        connect(menu->addAction(tr("Hide %1").arg(column.title)), &QAction::triggered, this,
                [this, at] { showColumn(at, false); });
    }
    connect(menu->addAction(tr("Choose Columns…")), &QAction::triggered, this,
            &RunsPage::chooseColumns);
    menu->popup(m_view->header()->viewport()->mapToGlobal(position));
}

void RunsPage::readMore()
{
    StoreReader* reader = state().reader();
    if (!reader)
        return;
    const int request = ++m_moreRequest;
    m_isReadingMore = false;
    readMetrics();
    if (m_view->isColumnHidden(columnOf(u"disk"_s)))
        return;
    m_isReadingMore = true;
    using Bytes = std::map<int64_t, uint64_t>;
    reader->ask(
        this,
        [runs = state().runs()](store::Project& /*project*/) -> Result<Bytes> {
            Bytes bytes;
            for (const store::RunRow& run : runs) {
                if (!run.folder.empty())
                    bytes[run.runId] = store::bytesBelow(run.folder);
            }
            return bytes;
        },
        [this, request](Result<Bytes> bytes) {
            if (request != m_moreRequest)
                return;
            m_isReadingMore = false;
            if (bytes)
                m_model->setDisk(std::move(*bytes));
        });
}

QStringList RunsPage::copiedTitles(std::vector<int>& columns) const
{
    QStringList titles;
    const QHeaderView* header = m_view->header();
    for (int visual = 0; visual < header->count(); ++visual) {
        const int at = header->logicalIndex(visual);
        const RunColumn& column = runColumns()[static_cast<size_t>(at)];
        if (header->isSectionHidden(at) || column.kind == ColumnKind::Swatch)
            continue;
        columns.push_back(at);
        // A number out of the window must still say which it is.
        if (column.kind != ColumnKind::Metric)
            titles << column.title;
        else
            titles << u"%1 (%2)"_s.arg(column.title, m_model->figures().shown(at).name());
        if (m_model->figures().shown(at) == MetricValue::Best)
            titles << tr("%1 (session of the best)").arg(column.title);
    }
    return titles;
}

QByteArray RunsPage::shownAsCsv() const
{
    std::vector<int> columns;
    report::CsvWriter csv;
    for (const QString& title : copiedTitles(columns))
        csv.text(fromQt(title));
    csv.endRow();
    for (const store::RunRow* run : m_model->shownRuns()) {
        for (const int column : columns) {
            if (runColumns()[static_cast<size_t>(column)].number) {
                csv.number(m_model->figures().number(*run, column));
                if (m_model->figures().shown(column) == MetricValue::Best)
                    csv.integer(m_model->figures().sessionOfBest(*run, column));
            } else {
                csv.text(fromQt(m_model->textOf(*run, column)));
            }
        }
        csv.endRow();
    }
    return QByteArray::fromStdString(csv.take());
}

void RunsPage::exportList()
{
    auto* dialog = new QFileDialog(this, tr("Export the List"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("CSV (*.csv)"));
    dialog->setDefaultSuffix(u"csv"_s);
    dialog->setDirectory(state().settings().value(u"export/folder"_s, QDir::homePath()).toString());
    dialog->selectFile(u"%1-list.csv"_s.arg(state().projectName()));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        state().settings().setValue(u"export/folder"_s, QFileInfo(file).absolutePath());
        if (!state().reader())
            return;
        state().reader()->ask(
            this,
            [file, text = shownAsCsv().toStdString()](store::Project& /*project*/) {
                return writeFileAtomically(toPath(file), text);
            },
            [this, file, note = notListed().join(u"; "_s)](Result<void> written) {
                if (!written)
                    state().reportProblem(tr("%1 was not written").arg(file),
                                          errorText(written.error()));
                else
                    reportWritten(state(), file, note);
            });
    });
    dialog->open();
}

} // namespace clwb::ui
