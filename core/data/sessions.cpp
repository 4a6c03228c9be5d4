// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/sessions.h"

#include "core/base/json.h"
#include "core/data/printable.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace clwb::data
{
namespace
{

Result<SessionSplit> equalParts(const std::vector<std::string>& candidates,
                                const spec::SessionPlan& plan)
{
    const size_t classes = candidates.size();
    const auto count = static_cast<size_t>(std::max(plan.count, 1));
    if (classes == 0 || classes % count != 0) {
        return fail(ErrorCode::Usage,
                    "sessions.count: " + std::to_string(classes) +
                        " classes cannot be split into " + std::to_string(count) +
                        " equal sessions",
                    "choose a divisor, or name the classes of every session in sessions.classes");
    }
    SessionSplit split;
    split.sessions = static_cast<int>(count);
    split.order.resize(classes);
    std::iota(split.order.begin(), split.order.end(), size_t(0));
    if (plan.order == "name") {
        std::sort(split.order.begin(), split.order.end(),
                  [&](size_t a, size_t b) { return candidates[a] < candidates[b]; });
    }
    for (size_t i = 0; i < classes; ++i)
        split.sessionOfClass.push_back(static_cast<int>(i / (classes / count)) + 1);
    return split;
}

Result<SessionSplit> namedParts(const std::map<std::string, size_t>& positions,
                                const std::vector<std::string>& candidates,
                                const spec::SessionPlan& plan)
{
    SessionSplit split;
    split.sessions = static_cast<int>(plan.classes.size());
    std::vector<bool> isUsed(candidates.size(), false);
    for (size_t session = 0; session < plan.classes.size(); ++session) {
        const std::string where = "sessions.classes[" + std::to_string(session) + "]: ";
        if (plan.classes[session].empty())
            return fail(ErrorCode::Data, where + "session without classes");
        for (const std::string& name : plan.classes[session]) {
            const auto found = positions.find(name);
            if (found == positions.end()) {
                const auto nearest = nearestWord(name, candidates);
                return fail(ErrorCode::Data,
                            where + "the data have no class '" + printable(name) + "'",
                            nearest ? "did you mean '" + printable(*nearest) + "'?" : "");
            }
            if (isUsed[found->second]) {
                return fail(ErrorCode::Data,
                            where + "class '" + printable(name) + "' a second time",
                            "every class belongs to one session");
            }
            isUsed[found->second] = true;
            split.order.push_back(found->second);
            split.sessionOfClass.push_back(static_cast<int>(session) + 1);
        }
    }
    for (size_t i = 0; i < candidates.size(); ++i) {
        if (!isUsed[i])
            split.unused.push_back(i);
    }
    return split;
}

} // namespace

Result<SessionSplit> splitIntoSessions(const std::vector<std::string>& candidates,
                                       const std::vector<std::string>& aliases,
                                       const spec::SessionPlan& plan)
{
    std::map<std::string, size_t> positions;
    for (size_t i = 0; i < candidates.size(); ++i) {
        if (!positions.emplace(candidates[i], i).second) {
            return fail(ErrorCode::Data,
                        "class '" + printable(candidates[i]) + "' exists twice in the data");
        }
    }
    for (size_t i = 0; i < aliases.size(); ++i)
        positions.emplace(aliases[i], i);
    return plan.classes.empty() ? equalParts(candidates, plan)
                                : namedParts(positions, candidates, plan);
}

} // namespace clwb::data
