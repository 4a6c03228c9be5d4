// SPDX-License-Identifier: GPL-3.0-or-later
// The models that a run writes against the weights of the replay.
#pragma once

#include "tests/replay/findings.h"
#include "tests/replay/settings.h"
#include "tests/replay/tensor_file.h"

#include <filesystem>
#include <string>
#include <vector>

namespace clwb::replay
{

/// How far an update may be from the replay's, as a share of it (interfaces.md §5).
inline constexpr double kUpdateTolerance = 0.02;

/// A model directory as written: for RKR the start model with the scales of its side file.
struct WrittenModel
{
    Tensors tensors;  ///< float32
    std::string hash; ///< model_sha256
};

/// Reads a written model and checks its form (interfaces.md §4).
/// Errors: Data: missing or damaged.
Result<WrittenModel> readWritten(const std::filesystem::path& folder, const Settings& settings,
                                 const Tensors& start, Findings& findings);

/// What compareModels() compares with.
struct ExpectedModel
{
    const Tensors& start; ///< float32
    const Tensors& replayed;
    const std::vector<std::string>& trained;
    double rateSum = 0; ///< learning rates of all steps, added up
};

/// Frozen tensors bit for bit; the update of each trained tensor to 2 % in relative L2 norm;
/// `k_proj.bias`, whose gradient is 0 but for rounding, to what Adam can have moved it.
void compareModels(const std::string& place, const Tensors& written, const ExpectedModel& expected,
                   Findings& findings);

} // namespace clwb::replay
