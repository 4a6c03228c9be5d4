// SPDX-License-Identifier: GPL-3.0-or-later
// Tab Parameters: how the chosen configurations differ, with their metrics.
#include "ui/models/parameter_table.h"
#include "ui/pages/compare_tab.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QHeaderView>
#include <QPushButton>
#include <QTreeView>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

class ParametersTab : public CompareTab
{
public:
    ParametersTab(AppState& state, QWidget* parent);

    Figure mainFigure() override
    {
        Figure figure{.name = u"parameters"_s};
        figure.table = m_model->table();
        return figure;
    }

protected:
    void refresh() override;

private:
    QCheckBox* addCheck(const QString& name, const QString& title, bool isOn);

    Card* m_card;
    DataTableModel* m_model;
    QTreeView* m_view = nullptr;
    QCheckBox* m_differing = nullptr;
    QCheckBox* m_transposed = nullptr;
};

ParametersTab::ParametersTab(AppState& state, QWidget* parent)
    : CompareTab(state, parent)
    , m_card(new Card(tr("Parameters and metrics"), {}, this))
    , m_model(new DataTableModel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_card);
    m_differing = addCheck(u"compare.differing"_s, tr("Only what differs"), true);
    m_transposed = addCheck(u"compare.transposed"_s, tr("One row a configuration"), false);
    m_view = makeTable(
        u"compare.parameters"_s, tr("Parameters and metrics"), [this] { return mainFigure(); },
        m_card);
    m_view->setModel(m_model);
    m_view->header()->setDefaultSectionSize(120);
    m_card->body()->addWidget(m_view, 1);
    addExport(*m_card, u"compare.export.parameters"_s, tr("parameters"),
              [this] { return mainFigure(); });
}

QCheckBox* ParametersTab::addCheck(const QString& name, const QString& title, bool isOn)
{
    auto* check = new QCheckBox(title, m_card);
    nameWidget(check, name, title);
    check->setChecked(isOn);
    connect(check, &QCheckBox::toggled, this, [this] { refresh(); });
    m_card->header()->addWidget(check);
    return check;
}

void ParametersTab::refresh()
{
    if (!hasComparison())
        return;
    const std::vector<const ComparedEntry*> shown = comparison().shown();
    const bool isDiffering = m_differing->isChecked();
    DataTable table =
        parameterTable(shown, isDiffering ? WhichParameters::Differing : WhichParameters::All);
    if (m_transposed->isChecked())
        table = transposed(table);
    m_model->setTable(std::move(table));
    for (int column = 0; column < m_model->columnCount(); ++column) {
        m_view->resizeColumnToContents(column);
        m_view->setColumnWidth(column, std::clamp(m_view->columnWidth(column) + 8, 70, 260));
    }
    const int equal = equalParameters(shown);
    m_card->setSubtitle(shown.empty() ? QString()
                        : isDiffering
                            ? tr("%1 parameters are the same in all and left out").arg(equal)
                            : tr("%1 parameters are the same in all").arg(equal));
}

} // namespace

CompareTab* makeParametersTab(AppState& state, QWidget* parent)
{
    return new ParametersTab(state, parent);
}

} // namespace clwb::ui
