// SPDX-License-Identifier: GPL-3.0-or-later
// Where the New run page takes values from: the project's runs, the demo, files.
#include "core/spec/study.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/study_title.h"
#include "ui/pages/new_run_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLabel>

#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// What a JSON file is for: a study says which data there are, a run's settings name a study.
bool isStudy(const Json& document)
{
    return document.is_object() && !document.contains("study") &&
           (document.contains("updated_task") || document.contains("zero_shot"));
}

} // namespace

bool NewRunPage::isForDemo() const
{
    const auto& demo = state().engine().demo;
    return demo && toPath(m_form.study.trimmed()) == demo->study;
}

void NewRunPage::useDemo()
{
    const DemoFiles& demo = *state().engine().demo;
    m_form.study = toQt(demo.study);
    m_form.model = toQt(demo.model);
    m_form.usePreset(builtInPreset(u"demo"_s, {}));
    showForm();
    formChanged();
}

void NewRunPage::suggestPaths()
{
    const bool isOwnSuggestion = isForDemo() && !m_isTouched;
    if (!m_form.study.isEmpty() && !m_form.model.isEmpty() && !isOwnSuggestion)
        return;
    // The study and model of the newest run are what the next run most likely uses.
    for (auto run = state().runs().rbegin(); run != state().runs().rend(); ++run) {
        // Runs of other machines name their files as seen from there.
        if (!toPath(toQt(run->study)).is_absolute() || !toPath(toQt(run->model)).is_absolute())
            continue;
        if (isOwnSuggestion && toQt(run->study) == m_form.study)
            return;
        if (m_form.study.isEmpty() || isOwnSuggestion)
            m_form.study = toQt(run->study);
        if (m_form.model.isEmpty() || isOwnSuggestion)
            m_form.model = toQt(run->model);
        showForm();
        formChanged();
        return;
    }
    if (m_form.study.isEmpty() && m_form.model.isEmpty() && state().hasProject() &&
        state().hasDemo())
        useDemo();
}

void NewRunPage::readStudy()
{
    const int request = ++m_studyRequest;
    const QString path = m_form.study.trimmed();
    m_studyProblem.clear();
    if (path.isEmpty()) {
        m_studyInfo->setText({});
        m_studyInfo->hide();
        return;
    }
    m_background->ask(
        this, [file = toPath(path)] { return spec::readStudy(file); },
        [this, request](const Result<spec::Study>& study) {
            if (request == m_studyRequest)
                showStudy(study);
        });
}

void NewRunPage::showStudy(const Result<spec::Study>& study)
{
    m_studyInfo->show();
    if (isForDemo() && m_demoIsMade != study.has_value()) {
        m_demoIsMade = study.has_value();
        formChanged(); // now the run can be estimated
    }
    if (!study && isForDemo()) {
        m_studyInfo->setText(
            tr("%1: its pictures are drawn when the run starts").arg(demoWorldTitle()));
        return;
    }
    if (!study) {
        m_studyInfo->hide();
        m_studyProblem = toQt(study.error().message).section(u'\n', 0, 1);
        m_estimate->setText(u"—"_s);
        showCheck();
        return;
    }
    showCheck();
    if (m_check.isValid() && isVisible())
        m_estimateTimer.start();
    QStringList parts{studyTitle(fromQt(m_form.study.trimmed()), study->name)};
    if (study->updatedTask) {
        const auto& sessions = study->updatedTask->sessions;
        parts << countedText(sessions.classes.empty()
                                 ? sessions.count
                                 : static_cast<int64_t>(sessions.classes.size()),
                             tr("%1 session"), tr("%1 sessions"));
    }
    if (study->zeroShot)
        parts << tr("zero-shot set");
    for (const spec::RetrievalSet& set : study->retrieval)
        parts << tr("retrieval on %1").arg(toQt(set.name));
    m_studyInfo->setText(parts.join(u" · "_s));
    // A study says itself which starting values suit it.
    m_studyPreset = toQt(study->preset);
    const QString& present = m_form.preset().name;
    const bool isNew =
        std::exchange(m_presetStudy, m_form.study.trimmed()) != m_form.study.trimmed();
    if (isNew && !m_isPresetChosen && !m_studyPreset.isEmpty() && present == "paper"_L1 &&
        present != m_studyPreset)
        choosePreset(m_studyPreset);
    else if (!isOwnPreset() && m_form.preset() != builtInPreset(present, m_studyPreset))
        choosePreset(present); // a quick look starts from what suits the study
}

void NewRunPage::open(const Json& argument)
{
    if (!argument.is_object())
        return;
    m_isTouched = true;
    m_source.reset();
    setBranch(std::nullopt);
    if (argument.contains("study")) {
        noteEdit(tr("Change of %1").arg(tr("Study")));
        m_form.study = toQt(argument["study"].get<std::string>());
        showForm();
        formChanged();
    } else if (argument.contains("clone")) {
        cloneRun(argument["clone"].get<int64_t>());
    } else if (argument.contains("branch")) {
        const Json& place = argument["branch"];
        setBranch(BranchPlace{place.at("run").get<int64_t>(), place.at("session").get<int>()});
        cloneRun(m_branch->runId);
    } else if (argument.contains("file")) {
        readFile(argument["file"].get<std::string>());
    }
}

void NewRunPage::readFile(const std::filesystem::path& file)
{
    setReading(true);
    const int request = ++m_readRequest;
    m_background->ask(
        this, [file] { return readJsonFile(file); },
        [this, file, request](Result<Json> document) {
            if (request != m_readRequest)
                return; // the form is filled from something else since
            setReading(false);
            noteEdit(tr("Filling In from File"));
            if (document && isStudy(*document)) {
                m_form.study = toQt(file);
            } else if (document) {
                m_isPresetChosen = true; // the document's values are what is wanted
                if (auto loaded = m_form.load(*document, file.parent_path()); !loaded)
                    document = Failure(loaded.error());
            }
            if (!document)
                state().reportProblem(
                    tr("%1 could not be read").arg(QFileInfo(toQt(file)).fileName()),
                    errorText(document.error()));
            showForm();
            formChanged();
        });
}

void NewRunPage::setReading(bool isReading)
{
    m_isReading = isReading; // what stands in the form until then must not be started
    showCheck();
}

void NewRunPage::cloneRun(int64_t runId)
{
    setReading(true);
    const int request = ++m_readRequest;
    state().reader()->ask(
        this, [runId](store::Project& project) { return project.resolvedSpec(runId); },
        [this, runId, request](Result<Json> document) {
            if (request != m_readRequest)
                return;
            setReading(false);
            noteEdit(tr("Filling In from #%1").arg(runId));
            m_isPresetChosen = true;
            if (document) {
                if (auto loaded = m_form.load(*document); !loaded)
                    document = Failure(loaded.error());
                else if (const auto source = spec::runSpecFromJson(*document))
                    m_source = SourceRun{runId, *source};
            }
            if (!document) {
                state().reportProblem(tr("Run #%1 could not be cloned").arg(runId),
                                      errorText(document.error()));
                setBranch(std::nullopt);
                formChanged();
                return;
            }
            m_form.name.clear();
            showForm();
            formChanged();
        });
}

} // namespace clwb::ui
