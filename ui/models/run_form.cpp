// SPDX-License-Identifier: GPL-3.0-or-later
// Values, checks and command line of the form.
#include "ui/models/run_form.h"

#include "core/base/check.h"
#include "core/base/number_text.h"
#include "core/base/shell_words.h"
#include "core/spec/fields.h"
#include "core/spec/presets.h"
#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr size_t kMostSeeds = 100;

struct RunFormText
{
    Q_DECLARE_TR_FUNCTIONS(RunForm)
};

template<size_t N>
bool isOneOf(std::string_view key, const std::array<std::string_view, N>& keys)
{
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Settings with widgets of their own.
constexpr std::array<std::string_view, 10> kOwnPlace{
    "name",   "study",   "model", "kind",           "method",
    "option", "setting", "seed",  "evaluate.after", "evaluate.what"};
constexpr std::array<std::string_view, 8> kMain{
    "params.beta",     "params.alpha",        "params.M",   "params.Ks", "params.rkr_lr",
    "schedule.epochs", "schedule.batch_size", "schedule.lr"};

/// " --set key=value"; texts are written without JSON's quotes, as people would.
QString setArgument(std::string_view key, const Json& value)
{
    return u" --set "_s +
           toQt(shellQuoted(std::string(key) + '=' +
                            (value.is_string() ? value.get<std::string>() : value.dump())));
}

} // namespace

Json jsonOf(const spec::ParamDef& param, const QString& text)
{
    const std::string plain = fromQt(text.trimmed());
    switch (param.type) {
    case spec::ParamType::Boolean:
        return plain == "true";
    case spec::ParamType::Number:
        if (const auto number = parseDouble(plain))
            return *number;
        break;
    case spec::ParamType::Integer:
        if (const auto number = parseInteger(plain))
            return *number;
        break;
    case spec::ParamType::TextList:
    case spec::ParamType::IntegerList: {
        Json list = Json::array();
        for (const QString& part : text.split(u',', Qt::SkipEmptyParts)) {
            const std::string item = fromQt(part.trimmed());
            const auto number = parseInteger(item);
            if (param.type == spec::ParamType::IntegerList && number)
                list.push_back(*number);
            else
                list.push_back(item);
        }
        return list;
    }
    case spec::ParamType::Text:
    case spec::ParamType::Choice:
        break;
    }
    return plain == "null" ? Json() : Json(plain);
}

QString valueText(const Json& value)
{
    if (value.is_string())
        return toQt(value.get<std::string>());
    if (value.is_number_float())
        return toQt(shortestText(value.get<double>()));
    if (value.is_array()) {
        QStringList items;
        for (const Json& item : value)
            items << valueText(item);
        return items.join(u", "_s);
    }
    return toQt(value.dump());
}

Json valueAt(const Json& document, std::string_view key)
{
    const size_t dot = key.find('.');
    if (!document.is_object() || !document.contains(key.substr(0, dot)))
        return {};
    const Json& value = document.at(std::string(key.substr(0, dot)));
    return dot == std::string_view::npos ? value : valueAt(value, key.substr(dot + 1));
}

QString FormCheck::reason() const
{
    if (isValid())
        return {};
    if (!problems.empty())
        return problems.begin()->second;
    return otherProblems.isEmpty() ? RunFormText::tr("Something is missing")
                                   : otherProblems.front();
}

void addProblems(const Error& error, FormCheck& check)
{
    for (const QString& line : toQt(error.message).split(u'\n')) {
        const QString trimmed = line.trimmed();
        const spec::ParamDef* param =
            spec::findParam(fromQt(trimmed.section(u':', 0, 0).trimmed()));
        if (param)
            check.problems[std::string(param->key)] = trimmed;
        else if (!trimmed.isEmpty())
            check.otherProblems << trimmed;
    }
}

std::vector<const spec::ParamDef*> RunForm::fields() const
{
    std::vector<const spec::ParamDef*> fields;
    for (const spec::ParamDef& param : spec::paramTable()) {
        if (!isOneOf(param.key, kOwnPlace) && spec::isUsedBy(param, fromQt(kind), fromQt(method)))
            fields.push_back(&param);
    }
    std::stable_sort(fields.begin(), fields.end(),
                     [](const auto* a, const auto* b) { return isMain(*a) && !isMain(*b); });
    return fields;
}

bool RunForm::isMain(const spec::ParamDef& param)
{
    return isOneOf(param.key, kMain);
}

QString RunForm::presetText(const spec::ParamDef& param) const
{
    if (const auto own = m_preset.settings.find(std::string(param.key));
        own != m_preset.settings.end())
        return valueText(own->second);
    const std::string methodId = kind == "method"_L1 ? fromQt(method) : std::string();
    const spec::RunSpec start = spec::presetSpec(fromQt(m_preset.base), fromQt(kind), methodId,
                                                 fromQt(option), fromQt(setting));
    return valueText(valueAt(spec::toJson(start), param.key));
}

QString RunForm::text(const spec::ParamDef& param) const
{
    if (const auto varied = m_varied.find(std::string(param.key)); varied != m_varied.end())
        return varied->second;
    const auto changed = m_changes.find(std::string(param.key));
    return changed != m_changes.end() ? changed->second : presetText(param);
}

bool RunForm::isChanged(const spec::ParamDef& param) const
{
    return m_changes.contains(std::string(param.key)) || isVaried(param);
}

void RunForm::setText(const spec::ParamDef& param, const QString& text)
{
    const std::string key(param.key);
    if (isVaried(param)) {
        m_varied[key] = text; // blanks belong to ranges that are being typed
        return;
    }
    const QString preset_ = presetText(param);
    // 3 and 3.0 are the same number, whatever was typed.
    if (text.trimmed() == preset_ || jsonOf(param, text) == jsonOf(param, preset_))
        m_changes.erase(key);
    else
        m_changes[key] = text.trimmed();
}

void RunForm::reset(const spec::ParamDef& param)
{
    m_changes.erase(std::string(param.key));
    m_varied.erase(std::string(param.key));
}

std::optional<std::vector<uint64_t>> RunForm::seedNumbers() const
{
    std::vector<uint64_t> numbers;
    for (const QString& part : seeds.split(u',')) {
        const auto number = parseInteger(fromQt(part.trimmed()));
        if (!number || *number < 0 || *number > (1LL << 53))
            return std::nullopt;
        numbers.push_back(static_cast<uint64_t>(*number));
    }
    std::vector<uint64_t> sorted = numbers;
    std::sort(sorted.begin(), sorted.end());
    const bool repeats = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
    if (numbers.empty() || repeats || numbers.size() > kMostSeeds)
        return std::nullopt;
    return numbers;
}

bool RunForm::lacks(const QString& part) const
{
    return lacking.study == study && lacking.parts.contains(part);
}

QStringList RunForm::asked() const
{
    const bool isLoaded = study == m_loadedStudy;
    QStringList parts = what;
    parts.removeIf([&](const QString& part) {
        return lacks(part) && !(isLoaded && m_loadedWhat.contains(part));
    });
    return parts;
}

std::vector<std::string> RunForm::sets() const
{
    std::vector<std::string> sets;
    const auto add = [&](const char* key, const Json& value) {
        sets.push_back(std::string(key) + '=' + value.dump());
    };
    if (!name.trimmed().isEmpty())
        add("name", fromQt(name.trimmed()));
    add("study", fromQt(study.trimmed()));
    add("model", fromQt(model.trimmed()));
    add("kind", fromQt(kind));
    if (kind == "method"_L1)
        add("method", fromQt(method));
    if (kind != "original"_L1)
        add("option", fromQt(option));
    add("setting", fromQt(setting));
    for (const spec::ParamDef* param : fields()) {
        const std::string key(param->key);
        const auto preset = m_preset.settings.find(key);
        if (isVaried(*param))
            continue; // each trial has its own
        if (const auto changed = m_changes.find(key); changed != m_changes.end())
            sets.push_back(key + '=' + jsonOf(*param, changed->second).dump());
        else if (preset != m_preset.settings.end())
            sets.push_back(key + '=' + preset->second.dump());
    }
    Json list = Json::array();
    for (const QString& item : asked())
        list.push_back(fromQt(item));
    if (!list.empty()) // nothing is chosen where nothing is evaluated
        add("evaluate.what", list);
    add("evaluate.after", fromQt(after));
    return sets;
}

void RunForm::checkFields(FormCheck& check) const
{
    for (const spec::ParamDef* param : fields()) {
        const std::string key(param->key);
        const auto changed = m_changes.find(key);
        if (isVaried(*param)) {
            if (const auto values = variedValues(*param); !values)
                check.problems[key] =
                    RunFormText::tr("%1: %2").arg(toQt(param->label), toQt(values.error().message));
        } else if (changed != m_changes.end()) {
            if (const auto problem = spec::findProblem(*param, jsonOf(*param, changed->second)))
                check.problems[key] =
                    RunFormText::tr("%1 %2").arg(toQt(param->label), toQt(*problem));
        }
    }
    if (study.trimmed().isEmpty())
        check.problems["study"] =
            RunFormText::tr("Choose a study: the file study.json of your data");
    if (model.trimmed().isEmpty())
        check.problems["model"] = RunFormText::tr("Choose a model: a folder with CLIP weights");
    if (!seedNumbers())
        check.problems["seed"] =
            RunFormText::tr("Seeds are different whole numbers, parted by commas");
    if (asked().isEmpty() && after != "never"_L1)
        check.problems["evaluate.what"] =
            what.isEmpty() ? RunFormText::tr("Choose what to evaluate")
                           : RunFormText::tr("Choose something to evaluate that the study has");
}

FormCheck RunForm::check() const
{
    FormCheck check;
    checkFields(check);
    if (!check.problems.empty())
        return check;
    if (!variedFields().empty()) {
        checkSweep(check);
        return check;
    }
    const auto resolved = spec::resolveRunSpec(Json::object(), {}, sets(), fromQt(m_preset.base));
    if (!resolved) {
        addProblems(resolved.error(), check);
        return check;
    }
    for (const std::string& warning : resolved->warnings)
        check.warnings << toQt(warning);
    const auto numbers = seedNumbers();
    for (const uint64_t seed : *numbers) {
        check.specs.push_back(resolved->spec);
        check.specs.back().seed = seed;
    }
    return check;
}

QString RunForm::commandLine() const
{
    CLWB_CHECK(variedFields().empty(), "a sweep is a file");
    QString line = u"clwb run --preset "_s + m_preset.base;
    for (const std::string& set : sets()) {
        const size_t sign = set.find('=');
        line +=
            setArgument(std::string_view(set).substr(0, sign), Json::parse(set.substr(sign + 1)));
    }
    return line + u" --seeds "_s + QString(seeds).remove(u' ');
}

QStringList RunForm::changesFrom(const spec::RunSpec& source, const spec::RunSpec& spec)
{
    QStringList changes;
    for (const spec::Field& field : spec::fields()) {
        const Json value = field.get(spec);
        const Json before = field.get(source);
        const bool isUsed = spec::isUsedBy(*spec::findParam(field.key), spec.kind, spec.method);
        // Of a stored run the threads are those that it found; the form asks for as many again.
        if (isUsed && field.key != "name" && field.key != "threads" && value != before)
            changes << QCoreApplication::translate("RunForm", "%1 %2 instead of %3")
                           .arg(toQt(field.key), valueText(value), valueText(before));
    }
    return changes;
}

QString RunForm::branchCommandLine(int64_t runId, int session, const spec::RunSpec& source,
                                   const spec::RunSpec& spec)
{
    QString line = u"clwb branch %1 --from-session %2"_s.arg(runId).arg(session);
    for (const spec::Field& field : spec::fields()) {
        const Json value = field.get(spec);
        const bool isUsed = spec::isUsedBy(*spec::findParam(field.key), spec.kind, spec.method);
        if (isUsed && value != field.get(source))
            line += setArgument(field.key, value);
    }
    return line;
}

Result<void> RunForm::load(const Json& document, const std::filesystem::path& folder)
{
    CLWB_ASSIGN(const spec::ResolveResult resolved, spec::resolveRunSpec(document, folder, {}));
    const spec::RunSpec& spec = resolved.spec;
    name = toQt(spec.name);
    study = toQt(spec.study.string());
    model = toQt(spec.model.string());
    kind = toQt(spec.kind);
    if (!spec.method.empty())
        method = toQt(spec.method);
    if (!spec.option.empty())
        option = toQt(spec.option);
    setting = toQt(spec.setting);
    seeds = QString::number(spec.seed);
    after = toQt(spec.evaluate.after);
    what.clear();
    for (const std::string& item : spec.evaluate.what)
        what << toQt(item);
    m_loadedWhat = what;
    m_loadedStudy = study;
    const auto paper = spec::changesFromPreset(spec, "paper");
    const auto demo = spec::changesFromPreset(spec, "demo");
    const bool isDemo = demo.size() < paper.size();
    m_preset = builtInPreset(isDemo ? u"demo"_s : u"paper"_s, {});
    m_varied.clear();
    m_changes.clear();
    for (const spec::PresetChange& change : isDemo ? demo : paper) {
        if (!isOneOf(change.key, kOwnPlace))
            m_changes[change.key] = valueText(change.value);
    }
    return {};
}

} // namespace clwb::ui
