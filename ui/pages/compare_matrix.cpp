// SPDX-License-Identifier: GPL-3.0-or-later
// Tab Matrix: accuracy after every session on every session of two configurations, and their
// difference.
#include "ui/models/matrix_comparison.h"
#include "ui/pages/compare_tab.h"
#include "ui/plots/matrix_view.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/empty_state.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStackedLayout>
#include <QTreeView>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct MatrixPanel
{
    Card* card = nullptr;
    MatrixView* view = nullptr;
    QLabel* summary = nullptr;
};

class MatrixTab : public CompareTab
{
public:
    MatrixTab(AppState& state, QWidget* parent);
    Figure mainFigure() override { return m_difference.view->figure(u"matrix-difference"_s); }

protected:
    void refresh() override;

private:
    MatrixPanel makePanel(const QString& id, const QString& title);
    QWidget* makeLastRow();
    void showEntry(const MatrixPanel& panel, const ComparedEntry& entry,
                   const SessionMatrix& matrix, std::pair<double, double> range);

    QWidget* m_content;
    EmptyState* m_empty;
    MatrixPanel m_a, m_b, m_difference;
    QComboBox* m_chooseA = nullptr;
    QComboBox* m_chooseB = nullptr;
    PairChoice* m_pair = nullptr;
    DataTableModel* m_lastRow = nullptr;
};

MatrixTab::MatrixTab(AppState& state, QWidget* parent)
    : CompareTab(state, parent)
    , m_content(new QWidget(this))
    , m_empty(new EmptyState(u"compare.noMatrix"_s, tr("No session matrix to show"),
                             tr("Two session matrices and their difference will be here. Choose "
                                "runs of the setting MST that were evaluated; of reported rows "
                                "only the last values are known."),
                             this))
{
    auto* stack = new QStackedLayout(this);
    stack->addWidget(m_content);
    stack->addWidget(m_empty);
    auto* grid = new QGridLayout(m_content);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(12);
    m_a = makePanel(u"a"_s, tr("A"));
    m_b = makePanel(u"b"_s, tr("B"));
    m_difference = makePanel(u"difference"_s, tr("B − A"));
    m_difference.card->setSubtitle(tr("points; blue: B is better, orange: A is better"));
    m_chooseA = makeCombo(u"compare.matrixA"_s, tr("Matrix A"), m_a.card);
    m_chooseB = makeCombo(u"compare.matrixB"_s, tr("Matrix B"), m_b.card);
    m_a.card->header()->insertWidget(1, m_chooseA);
    m_b.card->header()->insertWidget(1, m_chooseB);
    m_pair = new PairChoice(m_chooseA, m_chooseB, this);
    connect(m_pair, &PairChoice::changed, this, [this] { refresh(); });
    grid->addWidget(m_a.card, 0, 0);
    grid->addWidget(m_b.card, 0, 1);
    grid->addWidget(m_difference.card, 1, 0);
    grid->addWidget(makeLastRow(), 1, 1);
    for (const int at : {0, 1}) {
        grid->setColumnStretch(at, 1);
        grid->setRowStretch(at, 1);
    }
}

MatrixPanel MatrixTab::makePanel(const QString& id, const QString& title)
{
    MatrixPanel panel;
    panel.card = new Card(title, {}, m_content);
    panel.view = new MatrixView(u"compare.matrix."_s + id, panel.card);
    panel.view->setAccessibleName(tr("Session matrix %1").arg(title));
    panel.view->setSettings(&state().settings());
    panel.summary = makeMuted({}, panel.card);
    panel.summary->setWordWrap(true); // in a small window
    panel.card->body()->addWidget(panel.view, 1);
    panel.card->body()->addWidget(panel.summary);
    addExport(*panel.card, u"compare.export.matrix."_s + id, tr("matrix %1").arg(title),
              [view = panel.view, id] { return view->figure(u"matrix-"_s + id); });
    return panel;
}

QWidget* MatrixTab::makeLastRow()
{
    auto* card = new Card(tr("After the last session"),
                          tr("accuracy on the classes of each session (%)"), m_content);
    m_lastRow = new DataTableModel(this);
    const auto make = [this] {
        Figure figure{.name = u"last-session"_s};
        figure.table = m_lastRow->table();
        return figure;
    };
    QTreeView* table =
        makeTable(u"compare.lastRow"_s, tr("Accuracy after the last session"), make, card);
    table->setModel(m_lastRow);
    table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    card->body()->addWidget(table, 1);
    addExport(*card, u"compare.export.lastRow"_s, tr("last session"), make);
    return card;
}

void MatrixTab::showEntry(const MatrixPanel& panel, const ComparedEntry& entry,
                          const SessionMatrix& matrix, std::pair<double, double> range)
{
    MatrixData drawn{matrix, matrix.empty() ? 0 : matrix.rbegin()->first, columnsOf(matrix)};
    drawn.low = range.first;
    drawn.high = range.second;
    panel.view->setData(std::move(drawn));
    const auto text = [&](const char* metric) {
        const Estimate value = lastValue(entry, metric);
        return spreadCell(value.mean, value.std, value.count).text;
    };
    panel.summary->setText(tr("UT-Acc %1 %  ·  Bwt %2 points").arg(text("UT-Acc"), text("Bwt")));
    panel.summary->setToolTip(
        tr("UT-Acc: in MST the mean of the last row. Bwt: mean of the last row minus the diagonal, "
           "without the last session."));
}

void MatrixTab::refresh()
{
    if (!hasComparison())
        return;
    std::vector<const ComparedEntry*> entries;
    for (const ComparedEntry* entry : comparison().shown()) {
        const SessionMatrix matrix = meanMatrix(*entry);
        // The original model has a row 0 only; nothing is learned in it.
        if (!matrix.empty() && matrix.rbegin()->first > 0)
            entries.push_back(entry);
    }
    auto* stack = static_cast<QStackedLayout*>(layout());
    stack->setCurrentWidget(entries.empty() ? m_empty : m_content);
    m_pair->setEntries(entries);
    const ComparedEntry* a = comparison().find(m_pair->a());
    const ComparedEntry* b = comparison().find(m_pair->b());
    if (!a || !b)
        return;
    const SessionMatrix left = meanMatrix(*a);
    const SessionMatrix right = meanMatrix(*b);
    // The same colours mean the same in both.
    std::pair<double, double> range{100, 0};
    for (const SessionMatrix& matrix : {left, right}) {
        for (const auto& [after, row] : matrix) {
            for (const auto& value : row) {
                if (after > 0 && value) {
                    range.first = std::min(range.first, *value);
                    range.second = std::max(range.second, *value);
                }
            }
        }
    }
    showEntry(m_a, *a, left, range);
    showEntry(m_b, *b, right, range);
    const SessionMatrix difference = differenceOf(left, right);
    MatrixData drawn{difference, difference.empty() ? 0 : difference.rbegin()->first,
                     columnsOf(difference)};
    drawn.scale = MatrixData::Scale::Difference;
    m_difference.view->setData(std::move(drawn));
    m_difference.summary->setText(tr("%1 minus %2").arg(b->label, a->label));
    m_lastRow->setTable(finalRowTable(left, right));
}

} // namespace

CompareTab* makeMatrixTab(AppState& state, QWidget* parent)
{
    return new MatrixTab(state, parent);
}

} // namespace clwb::ui
