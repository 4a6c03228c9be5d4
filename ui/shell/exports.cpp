// SPDX-License-Identifier: GPL-3.0-or-later
// Reading of runs, rendering and writing of tables.
#include "ui/shell/exports.h"

#include "core/base/file.h"
#include "core/report/tables.h"
#include "core/run/report_source.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

Result<qint64> writeTable(const store::Project& project, const std::string& kind,
                          const std::vector<int64_t>& wanted, const QString& file)
{
    CLWB_ASSIGN(std::vector<store::RunRow> rows, project.runs());
    if (!wanted.empty())
        std::erase_if(rows, [&](const store::RunRow& row) {
            return std::find(wanted.begin(), wanted.end(), row.runId) == wanted.end();
        });
    CLWB_ASSIGN(const auto runs, run::reportRuns(project, rows));
    CLWB_ASSIGN(const std::string text, report::renderTable(kind, runs, report::TableFormat::Csv));
    CLWB_TRY(writeFileAtomically(toPath(file), text));
    return static_cast<qint64>(text.size());
}

} // namespace

const std::vector<TableKind>& tableKinds()
{
    static const std::vector<TableKind> kinds = [] {
        std::vector<TableKind> all{{u"runs"_s, AppState::tr("Runs as listed…")}};
        for (const report::TableKind& kind : report::tableKinds()) {
            if (kind.name != "runs")
                all.push_back({toQt(kind.name), toQt(kind.title) + u'…'});
        }
        return all;
    }();
    return kinds;
}

void exportTable(AppState& state, const QString& kind, const std::vector<int64_t>& runs,
                 const QString& file, std::function<void(qint64)> done)
{
    if (!state.reader())
        return;
    state.reader()->ask(
        &state,
        [kind = fromQt(kind), runs, file](store::Project& project) {
            return writeTable(project, kind, runs, file);
        },
        [&state, file, done = std::move(done)](Result<qint64> written) {
            if (!written)
                state.reportProblem(AppState::tr("%1 was not written").arg(file),
                                    errorText(written.error()));
            else if (done)
                done(*written);
        });
}

void askAndExportTable(AppState& state, const QString& kind, const std::vector<int64_t>& runs,
                       QWidget* parent)
{
    auto* dialog = new QFileDialog(parent, AppState::tr("Export Table"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(u"CSV (*.csv)"_s);
    dialog->setDefaultSuffix(u"csv"_s);
    dialog->setDirectory(state.settings().value(u"export/folder"_s, QDir::homePath()).toString());
    dialog->selectFile(u"%1-%2.csv"_s.arg(state.projectName(), kind));
    QObject::connect(
        dialog, &QFileDialog::fileSelected, &state, [&state, kind, runs](const QString& file) {
            state.settings().setValue(u"export/folder"_s, QFileInfo(file).absolutePath());
            exportTable(state, kind, runs, file);
        });
    dialog->open();
}

} // namespace clwb::ui
