// SPDX-License-Identifier: GPL-3.0-or-later
// How the New run page follows its form: rows, checks, estimate, start.
#include "ui/bridge/qt_text.h"
#include "ui/models/method_text.h"
#include "ui/pages/new_run_page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/orders.h"
#include "ui/shell/sweep_orders.h"
#include "ui/widgets/building.h"
#include "ui/widgets/path_edit.h"
#include "ui/widgets/run_origin.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/setting_row.h"
#include "ui/widgets/tower_picture.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void NewRunPage::connectForm()
{
    const auto bind = [this](QString RunForm::*field, const QString& name) {
        return [this, field, name](const QString& text) {
            if (m_isFilling)
                return;
            noteEdit(tr("Change of %1").arg(name), name);
            m_form.*field = text;
            formChanged();
        };
    };
    connect(m_study, &PathEdit::pathChanged, this, bind(&RunForm::study, tr("Study")));
    connect(m_study, &PathEdit::pathChanged, this, &NewRunPage::readStudy);
    connect(m_model, &PathEdit::pathChanged, this, bind(&RunForm::model, tr("Model")));
    connect(m_model, &PathEdit::pathChanged, this, [this] {
        if (m_isFilling)
            return;
        m_wantsModel = false;
        readModelPreset();
    });
    connect(m_setting, &Segments::currentChanged, this, bind(&RunForm::setting, tr("Setting")));
    connect(m_option, &Segments::currentChanged, this, bind(&RunForm::option, tr("Option")));
    connect(m_name, &QLineEdit::textChanged, this, bind(&RunForm::name, tr("Name")));
    connect(m_seeds, &QLineEdit::textChanged, this, bind(&RunForm::seeds, tr("Seeds")));
    connect(m_preset, &QComboBox::textActivated, this, [this](const QString& name) {
        noteEdit(tr("Choice of Preset"));
        m_isPresetChosen = true;
        choosePreset(name);
    });
    connect(m_method, &Segments::currentChanged, this, [this](const QString& id) {
        noteEdit(tr("Choice of Method"));
        const bool isReference = id == "original"_L1 || id == "joint"_L1;
        m_form.kind = isReference ? id : u"method"_s;
        if (!isReference)
            m_form.method = id;
        if (id == "joint"_L1)
            m_form.setting = u"MST"_s;
        formChanged();
    });
    connect(m_after, &QComboBox::activated, this, [this] {
        noteEdit(tr("Change of Evaluation"));
        m_form.after = m_after->currentData().toString();
        formChanged();
    });
    for (const auto& [id, box] : m_what) {
        connect(box, &QCheckBox::clicked, this, [this, id = id](bool on) {
            noteEdit(tr("Change of Evaluation"));
            m_form.what.removeAll(id);
            if (on)
                m_form.what << id;
            formChanged();
        });
    }
    connect(m_search, &QLineEdit::textChanged, this, &NewRunPage::filterRows);
    connect(m_showAll, &QPushButton::clicked, this, [this] {
        m_showsAll = !m_showsAll;
        filterRows();
    });
    connect(m_start, &QPushButton::clicked, this, [this] {
        lookAtFolders();
        start(true);
    });
    connect(m_queue, &QPushButton::clicked, this, [this] {
        lookAtFolders();
        start(false);
    });
    connect(m_copy, &QPushButton::clicked, this, &NewRunPage::copyCommandLine);
    connect(m_save, &QPushButton::clicked, this, &NewRunPage::saveAsFile);
    connect(m_useDemo, &QPushButton::clicked, this, [this] {
        noteEdit(tr("Filling In"));
        useDemo();
    });
    connect(m_same, &QPushButton::clicked, this, [this] {
        if (!m_sameRuns.empty())
            state().requestPage(u"runs"_s, Json{{"runs", m_sameRuns}});
    });
    for (QWidget* part : {static_cast<QWidget*>(m_study), static_cast<QWidget*>(m_model),
                          static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_seeds)})
        watchTyping(part);
}

void NewRunPage::showForm()
{
    m_isFilling = true;
    m_study->setPath(m_form.study);
    m_model->setPath(m_form.model);
    m_setting->setCurrent(m_form.setting);
    m_option->setCurrent(m_form.option);
    m_method->setCurrent(m_form.kind == "method"_L1 ? m_form.method : m_form.kind);
    m_preset->setCurrentText(m_form.preset().name);
    m_name->setText(m_form.name);
    m_seeds->setText(m_form.seeds);
    m_after->setCurrentIndex(m_after->findData(m_form.after));
    m_isFilling = false;
    readStudy();
    readModelPreset();
}

void NewRunPage::rebuildRows()
{
    const QString rowsOf = m_form.kind + u'/' + m_form.method;
    if (rowsOf == m_rowsOf)
        return;
    m_rowsOf = rowsOf;
    for (SettingRow* row : m_rows)
        delete row;
    m_rows.clear();
    for (const spec::ParamDef* param : m_form.fields()) {
        auto* row = new SettingRow(*param, m_rowsWidget);
        row->setVariable(RunForm::canVary(*param));
        connect(row, &SettingRow::varyRequested, this, [this, row](bool isVaried) {
            noteEdit(tr("Change of %1").arg(toQt(row->param().label)));
            m_form.setVaried(row->param(), isVaried);
            formChanged();
        });
        connect(row, &SettingRow::edited, this, [this, row](const QString& text) {
            noteEdit(tr("Change of %1").arg(toQt(row->param().label)), toQt(row->param().key));
            m_form.setText(row->param(), text);
            formChanged();
        });
        connect(row, &SettingRow::resetRequested, this, [this, row] {
            noteEdit(tr("Reset of %1").arg(toQt(row->param().label)));
            m_form.reset(row->param());
            formChanged();
        });
        watchTyping(row);
        m_rowsLayout->addWidget(row);
        m_rows.push_back(row);
    }
    filterRows();
}

void NewRunPage::showVaried(SettingRow& row)
{
    const spec::ParamDef& param = row.param();
    QString values;
    if (m_form.isVaried(param)) {
        if (const auto listed = m_form.variedValues(param))
            values = countedText(static_cast<int64_t>(listed->size()), tr("%1 value: %2"),
                                 tr("%1 values: %2"))
                         .arg(valueText(Json(*listed)));
    }
    row.setVaried(m_form.isVaried(param), values);
    row.setVariable(RunForm::canVary(param) && !m_branch);
}

void NewRunPage::filterRows()
{
    const QString words = m_search->text();
    int hidden = 0;
    for (SettingRow* row : m_rows) {
        const bool isShown = words.isEmpty() ? m_showsAll || RunForm::isMain(row->param()) ||
                                                   m_form.isChanged(row->param())
                                             : row->matches(words);
        row->setVisible(isShown);
        hidden += isShown ? 0 : 1;
    }
    m_showAll->setVisible(words.isEmpty());
    m_showAll->setText(m_showsAll ? tr("Fewer settings")
                                  : tr("All settings (%n more)", nullptr, hidden));
    m_showAll->setAccessibleName(m_showAll->text());
}

void NewRunPage::formChanged()
{
    rebuildRows();
    for (SettingRow* row : m_rows) {
        row->setValue(m_form.text(row->param()), m_form.presetText(row->param()),
                      m_form.isChanged(row->param()));
        showVaried(*row);
    }
    showMethod();
    recordEdit();
    m_check = m_form.check();
    m_dataProblem.clear();
    if (m_folders && !(m_folders->noRuns.isEmpty() && m_folders->noDemo.isEmpty()))
        lookAtFolders(); // what keeps Start off may have been put right
    showCheck();
    findSameRun();
    ++m_estimateRequest; // an answer on its way is for an older form
    if (m_check.isValid()) {
        m_estimate->setText(tr("measuring…"));
        if (isVisible())
            m_estimateTimer.start();
    } else {
        m_estimateTimer.stop();
        m_estimate->setText(u"—"_s);
    }
}

void NewRunPage::showMethod()
{
    const MethodText text = methodText(m_form.kind, m_form.method);
    m_sentence->setText(text.sentence);
    m_formula->setText(text.formula);
    const bool isOriginal = m_form.kind == "original"_L1;
    // The original model is only evaluated, and only once.
    for (QWidget* part : {static_cast<QWidget*>(m_optionLabel), static_cast<QWidget*>(m_option),
                          static_cast<QWidget*>(m_towers), static_cast<QWidget*>(m_after)})
        part->setVisible(!isOriginal);
    m_towers->setOption(isOriginal ? QString() : m_form.option);
    m_setting->setCurrent(m_form.setting);
    m_setting->setChoiceEnabled(u"OST"_s, m_form.kind != "joint"_L1);
    const QString label = toQt(spec::displayLabel(
        fromQt(m_form.kind), m_form.kind == "method"_L1 ? fromQt(m_form.method) : std::string(),
        isOriginal ? std::string() : fromQt(m_form.option)));
    m_name->setPlaceholderText(label);
}

void NewRunPage::showCheck()
{
    const auto problem = [this](const char* key) {
        const auto found = m_check.problems.find(key);
        return found == m_check.problems.end() ? QString() : found->second;
    };
    // What nobody has filled in yet is no mistake: the sentence beside Start is enough.
    const bool isBlamed = m_isTouched || !m_form.study.isEmpty() || !m_form.model.isEmpty();
    QString ofStudy = problem("study");
    const QString noDemo = whyNoDemoWorld();
    for (const QString& other : {m_studyProblem, noDemo}) {
        if (ofStudy.isEmpty())
            ofStudy = other;
    }
    m_study->setProblem(isBlamed ? ofStudy : QString());
    m_model->setProblem(isBlamed ? problem("model") : QString());
    setStyleFlag(m_reason, "problem", isBlamed);
    m_useDemo->setVisible(state().hasDemo() && !isForDemo());
    setStyleFlag(m_seeds, "invalid", !problem("seed").isEmpty());
    setStyleFlag(m_name, "invalid", !problem("name").isEmpty());
    for (SettingRow* row : m_rows)
        row->setProblem(problem(std::string(row->param().key).c_str()));
    QString reason = m_check.reason();
    const QString reading = m_isReading ? tr("The settings are being read") : QString();
    for (const QString& other :
         {m_studyProblem, noDemo, m_dataProblem, state().whyNoRuns(), whyNoRunFolder(), reading}) {
        if (reason.isEmpty())
            reason = other;
    }
    m_warnings->setText(m_check.warnings.join(u'\n'));
    m_warnings->setVisible(!m_check.warnings.isEmpty());
    QString changes;
    if (m_source && m_check.isValid()) {
        const QStringList list = RunForm::changesFrom(m_source->spec, m_check.specs.front());
        changes = list.isEmpty()
                      ? tr("Same settings as #%1").arg(m_source->runId)
                      : tr("Other than #%1: %2").arg(m_source->runId).arg(list.join(u", "_s));
    }
    m_changes->setText(changes);
    m_changes->setVisible(!changes.isEmpty());
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    const bool isBusy = state().queue().state() != RunQueue::State::Idle;
    m_start->setEnabled(reason.isEmpty());
    m_start->setText(m_check.sweep ? tr("&Start Sweep")
                     : isBusy      ? tr("&Start Next")
                                   : tr("&Start"));
    m_start->setToolTip(reason.isEmpty()
                            ? (isBusy ? tr("Before everything that waits") : tr("Train now"))
                            : reason);
    m_queue->setEnabled(reason.isEmpty());
    m_queue->setToolTip(reason.isEmpty() ? tr("After everything that waits") : reason);
    const QString whyNoFile = m_check.reason();
    QString whyNoCommand = whyNoFile;
    if (whyNoCommand.isEmpty() && m_check.sweep)
        whyNoCommand = tr("A sweep is a file: save it, then clwb sweep FILE");
    if (whyNoCommand.isEmpty() && m_branch && !m_source)
        whyNoCommand = reading;
    m_copy->setEnabled(whyNoCommand.isEmpty());
    m_copy->setToolTip(whyNoCommand);
    const QString whyNoSave =
        m_branch ? tr("A branch is no file: copy it as command line") : whyNoFile;
    m_save->setEnabled(whyNoSave.isEmpty());
    m_save->setToolTip(whyNoSave);
    Q_EMIT actionsChanged();
}

void NewRunPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (isForDemo() && !m_demoIsMade)
        readStudy(); // a run may have drawn it since
    // What was wrong with the files may have been put right meanwhile.
    lookAtFolders();
    showCheck();
    if (!m_studyProblem.isEmpty())
        readStudy();
    if (m_check.isValid())
        m_estimateTimer.start();
}

void NewRunPage::findSameRun()
{
    m_sameRuns.clear();
    m_same->hide();
    const int request = ++m_sameRequest;
    // A branch is no repetition of what it comes from.
    if (!m_check.isValid() || !state().hasProject() || m_branch)
        return;
    state().reader()->ask(
        this,
        [specs = m_check.specs, environment = state().engine().environment](
            store::Project& project) { return findRepeated(project, specs, environment); },
        [this, request](const Result<Repeated>& same) {
            if (request != m_sameRequest || !same || same->runs.empty())
                return;
            m_sameRuns = same->runs;
            m_same->setText(repeatedText(*same));
            m_same->setAccessibleName(m_same->text());
            m_same->show();
        });
}

} // namespace clwb::ui
