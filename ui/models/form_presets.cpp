// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/form_presets.h"

#include "core/base/check.h"
#include "core/base/file.h"
#include "core/spec/param.h"
#include "core/spec/presets.h"
#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kPresetSchema = 1;
constexpr int kLongestPresetName = 60;

struct FormPresetsText
{
    Q_DECLARE_TR_FUNCTIONS(FormPresets)
};

QString quickLook()
{
    return u"quick look"_s; // a name like "paper", the same in every language
}

FormPreset readPreset(const Json& entry, const std::string& where, std::vector<std::string>& errors)
{
    FormPreset preset;
    JsonReader reader(entry, where, errors);
    preset.name = toQt(reader.text("name", {}));
    if (const QString problem = problemOfPresetName(preset.name); !problem.isEmpty())
        reader.addError("name", fromQt(problem));
    const std::string base = reader.text("base", "paper");
    if (std::find(std::begin(spec::kPresets), std::end(spec::kPresets), base) ==
        std::end(spec::kPresets))
        reader.addError("base", "expected paper or demo, got " + base);
    preset.base = toQt(base);
    for (const auto& [key, value] : reader.object("settings").items()) {
        const spec::ParamDef* param = spec::findParam(key);
        if (!param)
            errors.push_back(where + ".settings." + spec::unknownKeyText(key));
        else if (const auto problem = spec::findProblem(*param, value))
            errors.push_back(where + ".settings." + key + ": " + *problem);
        preset.settings[key] = value;
    }
    reader.finish();
    return preset;
}

Json toDocument(const std::vector<FormPreset>& presets)
{
    Json list = Json::array();
    for (const FormPreset& preset : presets) {
        Json settings = Json::object();
        for (const auto& [key, value] : preset.settings)
            settings[key] = value;
        list.push_back({{"name", fromQt(preset.name)},
                        {"base", fromQt(preset.base)},
                        {"settings", std::move(settings)}});
    }
    return {{"schema", kPresetSchema}, {"presets", std::move(list)}};
}

} // namespace

QStringList builtInPresets()
{
    QStringList names;
    for (const std::string_view preset : spec::kPresets)
        names << toQt(preset);
    return names << quickLook();
}

FormPreset builtInPreset(const QString& name, const QString& base)
{
    CLWB_CHECK(builtInPresets().contains(name), fromQt(name));
    if (name != quickLook())
        return {name, name, {}};
    return {name,
            base.isEmpty() ? u"paper"_s : base,
            {{"schedule.epochs", 1},
             {"evaluate.after", "run"},
             {"evaluate.what", Json::array({"ut", "zs"})}}};
}

std::optional<QString> presetOfModel(const std::filesystem::path& model,
                                     const std::filesystem::path& demoModel)
{
    constexpr const char* kConfig = "config.json";
    if (model.lexically_normal() == demoModel.lexically_normal())
        return u"demo"_s;
    std::error_code error;
    if (!std::filesystem::exists(model, error) ||
        (std::filesystem::is_directory(model, error) &&
         !std::filesystem::exists(model / kConfig, error)))
        return std::nullopt;
    // A run writes the config of the model that it began with unchanged.
    const auto config = readJsonFile(model / kConfig);
    const auto demo = readJsonFile(demoModel / kConfig);
    return config && demo && *config == *demo ? u"demo"_s : QString();
}

std::vector<PresetEdit> inverseOf(const std::vector<PresetEdit>& edits,
                                  const std::vector<FormPreset>& before)
{
    std::vector<PresetEdit> back;
    for (const PresetEdit& edit : edits) {
        const auto old = std::find_if(before.begin(), before.end(), [&](const FormPreset& preset) {
            return preset.name == edit.name;
        });
        back.push_back({edit.name, old == before.end() ? std::nullopt : std::optional(*old)});
    }
    return back;
}

std::vector<FormPreset> edited(std::vector<FormPreset> presets,
                               const std::vector<PresetEdit>& edits)
{
    for (const PresetEdit& edit : edits) {
        std::erase_if(presets, [&](const FormPreset& one) { return one.name == edit.name; });
        if (edit.preset)
            presets.push_back(*edit.preset);
    }
    return presets;
}

QString problemOfPresetName(const QString& name)
{
    if (name.trimmed().isEmpty() || name != name.simplified())
        return FormPresetsText::tr("A preset needs a name in one line");
    if (name.size() > kLongestPresetName)
        return FormPresetsText::tr("The name has more than %1 characters").arg(kLongestPresetName);
    if (builtInPresets().contains(name, Qt::CaseInsensitive))
        return FormPresetsText::tr("“%1” is a preset of the program: choose another name")
            .arg(name);
    return {};
}

namespace
{

Result<std::vector<FormPreset>> presetsOf(const Json& document, const std::filesystem::path& file)
{
    std::vector<std::string> errors;
    std::vector<FormPreset> presets;
    if (!document.is_object())
        return fail(ErrorCode::Corrupt, file.string() + ": expected an object");
    JsonReader reader(document, "", errors);
    reader.integer("schema", kPresetSchema, 1, kPresetSchema);
    const Json* list = reader.raw("presets");
    if (list && !list->is_array())
        reader.addError("presets", "expected a list");
    for (size_t i = 0; list && list->is_array() && i < list->size(); ++i) {
        const std::string where = "presets[" + std::to_string(i) + "]";
        if ((*list)[i].is_object())
            presets.push_back(readPreset((*list)[i], where, errors));
        else
            errors.push_back(where + ": expected an object");
    }
    reader.finish();
    if (!errors.empty()) {
        std::string message = file.string() + ":";
        for (const std::string& line : errors)
            message += "\n  " + line;
        return fail(ErrorCode::Corrupt, message,
                    "Put the file right or move it away; it is left as it is.");
    }
    std::sort(presets.begin(), presets.end(), [](const FormPreset& a, const FormPreset& b) {
        return a.name.localeAwareCompare(b.name) < 0;
    });
    return presets;
}

} // namespace

Result<std::vector<FormPreset>> readFormPresets(const std::filesystem::path& file)
{
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error)
        return std::vector<FormPreset>();
    CLWB_ASSIGN(const Json document, readJsonFile(file));
    return presetsOf(document, file);
}

Result<std::vector<FormPreset>> editFormPresets(const std::filesystem::path& file,
                                                const std::vector<PresetEdit>& edits)
{
    CLWB_ASSIGN(std::vector<FormPreset> presets, readFormPresets(file));
    presets = edited(std::move(presets), edits);
    std::error_code ignored; // writing says what is wrong with the folder
    std::filesystem::create_directories(file.parent_path(), ignored);
    const Json document = toDocument(presets);
    // What could not be read again is not written.
    CLWB_ASSIGN(presets, presetsOf(document, file));
    CLWB_TRY(writeFileAtomically(file, document.dump(2) + "\n"));
    return presets;
}

} // namespace clwb::ui
