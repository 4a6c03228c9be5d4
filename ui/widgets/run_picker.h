// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses runs of the project for a comparison: a filter and a list with check marks.
#pragma once

#include "ui/models/comparison_choice.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QListView;

namespace clwb::ui
{

class CandidateModel;

/// Every check takes effect at once, so that the plots behind the window show it.
class RunPicker : public QDialog
{
    Q_OBJECT

public:
    /// @param model is owned by the dialog from now on
    RunPicker(CandidateModel* model, QWidget* parent);

Q_SIGNALS:
    void chosenChanged(const std::vector<int64_t>& runs);

private:
    void applyFilter();
    void toggle(const QModelIndex& index);
    void updateCount();

    CandidateModel* m_model;
    QLineEdit* m_filter = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_count = nullptr;
};

} // namespace clwb::ui
