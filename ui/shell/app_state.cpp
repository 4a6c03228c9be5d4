// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, watching and editing the project, and feeding the live run.
#include "ui/shell/app_state.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/orders.h"

#include <QFileInfo>
#include <QUndoCommand>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kWatchMs = 2000; // another program's runs, and a file that goes away

class Edit : public QUndoCommand
{
public:
    Edit(AppState& state, const QString& text, AppState::Change change, AppState::Change back,
         std::function<void()> done)
        : QUndoCommand(text)
        , m_state(state)
        , m_change(std::move(change))
        , m_back(std::move(back))
        , m_done(std::move(done))
    {}
    void redo() override { m_state.apply(text(), m_change, m_done); }
    void undo() override { m_state.apply(text(), m_back); }

private:
    AppState& m_state;
    AppState::Change m_change;
    AppState::Change m_back;
    std::function<void()> m_done;
};

} // namespace

AppState::AppState(Parts parts, QObject* parent)
    : QObject(parent)
    , m_engine(std::move(parts.engine))
    , m_dataFolder(std::move(parts.dataFolder))
    , m_settings(parts.settings)
    , m_queue(parts.launcher ? std::move(parts.launcher)
                             : recordingLauncher(m_engine, [this](const auto& problem) {
                                   QMetaObject::invokeMethod(
                                       this, [this, problem] { setStoreProblem(problem); },
                                       Qt::QueuedConnection);
                               }))
{
    m_watch.setInterval(kWatchMs);
    connect(&m_watch, &QTimer::timeout, this, &AppState::watchFile);
    m_silence.setInterval(parts.silenceMs);
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &AppState::onSilence);
    connectQueue();
}

AppState::~AppState() = default;

QString AppState::projectName() const
{
    return QFileInfo(m_projectFile).completeBaseName();
}

QString AppState::whyNoRuns() const
{
    if (!m_isOpen)
        return tr("Open or create a project first: runs are recorded in it");
    const QString& reason = readOnlyReason();
    return reason.isEmpty() ? QString() : tr("The project can only be read: %1").arg(reason);
}

const store::RunRow* AppState::findRun(int64_t runId) const
{
    const auto run =
        std::lower_bound(m_runs.begin(), m_runs.end(), runId,
                         [](const store::RunRow& row, int64_t id) { return row.runId < id; });
    return run != m_runs.end() && run->runId == runId ? &*run : nullptr;
}

Result<AppState::Listed> AppState::readList(const store::Project& project,
                                            std::map<std::string, QString> studyNames)
{
    Listed list;
    CLWB_ASSIGN(list.runs, project.runs());
    CLWB_ASSIGN(list.details, readRunDetails(project, list.runs, std::move(studyNames)));
    return list;
}

void AppState::refresh()
{
    if (!m_isOpen)
        return;
    if (m_isReading) {
        m_readAgain = true;
        return;
    }
    m_isReading = true;
    m_project.reader->ask(
        this,
        [known = m_runDetails.studyNames](store::Project& project) {
            return readList(project, known);
        },
        [this](Result<Listed> list) {
            m_isReading = false;
            if (list) {
                m_runs = std::move(list->runs);
                m_runDetails = std::move(list->details);
                Q_EMIT runsChanged();
            }
            if (std::exchange(m_readAgain, false))
                refresh();
        });
}

void AppState::pushEdit(const QString& text, Change change, Change back, std::function<void()> done)
{
    m_undo.push(new Edit(*this, text, std::move(change), std::move(back), std::move(done)));
}

void AppState::apply(const QString& text, Change change, std::function<void()> done)
{
    if (!m_isOpen)
        return;
    m_project.editor->ask(
        this, std::move(change), [this, text, done = std::move(done)](Result<void> changed) {
            if (!changed)
                reportProblem(tr("Not done: %1").arg(text), errorText(changed.error()));
            else if (done)
                done();
            refresh();
        });
}

void AppState::enqueue(std::vector<RunOrder> orders, Place place)
{
    const QString reason =
        m_opening.editor ? tr("A project is just being opened: try again then") : whyNoRuns();
    if (!reason.isEmpty()) {
        reportProblem(tr("Nothing was started"), reason);
        return;
    }
    for (RunOrder& order : orders)
        order.project = toPath(m_projectFile);
    if (place == Place::First) {
        m_queue.enqueueFirst(std::move(orders));
    } else {
        m_queue.enqueue(std::move(orders));
    }
    if (m_queue.isHeld() && !m_queue.isBusy())
        tellHeld(tr("Added to the queue, which is held"));
}

void AppState::tellHeld(const QString& text)
{
    reportDone(text,
               tr("Nothing begins until the queue goes on. Run ▸ Queue shows and removes "
                  "what waits."),
               {tr("Continue the Queue"), [this] { m_queue.release(); }});
}

void AppState::runDemo()
{
    if (hasDemo())
        enqueue(demoOrders(m_engine), Place::Last);
    if (whyNoRuns().isEmpty())
        requestPage(u"live"_s);
}

void AppState::setStoreProblem(const std::optional<Error>& problem)
{
    if (!problem) {
        Q_EMIT problemSolved(m_storeProblem);
        return;
    }
    // More results would only fill the disk further.
    const bool isFull = problem->code == ErrorCode::DiskFull;
    if (isFull)
        m_queue.pause();
    m_storeProblem = isFull ? tr("The disk is full: the run pauses")
                            : tr("Results can't be written to the project");
    const QString advice = isFull ? tr("Make room, then press Continue in Live.")
                                  : tr("They are kept beside it and written as soon as possible.");
    reportProblem(m_storeProblem, errorText(*problem) + u'\n' + advice);
}

void AppState::setPinned(int64_t runId, bool isPinned)
{
    if (isPinned) {
        m_pinned.insert(runId);
        m_looks.show({runId}); // what is asked for is seen
    } else {
        m_pinned.erase(runId);
    }
    Q_EMIT pinsChanged();
}

void AppState::requestPage(const QString& id, const Json& argument)
{
    Q_EMIT pageRequested(id, argument);
}

void AppState::resetLayout()
{
    Q_EMIT layoutReset();
}

void AppState::requestAction(const QString& id)
{
    Q_EMIT actionRequested(id);
}

void AppState::reportProblem(const QString& text, const QString& details, const Offer& offer)
{
    Q_EMIT problem(text, details, offer);
}

void AppState::reportDone(const QString& text, const QString& details, const Offer& offer)
{
    Q_EMIT done(text, details, offer);
}

void AppState::reportSolved(const QString& text)
{
    Q_EMIT problemSolved(text);
}

} // namespace clwb::ui
