// SPDX-License-Identifier: GPL-3.0-or-later
// What the form holds becomes orders of the queue.
#include "ui/bridge/qt_text.h"
#include "ui/pages/new_run_page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/orders.h"
#include "ui/shell/sweep_orders.h"

#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

RunOrder NewRunPage::orderOf(const spec::RunSpec& spec)
{
    if (!m_branch)
        return newOrder(state().engine(), spec);
    RunOrder order = branchOrder(state().engine(), spec, *m_branch);
    // Two branches of one run are told apart in the queue by what they change.
    const QStringList changes =
        m_source ? RunForm::changesFrom(m_source->spec, spec) : QStringList();
    if (!changes.isEmpty())
        order.title += u" · "_s + changes.front();
    return order;
}

void NewRunPage::start(bool isFirst)
{
    if (!m_start->isEnabled())
        return;
    Settings& settings = state().settings();
    settings.setValue(u"new_run/preset"_s, m_form.preset().name);
    settings.setValue(u"new_run/study"_s, m_form.study);
    settings.setValue(u"new_run/model"_s, m_form.model);
    std::vector<RunOrder> orders;
    if (m_check.sweep)
        orders = sweepOrders(state().engine(), sweepOrderOf(SweepFile(*m_check.sweep)));
    for (const spec::RunSpec& spec : m_check.sweep ? std::vector<spec::RunSpec>() : m_check.specs)
        orders.push_back(orderOf(spec));
    state().enqueue(std::move(orders), isFirst ? AppState::Place::First : AppState::Place::Last);
    state().requestPage(u"live"_s);
}

} // namespace clwb::ui
