// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/plan.h"

#include "core/base/random_stream.h"

#include <algorithm>

namespace clwb::train
{
namespace
{

/// Number of classes that belong to sessions 1 … s.
int classesUntil(const data::StudyData& data, int session)
{
    int count = 0;
    for (const int of : data.sessionOfClass)
        count += of <= session ? 1 : 0;
    return count;
}

SessionPlan makeSession(const spec::RunSpec& spec, const data::StudyData& data, int session,
                        int sessions, methods::ClassRange current)
{
    SessionPlan plan;
    plan.info.session = session;
    plan.info.sessions = sessions;
    plan.info.previous = {0, current.first};
    plan.info.current = current;
    plan.info.seen = {0, current.end()};
    if (!spec.option.empty())
        plan.info.option = model::optionFromText(spec.option);
    plan.ceClasses = spec.params.ceClasses == "seen" ? plan.info.seen : current;
    for (size_t i = 0; i < data.utTrain.size(); ++i) {
        const int label = data.utTrain[i].label;
        if (label >= current.first && label < current.end())
            plan.items.push_back(static_cast<int64_t>(i));
    }
    const auto count = static_cast<int64_t>(plan.items.size());
    const int64_t size = spec.schedule.batchSize;
    plan.batchesPerEpoch = spec.schedule.keepLastPartial ? (count + size - 1) / size : count / size;
    return plan;
}

} // namespace

RunPlan makePlan(const spec::RunSpec& spec, const data::StudyData& data)
{
    RunPlan plan;
    const auto all = static_cast<int>(data.classes.size());
    if (spec.kind == "joint") {
        const bool curve = spec.params.jointSessions == "all";
        for (int s = curve ? 1 : data.sessions; s <= data.sessions; ++s)
            plan.sessions.push_back(
                makeSession(spec, data, s, data.sessions, {0, classesUntil(data, s)}));
    } else if (spec.kind == "method" && !spec.isMultiSession()) {
        plan.sessions.push_back(makeSession(spec, data, 1, 1, {0, all}));
    } else if (spec.kind == "method") {
        for (int s = 1; s <= data.sessions; ++s) {
            const int before = classesUntil(data, s - 1);
            plan.sessions.push_back(makeSession(spec, data, s, data.sessions,
                                                {before, classesUntil(data, s) - before}));
        }
    }
    for (const SessionPlan& session : plan.sessions)
        plan.totalSteps += session.batchesPerEpoch * spec.schedule.epochs;
    return plan;
}

int64_t plannedEvaluations(const spec::RunSpec& spec, const RunPlan& plan, int doneSessions)
{
    const auto sessions =
        std::max<int64_t>(0, static_cast<int64_t>(plan.sessions.size()) - doneSessions);
    const int64_t before = doneSessions > 0 ? 0 : 1;
    const std::string& after = spec.evaluate.after;
    if (after == "never")
        return 0;
    if (after == "run")
        return before + std::min<int64_t>(1, sessions);
    return before + sessions + (after == "epoch" ? sessions * spec.schedule.epochs : 0);
}

std::vector<int64_t> epochOrder(const SessionPlan& session, uint64_t seed, int64_t epoch)
{
    std::vector<int64_t> order = session.items;
    RandomStream::named(seed, "data-order",
                        {static_cast<uint64_t>(session.info.session), static_cast<uint64_t>(epoch)})
        .shuffle(order);
    return order;
}

double learningRate(const spec::Schedule& schedule, int64_t epoch)
{
    const bool dropped = schedule.dropAfterEpoch > 0 && epoch > schedule.dropAfterEpoch;
    return dropped ? schedule.lr * schedule.dropFactor : schedule.lr;
}

int64_t meanBatch(const spec::Schedule& schedule, const RunPlan& plan, int doneSessions)
{
    int64_t pictures = 0;
    int64_t steps = 0;
    for (size_t s = static_cast<size_t>(std::max(0, doneSessions)); s < plan.sessions.size(); ++s) {
        const SessionPlan& session = plan.sessions[s];
        steps += session.batchesPerEpoch;
        pictures += std::min(static_cast<int64_t>(session.items.size()),
                             session.batchesPerEpoch * schedule.batchSize);
    }
    return steps > 0 ? std::max<int64_t>(1, (pictures + steps / 2) / steps) : schedule.batchSize;
}

} // namespace clwb::train
