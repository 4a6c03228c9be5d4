// SPDX-License-Identifier: GPL-3.0-or-later
// Losses and logit scale of a step line against those of the replay.
#include "core/base/number_text.h"
#include "tests/replay/trajectory.h"
#include "tests/replay/weights_check.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace clwb::replay
{
namespace
{

constexpr double kLossTolerance = 1e-4;     ///< interfaces.md §5
constexpr double kGeodesicTolerance = 1e-3; ///< of 1 + L
// A KL divergence near 0 is a difference of float32 logarithms; 1 + L of a geodesic near 0 is the
// square of a float32 difference of features.
constexpr double kLossFloor = 2e-6;
constexpr double kGeodesicFloor = 1e-12;

bool isGeodesic(const std::string& name)
{
    return name.starts_with("Geo");
}

double allowedOf(const std::string& name, double loss, const Settings& s)
{
    if (isGeodesic(name)) {
        const double size = s.geodesic.objective == "mahalanobis" ? loss : 1 + loss;
        return kGeodesicTolerance * std::abs(size) + kGeodesicFloor;
    }
    const double floor = name == "CE" ? 0 : kLossFloor * s.temperature * s.temperature;
    return kLossTolerance * std::abs(loss) + floor;
}

} // namespace

void Trajectory::checkLosses(const StepLine& line, const Terms& terms, Findings& findings) const
{
    const Settings& s = m_setting.settings;
    double sum = 0;
    for (const auto& [name, value] : line.losses) {
        if (name == "total")
            continue;
        const auto term = terms.find(name);
        if (term == terms.end()) {
            findings.add("loss terms", line.place() + ": " + name + " should be absent");
            continue;
        }
        const double mine = term->second.item<double>();
        // Written so that NaN fails.
        if (!(std::abs(value - mine) <= allowedOf(name, mine, s)))
            findings.add("loss", line.place() + ": " + name + " is " + shortestText(value) +
                                     ", the replay has " + shortestText(mine));
        const auto weight = line.weights.find(name);
        const double expected = name == "CE" ? 1 : s.beta;
        if (name != "CE" && (weight == line.weights.end() || weight->second != expected))
            findings.add("loss weights",
                         line.place() + ": " + name + " expected " + shortestText(expected));
        sum += expected * value;
    }
    for (const auto& [name, value] : terms) {
        if (!line.losses.contains(name))
            findings.add("loss terms", line.place() + ": " + name + " is absent");
    }
    for (const auto& [name, value] : line.weights) {
        if (name == "CE" || !terms.contains(name))
            findings.add("loss weights",
                         line.place() + ": weight of " + name + ", which is not computed");
    }
    const auto total = line.losses.find("total");
    if (total == line.losses.end() ||
        !(std::abs(total->second - sum) <= 1e-6 * std::max(1.0, std::abs(sum))))
        findings.add("total",
                     line.place() + ": expected CE + Σ weight·loss = " + shortestText(sum));
}

void Trajectory::checkLogitScale(const StepLine& line, Findings& findings) const
{
    const auto start = m_start.find("logit_scale");
    const double mine = m_student.at("logit_scale").item<double>();
    double allowed = 0;
    if (start != m_start.end()) {
        const double moved = std::abs(mine - start->second.item<double>());
        allowed = kUpdateTolerance * moved + 1e-6;
    }
    if (!(std::abs(line.logitScale - mine) <= allowed))
        findings.add("logit scale", line.place() + ": is " + shortestText(line.logitScale) +
                                        ", the replay has " + shortestText(mine));
}

} // namespace clwb::replay
