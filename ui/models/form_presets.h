// SPDX-License-Identifier: GPL-3.0-or-later
// Starting values of the New run page by name: the program's and those that the user saved.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

#include <QString>
#include <QStringList>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// Values of settings over one of the engine's presets.
struct FormPreset
{
    QString name;
    QString base = QStringLiteral("paper"); ///< of core/spec/presets.h
    std::map<std::string, Json> settings;   ///< by dotted key

    bool operator==(const FormPreset&) const = default;
};

/// "paper", "demo", "quick look".
QStringList builtInPresets();
/// CHECK: a name of builtInPresets().
/// @param base the engine's preset that "quick look" starts from, such as the one that suits study
/// or model; empty: the paper's
FormPreset builtInPreset(const QString& name, const QString& base);
/// The engine's preset that suits a model: "demo" for the demo's own and for those trained from it,
/// whose config.json is the same; empty for others. Nothing where no model is there. Any thread;
/// reads the disk.
std::optional<QString> presetOfModel(const std::filesystem::path& model,
                                     const std::filesystem::path& demoModel);

/// A preset that is stored, or taken away where `preset` is empty.
struct PresetEdit
{
    QString name;
    std::optional<FormPreset> preset;
};
/// What takes the edits back, given the presets before them.
std::vector<PresetEdit> inverseOf(const std::vector<PresetEdit>& edits,
                                  const std::vector<FormPreset>& before);
/// The presets once the edits are made.
std::vector<FormPreset> edited(std::vector<FormPreset> presets,
                               const std::vector<PresetEdit>& edits);
/// Why a preset cannot have this name; empty when it can.
QString problemOfPresetName(const QString& name);

/// The user's presets, by name. A file that is not there holds none. Any thread.
/// Errors: Usage, Corrupt, Newer-than-known schema, with everything that is wrong in the file.
Result<std::vector<FormPreset>> readFormPresets(const std::filesystem::path& file);
/// Reads the file again, so that another window's presets stay, and replaces it as a whole.
Result<std::vector<FormPreset>> editFormPresets(const std::filesystem::path& file,
                                                const std::vector<PresetEdit>& edits);

} // namespace clwb::ui
