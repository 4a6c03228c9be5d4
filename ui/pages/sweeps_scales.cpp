// SPDX-License-Identifier: GPL-3.0-or-later
// Linear and logarithmic axes of the plots of a sweep: by menu or key, remembered by their titles.
#include "ui/pages/sweeps_page.h"
#include "ui/plots/parallel_plot.h"
#include "ui/shell/app_state.h"

#include <QMenu>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

const QString kScalesKey = u"sweeps/scales"_s;

} // namespace

void SweepsPage::restoreScales()
{
    const QVariantMap stored = state().settings().value(kScalesKey).toMap();
    for (auto entry = stored.begin(); entry != stored.end(); ++entry)
        m_scales[entry.key()] =
            entry.value().toString() == "log"_L1 ? AxisScale::Logarithmic : AxisScale::Linear;
}

void SweepsPage::fillScaleMenu(QMenu& menu)
{
    menu.clear();
    const std::vector<ParallelAxis>& axes = m_parallel->data().axes;
    for (size_t at = 0; at < axes.size(); ++at) {
        const ParallelAxis& axis = axes[at];
        QAction* action = menu.addAction(tr("Logarithmic %1").arg(axis.title));
        action->setCheckable(true);
        action->setChecked(axis.isLogarithmic);
        action->setEnabled(axis.categories.isEmpty() && axis.canBeLogarithmic);
        if (!axis.categories.isEmpty())
            action->setToolTip(tr("Its values are no numbers"));
        else if (!axis.canBeLogarithmic)
            action->setToolTip(tr("It has no positive value"));
        connect(action, &QAction::triggered, this, [this, at] { toggleScale(at); });
    }
    if (axes.empty())
        menu.addAction(tr("No trial has a result yet"))->setEnabled(false);
}

void SweepsPage::toggleScale(size_t axis)
{
    const std::vector<ParallelAxis>& axes = m_parallel->data().axes;
    if (axis >= axes.size() || !axes[axis].categories.isEmpty() || !axes[axis].canBeLogarithmic)
        return;
    setScale(axis, axes[axis].isLogarithmic ? AxisScale::Linear : AxisScale::Logarithmic);
}

void SweepsPage::setScale(size_t axis, AxisScale scale)
{
    m_scales[m_parallel->data().axes[axis].title] = scale;
    QVariantMap stored;
    for (const auto& [title, chosen] : m_scales)
        stored[title] = chosen == AxisScale::Logarithmic ? u"log"_s : u"linear"_s;
    state().settings().setValue(kScalesKey, stored);
    if (const SweepView* sweep = shown())
        m_parallel->setData(parallelOf(*sweep, m_scales));
}

} // namespace clwb::ui
