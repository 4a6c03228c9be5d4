// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/trial_source.h"

#include "core/spec/param.h"
#include "core/spec/presets.h"
#include "core/spec/study.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace clwb::spec::detail
{
namespace
{

constexpr size_t kMaxName = 200; // as for any run

bool isPreset(const std::string& word)
{
    return word == "study" ||
           std::find(std::begin(kPresets), std::end(kPresets), word) != std::end(kPresets);
}

/// A value as a name shows it: texts without quotes, paths by their last part.
std::string shownValue(const std::string& key, const Json& value)
{
    if (!value.is_string())
        return value.dump();
    const auto text = value.get<std::string>();
    const ParamDef* param = findParam(key);
    return param && param->isPath ? fs::path(text).filename().string() : text;
}

} // namespace

TrialSource::TrialSource(JsonReader& reader, fs::path folder, const SweepOverrides& overrides,
                         std::vector<std::string>& errors)
    : m_folder(std::move(folder))
    , m_sets(overrides.sets)
{
    reader.integer("schema", 1, 1, 1);
    m_name = reader.text("name", "");
    m_preset = reader.text("preset", "");
    if (!m_preset.empty() && !isPreset(m_preset))
        reader.addError("preset", "is \"" + m_preset + "\", allowed are paper, demo, study");
    if (!overrides.preset.empty())
        m_preset = overrides.preset;
    readBase(reader, errors);
}

void TrialSource::readBase(JsonReader& reader, std::vector<std::string>& errors)
{
    const Json* base = reader.raw("base");
    m_base.folder = m_folder;
    if (!base)
        return;
    if (base->is_object()) {
        m_base.document = *base;
        return;
    }
    if (!base->is_string()) {
        reader.addError("base", "expected an object or the path of a spec file");
        return;
    }
    const fs::path file = m_folder / base->get<std::string>();
    auto document = readJsonFile(file);
    if (!document)
        errors.push_back("base: " + document.error().message);
    else if (!document->is_object())
        reader.addError("base", file.string() + " holds no object");
    else
        m_base = {std::move(*document), file.parent_path()};
}

bool TrialSource::isSet(std::string_view key) const
{
    return std::any_of(m_sets.begin(), m_sets.end(), [&](const std::string& set) {
        return set.starts_with(std::string(key) + "=");
    });
}

std::string TrialSource::presetOf(const fs::path& study, std::vector<std::string>& errors)
{
    auto known = m_presets.find(study);
    if (known == m_presets.end()) {
        const auto read = readStudy(study);
        known = m_presets
                    .emplace(study, read ? Result<std::string>(read->preset)
                                         : Result<std::string>(Failure(read.error())))
                    .first;
    }
    if (!known->second) {
        errors.push_back(known->second.error().message);
        return {};
    }
    return *known->second;
}

std::optional<ResolveResult> TrialSource::resolve(const Json& varied,
                                                  std::vector<std::string>& errors)
{
    const std::vector<SpecLayer> layers{m_base, {varied, m_folder}};
    std::string preset = m_preset;
    if (preset == "study") {
        // Which study it is does not depend on the preset.
        const auto first = resolveLayers(layers, m_sets, {}, errors);
        if (!first)
            return std::nullopt;
        preset = presetOf(first->spec.study, errors);
    }
    auto result = resolveLayers(layers, m_sets, preset, errors);
    if (result)
        result->spec.name = trialName(result->spec, varied);
    return result;
}

Failure sweepErrors(std::string_view what, const std::vector<std::string>& errors)
{
    Error error = usageErrors(what, errors);
    error.hint = "clwb " + std::string(what) +
                 " --help shows the form of the file, clwb run "
                 "--help lists every setting with its range";
    return Failure(std::move(error));
}

std::string trialName(const RunSpec& spec, const Json& varied)
{
    if (varied.contains("name"))
        return spec.name;
    const bool labelled = spec.name.empty();
    std::string name = labelled ? displayLabel(spec.kind, spec.method, spec.option) : spec.name;
    for (const auto& [key, value] : varied.items()) {
        if (labelled && (key == "kind" || key == "method" || key == "option"))
            continue;
        const size_t dot = key.rfind('.');
        name += " " + (dot == std::string::npos ? key : key.substr(dot + 1)) + "=" +
                shownValue(key, value);
    }
    if (name.size() > kMaxName) {
        size_t end = kMaxName;
        // Not within a character.
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U)
            --end;
        name.resize(end);
    }
    return name;
}

} // namespace clwb::spec::detail
