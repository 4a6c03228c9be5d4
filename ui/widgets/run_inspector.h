// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of the selected run: curves, changes from the preset, model, notes and tags.
#pragma once

#include "ui/models/live_run.h"
#include "ui/widgets/card.h"

class QGridLayout;
class QLineEdit;
class QPlainTextEdit;
class QTimer;

namespace clwb::ui
{

class AppState;
class CurvePlot;
class ForgettingLinks;
class NotesEdit;
class RunOriginView;
class RunLink;

class RunInspector : public Card
{
    Q_OBJECT

public:
    RunInspector(AppState& state, QWidget* parent = nullptr);
    /// Loads the run in the background; -1: nothing is selected.
    void showRun(int64_t runId);
    /// The list was read again: name, tags and notes may be others.
    void updateRow();
    /// Saves what is being typed without waiting for a pause.
    void finishEditing();
    [[nodiscard]] bool isLoading() const { return m_isLoading; }
    /// Whether it is known that what a run ranked is not kept.
    [[nodiscard]] bool lacksRanks(int64_t runId) const;

Q_SIGNALS:
    void keptKnown(); ///< lacksRanks() may say something else now

private:
    QWidget* makeSummary();
    QWidget* makeDetails();
    QWidget* makeNotes();
    QWidget* makeSettings(QWidget* parent);
    void showStored(const StoredRun& stored);
    void showCurves(const StoredRun& stored);
    void showChanges(const StoredRun& stored);
    void showWarnings(const StoredRun& stored);
    void fillRow(const store::RunRow& row);
    void saveName();
    void saveTags();
    void saveNotes();

    AppState& m_state;
    int64_t m_runId = -1;
    int m_request = 0;
    bool m_isLoading = false;
    bool m_hasUnsavedNotes = false;
    QWidget* m_content = nullptr;
    QWidget* m_scroll = nullptr; ///< holds m_content
    QLabel* m_empty = nullptr;
    QLineEdit* m_name = nullptr;
    QLabel* m_meta = nullptr;
    ForgettingLinks* m_forgetting = nullptr;
    CurvePlot* m_ut = nullptr;
    CurvePlot* m_zs = nullptr;
    QWidget* m_changes = nullptr;
    QGridLayout* m_changesGrid = nullptr;
    QLabel* m_files = nullptr;
    RunOriginView* m_origin = nullptr;
    RunLink* m_branch = nullptr;
    RunLink* m_twins = nullptr;
    QLabel* m_warnings = nullptr;
    QLineEdit* m_tags = nullptr;
    NotesEdit* m_notesPlace = nullptr;
    QPlainTextEdit* m_notes = nullptr; ///< in it
    QTimer* m_notesTimer = nullptr;
};

} // namespace clwb::ui
