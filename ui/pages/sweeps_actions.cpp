// SPDX-License-Identifier: GPL-3.0-or-later
// Starting and continuing of sweeps through the queue.
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/slurm_dialog.h"
#include "ui/pages/sweeps_page.h"
#include "ui/shell/app_state.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void SweepsPage::open(const Json& argument)
{
    if (!argument.is_object())
        return;
    if (argument.contains("file"))
        offerFile(toQt(argument["file"].get<std::string>()));
    else if (argument.contains("sweep"))
        choose(argument["sweep"].get<int64_t>());
}

void SweepsPage::trigger(const QString& actionId)
{
    if (actionId == "sweeps.open"_L1)
        askForFile();
    else if (actionId == "sweeps.continue"_L1)
        goOn(run::FailedTrials::Leave);
    else if (actionId == "sweeps.retry"_L1)
        goOn(run::FailedTrials::Retry);
    else if (actionId == "sweeps.cluster"_L1)
        handToCluster();
}

bool SweepsPage::isActionEnabled(const QString& actionId) const
{
    if (actionId == "sweeps.cluster"_L1) // writes nothing into the project
        return shown() && !shown()->isSearch();
    if (!state().whyNoRuns().isEmpty())
        return false;
    if (actionId == "sweeps.open"_L1)
        return true;
    const SweepView* sweep = shown();
    if (!sweep || sweep->isSearch() || isInQueue())
        return false;
    return !numbersToDo(actionId == "sweeps.retry"_L1 ? run::FailedTrials::Retry
                                                      : run::FailedTrials::Leave)
                .empty();
}

QString SweepsPage::whyDisabled(const QString& actionId) const
{
    if (actionId == "sweeps.cluster"_L1)
        return shown() ? tr("A search chooses by what its candidates came to, so its trials cannot "
                            "be spread; a sweep's can")
                       : tr("Open a sweep first");
    if (const QString why = state().whyNoRuns(); !why.isEmpty())
        return why;
    const SweepView* sweep = shown();
    if (!sweep)
        return tr("There is no sweep yet");
    if (sweep->isSearch())
        return tr("A search goes on from its file: open it again, what is finished is kept");
    if (isInQueue())
        return tr("Its trials are in the queue already");
    return actionId == "sweeps.retry"_L1 ? tr("No trial has failed") : tr("All trials are done");
}

bool SweepsPage::isInQueue() const
{
    const SweepView* sweep = shown();
    const auto belongs = [&](const RunOrder& order) {
        return sweep && order.sweep && order.sweep->definition.kind == sweep->row.kind &&
               order.sweep->definition.document == sweep->row.document;
    };
    const RunQueue& queue = state().queue();
    return (queue.state() != RunQueue::State::Idle && belongs(queue.current())) ||
           std::any_of(queue.waiting().begin(), queue.waiting().end(), belongs);
}

void SweepsPage::updateButtons()
{
    const bool isQueued = isInQueue();
    m_stop->setVisible(isQueued && !state().queue().waiting().empty());
    const auto show = [this](QPushButton* button, const QString& id, bool isUseful) {
        button->setVisible(isUseful);
        button->setEnabled(isActionEnabled(id));
        button->setToolTip(button->isEnabled() ? QString() : whyDisabled(id));
    };
    show(m_cluster, u"sweeps.cluster"_s, true);
    const SweepView* sweep = shown();
    show(m_continue, u"sweeps.continue"_s,
         sweep && !isQueued && !numbersToDo(run::FailedTrials::Leave).empty());
    show(m_retry, u"sweeps.retry"_s,
         sweep && !isQueued && sweep->count(store::TrialState::Failed) > 0);
    Q_EMIT actionsChanged();
}

std::vector<int> SweepsPage::numbersToDo(run::FailedTrials failed) const
{
    std::vector<int> numbers;
    const SweepView* sweep = shown();
    for (const TrialView& trial : sweep ? sweep->trials : std::vector<TrialView>()) {
        const bool isToDo = failed == run::FailedTrials::Retry
                                ? trial.state == store::TrialState::Failed
                                : trial.state == store::TrialState::Pending ||
                                      trial.state == store::TrialState::Stopped;
        if (isToDo)
            numbers.push_back(trial.number);
    }
    return numbers;
}

void SweepsPage::goOn(run::FailedTrials failed)
{
    const SweepView* sweep = shown();
    const std::vector<int> numbers = numbersToDo(failed);
    if (!sweep || numbers.empty() || m_goesOn)
        return;
    m_goesOn = true; // until its trials wait
    const store::SweepRow row = sweep->row;
    state().reader()->ask(
        this,
        [row](store::Project& project) -> Result<SweepOrder> {
            CLWB_ASSIGN(const auto trials, store::trialsOf(project, row.sweepId));
            return storedSweep(row, trials);
        },
        [this, numbers, failed](Result<SweepOrder> order) {
            m_goesOn = false;
            if (!order) {
                state().reportProblem(tr("The sweep cannot be continued"),
                                      errorText(order.error()));
                return;
            }
            order->failed = failed;
            enqueue(std::move(*order), numbers);
        });
}

void SweepsPage::handToCluster()
{
    if (const SweepView* sweep = shown())
        openSlurmDialog(state(), sweep->row.sweepId, window());
}

void SweepsPage::enqueue(SweepOrder order, const std::vector<int>& numbers)
{
    state().enqueue(sweepOrders(state().engine(), std::move(order), numbers),
                    AppState::Place::Last);
    updateButtons();
}

void SweepsPage::dropWaiting()
{
    const SweepView* sweep = shown();
    if (!sweep)
        return;
    state().queue().dropWaiting([&](const RunOrder& order) {
        return order.sweep && order.sweep->definition.document == sweep->row.document;
    });
}

void SweepsPage::askForFile()
{
    if (const QString why = state().whyNoRuns(); !why.isEmpty()) {
        state().reportProblem(tr("A sweep cannot be started"), why);
        return;
    }
    auto* dialog = new QFileDialog(
        this, tr("Open Sweep File"),
        state().settings().value(u"sweeps/folder"_s, state().dataFolder()).toString(),
        tr("Sweeps and searches (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &SweepsPage::offerFile);
    dialog->open();
}

void SweepsPage::offerFile(const QString& file)
{
    Settings& settings = state().settings();
    settings.setValue(u"sweeps/folder"_s, QFileInfo(file).path());
    SweepDefaults defaults{fromQt(settings.value(u"new_run/study"_s).toString()),
                           fromQt(settings.value(u"new_run/model"_s).toString())};
    if (const auto& demo = state().engine().demo; demo && defaults.study.empty())
        defaults = {demo->study.string(), demo->model.string()};
    ++m_loading;
    m_background->ask(
        this, [path = toPath(file), defaults] { return readSweepFile(path, defaults); },
        [this, file](Result<SweepFile> sweep) {
            --m_loading;
            if (sweep)
                confirmStart(std::move(*sweep));
            else
                state().reportProblem(tr("%1 could not be read").arg(QFileInfo(file).fileName()),
                                      errorText(sweep.error()));
        });
}

void SweepsPage::confirmStart(SweepFile sweep)
{
    const SweepOrder order = sweepOrderOf(sweep);
    QString text;
    if (order.search) {
        text = tr("The search “%1” trains a run for each value of %2, judges them on the "
                  "validation split, and trains the winner. What is finished is kept.")
                   .arg(toQt(order.definition.name), toQt(order.search->parameter));
    } else {
        text = countedText(static_cast<int64_t>(order.definition.trials.size()),
                           tr("The sweep “%2” has %1 trial."), tr("The sweep “%2” has %1 trials."))
                   .arg(toQt(order.definition.name));
        text += u' ' + tr("They wait in the queue one after another; finished ones are kept.");
    }
    QStringList notes;
    const auto& noted = order.search ? order.search->notes : std::get<spec::Sweep>(sweep).notes;
    for (const std::string& note : noted)
        notes << toQt(note);
    auto* box =
        new QMessageBox(QMessageBox::NoIcon, tr("Start Sweep"), text, QMessageBox::NoButton, this);
    box->setObjectName(u"sweeps.confirm"_s);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(notes.join(u'\n'));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* start = box->addButton(tr("Start"), QMessageBox::AcceptRole);
    start->setObjectName(u"sweeps.start"_s);
    box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(start);
    connect(start, &QPushButton::clicked, this, [this, order] {
        m_begun = order.definition;
        enqueue(order, {});
        refresh();
    });
    box->open();
}

} // namespace clwb::ui
