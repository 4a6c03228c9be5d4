// SPDX-License-Identifier: GPL-3.0-or-later
// Chosen runs side by side: curves, trade-off, bars, matrices, classes and parameters.
#pragma once

#include "ui/models/comparison.h"
#include "ui/models/comparison_choice.h"
#include "ui/pages/page.h"

#include <QHash>

#include <functional>
#include <vector>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace clwb::ui
{

class Banner;
class ComparedList;
class ComparedListModel;
class CompareTab;
class EmptyState;
class Segments;

class ComparePage : public Page
{
    Q_OBJECT

public:
    ComparePage(AppState& state, QWidget* parent);

    /// {"runs": [59, 62]} chooses them, {"add": [63]} adds, {"tab": "bars"} shows a tab; may be
    /// combined.
    void open(const Json& argument) override;
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    void exportShown() override;
    void copyShown() override;
    [[nodiscard]] bool canCopy() const override;
    bool focusFilter() override;
    [[nodiscard]] bool isSettled() const override;
    [[nodiscard]] QStringList views() const override;
    void showView(const QString& id) override { showTab(id); }
    [[nodiscard]] QString helpText() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeSide();
    QWidget* makeMain();
    void makeEmptyStates();
    void addTab(const QString& id, CompareTab* tab);
    void showTab(const QString& id);
    [[nodiscard]] CompareTab* currentTab() const;

    void onProjectChanged();
    /// The run list changed, or the page is seen for the first time since.
    void refresh();
    void readChosen();
    void setChosen(std::vector<int64_t> runs);
    void setComparison(std::vector<ComparedEntry> entries);
    void showComparison();
    void showContentOrReason();
    void showReplaced();
    /// Offers the runs that this window has made since those of an earlier time were chosen, as
    /// many as a comparison has room for.
    void showNews();
    [[nodiscard]] std::vector<const store::RunRow*> newRuns() const;

    void toggle(const QString& id);
    void solo(const QString& id);
    void showAll();
    void remove(const QString& id);
    void openPicker();
    void showEntryMenu(const QString& id, const QPoint& globalPos);
    void applyLooks(); ///< hidden runs and own colours
    [[nodiscard]] std::vector<int64_t>
    runsWhere(const std::function<bool(const ComparedEntry&)>& isWanted) const;
    /// The chosen runs that the project still has.
    [[nodiscard]] std::vector<store::RunRow> chosenRows() const;

    QStackedWidget* m_stack = nullptr;
    EmptyState* m_noProject = nullptr;
    EmptyState* m_noRuns = nullptr;
    QWidget* m_content = nullptr;
    QWidget* m_side = nullptr; ///< the chosen runs; narrower in small windows
    QStackedWidget* m_tabStack = nullptr;
    EmptyState* m_nothingChosen = nullptr;
    EmptyState* m_allHidden = nullptr;
    Banner* m_news = nullptr;
    Segments* m_segments = nullptr;
    ComparedListModel* m_model = nullptr;
    ComparedList* m_list = nullptr;
    QLabel* m_note = nullptr;
    QPushButton* m_showAll = nullptr;
    QPushButton* m_replaced = nullptr; ///< to the runs whose seeds were run again
    QHash<QString, CompareTab*> m_tabs;

    std::vector<int64_t> m_chosen;
    bool m_hasChoice = false;    ///< made by the user or remembered, not a beginning
    bool m_isOwnChoice = false;  ///< made by the user since the project was opened
    std::vector<int64_t> m_made; ///< runs of this window, not answered yet
    std::vector<int64_t> m_told; ///< those that the banner tells of
    ConfigurationHashes m_hashes;
    bool m_hasHashes = false;
    SharedComparison m_comparison;
    QString m_read; ///< state of the runs that m_comparison was read from
    bool m_isStale = true;
    int m_request = 0; ///< late answers are dropped
    int m_loading = 0;
};

} // namespace clwb::ui
