// SPDX-License-Identifier: GPL-3.0-or-later
// A step trace (interfaces.md §5) as values.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace clwb::replay
{

struct SessionLine
{
    int session = 0;
    std::vector<int64_t> classes;
    int64_t items = 0;
};

/// A step, or a batch that was left out (`skip`): that has items only.
struct StepLine
{
    bool isSkipped = false;
    int session = 0;
    int epoch = 0;
    int64_t step = 0;
    double lr = 0;
    std::vector<std::string> items;
    std::vector<int64_t> labels;
    std::vector<std::vector<int64_t>> pseudo;
    std::map<std::string, double> losses;
    std::map<std::string, double> weights;
    double logitScale = 0;

    /// "session 1 epoch 2 step 7", for messages.
    [[nodiscard]] std::string place() const;
};

struct MergeLine
{
    int session = 0;
    double alpha = 0;
};

struct EvalLine
{
    int session = 0;
    int epoch = 0; ///< 0: after a session
    std::string split;
    Json record;

    [[nodiscard]] std::string place() const;
};

struct EndLine
{
    std::string status;
    int64_t steps = 0;
};

using TraceEvent = std::variant<SessionLine, StepLine, MergeLine, EvalLine, EndLine>;

struct Trace
{
    Json spec;
    std::vector<std::string> trained;
    std::vector<std::string> classes;
    std::vector<TraceEvent> events; ///< in the order of the lines
};

/// Errors: Data, with the number of the line: no JSON, an unknown type, a key missing or of a wrong
/// type, a first line that is not `run`.
Result<Trace> parseTrace(std::string_view text);

} // namespace clwb::replay
