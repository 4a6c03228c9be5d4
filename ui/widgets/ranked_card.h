// SPDX-License-Identifier: GPL-3.0-or-later
// One of the two models of the Retrieval page: which one, where it ranked the truth, what it found.
#pragma once

#include "ui/models/ranked_model.h"
#include "ui/widgets/card.h"

#include <optional>

class QComboBox;
class QLabel;

namespace clwb::ui
{

class PictureLoader;
class RankedView;
struct ShownRetrieval;

class RankedCard : public Card
{
    Q_OBJECT

public:
    /// @param id a | b, ends object names
    RankedCard(const QString& id, const QString& letter, PictureLoader* pictures, QWidget* parent);

    [[nodiscard]] QComboBox* model() const { return m_model; }
    [[nodiscard]] RankedView* view() const { return m_view; }
    [[nodiscard]] const RankedListModel& list() const { return *m_list; }
    /// @param isB   the second of the two: says how the rank changed
    void show(const ShownRetrieval& shown, bool isB);
    /// Nothing to show.
    void clear();

private:
    RankedListModel* m_list;
    QComboBox* m_model;
    QLabel* m_rank;
    QLabel* m_change;
    QLabel* m_problem;
    RankedView* m_view;
};

} // namespace clwb::ui
