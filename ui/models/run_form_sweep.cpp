// SPDX-License-Identifier: GPL-3.0-or-later
// Presets of the form, settings with several values, and the form as a file.
#include "core/spec/value_list.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_form.h"

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr const char* kAfter = "evaluate.after";
constexpr const char* kWhat = "evaluate.what";

/// The part of a preset that has widgets of its own.
struct PresetEvaluation
{
    QString after;
    QStringList what;
    bool operator==(const PresetEvaluation&) const = default;
};

PresetEvaluation evaluationOf(const FormPreset& preset)
{
    const RunForm standard;
    PresetEvaluation evaluation{standard.after, standard.what};
    if (const auto after = preset.settings.find(kAfter); after != preset.settings.end())
        evaluation.after = toQt(after->second.get<std::string>());
    if (const auto what = preset.settings.find(kWhat); what != preset.settings.end()) {
        evaluation.what.clear();
        for (const Json& item : what->second)
            evaluation.what << toQt(item.get<std::string>());
    }
    return evaluation;
}

/// {"params.beta": 3} as {"params": {"beta": 3}}.
Json nested(const std::vector<std::string>& sets)
{
    Json document = Json::object();
    for (const std::string& set : sets) {
        const size_t sign = set.find('=');
        const std::string key = set.substr(0, sign);
        const size_t dot = key.find('.');
        Json value = Json::parse(set.substr(sign + 1));
        if (dot == std::string::npos)
            document[key] = std::move(value);
        else
            document[key.substr(0, dot)][key.substr(dot + 1)] = std::move(value);
    }
    return document;
}

} // namespace

void RunForm::usePreset(const FormPreset& preset)
{
    const PresetEvaluation before = evaluationOf(m_preset);
    const PresetEvaluation next = evaluationOf(preset);
    if (after == before.after)
        after = next.after;
    if (what == before.what)
        what = next.what;
    m_preset = preset;
    // What now is the preset's value is no change any more.
    std::erase_if(m_changes, [this](const auto& change) {
        const spec::ParamDef* param = spec::findParam(change.first);
        return param && jsonOf(*param, change.second) == jsonOf(*param, presetText(*param));
    });
}

void RunForm::keepPresetAsChanges()
{
    for (const auto& [key, value] : m_preset.settings) {
        if (key != kAfter && key != kWhat)
            m_changes.emplace(key, valueText(value)); // a change of the user's stays
    }
    m_preset = builtInPreset(m_preset.base, {});
}

FormPreset RunForm::asPreset(const QString& presetName) const
{
    FormPreset preset{presetName, m_preset.base, m_preset.settings};
    for (const spec::ParamDef* param : fields()) {
        const auto changed = m_changes.find(std::string(param->key));
        if (changed != m_changes.end() && !isVaried(*param))
            preset.settings[changed->first] = jsonOf(*param, changed->second);
    }
    preset.settings[kAfter] = fromQt(after);
    Json list = Json::array();
    for (const QString& item : what)
        list.push_back(fromQt(item));
    preset.settings[kWhat] = std::move(list);
    return preset;
}

bool RunForm::canVary(const spec::ParamDef& param)
{
    return spec::takesValueList(param) && param.key != "threads";
}

bool RunForm::isVaried(const spec::ParamDef& param) const
{
    return m_varied.contains(std::string(param.key));
}

void RunForm::setVaried(const spec::ParamDef& param, bool isVaried)
{
    const std::string key(param.key);
    if (isVaried == this->isVaried(param) || !canVary(param))
        return;
    if (isVaried) {
        m_varied[key] = text(param);
        return;
    }
    const auto values = variedValues(param);
    m_varied.erase(key);
    if (values)
        setText(param, valueText(values->front()));
}

void RunForm::varyNothing()
{
    m_varied.clear();
}

Result<std::vector<Json>> RunForm::variedValues(const spec::ParamDef& param) const
{
    return spec::parseValueList(param, fromQt(text(param)));
}

std::vector<const spec::ParamDef*> RunForm::variedFields() const
{
    std::vector<const spec::ParamDef*> varied = fields();
    std::erase_if(varied, [this](const spec::ParamDef* param) { return !isVaried(*param); });
    return varied;
}

Json RunForm::sweepDocument() const
{
    Json base = nested(sets());
    base.erase("name"); // it is the sweep's: its runs are told apart by what varies
    Json grid = Json::object();
    QStringList keys;
    for (const spec::ParamDef* param : variedFields()) {
        Json values = Json::array();
        if (const auto listed = variedValues(*param)) {
            for (const Json& value : *listed)
                values.push_back(value);
        }
        grid[std::string(param->key)] = std::move(values);
        keys << toQt(param->key);
    }
    const auto numbers = seedNumbers();
    if (numbers && numbers->size() == 1)
        base["seed"] = numbers->front();
    else if (numbers)
        grid["seed"] = *numbers;
    QString title = name.trimmed();
    if (title.isEmpty())
        title = toQt(spec::displayLabel(fromQt(kind),
                                        kind == "method"_L1 ? fromQt(method) : std::string(),
                                        fromQt(option))) +
                u' ' + setting + (keys.isEmpty() ? u" seeds"_s : u" by "_s + keys.join(u", "_s));
    return {{"schema", 1},    {"name", fromQt(title)},   {"preset", fromQt(m_preset.base)},
            {"mode", "grid"}, {"base", std::move(base)}, {"grid", std::move(grid)}};
}

void RunForm::checkSweep(FormCheck& check) const
{
    auto sweep = spec::resolveSweep(sweepDocument(), {});
    if (!sweep) {
        addProblems(sweep.error(), check);
        return;
    }
    for (const std::string& note : sweep->notes)
        check.warnings << toQt(note);
    for (const spec::Trial& trial : sweep->trials)
        check.specs.push_back(trial.spec);
    check.sweep = std::move(*sweep);
}

Json RunForm::document() const
{
    const auto numbers = seedNumbers();
    if (!variedFields().empty() || (numbers && numbers->size() > 1))
        return sweepDocument();
    const FormCheck checked = check();
    if (checked.isValid())
        return spec::toJson(checked.specs.front());
    return nested(sets());
}

} // namespace clwb::ui
