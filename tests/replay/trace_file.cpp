// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/trace_file.h"

#include "core/base/number_text.h"

#include <limits>

namespace clwb::replay
{
namespace
{

/// Numbers, and the texts that stand for what JSON has no number for.
double numberOf(const Json& value)
{
    if (!value.is_string())
        return value.get<double>();
    return parseDouble(value.get<std::string>()).value_or(std::numeric_limits<double>::quiet_NaN());
}

std::map<std::string, double> numbersOf(const Json& object)
{
    std::map<std::string, double> values;
    for (const auto& [name, value] : object.items())
        values[name] = numberOf(value);
    return values;
}

std::vector<std::string> idsOf(const Json& items)
{
    std::vector<std::string> ids;
    for (const Json& item : items)
        ids.push_back(item.is_string() ? item.get<std::string>() : item.dump());
    return ids;
}

StepLine stepOf(const Json& line)
{
    StepLine step;
    step.isSkipped = line.at("type") == "skip";
    step.session = line.at("session");
    step.epoch = line.at("epoch");
    step.step = line.at("step");
    step.items = idsOf(line.at("items"));
    if (step.isSkipped)
        return step;
    step.lr = numberOf(line.at("lr"));
    step.labels = line.at("labels").get<std::vector<int64_t>>();
    step.pseudo = line.at("pseudo").get<std::vector<std::vector<int64_t>>>();
    step.losses = numbersOf(line.at("losses"));
    step.weights = numbersOf(line.at("weights"));
    step.logitScale = numberOf(line.at("logit_scale"));
    return step;
}

TraceEvent eventOf(const Json& line)
{
    const std::string type = line.at("type");
    if (type == "session")
        return SessionLine{line.at("session"), line.at("classes"), line.at("items")};
    if (type == "step" || type == "skip")
        return stepOf(line);
    if (type == "merge")
        return MergeLine{line.at("session"), numberOf(line.at("alpha"))};
    if (type == "eval") {
        EvalLine eval{line.at("session"), line.value("epoch", 0), line.at("split"), line};
        eval.record.erase("type");
        return eval;
    }
    if (type == "end")
        return EndLine{line.at("status"), line.at("steps")};
    throw std::runtime_error("unknown type " + type);
}

} // namespace

std::string StepLine::place() const
{
    return "session " + std::to_string(session) + " epoch " + std::to_string(epoch) + " step " +
           std::to_string(step);
}

std::string EvalLine::place() const
{
    return "evaluation after session " + std::to_string(session) +
           (epoch > 0 ? " epoch " + std::to_string(epoch) : "") + " (" + split + ")";
}

Result<Trace> parseTrace(std::string_view text)
{
    Trace trace;
    for (size_t number = 1; !text.empty(); ++number) {
        const size_t end = text.find('\n');
        const std::string place = "trace line " + std::to_string(number);
        if (end == std::string_view::npos)
            return fail(ErrorCode::Data, place + ": has no line end");
        CLWB_ASSIGN(const Json line, parseJson(text.substr(0, end), place));
        text.remove_prefix(end + 1);
        try {
            if (number > 1) {
                trace.events.push_back(eventOf(line));
                continue;
            }
            if (line.at("type") != "run")
                return fail(ErrorCode::Data, place + ": expected the type run");
            trace.spec = line.at("spec");
            trace.trained = line.at("trained").get<std::vector<std::string>>();
            trace.classes = line.at("classes").get<std::vector<std::string>>();
        } catch (const std::exception& problem) {
            return fail(ErrorCode::Data, place + ": " + problem.what());
        }
    }
    return trace;
}

} // namespace clwb::replay
