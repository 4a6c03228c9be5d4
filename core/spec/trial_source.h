// SPDX-License-Identifier: GPL-3.0-or-later
// What sweep and search files have in common: base, name, preset, and `--set` over all trials.
#pragma once

#include "core/spec/sweep.h"

#include <map>
#include <optional>

namespace clwb::spec::detail
{

class TrialSource
{
public:
    /// Reads the common keys of a document; problems go into `errors`.
    TrialSource(JsonReader& reader, std::filesystem::path folder, const SweepOverrides& overrides,
                std::vector<std::string>& errors);

    [[nodiscard]] const std::string& name() const { return m_name; }
    /// Whether `--set` gives the key, which a trial that varies it must refuse.
    [[nodiscard]] bool isSet(std::string_view key) const;
    /// The base with `varied` over it and the `--set` items over both.
    std::optional<ResolveResult> resolve(const Json& varied, std::vector<std::string>& errors);

private:
    void readBase(JsonReader& reader, std::vector<std::string>& errors);
    /// The preset that a study carries. Reads each study once.
    std::string presetOf(const std::filesystem::path& study, std::vector<std::string>& errors);

    std::filesystem::path m_folder;
    std::vector<std::string> m_sets;
    std::string m_name;
    std::string m_preset;
    SpecLayer m_base{Json::object(), {}};
    std::map<std::filesystem::path, Result<std::string>> m_presets;
};

/// One Usage error of a file's problems.
Failure sweepErrors(std::string_view what, const std::vector<std::string>& errors);

/// "FT-WM seed=1": the base's name, or the method's label, and what is varied; at most 200 bytes.
std::string trialName(const RunSpec& spec, const Json& varied);

} // namespace clwb::spec::detail
