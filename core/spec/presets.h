// SPDX-License-Identifier: GPL-3.0-or-later
// Starting values of a run: the paper's, and those that suit the demo study's small model.
#pragma once

#include "core/spec/run_spec.h"

#include <string>
#include <string_view>
#include <vector>

namespace clwb::spec
{

inline constexpr std::string_view kPresets[]{"paper", "demo"};

/// A spec with the preset's values for this kind of run; study and model are empty.
/// @param preset "" or "paper", or "demo"; CHECK: a known one
RunSpec presetSpec(std::string_view preset, std::string_view kind, std::string_view method,
                   std::string_view option, std::string_view setting);

/// A setting whose value differs from the preset's.
struct PresetChange
{
    std::string key;
    Json value;
    Json presetValue;
};
/// Only settings that the run uses; name, study, model, seed, device and threads never count.
std::vector<PresetChange> changesFromPreset(const RunSpec& spec, std::string_view preset);

/// All settings with default, range, help and reason, for `clwb run --help`; ≤ 100 columns.
std::string settingsHelp();

} // namespace clwb::spec
