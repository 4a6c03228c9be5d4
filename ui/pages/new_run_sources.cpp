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
    m_wantsModel = false;
    m_form.study = toQt(demo.study);
    m_form.model = toQt(demo.model);
    m_form.usePreset(builtInPreset(u"demo"_s, {}));
    showForm();
    formChanged();
}

void NewRunPage::suggestModel()
{
    if (m_form.study.isEmpty() || m_branch || !(m_wantsModel || m_form.model.isEmpty()))
        return;
    QString model;
    for (auto run = state().runs().rbegin(); run != state().runs().rend(); ++run) {
        if (!toPath(toQt(run->model)).is_absolute())
            continue; // of another machine
        const bool isOfStudy = toQt(run->study) == m_form.study.trimmed();
        if (isOfStudy || model.isEmpty())
            model = toQt(run->model);
        m_wantsModel = false;
        if (isOfStudy)
            break;
    }
    if (model.isEmpty() && m_form.model.isEmpty() && isForDemo())
        model = toQt(state().engine().demo->model);
    if (model.isEmpty() || model == m_form.model)
        return;
    m_form.model = model;
    showForm();
    formChanged();
}

void NewRunPage::suggestPaths()
{
    suggestModel();
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
    showEvaluated(); // of another study nothing is known yet
    if (path.isEmpty()) {
        showParts(nullptr);
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
    showParts(study ? &*study : nullptr);
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
    m_studyPreset = toQt(study->preset);
    suggestPreset();
}

void NewRunPage::showParts(const spec::Study* study)
{
    QStringList lacking;
    if (study && !study->updatedTask)
        lacking << u"ut"_s;
    if (study && !study->zeroShot && !study->zeroShotValidation)
        lacking << u"zs"_s;
    if (study && study->retrieval.empty())
        lacking << u"retrieval"_s << u"shuffle"_s;
    RunForm::Lacking known{m_form.study, lacking};
    if (std::exchange(m_form.lacking, known) == known)
        return;
    showEvaluated();
    formChanged();
}

void NewRunPage::showEvaluated()
{
    const QString retrieval = tr("This study has no retrieval set");
    const std::map<QString, QString> reasons{{u"ut"_s, tr("This study has no updated task")},
                                             {u"zs"_s, tr("This study has no zero-shot set")},
                                             {u"retrieval"_s, retrieval},
                                             {u"shuffle"_s, retrieval}};
    for (const auto& [id, box] : m_what) {
        const bool isThere = !m_form.lacks(id);
        box->setChecked(isThere && m_form.what.contains(id));
        box->setEnabled(isThere);
        box->setToolTip(isThere ? QString() : reasons.at(id));
    }
}

void NewRunPage::readModelPreset()
{
    const int request = ++m_modelRequest;
    const auto& demo = state().engine().demo;
    const QString path = m_form.model.trimmed();
    if (!demo || path.isEmpty())
        return;
    m_background->ask(
        this, [model = toPath(path), own = demo->model] { return presetOfModel(model, own); },
        [this, request](const std::optional<QString>& preset) {
            if (request != m_modelRequest || !preset)
                return; // a path that is still being typed says nothing
            m_modelPreset = *preset;
            suggestPreset();
        });
}

void NewRunPage::suggestPreset()
{
    // A study says itself which starting values suit it, the demo's model whatever its study.
    const QString suits = m_studyPreset.isEmpty() ? m_modelPreset : m_studyPreset;
    const QString before = std::exchange(m_suits, suits);
    if (suits == before || isOwnPreset())
        return;
    const QString plain = suits.isEmpty() ? u"paper"_s : suits;
    const QString present = m_form.preset().name;
    const bool isSuggested = !m_isPresetChosen && (present == "paper"_L1 || present == before);
    // A quick look starts from what suits study and model.
    const FormPreset preset = builtInPreset(isSuggested ? plain : present, suits);
    if (preset == m_form.preset())
        return;
    m_form.usePreset(preset);
    showForm();
    formChanged();
}

void NewRunPage::open(const Json& argument)
{
    if (!argument.is_object())
        return;
    const bool wasTouched = std::exchange(m_isTouched, true);
    m_wantsModel = false;
    m_source.reset();
    setBranch(std::nullopt);
    if (argument.contains("study")) {
        noteEdit(tr("Change of %1").arg(tr("Study")));
        m_form.study = toQt(argument["study"].get<std::string>());
        m_wantsModel = !wasTouched; // a model that was chosen stays
        showForm();
        formChanged();
        suggestModel();
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
