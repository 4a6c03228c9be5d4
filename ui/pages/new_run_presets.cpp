// SPDX-License-Identifier: GPL-3.0-or-later
// The presets of the New run page: chosen, saved, renamed and deleted, with undo.
#include "core/base/file.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/pages/new_run_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

std::filesystem::path presetFile(const AppState& state)
{
    return toPath(state.dataFolder()) / "presets.json";
}

} // namespace

void NewRunPage::makePresetPicker(Card* card)
{
    QLabel* label = makeLabel(tr("&Preset"), card);
    m_preset = new QComboBox(card);
    nameWidget(m_preset, u"new_run.preset"_s, tr("Preset"));
    m_preset->setToolTip(tr("Starting values: those of the paper for ViT-B/32, those that suit the "
                            "demo's small model, one epoch without retrieval for a quick look, or "
                            "your own"));
    m_preset->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    label->setBuddy(m_preset);
    QToolButton* more = makeMenuButton(u"new_run.presetMenu"_s, u"⋯"_s, card);
    more->setAccessibleName(tr("Save, rename or delete presets"));
    more->setToolTip(more->accessibleName());
    m_presetMenu = new QMenu(more);
    m_presetMenu->setToolTipsVisible(true);
    more->setMenu(m_presetMenu);
    connect(m_presetMenu, &QMenu::aboutToShow, this, &NewRunPage::fillPresetMenu);
    card->header()->addWidget(label);
    card->header()->addWidget(m_preset);
    card->header()->addWidget(more);
    showPresets();
}

void NewRunPage::readPresets()
{
    if (state().dataFolder().isEmpty())
        return;
    m_background->ask(
        this, [file = presetFile(state())] { return readFormPresets(file); },
        [this](Result<std::vector<FormPreset>> presets) {
            m_presetProblem = presets ? QString() : errorText(presets.error());
            if (!presets) {
                state().reportProblem(tr("Your presets could not be read"), m_presetProblem);
                return;
            }
            takePresets(std::move(*presets));
            if (!m_isTouched && findPreset(m_wantedPreset) &&
                !builtInPresets().contains(m_wantedPreset))
                choosePreset(m_wantedPreset);
        });
}

void NewRunPage::showPresets()
{
    m_preset->clear();
    m_preset->addItems(builtInPresets());
    if (!m_presets.empty())
        m_preset->insertSeparator(m_preset->count());
    for (const FormPreset& preset : m_presets)
        m_preset->addItem(preset.name);
    m_preset->setCurrentText(m_form.preset().name);
}

std::optional<FormPreset> NewRunPage::findPreset(const QString& name) const
{
    if (builtInPresets().contains(name))
        return builtInPreset(name, m_suits.isEmpty() ? m_form.preset().base : m_suits);
    const auto found = std::find_if(m_presets.begin(), m_presets.end(),
                                    [&](const FormPreset& preset) { return preset.name == name; });
    return found == m_presets.end() ? std::nullopt : std::optional(*found);
}

void NewRunPage::choosePreset(const QString& name)
{
    const auto preset = findPreset(name);
    if (!preset)
        return;
    m_form.usePreset(*preset);
    showForm();
    formChanged();
}

bool NewRunPage::isOwnPreset() const
{
    return !builtInPresets().contains(m_form.preset().name);
}

void NewRunPage::fillPresetMenu()
{
    m_presetMenu->clear();
    const QString why = state().dataFolder().isEmpty() ? tr("There is no data folder to keep it in")
                                                       : m_presetProblem;
    // A value that is out of range is not kept; what is missing besides settings does not matter.
    QString whyNotSaved = why;
    for (const auto& [key, problem] : m_check.problems) {
        if (whyNotSaved.isEmpty() && key != "study" && key != "model" && key != "seed")
            whyNotSaved = problem;
    }
    const auto add = [this](const QString& name, const QString& text, const QString& problem) {
        QAction* action = m_presetMenu->addAction(text);
        action->setObjectName(name);
        action->setEnabled(problem.isEmpty());
        action->setToolTip(problem);
        return action;
    };
    const QString notOwn =
        isOwnPreset() ? why : tr("“%1” belongs to the program").arg(m_form.preset().name);
    connect(add(u"new_run.savePreset"_s, tr("&Save Settings as Preset…"), whyNotSaved),
            &QAction::triggered, this, [this] { askForPresetName(false); });
    connect(add(u"new_run.renamePreset"_s, tr("&Rename Preset…"), notOwn), &QAction::triggered,
            this, [this] { askForPresetName(true); });
    connect(add(u"new_run.deletePreset"_s, tr("&Delete Preset"), notOwn), &QAction::triggered, this,
            &NewRunPage::deletePreset);
}

void NewRunPage::askForPresetName(bool isRename)
{
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(u"new_run.presetName"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(isRename ? tr("Rename Preset") : tr("Save Settings as Preset"));
    dialog->setLabelText(isRename ? tr("New name of “%1”").arg(m_form.preset().name)
                                  : tr("Name; one that is there already is replaced"));
    dialog->setOkButtonText(isRename ? tr("Rename") : tr("Save"));
    dialog->setTextValue(isOwnPreset() ? m_form.preset().name : QString());
    connect(dialog, &QInputDialog::textValueSelected, this, [this, isRename](const QString& text) {
        const QString name = text.simplified();
        const bool isTaken = isRename && name != m_form.preset().name && findPreset(name);
        QString problem = problemOfPresetName(name);
        if (problem.isEmpty() && isTaken)
            problem = tr("There is a preset “%1” already").arg(name);
        if (!problem.isEmpty())
            state().reportProblem(tr("The preset was not saved"), problem);
        else if (isRename)
            renamePreset(name);
        else
            savePreset(name);
    });
    dialog->open();
}

void NewRunPage::savePreset(const QString& name)
{
    const FormPreset preset = m_form.asPreset(name);
    pushPresetEdits(tr("Save Preset"), {{name, preset}});
    m_form.usePreset(preset);
    showForm();
    formChanged();
}

void NewRunPage::renamePreset(const QString& name)
{
    const auto old = findPreset(m_form.preset().name);
    if (!old || old->name == name)
        return;
    FormPreset renamed = *old;
    renamed.name = name;
    pushPresetEdits(tr("Rename Preset"), {{old->name, std::nullopt}, {name, renamed}});
    m_form.usePreset(renamed);
    showForm();
    formChanged();
}

void NewRunPage::deletePreset()
{
    const FormPreset preset = m_form.preset();
    pushPresetEdits(tr("Delete Preset"), {{preset.name, std::nullopt}});
    m_form.keepPresetAsChanges();
    showForm();
    formChanged();
}

void NewRunPage::pushPresetEdits(const QString& text, const std::vector<PresetEdit>& edits)
{
    // formChanged(), called next, adds what becomes of the form.
    m_undo->push(new FormCommand(
        text, {}, m_recorded, m_recorded,
        [page = QPointer(this)](const FormState& form) {
            if (page)
                page->restore(form);
        },
        {edits, inverseOf(edits, m_presets), [page = QPointer(this)](const auto& changes) {
             if (page)
                 page->applyPresetEdits(changes);
         }}));
}

void NewRunPage::applyPresetEdits(const std::vector<PresetEdit>& edits)
{
    // At once here, because the next edit may come before the file is written.
    m_presets = edited(std::move(m_presets), edits);
    showPresets();
    const int request = ++m_presetRequest;
    m_background->change(
        this, [file = presetFile(state()), edits] { return editFormPresets(file, edits); },
        [this, request](Result<std::vector<FormPreset>> presets) {
            if (!presets) {
                state().reportProblem(tr("The preset was not saved"), errorText(presets.error()));
                readPresets(); // what the file has
                return;
            }
            if (request != m_presetRequest)
                return; // a later edit knows more
            takePresets(std::move(*presets));
        });
}

void NewRunPage::takePresets(std::vector<FormPreset> presets)
{
    m_presets = std::move(presets);
    if (isOwnPreset() && !findPreset(m_form.preset().name)) {
        m_form.keepPresetAsChanges(); // it was taken away: its values stay
        formChanged();
    }
    showPresets();
}

void NewRunPage::copyCommandLine()
{
    if (!m_copy->isEnabled())
        return;
    QGuiApplication::clipboard()->setText(
        m_branch ? RunForm::branchCommandLine(m_branch->runId, m_branch->session, m_source->spec,
                                              m_check.specs.front())
                 : m_form.commandLine());
}

void NewRunPage::saveAsFile()
{
    if (!m_save->isEnabled())
        return;
    const Json document = m_form.document();
    const bool isSweep = document.contains("grid");
    auto* dialog = new QFileDialog(
        this, isSweep ? tr("Save Sweep") : tr("Save Settings of the Run"),
        state().settings().value(u"new_run/folder"_s, state().dataFolder()).toString(),
        tr("JSON (*.json)"));
    dialog->setObjectName(u"new_run.saveDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"json"_s);
    dialog->selectFile(isSweep ? u"sweep.json"_s : u"spec.json"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this, document](const QString& file) {
        state().settings().setValue(u"new_run/folder"_s, QFileInfo(file).path());
        m_background->change(
            this,
            [path = toPath(file), text = document.dump(2) + "\n"] {
                return writeFileAtomically(path, text);
            },
            [this, file](const Result<void>& written) {
                if (!written)
                    state().reportProblem(tr("%1 was not saved").arg(QFileInfo(file).fileName()),
                                          errorText(written.error()));
            });
    });
    dialog->open();
}

} // namespace clwb::ui
