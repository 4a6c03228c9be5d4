// SPDX-License-Identifier: GPL-3.0-or-later
// The Retrieval page: what is copied and written.
#include "core/base/file.h"
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/pages/retrieval_page.h"
#include "ui/plots/figure_dialog.h"
#include "ui/plots/qcp.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"
#include "ui/widgets/query_view.h"
#include "ui/widgets/ranked_card.h"
#include "ui/widgets/ranked_view.h"
#include "ui/widgets/retrieval_picture.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// The figure and its pictures; those that the project lacks leave a box.
Result<void> writeLatexFiles(const store::Project& project, const ShownRetrieval& shown,
                             const QString& file)
{
    const QString folder = figureFolderName(file);
    const std::filesystem::path pictures = toPath(file).parent_path() / toPath(folder);
    CLWB_TRY(createFolders(pictures));
    std::set<int64_t> written;
    for (const int64_t id : figurePictures(shown)) {
        const auto jpeg = store::thumbnail(project, id);
        if (!jpeg && jpeg.error().code == ErrorCode::Locked)
            return Failure(jpeg.error());
        if (!jpeg || jpeg->empty())
            continue;
        CLWB_TRY(writeFileAtomically(pictures / toPath(figurePictureName(id)), *jpeg));
        written.insert(id);
    }
    return writeFileAtomically(toPath(file), fromQt(latexFigure(shown, folder, written)));
}

} // namespace

Figure RetrievalPage::queryFigure() const
{
    Figure figure{.name = u"retrieval-queries"_s};
    std::vector<int> rows = m_queries->shown();
    figure.table = queryTable(m_queries->queries(), rows);
    return figure;
}

Figure RetrievalPage::candidateFigure() const
{
    Figure figure{.name = u"retrieval"_s, .widget = m_content};
    std::map<int64_t, QImage> images;
    const auto take = [&](int64_t id) {
        if (const LoadedPicture* loaded = m_pictures->find(id); loaded && !loaded->image.isNull())
            images[id] = loaded->image;
    };
    if (m_shown.queryImage)
        take(*m_shown.queryImage);
    for (const ShownRetrieval::Side* side : {&m_shown.a, &m_shown.b}) {
        for (const store::RankedCandidate& candidate : side->candidates) {
            if (!m_shown.areCaptions())
                take(candidate.imageId);
        }
    }
    figure.paint = [shown = m_shown, images = std::move(images),
                    widget = QPointer<QWidget>(m_content)](QCPPainter& painter, const QSize& size) {
        if (widget)
            paintRetrieval(painter, size, widget->palette(), widget->font(), shown, images);
    };
    figure.table = candidateTable(m_shown);
    return figure;
}

bool RetrievalPage::canCopy() const
{
    return m_queries->rowCount() > 0;
}

void RetrievalPage::copyShown()
{
    if (m_a->view()->hasFocus() || m_b->view()->hasFocus()) {
        copyFigure(candidateFigure());
        return;
    }
    std::vector<int> chosen;
    const auto selected = m_queryView->selectionModel()->selectedRows();
    for (const QModelIndex& index : selected)
        chosen.push_back(index.row());
    std::sort(chosen.begin(), chosen.end());
    const std::vector<int>& shown = m_queries->shown();
    for (int& row : chosen)
        row = shown[static_cast<size_t>(row)];
    // One is always selected: only more of them are a choice.
    copyTable(queryTable(m_queries->queries(), chosen.size() > 1 ? chosen : shown));
}

void RetrievalPage::exportShown()
{
    if (canCopy())
        askAndSaveData(queryFigure(), &state().settings(), this);
}

void RetrievalPage::copyQueriesAsCsv()
{
    QGuiApplication::clipboard()->setText(queryFigure().csvText());
    state().reportDone(
        tr("Copied as CSV: %1")
            .arg(countedText(m_queries->rowCount(), tr("%1 query"), tr("%1 queries"))));
}

void RetrievalPage::askForLatex()
{
    auto* dialog = new QFileDialog(this, tr("Save LaTeX Figure"));
    dialog->setObjectName(u"retrieval.latexFile"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(u"LaTeX (*.tex)"_s);
    dialog->setDefaultSuffix(u"tex"_s);
    dialog->setDirectory(state().settings().value(u"export/folder"_s, QDir::homePath()).toString());
    dialog->selectFile(u"retrieval.tex"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        state().settings().setValue(u"export/folder"_s, QFileInfo(file).absolutePath());
        writeLatex(file);
    });
    dialog->open();
}

void RetrievalPage::writeLatex(const QString& file)
{
    if (!state().reader())
        return;
    ++m_loading;
    state().reader()->ask(
        this,
        [shown = m_shown, file](store::Project& project) {
            return writeLatexFiles(project, shown, file);
        },
        [this, file](Result<void> written) {
            --m_loading;
            if (written)
                reportWritten(state(), file);
            else
                state().reportProblem(tr("%1 was not written").arg(file),
                                      errorText(written.error()));
        });
}

} // namespace clwb::ui
