// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/composition.h"

#include "core/base/number_text.h"
#include "tests/replay/pseudo_check.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace clwb::replay
{
namespace
{

std::string listText(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

/// The events besides steps, as words: "session 1", "eval 1 test", …
std::vector<std::string> plannedEvents(const Settings& s, const std::vector<SessionPlan>& plan)
{
    std::vector<std::string> words;
    const auto evaluate = [&](int session, int epoch) {
        const std::string place =
            "eval " + std::to_string(session) + (epoch ? " epoch " + std::to_string(epoch) : "");
        words.push_back(place + " test");
        if (s.validation)
            words.push_back(place + " val");
    };
    const bool isEach = s.evaluateAfter == "session" || s.evaluateAfter == "epoch";
    if (s.evaluateAfter != "never")
        evaluate(0, 0);
    int finished = 0;
    for (const SessionPlan& session : plan) {
        words.push_back("session " + std::to_string(session.session));
        for (int epoch = 1; s.evaluateAfter == "epoch" && epoch <= s.schedule.epochs; ++epoch)
            evaluate(finished, epoch);
        finished = session.session;
        if (s.method == "imm")
            words.push_back("merge " + std::to_string(session.session));
        const bool isLast = &session == &plan.back();
        if (isEach || (s.evaluateAfter == "run" && isLast))
            evaluate(session.session, 0);
    }
    words.emplace_back("end");
    return words;
}

std::vector<std::string> tracedEvents(const Trace& trace)
{
    std::vector<std::string> words;
    for (const TraceEvent& event : trace.events) {
        if (const auto* session = std::get_if<SessionLine>(&event))
            words.push_back("session " + std::to_string(session->session));
        else if (const auto* merge = std::get_if<MergeLine>(&event))
            words.push_back("merge " + std::to_string(merge->session));
        else if (const auto* eval = std::get_if<EvalLine>(&event))
            words.push_back("eval " + std::to_string(eval->session) +
                            (eval->epoch ? " epoch " + std::to_string(eval->epoch) : "") + " " +
                            eval->split);
        else if (std::holds_alternative<EndLine>(event))
            words.emplace_back("end");
    }
    return words;
}

void checkSession(const SessionLine& line, const SessionPlan& plan, Findings& findings)
{
    const std::string place = "session " + std::to_string(line.session);
    if (line.classes != plan.classes)
        findings.add("session classes", place + ": the classes differ from the study's");
    if (line.items != static_cast<int64_t>(plan.labels.size()))
        findings.add("session items", place + ": says " + std::to_string(line.items) +
                                          " items, data list has " +
                                          std::to_string(plan.labels.size()));
}

/// Follows the batches of one session.
class EpochCheck
{
public:
    EpochCheck(const SessionPlan& plan, const Settings& settings, Findings& findings)
        : m_plan(plan)
        , m_settings(settings)
        , m_findings(findings)
    {}

    void add(const StepLine& step)
    {
        if (step.epoch != m_epoch) {
            finishEpoch();
            if (step.epoch != m_epoch + 1)
                m_findings.add("epochs",
                               step.place() + ": follows epoch " + std::to_string(m_epoch));
            m_epoch = step.epoch;
        }
        m_batches.push_back(step.items.size());
        for (size_t i = 0; i < step.items.size(); ++i)
            addItem(step, i);
        const double rate = m_settings.rateOf(step.epoch);
        if (!step.isSkipped && std::abs(step.lr - rate) > 1e-12 * rate)
            m_findings.add("learning rate", step.place() + ": is " + shortestText(step.lr) +
                                                ", expected " + shortestText(rate));
    }

    void finish()
    {
        finishEpoch();
        if (m_epoch != m_settings.schedule.epochs)
            m_findings.add("epochs", place() + ": is the last, expected " +
                                         std::to_string(m_settings.schedule.epochs));
        const bool isShuffled =
            std::set<std::vector<std::string>>(m_orders.begin(), m_orders.end()).size() > 1;
        // Four items or fewer may come twice in the same order by chance.
        if (m_orders.size() > 1 && m_plan.labels.size() > 4 && !isShuffled)
            m_findings.add("order", place() + ": every epoch has the same order of items");
    }

private:
    [[nodiscard]] std::string place() const
    {
        return "session " + std::to_string(m_plan.session) + " epoch " + std::to_string(m_epoch);
    }

    void addItem(const StepLine& step, size_t i)
    {
        const std::string& id = step.items[i];
        m_order.push_back(id);
        const auto known = m_plan.labels.find(id);
        if (known == m_plan.labels.end())
            m_findings.add("items", step.place() + ": " + id + " is not of this session");
        if (!m_seen.insert(id).second)
            m_findings.add("items", step.place() + ": " + id + " comes twice in an epoch");
        if (step.isSkipped || known == m_plan.labels.end())
            return;
        if (i >= step.labels.size() || step.labels[i] != known->second)
            m_findings.add("labels", step.place() + ": item " + id + " expected label " +
                                         std::to_string(known->second));
    }

    void finishEpoch()
    {
        if (m_epoch == 0)
            return;
        const auto size = static_cast<size_t>(m_settings.schedule.batchSize);
        const size_t items = m_plan.labels.size();
        std::vector<size_t> expected(items / size, size);
        if (items % size != 0 && m_settings.schedule.keepLastPartial)
            expected.push_back(items % size);
        if (m_batches != expected)
            m_findings.add("batches", place() + ": has " + std::to_string(m_batches.size()) +
                                          " batches of another size than expected (" +
                                          std::to_string(expected.size()) + ")");
        m_orders.push_back(std::move(m_order));
        m_order = {};
        m_seen.clear();
        m_batches.clear();
    }

    const SessionPlan& m_plan;
    const Settings& m_settings;
    Findings& m_findings;
    int m_epoch = 0;
    std::vector<size_t> m_batches;
    std::vector<std::string> m_order;
    std::vector<std::vector<std::string>> m_orders;
    std::set<std::string> m_seen;
};

void checkSteps(const Trace& trace, const Settings& settings, const std::vector<SessionPlan>& plan,
                Findings& findings)
{
    int64_t last = 0;
    size_t session = 0;
    std::optional<EpochCheck> epochs;
    for (const TraceEvent& event : trace.events) {
        if (const auto* line = std::get_if<SessionLine>(&event)) {
            if (epochs)
                epochs->finish();
            epochs.reset();
            if (session >= plan.size())
                return;
            checkSession(*line, plan[session], findings);
            epochs.emplace(plan[session++], settings, findings);
        } else if (const auto* step = std::get_if<StepLine>(&event)) {
            if (!epochs) {
                findings.add("steps", step->place() + ": before any session");
                return;
            }
            if (step->session != plan[session - 1].session)
                findings.add("steps", step->place() + ": within another session");
            epochs->add(*step);
            if (!step->isSkipped && step->step != ++last)
                findings.add("steps", step->place() + ": expected step " + std::to_string(last));
        } else if (const auto* end = std::get_if<EndLine>(&event)) {
            if (end->status != "finished" || end->steps != last)
                findings.add("end", end->status + " after " + std::to_string(end->steps) +
                                        " steps; expected finished after " + std::to_string(last));
        }
    }
    if (epochs)
        epochs->finish();
}

void checkItems(const std::vector<Item>& items, const std::vector<std::string>& classes,
                const std::vector<int>& sessionOfClass, Findings& findings)
{
    for (const Item& item : items) {
        const auto known = std::find(classes.begin(), classes.end(), item.className);
        if (known == classes.end())
            findings.add("classes", "data list names '" + item.className + "', the trace does not");
        else if (sessionOfClass[static_cast<size_t>(known - classes.begin())] != item.session)
            findings.add("classes", item.id + ": data list says session " +
                                        std::to_string(item.session) + ", the study another");
    }
}

} // namespace

std::vector<SessionPlan> plannedSessions(const Settings& settings,
                                         const std::vector<std::string>& classes,
                                         const std::vector<int>& sessionOfClass,
                                         const std::vector<Item>& items)
{
    std::vector<SessionPlan> plan;
    if (!settings.isTraining())
        return plan;
    const int sessions = sessionOfClass.empty() ? 0 : sessionOfClass.back();
    const bool isFinalOnly = settings.kind == "joint" && settings.jointSessions == "final";
    const bool isCumulative = settings.kind == "joint";
    const int count = settings.isOneSession() ? 1 : sessions;
    for (int s = isFinalOnly ? count : 1; s <= count; ++s) {
        SessionPlan session;
        session.session = s;
        for (size_t c = 0; c < classes.size(); ++c) {
            const int own = sessionOfClass[c];
            if (!settings.isOneSession() && own != s && !(isCumulative && own < s))
                continue;
            session.classes.push_back(static_cast<int64_t>(c));
            for (const Item& item : items) {
                if (item.className == classes[c])
                    session.labels[item.id] = static_cast<int64_t>(c);
            }
        }
        plan.push_back(std::move(session));
    }
    return plan;
}

std::vector<std::string> plannedNames(const Settings& settings, const Tensors& start)
{
    std::vector<std::string> names;
    const auto isImage = [](const std::string& name) {
        return name.starts_with("vision_model.") || name.starts_with("visual_");
    };
    for (const auto& [name, tensor] : start) {
        const bool isTrained = name == "logit_scale" ? settings.trainsLogitScale()
                               : isImage(name)       ? settings.trainsImages()
                                                     : settings.trainsTexts();
        const std::string tail = ".layer_norm1.weight";
        if (settings.method == "rkr" && isTrained && name.ends_with(tail)) {
            const std::string layer = name.substr(0, name.size() - tail.size());
            if (settings.rkrPlacement == "sublayer") {
                names.push_back(layer + ".rkr_attn_scale");
                names.push_back(layer + ".rkr_mlp_scale");
            } else {
                names.push_back(layer + ".rkr_scale");
            }
        } else if (settings.method != "rkr" && settings.isTraining() && isTrained) {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<void> checkComposition(const Trace& trace, const Settings& settings,
                              const std::vector<SessionPlan>& plan,
                              const std::vector<int>& sessionOfClass, StudyData& study,
                              Findings& findings)
{
    const std::vector<std::string> expected = plannedEvents(settings, plan);
    const std::vector<std::string> traced = tracedEvents(trace);
    if (traced != expected)
        findings.add("events",
                     "the trace has " + listText(traced) + "; expected " + listText(expected));
    CLWB_ASSIGN(const std::vector<Item> items, study.items("ut-train"));
    checkItems(items, trace.classes, sessionOfClass, findings);
    checkSteps(trace, settings, plan, findings);
    return checkPseudo(trace, settings, study, findings);
}

} // namespace clwb::replay
