// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of what is chosen, and the list of problems.
#include "core/base/file.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/data_sort_proxy.h"
#include "ui/models/picture_list_model.h"
#include "ui/models/study_tree_model.h"
#include "ui/pages/data_page.h"
#include "ui/pages/open_picture.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/thumb_grid.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeView>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void DataPage::choose(const QModelIndex& index)
{
    const auto choice = m_treeModel->choiceAt(index);
    if (!choice)
        return; // a retrieval set's pictures belong to the page Retrieval
    m_choice = *choice;
    showPictures();
}

void DataPage::showPictures()
{
    using Kind = StudyChoice::Kind;
    using Part = run::StudyPart;
    m_shown.clear();
    if (m_view) {
        const QString part = m_part->current();
        const bool isZeroShot =
            m_choice.kind == Kind::ZeroShot || m_choice.kind == Kind::ZeroShotClass;
        const bool isValidation =
            m_choice.kind == Kind::Validation || m_choice.kind == Kind::ValidationClass;
        // A zero-shot set has one split only: there is nothing to choose.
        m_part->setEnabled(!isZeroShot && !isValidation);
        std::optional<Part> only;
        if (m_part->isEnabled() && part != "all"_L1)
            only = part == "train"_L1 ? Part::Train
                   : part == "val"_L1 ? Part::Validation
                                      : Part::Test;
        m_shown = m_view->pictures(m_choice, only);
    }
    const bool isOneClass = m_choice.kind == Kind::Class || m_choice.kind == Kind::ZeroShotClass ||
                            m_choice.kind == Kind::ValidationClass;
    m_pictureCount->setText(
        countedText(static_cast<int64_t>(m_shown.size()), tr("%1 picture"), tr("%1 pictures")));
    m_grid->setSource(m_view
                          ? filePictures(
                                [view = m_view](int64_t id) {
                                    const run::StudyContents& contents = view->contents();
                                    const run::StudyPicture& picture =
                                        contents.pictures[static_cast<size_t>(id)];
                                    return PictureFile{contents.files[picture.file], picture.box};
                                },
                                m_view->contents().study.images.exifOrientation)
                          : nullptr);
    m_pictureModel->setEntries(static_cast<int>(m_shown.size()),
                               [view = m_view, shown = m_shown, isOneClass](int row) {
                                   const uint32_t picture = shown[static_cast<size_t>(row)];
                                   return PictureEntry{picture,
                                                       captionOf(*view, picture, isOneClass),
                                                       tipOf(*view, picture),
                                                       {},
                                                       PictureMark::None};
                               });
}

void DataPage::openPicture(const QModelIndex& index)
{
    const run::StudyContents& contents = m_view->contents();
    const uint32_t picture = m_shown[static_cast<size_t>(index.row())];
    ui::openPicture(state(), this, toQt(contents.files[contents.pictures[picture].file]));
}

void DataPage::showProblems()
{
    m_problemModel->setTable(problemTable(m_problems));
    const auto count = [this](run::StudyProblem::Severity severity) {
        return std::count_if(
            m_problems.begin(), m_problems.end(),
            [&](const run::StudyProblem& problem) { return problem.severity == severity; });
    };
    using Severity = run::StudyProblem::Severity;
    QString text = countedText(count(Severity::Error), tr("%1 error"), tr("%1 errors")) + u" · "_s +
                   countedText(count(Severity::Warning), tr("%1 warning"), tr("%1 warnings")) +
                   u" · "_s + countedText(count(Severity::Note), tr("%1 note"), tr("%1 notes"));
    if (m_problems.empty())
        text = tr("No problems: everything is there, looks whole and lies in one split only.");
    if (m_view && m_view->contents().isRefused)
        text += u". "_s + tr("A run with this study does not start until the errors are mended.");
    if (m_problems.size() > kMostProblems) {
        text += u" "_s + tr("The first %1 are listed; the CSV file holds all.")
                             .arg(countText(static_cast<int64_t>(kMostProblems)));
    }
    m_problemCount->setText(text);
    m_problemTable->resizeColumnToContents(0);
    m_problemTable->header()->resizeSection(1, 420);
}

void DataPage::exportProblems()
{
    const QFileInfo study(m_file);
    auto* dialog = new QFileDialog(
        this, tr("Export Problems"),
        study.path() + u'/' + study.completeBaseName() + u"-problems.csv"_s, tr("CSV (*.csv)"));
    dialog->setObjectName(u"data.exportDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"csv"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_reader->change(
            this,
            [path = toPath(file), problems = m_problems] {
                return writeFileAtomically(path, run::problemsCsv(problems));
            },
            [this, file](const Result<void>& written) {
                if (written)
                    reportWritten(state(), file);
                else
                    state().reportProblem(tr("The problems could not be written"),
                                          errorText(written.error()));
            });
    });
    dialog->open();
}

void DataPage::exportShown()
{
    if (m_view && !m_problems.empty())
        exportProblems();
    else
        state().reportDone(tr("There are no problems to export"));
}

void DataPage::copyShown()
{
    const QString view = m_tabs->current();
    if (view == "problems"_L1) {
        copyTable(m_problemModel->table());
    } else if (view == "files"_L1) {
        copyTable(m_placeModel->table());
    } else {
        DataTable table;
        table.columns = {{u"session"_s, tr("Session"), {}, true},
                         {u"class"_s, tr("Class"), {}},
                         {u"train"_s, tr("Train"), {}, true},
                         {u"validation"_s, tr("Validation"), {}, true},
                         {u"test"_s, tr("Test"), {}, true}};
        for (const run::StudyClass& c : m_view->contents().classes) {
            const auto number = [](int64_t value) {
                return numberCell(static_cast<double>(value), 0);
            };
            table.rows.push_back({number(c.session), textCell(toQt(c.name)), number(c.train),
                                  number(c.validation), number(c.test)});
        }
        copyTable(table);
    }
}

bool DataPage::focusFilter()
{
    showView(u"problems"_s);
    m_filter->setFocus();
    m_filter->selectAll();
    return true;
}

void DataPage::findSimilar()
{
    m_stopCompare = {};
    m_isComparing = true;
    m_progress = std::make_shared<Progress>();
    m_similarProgress->setValue(0);
    m_progressTimer.start();
    updateButtons();
    m_compare->ask(
        this,
        [view = m_view, progress = m_progress, stop = m_stopCompare.token()] {
            return run::findSimilarPictures(
                view->contents(),
                [progress](int64_t done, int64_t total) {
                    progress->done = done;
                    progress->total = total;
                },
                stop);
        },
        [this, view = m_view](const Result<std::vector<run::StudyProblem>>& found) {
            m_isComparing = false;
            m_progressTimer.stop();
            if (view == m_view)
                onSimilar(found);
            updateButtons();
        });
}

void DataPage::onSimilar(const Result<std::vector<run::StudyProblem>>& found)
{
    if (!found) {
        if (found.error().code != ErrorCode::Stopped)
            state().reportProblem(tr("The pictures could not be compared"),
                                  errorText(found.error()));
        return;
    }
    m_hasCompared = true;
    m_problems.insert(m_problems.end(), found->begin(), found->end());
    std::stable_sort(m_problems.begin(), m_problems.end(),
                     [](const run::StudyProblem& a, const run::StudyProblem& b) {
                         return a.severity > b.severity;
                     });
    showProblems();
    state().reportDone(found->empty() ? tr("No two pictures look alike")
                                      : countedText(static_cast<int64_t>(found->size()),
                                                    tr("%1 picture looks like another one"),
                                                    tr("%1 pictures look like another one")),
                       found->empty() ? QString() : tr("They are listed under Problems."));
}

} // namespace clwb::ui
