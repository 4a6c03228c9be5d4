// SPDX-License-Identifier: GPL-3.0-or-later
// Which study the Data page shows, and how it is read.
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/folder_study_dialog.h"
#include "ui/models/picture_list_model.h"
#include "ui/models/study_order_model.h"
#include "ui/models/study_title.h"
#include "ui/models/study_tree_model.h"
#include "ui/pages/data_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/segments.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>

#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype kRecentStudies = 10;
const QString kRecentKey = u"data/recent"_s;

QString cleaned(const QString& file)
{
    return file.isEmpty() ? file : QDir::cleanPath(QFileInfo(file).absoluteFilePath());
}

} // namespace

void DataPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (std::exchange(m_isFirst, false) && m_file.isEmpty())
        showStudy(firstStudy());
}

void DataPage::open(const Json& argument)
{
    if (argument.is_object() && argument.contains("study"))
        showStudy(toQt(argument["study"].get<std::string>()));
}

void DataPage::trigger(const QString& actionId)
{
    if (actionId != "data.check"_L1)
        state().requestPage(u"data"_s);
    if (actionId == "data.open"_L1)
        askForStudy();
    else if (actionId == "data.newStudy"_L1)
        askForFolder();
    else if (actionId == "data.check"_L1)
        load();
}

bool DataPage::isActionEnabled(const QString& actionId) const
{
    return actionId != "data.check"_L1 || (!m_file.isEmpty() && !m_isReading);
}

QString DataPage::whyDisabled(const QString& /*actionId*/) const
{
    return m_isReading ? tr("The study is being read") : tr("Open a study first");
}

bool DataPage::isSettled() const
{
    return !m_isReading && !m_isComparing && !m_isSaving;
}

QString DataPage::firstStudy() const
{
    if (!m_suggested.isEmpty())
        return m_suggested;
    const QString last = state().projectSettings().value(u"data/study"_s).toString();
    if (!last.isEmpty())
        return last;
    const auto& runs = state().runs();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        // Runs of other machines name their files as seen from there.
        if (toPath(toQt(run->study)).is_absolute())
            return toQt(run->study);
    }
    const auto& demo = state().engine().demo;
    return demo && state().hasProject() ? toQt(demo->study) : QString();
}

void DataPage::fillStudies()
{
    QStringList files = state().settings().value(kRecentKey).toStringList();
    const auto add = [&](const QString& file) {
        if (!file.isEmpty() && !files.contains(file))
            files << file;
    };
    const auto& runs = state().runs();
    for (auto run = runs.rbegin(); run != runs.rend() && files.size() < 2 * kRecentStudies; ++run) {
        if (toPath(toQt(run->study)).is_absolute())
            add(cleaned(toQt(run->study)));
    }
    if (const auto& demo = state().engine().demo)
        add(cleaned(toQt(demo->study)));
    add(m_file);
    const QSignalBlocker blocker(m_studies);
    m_studies->clear();
    for (const QString& file : files) {
        m_studies->addItem(studyChoiceText(file), file);
        m_studies->setItemData(m_studies->count() - 1, file, Qt::ToolTipRole);
    }
    m_studies->setCurrentIndex(m_studies->findData(m_file));
    m_studies->setToolTip(m_file);
}

QString DataPage::studyChoiceText(const QString& file) const
{
    const auto& demo = state().engine().demo;
    if (demo && cleaned(toQt(demo->study)) == file)
        return demoWorldTitle();
    // A study is called study.json nearly everywhere: its folder tells more.
    const QFileInfo info(file);
    return info.dir().dirName() + u'/' + info.fileName();
}

void DataPage::askForStudy()
{
    auto* dialog = new QFileDialog(
        this, tr("Open Study"), m_file.isEmpty() ? state().dataFolder() : QFileInfo(m_file).path(),
        tr("Studies (*.json)"));
    dialog->setObjectName(u"data.openDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &DataPage::showStudy);
    dialog->open();
}

void DataPage::askForFolder()
{
    openFolderStudyDialog(state(), this);
}

void DataPage::showStudy(const QString& file)
{
    m_file = cleaned(file);
    fillStudies();
    if (!m_file.isEmpty()) {
        m_isFirst = false;
        load();
        return;
    }
    m_hasToRead = false;
    m_view.reset();
    m_summary->clear();
    m_stack->setCurrentWidget(m_empty);
    m_demo->hide();
    updateButtons();
}

void DataPage::load()
{
    if (m_file.isEmpty())
        return;
    m_stopReading.requestStop();
    m_stopCompare.requestStop();
    m_isDrawing = false; // what is drawn for another study ends by itself
    ++m_request;
    m_isReading = true;
    m_changed->hide();
    m_looked = std::make_shared<std::atomic<int64_t>>(0);
    m_silence.begin();
    showReading();
    m_readingTimer.start();
    m_stack->setCurrentWidget(m_readingPage);
    updateButtons();
    read();
}

void DataPage::read()
{
    // Where a disk is away, a look may hang for ever: another one begins beside it, no third.
    constexpr int kMostLooks = 2;
    m_hasToRead = m_looks >= kMostLooks;
    if (m_hasToRead)
        return;
    ++m_looks;
    m_stopReading = {};
    // A thread that nobody waits for: where a disk is away, Cancel is there all the same.
    Background::askAlone(
        this,
        [file = toPath(m_file), stop = m_stopReading.token(),
         looked = m_looked]() -> Result<std::shared_ptr<const StudyView>> {
            CLWB_ASSIGN(
                run::StudyContents contents,
                run::inspectStudy(file, stop, [looked](int64_t files) { *looked += files; }));
            return std::make_shared<const StudyView>(std::move(contents));
        },
        [this, request = m_request](Result<std::shared_ptr<const StudyView>> loaded) {
            --m_looks;
            if (m_hasToRead)
                read();
            else if (request == m_request)
                onLoaded(std::move(loaded));
        });
}

void DataPage::showReading()
{
    QString text = tr("Reading %1 and the files it names…").arg(m_file);
    const int64_t looked = *m_looked;
    if (looked > 0)
        text +=
            u'\n' + countedText(looked, tr("%1 picture looked at"), tr("%1 pictures looked at"));
    if (m_silence.isSilent(looked))
        text += u'\n' + tr("The disk has not answered for some seconds.");
    m_reading->setText(text);
}

void DataPage::stopLoading()
{
    m_stopReading.requestStop();
    if (m_isDrawing)
        return; // its answer comes once what it wrote is whole
    m_hasToRead = false;
    ++m_request; // whatever is still answered is not wanted
    onLoaded(fail(ErrorCode::Stopped, "stopped"));
}

void DataPage::onLoaded(Result<std::shared_ptr<const StudyView>> loaded)
{
    m_isReading = false;
    m_readingTimer.stop();
    if (!loaded) {
        m_view.reset();
        m_summary->clear();
        const bool isStopped = loaded.error().code == ErrorCode::Stopped;
        showFailure(isStopped ? tr("The study was not read to its end")
                              : tr("The study cannot be used"),
                    isStopped ? m_file : errorText(loaded.error()));
        return;
    }
    m_view = std::move(*loaded);
    m_problems = m_view->contents().problems;
    m_hasCompared = false;
    QStringList recent = state().settings().value(kRecentKey).toStringList();
    recent.removeAll(m_file);
    recent.prepend(m_file);
    state().settings().setValue(kRecentKey, QStringList(recent.mid(0, kRecentStudies)));
    state().projectSettings().setValue(u"data/study"_s, m_file);
    fillStudies();
    m_summary->setText(m_view->summary());
    m_summary->setToolTip(toQt(m_view->contents().study.name));
    m_orderModel->setClasses(m_view->contents().classes);
    m_placeModel->setTable(placeTable(m_view->contents().places));
    m_placeTable->resizeColumnToContents(0);
    m_placeTable->resizeColumnToContents(1);
    showProblems();
    m_choice = {};
    m_treeModel->setStudy(m_view);
    m_tree->setColumnHidden(StudyTreeModel::Validation, !m_view->hasValidation());
    m_tree->setColumnHidden(StudyTreeModel::PaperTrain, !m_view->hasPaperCounts());
    m_tree->setColumnHidden(StudyTreeModel::PaperTest, !m_view->hasPaperCounts());
    m_tree->header()->setSectionResizeMode(StudyTreeModel::Name, QHeaderView::Stretch);
    for (int column = 1; column < StudyTreeModel::ColumnCount; ++column)
        m_tree->resizeColumnToContents(column);
    m_stack->setCurrentWidget(m_content);
    m_tree->setCurrentIndex(m_treeModel->index(0, 0, {}));
    if (!m_tree->currentIndex().isValid())
        showPictures(); // of nothing
    watchPlaces();
    updateButtons();
}

void DataPage::showFailure(const QString& title, const QString& text)
{
    const auto& demo = state().engine().demo;
    const bool isDemo = state().hasDemo() && cleaned(toQt(demo->study)) == m_file;
    const bool isDrawn = isDemo && QFileInfo::exists(m_file);
    m_demo->setVisible(isDemo);
    // One button is the thing to do: of the demo that is not there yet, drawing it.
    setStyleFlag(m_demo, "primary", isDemo && !isDrawn);
    setStyleFlag(findChild<QPushButton*>(u"data.emptyOpen"_s), "primary", !isDemo || isDrawn);
    if (isDemo && !isDrawn)
        m_empty->setText(tr("The demo world is not drawn yet"),
                         tr("Its pictures are drawn when the demo first runs, or now: 5 000 small "
                            "drawings, half a minute."));
    else
        m_empty->setText(title, text);
    m_stack->setCurrentWidget(m_empty);
    updateButtons();
}

void DataPage::drawDemo()
{
    m_stopReading = {};
    const int request = ++m_request;
    m_isReading = true;
    m_isDrawing = true;
    m_reading->setText(tr("Drawing the pictures of the demo world…"));
    m_stack->setCurrentWidget(m_readingPage);
    updateButtons();
    m_reader->ask(
        this,
        [prepare = state().engine().prepareDemo, stop = m_stopReading.token()] {
            return prepare(stop);
        },
        [this, request](const Result<void>& made) {
            if (request != m_request)
                return;
            m_isDrawing = false;
            m_isReading = false;
            if (made)
                load();
            else
                showFailure(tr("The demo world is not complete"), errorText(made.error()));
        });
}

void DataPage::watchPlaces()
{
    if (!m_watcher.files().isEmpty())
        m_watcher.removePaths(m_watcher.files());
    if (!m_watcher.directories().isEmpty())
        m_watcher.removePaths(m_watcher.directories());
    QStringList paths{m_file};
    for (const run::StudyPlace& place : m_view->contents().places) {
        if (place.problem.empty())
            paths << toQt(place.path);
        else // it may come back
            paths << toQt(place.path.parent_path());
    }
    m_watcher.addPaths(paths);
}

void DataPage::recheckPlaces()
{
    if (!m_view || m_isReading)
        return;
    m_changed->show();
    m_reader->ask(
        this, [view = m_view] { return run::studyPlaces(view->contents().study); },
        [this, view = m_view](const std::vector<run::StudyPlace>& places) {
            if (view == m_view)
                m_placeModel->setTable(placeTable(places));
        });
}

void DataPage::startRun()
{
    state().requestPage(u"new_run"_s, Json{{"study", fromQt(m_file)}});
}

void DataPage::updateButtons()
{
    const bool isRefused = !m_view || m_view->contents().isRefused || m_isReading;
    m_run->setEnabled(!isRefused);
    m_run->setToolTip(!m_view || m_isReading ? tr("Open a study first")
                      : isRefused            ? tr("A run would not start: the problems say why")
                                             : tr("Set up a run with this study"));
    m_again->setVisible(!m_file.isEmpty() && !m_isReading);
    const bool hasProblems = !m_problems.empty();
    m_export->setEnabled(hasProblems);
    m_export->setToolTip(hasProblems ? tr("Write all problems, filtered or not, into a file")
                                     : tr("There are no problems to write"));
    m_similar->setEnabled(m_view && !m_isComparing && !m_hasCompared &&
                          !m_view->contents().pictures.empty());
    m_similar->setToolTip(m_hasCompared ? tr("All pictures have been compared")
                          : m_isComparing
                              ? tr("Pictures are being compared")
                              : tr("Decode every picture and find those that look alike though "
                                   "their files differ; goes on in the background"));
    m_similarProgress->setVisible(m_isComparing);
    m_similarCancel->setVisible(m_isComparing);
    showOrder();
    Q_EMIT actionsChanged();
}

} // namespace clwb::ui
