// SPDX-License-Identifier: GPL-3.0-or-later
// One JSON text of all windows' waiting runs: [{owner, project, orders: [{title, spec | run}]}].
#include "ui/shell/queue_memory.h"

#include "core/store/owner.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"
#include "ui/shell/orders.h"

#include <QCoreApplication>
#include <QLockFile>
#include <QTimer>

#include <algorithm>
#include <optional>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr QLatin1StringView kKey("queue/waiting");
constexpr int kLockMs = 100; ///< others hold it for a read and a write
constexpr int kRetryMs = 100;
constexpr int kStaleLockMs = 10000; ///< of a program that hangs

struct QueueMemoryText
{
    Q_DECLARE_TR_FUNCTIONS(QueueMemory)
};

Json toJson(const store::Owner& owner)
{
    return {{"host", owner.host}, {"boot", owner.boot}, {"pid", owner.pid}, {"start", owner.start}};
}

store::Owner ownerFrom(const Json& entry)
{
    const Json& owner = entry.at("owner");
    return {owner.at("host"), owner.at("boot"), owner.at("pid"), owner.at("start")};
}

bool isEntry(const Json& entry)
{
    const auto isText = [](const Json& in, const char* key) {
        return in.contains(key) && in.at(key).is_string();
    };
    const auto isNumber = [](const Json& in, const char* key) {
        return in.contains(key) && in.at(key).is_number_integer();
    };
    if (!entry.is_object() || !entry.contains("owner") || !entry.at("owner").is_object() ||
        !entry.contains("orders") || !entry.at("orders").is_array())
        return false;
    const Json& owner = entry.at("owner");
    if (!isText(owner, "host") || !isText(owner, "boot") || !isNumber(owner, "pid") ||
        !isNumber(owner, "start"))
        return false;
    const Json& orders = entry.at("orders");
    return std::all_of(orders.begin(), orders.end(), [&](const Json& one) {
        const bool isBranchWhole =
            one.is_object() && (!one.contains("branch") || (one.at("branch").is_object() &&
                                                            isNumber(one.at("branch"), "run") &&
                                                            isNumber(one.at("branch"), "session")));
        return one.is_object() && isText(one, "title") && isText(one, "project") && isBranchWhole &&
               (isNumber(one, "run") || one.contains("spec"));
    });
}

/// Entries that are none of ours are left out.
Json readEntries(AppState& state)
{
    state.settings().sync(); // other windows keep theirs in the same place
    const std::string text = fromQt(state.settings().value(kKey).toString());
    Json entries = Json::array();
    for (const Json& entry : Json::parse(text, nullptr, false)) {
        if (isEntry(entry))
            entries.push_back(entry);
    }
    return entries;
}

void writeEntries(AppState& state, const Json& entries)
{
    const QString text = toQt(entries.dump());
    if (state.settings().value(kKey).toString() == text)
        return;
    state.settings().setValue(kKey, text);
    state.settings().sync();
}

Json ordersOf(const RunQueue& queue)
{
    Json orders = Json::array();
    for (const RunOrder& order : queue.waiting()) {
        if (!isRemembered(order))
            continue; // the demo's specification is made when it begins
        Json one{{"title", fromQt(order.title)}, {"project", order.project.string()}};
        if (order.continueRun)
            one["run"] = *order.continueRun;
        else
            one["spec"] = spec::toJson(*order.spec);
        if (order.branch)
            one["branch"] = {{"run", order.branch->runId}, {"session", order.branch->session}};
        orders.push_back(std::move(one));
    }
    return orders;
}

/// From reading to writing no other window may change what is remembered: two that start together
/// would both take over what a third has left.
class MemoryLock
{
public:
    MemoryLock(AppState& state, int waitMs)
        : m_file(state.settings().file() + u".queue.lock"_s)
    {
        m_file.setStaleLockTime(kStaleLockMs);
        m_isHeld = m_file.tryLock(waitMs);
    }
    [[nodiscard]] bool isHeld() const { return m_isHeld; }
    /// Another window has it just now; otherwise there can be no lock here at all.
    [[nodiscard]] bool isTaken() const
    {
        return !m_isHeld && m_file.error() == QLockFile::LockFailedError;
    }

private:
    QLockFile m_file;
    bool m_isHeld = false;
};

void keep(AppState& state)
{
    const MemoryLock lock(state, 0);
    if (lock.isTaken()) { // never without it: the other one may be taking orders over
        QTimer::singleShot(kRetryMs, &state, [&state] { keep(state); });
        return;
    }
    Json entries = Json::array();
    for (const Json& entry : readEntries(state)) {
        if (!(ownerFrom(entry) == store::thisProcess()))
            entries.push_back(entry);
    }
    const Json orders = ordersOf(state.queue());
    if (!orders.empty())
        entries.push_back({{"owner", toJson(store::thisProcess())}, {"orders", orders}});
    writeEntries(state, entries);
}

std::optional<RunOrder> orderFrom(const AppState& state, const Json& one)
{
    RunOrder order;
    if (one.contains("spec")) {
        const Result<spec::RunSpec> spec = spec::runSpecFromJson(one.at("spec"));
        if (!spec)
            return std::nullopt;
        order = one.contains("branch") ? branchOrder(state.engine(), *spec,
                                                     {one.at("branch").at("run").get<int64_t>(),
                                                      one.at("branch").at("session").get<int>()})
                                       : newOrder(state.engine(), *spec);
    } else {
        order.continueRun = one.at("run").get<int64_t>();
    }
    order.title = toQt(one.at("title").get<std::string>());
    return order;
}

/// Takes this project's orders out of an entry whose window is no more.
/// @param own gets them as they were remembered
void takeOrders(const AppState& state, Json& entry, std::vector<RunOrder>& taken, Json& own)
{
    Json left = Json::array();
    for (const Json& one : entry.at("orders")) {
        const std::optional<RunOrder> order =
            one.at("project").get<std::string>() == fromQt(state.projectFile())
                ? orderFrom(state, one)
                : std::nullopt;
        if (order) {
            taken.push_back(*order);
            own.push_back(one);
        } else
            left.push_back(one);
    }
    entry["orders"] = std::move(left);
}

void takeOver(AppState& state)
{
    if (!state.whyNoRuns().isEmpty())
        return;
    Json left = Json::array();
    std::vector<RunOrder> taken;
    Json own = Json::array();
    std::optional<MemoryLock> lock(std::in_place, state, kLockMs);
    if (!lock->isHeld()) // another window is at it, or nothing can be kept here
        return;
    for (Json entry : readEntries(state)) {
        if (store::stateOf(ownerFrom(entry)) == store::OwnerState::Dead)
            takeOrders(state, entry, taken, own);
        if (!entry.at("orders").empty())
            left.push_back(std::move(entry));
    }
    if (taken.empty())
        return;
    // In the same write they become this window's: a crash in between loses nothing.
    left.push_back({{"owner", toJson(store::thisProcess())}, {"orders", own}});
    writeEntries(state, left);
    lock.reset(); // keep() takes it next
    const auto count = static_cast<int64_t>(taken.size());
    state.queue().hold();
    state.enqueue(std::move(taken), AppState::Place::Last);
    state.tellHeld(countedText(count,
                               QueueMemoryText::tr("%1 run was waiting when the window "
                                                   "closed"),
                               QueueMemoryText::tr("%1 runs were waiting when the window closed")));
}

} // namespace

bool isRemembered(const RunOrder& order)
{
    return order.continueRun || order.spec;
}

void rememberQueue(AppState& state)
{
    QObject::connect(&state.queue(), &RunQueue::changed, &state, [&state] { keep(state); });
    QObject::connect(&state, &AppState::projectChanged, &state, [&state] { takeOver(state); });
}

} // namespace clwb::ui
