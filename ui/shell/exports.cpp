// SPDX-License-Identifier: GPL-3.0-or-later
// Reading of runs, rendering and writing of tables.
#include "ui/shell/exports.h"

#include "core/base/file.h"
#include "core/run/report_source.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QUrl>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RenderedTable
{
    std::string text;
    int64_t studies = 0; ///< of its rows
};

Result<RenderedTable> tableText(const store::Project& project, const TableOrder& order)
{
    CLWB_ASSIGN(std::vector<store::RunRow> rows, project.runs());
    if (order.runs)
        std::erase_if(rows, [&](const store::RunRow& row) {
            return std::find(order.runs->begin(), order.runs->end(), row.runId) ==
                   order.runs->end();
        });
    CLWB_ASSIGN(const auto runs,
                run::reportRuns(project, rows, run::labelSpaceFromText(order.options.labelSpace)));
    RenderedTable table;
    CLWB_ASSIGN(table.text,
                report::renderTable(fromQt(order.kind), runs, order.format, order.options));
    if (order.kind != "runs"_L1) { // which says of each run what it ran on
        CLWB_ASSIGN(const auto studies, report::studiesInTable(fromQt(order.kind), runs));
        table.studies = static_cast<int64_t>(studies.size());
    }
    return table;
}

Result<RenderedTable> writeTable(const store::Project& project, const TableOrder& order,
                                 const QString& file)
{
    CLWB_ASSIGN(RenderedTable table, tableText(project, order));
    CLWB_TRY(writeFileAtomically(toPath(file), table.text));
    return table;
}

/// Rows of several studies are no rivals: who gets the table is to know.
QString withStudies(QString note, int64_t studies)
{
    if (studies < 2)
        return note;
    const QString told = AppState::tr("runs of %1 studies stand in it").arg(studies);
    return note.isEmpty() ? told : note + u"; "_s + told;
}

QString titleOf(const TableOrder& order)
{
    for (const report::TableKind& kind : report::tableKinds()) {
        if (toQt(kind.name) == order.kind)
            return toQt(report::titleInPaper(kind));
    }
    return order.kind;
}

QString filterOf(const TableFileType& type)
{
    return u"%1 (*.%2)"_s.arg(type.title, type.suffix);
}

} // namespace

const std::vector<TableFileType>& tableFileTypes()
{
    static const std::vector<TableFileType> types{
        {report::TableFormat::Csv, u"CSV"_s, u"csv"_s},
        {report::TableFormat::Latex, u"LaTeX"_s, u"tex"_s},
        {report::TableFormat::Markdown, u"Markdown"_s, u"md"_s},
        {report::TableFormat::Html, u"HTML"_s, u"html"_s},
        {report::TableFormat::Json, u"JSON"_s, u"json"_s},
    };
    return types;
}

const std::vector<TableKind>& tableKinds()
{
    static const std::vector<TableKind> kinds = [] {
        std::vector<TableKind> all{{u"runs"_s, AppState::tr("Runs as listed…")}};
        for (const report::TableKind& kind : report::tableKinds()) {
            if (kind.name != "runs")
                all.push_back({toQt(kind.name), toQt(report::titleInPaper(kind)) + u'…'});
        }
        return all;
    }();
    return kinds;
}

void exportTable(AppState& state, const TableOrder& order, const QString& file,
                 std::function<void(qint64)> done)
{
    if (!state.reader())
        return;
    state.reader()->ask(
        &state, [order, file](store::Project& project) { return writeTable(project, order, file); },
        [&state, file, note = order.note,
         done = std::move(done)](const Result<RenderedTable>& written) {
            if (!written)
                state.reportProblem(AppState::tr("%1 was not written").arg(file),
                                    errorText(written.error()));
            else if (done)
                done(static_cast<qint64>(written->text.size()));
            else
                reportWritten(state, file, withStudies(note, written->studies));
        });
}

Offer showInFolder(AppState& state, const QString& file)
{
    const QString folder = QFileInfo(file).absolutePath();
    return {AppState::tr("Show in Folder"), [&state, folder] {
                if (!QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
                    state.reportProblem(AppState::tr("The folder could not be opened"), folder);
            }};
}

void reportWritten(AppState& state, const QString& file, const QString& note)
{
    const QFileInfo info(file);
    const QString text = AppState::tr("%1 was written").arg(info.fileName());
    state.reportDone(note.isEmpty() ? text : text + u"; "_s + note,
                     AppState::tr("%1, %2").arg(QDir::toNativeSeparators(info.absoluteFilePath()),
                                                bytesText(static_cast<uint64_t>(info.size()))),
                     showInFolder(state, file));
}

void askAndExportTable(AppState& state, const TableOrder& order, QWidget* parent)
{
    auto* dialog = new QFileDialog(parent, AppState::tr("Export Table"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    QStringList filters;
    const TableFileType* first = &tableFileTypes().front();
    for (const TableFileType& type : tableFileTypes()) {
        filters << filterOf(type);
        if (type.format == order.format)
            first = &type;
    }
    dialog->setNameFilters(filters);
    dialog->selectNameFilter(filterOf(*first));
    dialog->setDefaultSuffix(first->suffix);
    const auto chosenType = [](const QString& filter) -> const TableFileType& {
        const auto& types = tableFileTypes();
        const auto found = std::find_if(types.begin(), types.end(), [&](const TableFileType& type) {
            return filterOf(type) == filter;
        });
        return found == types.end() ? types.front() : *found;
    };
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog,
                     [dialog, chosenType](const QString& filter) {
                         dialog->setDefaultSuffix(chosenType(filter).suffix);
                     });
    dialog->setDirectory(state.settings().value(u"export/folder"_s, QDir::homePath()).toString());
    dialog->selectFile(u"%1-%2.%3"_s.arg(state.projectName(), order.kind, first->suffix));
    QObject::connect(dialog, &QFileDialog::fileSelected, &state,
                     [&state, order, dialog, chosenType](const QString& file) {
                         state.settings().setValue(u"export/folder"_s,
                                                   QFileInfo(file).absolutePath());
                         TableOrder chosen = order;
                         chosen.format = chosenType(dialog->selectedNameFilter()).format;
                         exportTable(state, chosen, file);
                     });
    dialog->open();
}

void copyTableText(AppState& state, const TableOrder& order)
{
    if (!state.reader())
        return;
    state.reader()->ask(
        &state, [order](store::Project& project) { return tableText(project, order); },
        [&state, order](Result<RenderedTable> table) {
            if (table) {
                QGuiApplication::clipboard()->setText(toQt(table->text));
                const auto& types = tableFileTypes();
                const auto type = std::find_if(types.begin(), types.end(), [&](const auto& one) {
                    return one.format == order.format;
                });
                const QString copied =
                    type == types.end()
                        ? AppState::tr("Copied: %1").arg(titleOf(order))
                        : AppState::tr("Copied as %1: %2").arg(type->title, titleOf(order));
                state.reportDone(withStudies(copied, table->studies));
            } else {
                state.reportProblem(AppState::tr("The table was not copied"),
                                    errorText(table.error()));
            }
        });
}

} // namespace clwb::ui
