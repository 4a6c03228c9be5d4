// SPDX-License-Identifier: GPL-3.0-or-later
// What can be known about a run before its first step: whether the model suits it, and the disk.
#pragma once

#include "core/base/error.h"
#include "core/spec/run_spec.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace clwb::run
{

struct OpenModel;

/// Errors: Data (a model that no run can start from), Usage (a setting beyond the model's sizes).
Result<void> checkAgainstModel(const spec::RunSpec& spec, const OpenModel& model);

/// Bytes of the tensors that a run trains: those of its option, or the method's own.
uint64_t trainedBytes(const spec::RunSpec& spec, const OpenModel& model);

/// Bytes of a checkpoint: student, last result and two moments of every trained tensor.
uint64_t checkpointBytes(const spec::RunSpec& spec, const OpenModel& model);

/// A warning where a folder's disk has room for less than three checkpoints: the two that are kept
/// and the one being written.
std::optional<std::string> lowDiskWarning(const std::filesystem::path& folder,
                                          uint64_t checkpointBytes);

} // namespace clwb::run
