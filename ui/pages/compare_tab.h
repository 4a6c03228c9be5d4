// SPDX-License-Identifier: GPL-3.0-or-later
// One way of looking at the chosen runs, and what all of them share.
#pragma once

#include "ui/models/comparison.h"
#include "ui/plots/plot_export.h"

#include <QWidget>

class QComboBox;
class QPushButton;
class QTreeView;

namespace clwb::ui
{

class AppState;
class Card;
class DataTableModel;

class CompareTab : public QWidget
{
    Q_OBJECT

public:
    CompareTab(AppState& state, QWidget* parent)
        : QWidget(parent)
        , m_state(state)
    {}

    /// Shows these; called for the visible tab only.
    void setComparison(SharedComparison comparison)
    {
        m_comparison = std::move(comparison);
        refresh();
    }
    /// What Ctrl+E exports.
    virtual Figure mainFigure() = 0;
    [[nodiscard]] virtual bool isSettled() const { return true; }

Q_SIGNALS:
    void toggled(const QString& id); ///< by a click in a legend
    void soloed(const QString& id);

protected:
    virtual void refresh() = 0;
    [[nodiscard]] AppState& state() const { return m_state; }
    [[nodiscard]] const Comparison& comparison() const { return *m_comparison; }
    [[nodiscard]] bool hasComparison() const { return m_comparison != nullptr; }

    /// A flat "Export" at the right end of a card's header.
    QPushButton* addExport(Card& card, const QString& objectName, const QString& what,
                           const std::function<Figure()>& make);
    /// A sortable-looking plain table; its context menu copies and saves.
    QTreeView* makeTable(const QString& objectName, const QString& title,
                         const std::function<Figure()>& make, QWidget* parent);
    QComboBox* makeCombo(const QString& objectName, const QString& title, QWidget* parent);

private:
    AppState& m_state;
    SharedComparison m_comparison;
};

/// Two combo boxes "A" and "B" that keep their choice while the entries come and go.
class PairChoice : public QObject
{
    Q_OBJECT

public:
    PairChoice(QComboBox* a, QComboBox* b, QObject* parent);
    /// Fine-tuning against VR-LwF where they are there, else the first two.
    void setEntries(const std::vector<const ComparedEntry*>& entries);
    [[nodiscard]] QString a() const;
    [[nodiscard]] QString b() const;

Q_SIGNALS:
    void changed(); ///< by the user

private:
    QComboBox* m_a;
    QComboBox* m_b;
};

/// The tabs, each in a file of its own.
CompareTab* makeCurvesTab(AppState& state, QWidget* parent);
CompareTab* makeOptionsTab(AppState& state, QWidget* parent);
CompareTab* makeTradeOffTab(AppState& state, QWidget* parent);
CompareTab* makeBarsTab(AppState& state, QWidget* parent);
CompareTab* makeMatrixTab(AppState& state, QWidget* parent);
CompareTab* makeClassesTab(AppState& state, QWidget* parent);
CompareTab* makeParametersTab(AppState& state, QWidget* parent);

} // namespace clwb::ui
