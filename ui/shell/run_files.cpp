// SPDX-License-Identifier: GPL-3.0-or-later
// Import and export of runs through the project's connections.
#include "ui/shell/run_files.h"

#include "core/run/import_source.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include <memory>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kMostNamed = 12;

void reportImport(AppState& state, const QString& file, const store::ImportReport& report)
{
    const QString came =
        countedText(static_cast<int64_t>(report.imported.size()), AppState::tr("%1 run came from"),
                    AppState::tr("%1 runs came from"));
    QStringList left;
    for (const std::string& line : report.skipped) {
        if (left.size() == kMostNamed) {
            left << AppState::tr("… and %1 more").arg(report.skipped.size() - kMostNamed);
            break;
        }
        left << toQt(line);
    }
    QStringList details;
    if (!left.isEmpty())
        details << AppState::tr("Already there: %1").arg(left.join(u", "_s));
    if (!report.detailed.empty())
        details << countedText(static_cast<int64_t>(report.detailed.size()),
                               AppState::tr("Predictions, ranks and thumbnails came with %1 run"),
                               AppState::tr("Predictions, ranks and thumbnails came with %1 runs"));
    for (const std::string& note : report.notes)
        details << toQt(note);
    state.reportDone(came + u' ' + QFileInfo(file).fileName(), details.join(u'\n'));
}

void reportBundle(AppState& state, const QString& file, int64_t count,
                  const store::ExportReport& report)
{
    const QFileInfo info(file);
    QStringList details{AppState::tr("%1 – import it into another project from the menu File.")
                            .arg(QDir::toNativeSeparators(info.absoluteFilePath()))};
    for (const std::string& note : report.notes)
        details << toQt(note);
    state.reportDone(
        countedText(count, AppState::tr("%1 run is in"), AppState::tr("%1 runs are in")) + u' ' +
            info.fileName(),
        details.join(u'\n'), showInFolder(state, file));
}

void exportBundle(AppState& state, const std::vector<int64_t>& runs, const QString& file)
{
    if (!state.reader())
        return;
    state.reader()->ask(
        &state,
        [runs, file](store::Project& project) {
            return store::exportBundle(project, runs, toPath(file));
        },
        [&state, file, count = runs.size()](Result<store::ExportReport> written) {
            if (!written)
                state.reportProblem(AppState::tr("%1 was not written").arg(file),
                                    errorText(written.error()));
            else
                reportBundle(state, file, static_cast<int64_t>(count), *written);
        });
}

} // namespace

void importFiles(AppState& state, const QStringList& files)
{
    for (const QString& file : files) {
        auto report = std::make_shared<store::ImportReport>();
        state.apply(
            AppState::tr("import of %1").arg(QFileInfo(file).fileName()),
            [file, report](store::Project& project) -> Result<void> {
                CLWB_ASSIGN(*report, run::importSource(project, toPath(file)));
                return {};
            },
            [&state, file, report] { reportImport(state, file, *report); });
    }
}

void askAndImport(AppState& state, QWidget* parent)
{
    auto* dialog = new QFileDialog(
        parent, AppState::tr("Import Runs"),
        state.settings().value(u"export/folder"_s, QDir::homePath()).toString(),
        AppState::tr("Bundles, projects, tables and logs (*.zip *.db *.csv *.jsonl *tfevents*)") +
            u";;"_s + AppState::tr("All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    QObject::connect(dialog, &QFileDialog::filesSelected, &state,
                     [&state](const QStringList& files) { importFiles(state, files); });
    dialog->open();
}

void askAndExportBundle(AppState& state, const std::vector<int64_t>& runs, QWidget* parent)
{
    auto* dialog = new QFileDialog(parent, AppState::tr("Export Runs as Bundle"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(AppState::tr("Bundle (*.zip)"));
    dialog->setDefaultSuffix(u"zip"_s);
    dialog->setDirectory(state.settings().value(u"export/folder"_s, QDir::homePath()).toString());
    dialog->selectFile(runs.size() == 1
                           ? u"%1-run-%2.zip"_s.arg(state.projectName()).arg(runs.front())
                           : u"%1-%2-runs.zip"_s.arg(state.projectName()).arg(runs.size()));
    QObject::connect(
        dialog, &QFileDialog::fileSelected, &state, [&state, runs](const QString& file) {
            state.settings().setValue(u"export/folder"_s, QFileInfo(file).absolutePath());
            exportBundle(state, runs, file);
        });
    dialog->open();
}

} // namespace clwb::ui
