// SPDX-License-Identifier: GPL-3.0-or-later
// The RunWriter that really writes: a queue, a thread and its connection.
#include "core/store/writer_thread.h"

#include "core/base/log.h"
#include "core/base/number_text.h"
#include "core/base/work_queue.h"
#include "core/store/file_identity.h"
#include "core/store/spool.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <future>
#include <mutex>
#include <thread>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kBatchTime{1000};
constexpr milliseconds kHeartbeatTime{10000};
constexpr size_t kQueueCapacity = 1u << 20;

struct FlushRequest
{
    std::shared_ptr<std::promise<void>> done;
};
using Message = std::variant<RunItem, FlushRequest>;

/// Steps may wait for the next batch, and a cut for the first result; everything else is written at
/// once.
bool isUrgent(const RunItem& item)
{
    return !std::holds_alternative<StepItem>(item) && !std::holds_alternative<WarningItem>(item) &&
           !std::holds_alternative<ThumbnailItem>(item) &&
           !std::holds_alternative<LoadItem>(item) && !std::holds_alternative<CutBackItem>(item);
}

/// After it the run is nobody's any more.
bool isLast(const RunItem& item)
{
    return std::holds_alternative<FinishItem>(item) || std::holds_alternative<GiveBackItem>(item);
}

/// What an engine tells only once it has begun.
bool isResult(const RunItem& item)
{
    return std::holds_alternative<SpecItem>(item) || std::holds_alternative<StepItem>(item) ||
           std::holds_alternative<EvaluationItem>(item) ||
           std::holds_alternative<CheckpointItem>(item);
}

class ThreadedRunWriter final : public RunWriter
{
public:
    explicit ThreadedRunWriter(WriterSetup setup)
        : m_setup(std::move(setup))
        , m_identity(identityOf(m_setup.project))
        , m_owner(thisProcess())
        , m_warnings(m_setup.warnings)
        , m_held(m_setup.resume ? std::optional(std::vector<RunItem>()) : std::nullopt)
        , m_thread([this] { work(); })
    {}

    ~ThreadedRunWriter() override
    {
        if (!m_finished)
            finish("interrupted", "the program ended before the run did", 0);
        m_queue.close();
        m_thread.join();
        // The row still names this process, which lives on: it must not stand for the writer.
        if (!m_ended && !m_ownershipLost)
            letGoOfRun(m_setup.uid);
    }

    int64_t runId() const override { return m_setup.runId; }
    fs::path folder() const override { return m_setup.folder; }

    void setResolvedSpec(Json spec, int sessions) override
    {
        push(SpecItem{std::move(spec), sessions});
    }

    void addStep(int64_t step, int session, int epoch, double lr,
                 const std::map<std::string, double>& losses, std::optional<StepTime> time) override
    {
        push(StepItem{step, session, epoch, lr, losses, time});
    }

    void addEvaluation(metrics::EvaluationRecord record, std::optional<double> bwt,
                       std::shared_ptr<const metrics::EvaluationDetails> details) override
    {
        push(EvaluationItem{std::move(record), bwt, std::move(details)});
    }

    void addTakenEvaluation(metrics::EvaluationRecord record, std::optional<double> bwt,
                            std::string sourceUid) override
    {
        push(EvaluationItem{std::move(record), bwt, nullptr, std::move(sourceUid)});
    }

    void addThumbnails(std::vector<metrics::Thumbnail> thumbnails) override
    {
        push(ThumbnailItem{std::move(thumbnails)});
    }

    void addLoad(const LoadPoint& load) override { push(LoadItem{load}); }

    void addCheckpoint(std::string folder, int64_t step, std::string sha256) override
    {
        push(CheckpointItem{std::move(folder), step, std::move(sha256), utcNowText()});
    }

    void addWarning(std::string text) override
    {
        push(WarningItem{++m_warnings, utcNowText(), std::move(text)});
    }

    void finish(std::string status, std::string message, double seconds) override
    {
        m_finished = true;
        push(FinishItem{std::move(status), std::move(message), seconds, utcNowText()});
    }

    Result<void> flush() override
    {
        auto done = std::make_shared<std::promise<void>>();
        std::future<void> waiting = done->get_future();
        if (m_queue.push(FlushRequest{std::move(done)}))
            waiting.wait();
        if (auto error = problem())
            return Failure(std::move(*error));
        return {};
    }

    std::optional<Error> problem() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_problem;
    }

private:
    void push(RunItem item);

    // The rest runs on the writer thread.
    void work();
    void handle(Message message);
    void commitPending();
    void reportOutcome(const Result<void>& result);
    Result<void> writePending();
    Result<void> writeTransaction();
    void park();
    bool heartbeatDue() const { return Clock::now() - m_lastCommit >= kHeartbeatTime; }

    WriterSetup m_setup;
    FileIdentity m_identity;
    Owner m_owner;
    std::atomic<int64_t> m_warnings;
    std::atomic<bool> m_finished{false};
    WorkQueue<Message> m_queue{kQueueCapacity};
    std::mutex m_heldMutex; // guards m_held
    /// Of a continued run until its engine begins: what came before.
    std::optional<std::vector<RunItem>> m_held;

    mutable std::mutex m_mutex; // guards m_problem
    std::optional<Error> m_problem;

    // Used by the writer thread only.
    ValueNames m_names;
    std::vector<RunItem> m_pending;
    size_t m_parked = 0;   ///< leading items of m_pending that are in the spool already
    bool m_spools = false; ///< some may be there, if only half
    bool m_ownershipLost = false;
    bool m_ended = false; ///< the finishing row is written: the run is nobody's any more
    Clock::time_point m_batchStart;
    Clock::time_point m_lastCommit = Clock::now();

    std::thread m_thread; // last: the others exist when it starts
};

void ThreadedRunWriter::push(RunItem item)
{
    const std::lock_guard lock(m_heldMutex);
    if (!m_held) {
        m_queue.push(Message(std::move(item)));
        return;
    }
    if (std::holds_alternative<FinishItem>(item)) {
        m_held.reset();
        m_queue.push(Message(RunItem(GiveBackItem{*m_setup.resume})));
        return;
    }
    const bool begins = isResult(item);
    m_held->push_back(std::move(item));
    if (!begins)
        return;
    m_queue.push(Message(RunItem(CutBackItem{*m_setup.resume}))); // parked like all that follows
    for (RunItem& held : *m_held)
        m_queue.push(Message(std::move(held)));
    m_held.reset();
}

void ThreadedRunWriter::work()
{
    while (!m_queue.isDrained()) {
        milliseconds patience = kBatchTime;
        if (!m_pending.empty()) {
            patience =
                std::chrono::duration_cast<milliseconds>(m_batchStart + kBatchTime - Clock::now());
        }
        auto message = m_queue.popFor(std::max(patience, milliseconds(0)));
        if (message)
            handle(std::move(*message));
        const bool batchDue = !m_pending.empty() && Clock::now() - m_batchStart >= kBatchTime;
        if (batchDue || (heartbeatDue() && !m_ended))
            commitPending();
    }
    commitPending();
}

void ThreadedRunWriter::handle(Message message)
{
    if (auto* request = std::get_if<FlushRequest>(&message)) {
        commitPending();
        request->done->set_value();
        return;
    }
    if (m_ownershipLost)
        return;
    if (m_pending.empty())
        m_batchStart = Clock::now();
    m_pending.push_back(std::move(std::get<RunItem>(message)));
    if (isUrgent(m_pending.back()))
        commitPending();
}

void ThreadedRunWriter::commitPending()
{
    m_batchStart = Clock::now();
    m_lastCommit = m_batchStart;
    if (m_pending.empty() && m_ended)
        return;
    try {
        reportOutcome(writePending());
    } catch (const std::exception& exception) {
        // Thread boundary: nothing may leave it.
        reportOutcome(
            fail(ErrorCode::RunFailed, std::string("project writer: ") + exception.what()));
    }
}

void ThreadedRunWriter::reportOutcome(const Result<void>& result)
{
    const std::lock_guard lock(m_mutex);
    if (result) {
        m_problem.reset();
        return;
    }
    if (!m_problem)
        logWarning(toText(result.error()));
    m_problem = result.error();
}

Result<void> ThreadedRunWriter::writePending()
{
    auto result = writeTransaction();
    if (result) {
        if (m_spools) {
            std::error_code ignored;
            fs::remove(spoolFile(m_setup.project, m_setup.runId), ignored);
        }
        m_spools = false;
        m_pending.clear();
        m_parked = 0;
        return result;
    }
    m_names.forget();
    if (m_ownershipLost) {
        m_pending.clear();
        return result;
    }
    park();
    return result;
}

Result<void> ThreadedRunWriter::writeTransaction()
{
    if (identityOf(m_setup.project) != m_identity)
        return fail(ErrorCode::Locked,
                    "project file " + m_setup.project.string() +
                        " was moved, deleted or replaced while run " +
                        std::to_string(m_setup.runId) + " was writing to it",
                    "put it back; until then the results are kept in " +
                        spoolFile(m_setup.project, m_setup.runId).string());
    Database& database = m_setup.connection->database;
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    CLWB_TRY(
        database.run("UPDATE run SET heartbeat = unixepoch() WHERE run_id = ? AND owner_pid = ? "
                     "AND owner_start = ? AND owner_host = ?",
                     m_setup.runId, m_owner.pid, m_owner.start, m_owner.host));
    if (database.changes() == 0) {
        m_ownershipLost = true;
        return fail(ErrorCode::Locked,
                    "run " + std::to_string(m_setup.runId) +
                        " was deleted or taken over by another program",
                    "its results since then are not stored in the project");
    }
    bool ends = false;
    for (const RunItem& item : m_pending) {
        CLWB_TRY(applyItem(database, m_names, m_setup.runId, item));
        ends = ends || isLast(item);
    }
    CLWB_TRY(transaction.commit());
    m_ended = ends;
    return {};
}

void ThreadedRunWriter::park()
{
    if (m_parked == m_pending.size())
        return;
    m_spools = true;
    const auto parked =
        appendToSpool(spoolFile(m_setup.project, m_setup.runId), m_setup.uid, m_pending, m_parked);
    // Without a spool the items stay in memory only; the first problem is what the user must solve.
    if (parked)
        m_parked = m_pending.size();
}

} // namespace

std::unique_ptr<RunWriter> makeRunWriter(WriterSetup setup)
{
    return std::make_unique<ThreadedRunWriter>(std::move(setup));
}

} // namespace clwb::store
