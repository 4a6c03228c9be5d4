// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a new run, made from the table of settings.
#pragma once

#include "core/run/earlier_runs.h"
#include "core/run/runner.h"
#include "core/spec/study.h"
#include "ui/bridge/engine.h"
#include "ui/models/run_form.h"
#include "ui/pages/new_run_undo.h"
#include "ui/pages/page.h"

#include <QTimer>

#include <map>

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QVBoxLayout;

namespace clwb::ui
{

class Background;
class Card;
class PathEdit;
class Segments;
class SettingRow;
class TowerPicture;

class NewRunPage : public Page
{
    Q_OBJECT

public:
    NewRunPage(AppState& state, QWidget* parent);

    /// {"clone": 12}, {"file": "spec.json"}, {"study": "study.json"} or
    /// {"branch": {"run": 12, "session": 3}}.
    void open(const Json& argument) override;
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    [[nodiscard]] QString whyDisabled(const QString& actionId) const override;
    [[nodiscard]] bool isSettled() const override;
    [[nodiscard]] QString helpText() const override;
    [[nodiscard]] QUndoStack* undoStack() override { return m_undo; }

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeForm();
    QWidget* makeDataCard();
    QWidget* makeMethodCard();
    QWidget* makeSettingsCard();
    QWidget* makeRunCard();
    void makeEstimate(Card* card);
    QLayout* makeEvaluation(QWidget* parent);
    void connectForm();
    void suggestPaths();
    /// Where only the study was named: the model last used with it, else the project's last, else
    /// for the demo's study the demo's.
    void suggestModel();
    [[nodiscard]] bool isForDemo() const; ///< the demo's study is chosen
    /// Why the pictures of the demo cannot be drawn, and why no run can write its files; empty when
    /// they can. As seen last: new_run_folders.cpp.
    [[nodiscard]] QString whyNoDemoWorld() const;
    [[nodiscard]] QString whyNoRunFolder() const;
    void lookAtFolders();
    void useDemo();
    void readFile(const std::filesystem::path& file);
    void rebuildRows();
    void showForm(); ///< all widgets from m_form
    void formChanged();
    void showCheck();
    void showMethod();
    void filterRows();
    void showVaried(SettingRow& row);
    void readStudy();
    void showStudy(const Result<spec::Study>& study);
    void showParts(const spec::Study* study); ///< which the study has; null: not known
    void showEvaluated();
    void readModelPreset();
    void suggestPreset(); ///< as study and model want it, unless one was chosen
    void estimate();
    void showEstimate(const Result<run::Estimate>& estimate);
    void tellEstimate(const run::Estimate& measured,
                      const std::optional<run::EarlierTimes>& earlier);
    void findSameRun();
    [[nodiscard]] RunOrder orderOf(const spec::RunSpec& spec);
    void start(bool isFirst);
    void cloneRun(int64_t runId);
    void setReading(bool isReading);
    void copyCommandLine();
    void saveAsFile();
    /// Preset picker with the user's own: new_run_presets.cpp.
    void makePresetPicker(Card* card);
    void readPresets();
    void takePresets(std::vector<FormPreset> presets); ///< as the file has them
    void showPresets();                                ///< the list; the form's own is chosen
    void choosePreset(const QString& name);
    [[nodiscard]] std::optional<FormPreset> findPreset(const QString& name) const;
    [[nodiscard]] bool isOwnPreset() const; ///< the form's is one of the user's
    void fillPresetMenu();
    void askForPresetName(bool isRename);
    void savePreset(const QString& name);
    void renamePreset(const QString& name);
    void deletePreset();
    void pushPresetEdits(const QString& text, const std::vector<PresetEdit>& edits);
    void applyPresetEdits(const std::vector<PresetEdit>& edits);
    /// Ctrl+Z over the fields: new_run_undo.cpp.
    void makeUndo();
    void watchTyping(QWidget* field);
    /// What the user changes now; typing of one key is one step. formChanged() records it.
    void noteEdit(const QString& text, const QString& key = {});
    void recordEdit();
    void restore(const FormState& form);
    void forgetEdits();
    [[nodiscard]] FormState formState() const;
    QWidget* makeBranchCard();
    /// The form is a branch of that run, or a run of its own.
    void setBranch(const std::optional<BranchPlace>& place);

    QUndoStack* m_undo = nullptr;
    FormState m_recorded; ///< the form at the end of the last step
    struct Edit
    {
        QString text;
        QString key;
    };
    std::optional<Edit> m_edit; ///< noted, not recorded yet
    bool m_isRestoring = false;
    RunForm m_form;
    std::optional<BranchPlace> m_branch;
    std::optional<SourceRun> m_source; ///< nothing until it is read
    Card* m_branchCard = nullptr;
    QLabel* m_branchText = nullptr;
    FormCheck m_check;
    PathEdit* m_study = nullptr;
    QLabel* m_studyInfo = nullptr;
    QPushButton* m_useDemo = nullptr;
    PathEdit* m_model = nullptr;
    Segments* m_setting = nullptr;
    QLabel* m_optionLabel = nullptr;
    Segments* m_option = nullptr;
    Segments* m_method = nullptr;
    TowerPicture* m_towers = nullptr;
    QLabel* m_sentence = nullptr;
    QLabel* m_formula = nullptr;
    QBoxLayout* m_words = nullptr; ///< sentence and formula
    QComboBox* m_preset = nullptr;
    QMenu* m_presetMenu = nullptr;
    std::vector<FormPreset> m_presets; ///< the user's
    QString m_presetProblem;           ///< why their file cannot be used
    QString m_wantedPreset;            ///< chosen last time, while they are being read
    QString m_studyPreset;             ///< what the study says suits it
    QString m_modelPreset;             ///< what suits the model
    QString m_suits;                   ///< of the two, what was suggested last
    QLineEdit* m_search = nullptr;
    QPushButton* m_showAll = nullptr;
    QVBoxLayout* m_rowsLayout = nullptr;
    QWidget* m_rowsWidget = nullptr;
    std::vector<SettingRow*> m_rows;
    QString m_rowsOf; ///< kind and method that the rows were made for
    QLineEdit* m_name = nullptr;
    QLineEdit* m_seeds = nullptr;
    std::map<QString, QCheckBox*> m_what;
    QComboBox* m_after = nullptr;
    QLabel* m_estimate = nullptr;
    QPushButton* m_same = nullptr;
    Card* m_runCard = nullptr;
    QLabel* m_reason = nullptr;
    QLabel* m_warnings = nullptr;
    QLabel* m_changes = nullptr; ///< against the run it was filled from
    QPushButton* m_start = nullptr;
    QPushButton* m_queue = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_save = nullptr;
    Background* m_background = nullptr;
    struct Folders
    {
        QString noRuns;
        QString noDemo;
    };
    std::optional<Folders> m_folders; ///< nothing until they were looked at
    /// Files of the projects whose folders are being looked at; true: once more afterwards.
    std::map<QString, bool> m_looks;
    QTimer m_estimateTimer;
    std::vector<int64_t> m_sameRuns; ///< that the specifications would repeat
    int m_estimateRequest = 0;
    int m_studyRequest = 0;
    int m_modelRequest = 0;
    int m_sameRequest = 0;
    int m_presetRequest = 0;
    int m_readRequest = 0;         ///< of another run or a file
    bool m_isPresetChosen = false; ///< by the user, a file or another run
    QString m_studyProblem;        ///< the study file cannot be read
    QString m_dataProblem;         ///< what it or the model point to cannot be used
    bool m_isEstimating = false;
    /// The estimate that is being compared with earlier runs; one that is not the last is let go.
    std::optional<int> m_comparingRequest;
    std::string m_comparedKey; ///< what m_compared is about; empty: nothing
    std::optional<run::EarlierTimes> m_compared;
    bool m_isFilling = false;
    bool m_isReading = false; ///< of another run or a file
    bool m_showsAll = false;
    bool m_isTouched = false;  ///< the user has changed something
    bool m_wantsModel = false; ///< only the study was named; runs that tell may still be read
    bool m_demoIsMade = false; ///< the demo's study is there
};

} // namespace clwb::ui
