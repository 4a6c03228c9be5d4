// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/run_spec.h"

#include "core/base/check.h"
#include "core/base/number_text.h"
#include "core/base/sha256.h"
#include "core/base/utf8.h"
#include "core/spec/fields.h"
#include "core/spec/param.h"
#include "core/spec/presets.h"

#include <algorithm>
#include <map>
#include <set>

namespace clwb::spec
{
namespace
{

constexpr std::string_view kGroups[]{"params", "schedule", "optimizer", "evaluate"};
// Written into resolved specs; read specs may carry them.
constexpr const char* kBranchedFrom = "branched_from";
constexpr std::string_view kNotes[]{"study_sha256", "model_sha256", "data_manifest", kBranchedFrom};

template<class Range>
bool contains(const Range& range, std::string_view word)
{
    return std::find(std::begin(range), std::end(range), word) != std::end(range);
}

/// Settings that were given, last one wins, and everything that is wrong with them.
struct Given
{
    std::map<std::string, Json, std::less<>> values;
    std::set<std::string, std::less<>> mentioned; ///< also with a wrong value
    std::vector<std::string> errors;

    const Json* find(std::string_view key) const
    {
        const auto found = values.find(key);
        return found == values.end() ? nullptr : &found->second;
    }
    std::string text(std::string_view key, const std::string& fallback) const
    {
        const Json* value = find(key);
        return value ? value->get<std::string>() : fallback;
    }
};

std::filesystem::path absolutePath(const std::filesystem::path& base, const std::string& text)
{
    const std::filesystem::path path = std::filesystem::absolute(base) / text;
    const bool hasParent =
        std::any_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
    // `..` after a link means what the file system makes of it, so it stays.
    return hasParent ? path : path.lexically_normal();
}

void take(Given& given, const std::string& key, const Json& value,
          const std::filesystem::path& base)
{
    const ParamDef* param = findParam(key);
    if (!param) {
        given.errors.push_back(unknownKeyText(key));
        return;
    }
    given.mentioned.insert(key);
    const bool isEmptyChoice = (key == "method" || key == "option") && value == Json("");
    if (!isEmptyChoice) {
        if (const auto problem = findProblem(*param, value)) {
            given.errors.push_back(key + ": " + *problem);
            return;
        }
    }
    Json taken = value;
    if (param->isPath && !value.get_ref<const std::string&>().empty()) {
        std::string path = absolutePath(base, value.get<std::string>()).string();
        if (!isValidUtf8(path)) {
            given.errors.push_back(key +
                                   ": its absolute path is not valid UTF-8, rename the folder");
            return;
        }
        taken = std::move(path);
    }
    given.values.insert_or_assign(key, std::move(taken));
}

void takeGroup(Given& given, const std::string& group, const Json& value,
               const std::filesystem::path& base)
{
    if (!value.is_object()) {
        given.errors.push_back(group + ": expected an object, got " + value.dump());
        return;
    }
    for (const auto& [key, inner] : value.items())
        take(given, group + "." + key, inner, base);
}

void takeSchema(Given& given, const Json& value)
{
    if (value != Json(1))
        given.errors.push_back("schema: is " + value.dump() + ", this program reads 1");
}

void takeDocument(Given& given, const Json& document, const std::filesystem::path& base)
{
    if (!document.is_object()) {
        given.errors.emplace_back("the document: expected an object");
        return;
    }
    for (const auto& [key, value] : document.items()) {
        if (key == "schema")
            takeSchema(given, value);
        else if (contains(kGroups, key))
            takeGroup(given, key, value, base);
        else if (!contains(kNotes, key))
            take(given, key, value, base);
    }
}

void takeSet(Given& given, const std::string& set)
{
    const size_t equals = set.find('=');
    const std::string key = set.substr(0, equals);
    if (!isValidUtf8(set)) { // no JSON can hold it
        given.errors.push_back((isValidUtf8(key) ? key : "--set") + ": is not valid UTF-8");
        return;
    }
    if (equals == std::string::npos || equals == 0) {
        given.errors.push_back("--set " + set + ": expected KEY=VALUE");
        return;
    }
    const std::string text = set.substr(equals + 1);
    const auto parsed = parseJson(text, key);
    Json value = parsed ? *parsed : Json(text);
    const ParamDef* param = findParam(key);
    // A name or path may look like a number.
    if (param && param->type == ParamType::Text && !value.is_string())
        value = text;
    const std::filesystem::path here = std::filesystem::current_path();
    if (key == "schema")
        takeSchema(given, value);
    else if (contains(kGroups, key))
        takeGroup(given, key, value, here);
    else
        take(given, key, value, here);
}

bool isDevice(std::string_view device)
{
    if (device == "auto" || device == "cpu" || device == "cuda")
        return true;
    if (!device.starts_with("cuda:"))
        return false;
    const auto number = parseInteger(device.substr(5));
    return number && *number >= 0 && *number < 64 && device[5] != '-';
}

void checkIdentity(Given& given, const RunSpec& spec)
{
    auto& errors = given.errors;
    const auto isMissing = [&](std::string_view key) {
        return !given.mentioned.contains(key) || given.find(key);
    };
    if (spec.kind == "method" && spec.method.empty() && isMissing("method")) {
        errors.push_back("method: is needed for kind \"method\", allowed are " +
                         allowedText(*findParam("method")));
    }
    if (spec.kind != "method" && !spec.method.empty()) {
        errors.push_back("method: is \"" + spec.method + "\", kind \"" + spec.kind +
                         "\" has none; leave it out or empty");
    }
    if (spec.kind == "joint" && spec.setting != "MST")
        errors.emplace_back("setting: is \"OST\", kind \"joint\" allows MST only");
    if (spec.study.empty() && isMissing("study"))
        errors.emplace_back("study: is needed, the path of a study.json");
    if (spec.model.empty() && isMissing("model"))
        errors.emplace_back("model: is needed, the path of a model");
}

void checkCombinations(Given& given, const RunSpec& spec)
{
    auto& errors = given.errors;
    if (!isDevice(spec.device)) {
        errors.push_back("device: is \"" + spec.device +
                         "\", allowed are auto, cpu, cuda, cuda:0 to cuda:63");
    }
    if (spec.method == "geodl" && spec.schedule.microBatch > 0) {
        errors.push_back(
            "schedule.micro_batch: is " + std::to_string(spec.schedule.microBatch) +
            ", only 0 is allowed with method \"geodl\": its loss needs the subspace of "
            "the whole batch");
    }
    if (!spec.evaluate.test && !spec.evaluate.validation && spec.evaluate.after != "never") {
        errors.emplace_back("evaluate.test: is false and so is evaluate.validation: nothing would "
                            "be evaluated; set one of them, or evaluate.after=never");
    }
    if (spec.name.size() > 200)
        errors.emplace_back("name: is longer than 200 bytes");
}

/// Drops what the run has no use for; the names go into the warnings.
void dropUnused(Given& given, const RunSpec& spec, std::vector<std::string>& warnings)
{
    const std::string label =
        spec.kind == "method" ? "method \"" + spec.method + "\"" : "kind \"" + spec.kind + "\"";
    std::erase_if(given.values, [&](const auto& entry) {
        const ParamDef* param = findParam(entry.first);
        const bool mayDrop = entry.first.starts_with("params.") ||
                             (entry.first == "option" && entry.second != Json(""));
        if (!mayDrop || isUsedBy(*param, spec.kind, spec.method))
            return false;
        warnings.push_back(entry.first + ": not used by " + label + ", dropped");
        return true;
    });
}

} // namespace

std::string unknownKeyText(std::string_view key)
{
    std::vector<std::string> candidates(std::begin(kGroups), std::end(kGroups));
    candidates.emplace_back("schema");
    for (const ParamDef& param : paramTable()) {
        candidates.emplace_back(param.key);
        // "lr" or "beta" without its group.
        if (param.key.ends_with("." + std::string(key)))
            return std::string(key) + ": unknown key; did you mean '" + std::string(param.key) +
                   "'?";
    }
    const auto nearest = nearestWord(key, candidates);
    return std::string(key) + ": unknown key" +
           (nearest ? "; did you mean '" + *nearest + "'?" : std::string());
}

std::optional<ResolveResult> resolveLayers(const std::vector<SpecLayer>& layers,
                                           const std::vector<std::string>& sets,
                                           const std::string& preset,
                                           std::vector<std::string>& errors)
{
    Given given;
    for (const SpecLayer& layer : layers)
        takeDocument(given, layer.document,
                     layer.folder.empty() ? std::filesystem::current_path() : layer.folder);
    for (const std::string& set : sets)
        takeSet(given, set);
    const bool knownPreset = preset.empty() || contains(kPresets, preset);
    if (!knownPreset)
        given.errors.push_back("--preset: is \"" + preset + "\", allowed are paper, demo");

    const std::string kind = given.text("kind", "method");
    std::string option = given.text("option", "");
    if (kind == "original")
        option.clear();
    else if (option.empty())
        option = "WM";
    ResolveResult result;
    RunSpec& spec = result.spec;
    spec = presetSpec(knownPreset ? preset : "", kind, given.text("method", ""), option,
                      given.text("setting", "MST"));
    if (given.errors.empty())
        dropUnused(given, spec, result.warnings);
    for (const auto& [key, value] : given.values) {
        const Field* field = findField(key);
        CLWB_CHECK(field, key);
        if (key != "option")
            field->set(spec, value);
    }
    checkIdentity(given, spec);
    checkCombinations(given, spec);
    errors.insert(errors.end(), given.errors.begin(), given.errors.end());
    return given.errors.empty() ? std::optional(std::move(result)) : std::nullopt;
}

Result<ResolveResult> resolveRunSpec(const Json& document, const std::filesystem::path& base,
                                     const std::vector<std::string>& sets,
                                     const std::string& preset)
{
    std::vector<std::string> errors;
    std::optional<ResolveResult> result = resolveLayers({{document, base}}, sets, preset, errors);
    if (result)
        return std::move(*result);
    Error error = usageErrors("spec", errors);
    error.hint = "clwb run --help lists every setting with its range";
    return Failure(std::move(error));
}

Json toJson(const RunSpec& spec)
{
    Json document{{"schema", 1}};
    for (const Field& field : fields()) {
        const std::string_view key = field.key;
        if (key.starts_with("params.") && !isUsedBy(*findParam(key), spec.kind, spec.method))
            continue;
        const size_t dot = key.find('.');
        if (dot == std::string_view::npos)
            document[std::string(key)] = field.get(spec);
        else
            document[std::string(key.substr(0, dot))][std::string(key.substr(dot + 1))] =
                field.get(spec);
        if (key == "setting" && !document.contains("params"))
            document["params"] = Json::object();
    }
    if (const auto& origin = spec.branchedFrom) {
        document[kBranchedFrom] = {{"uid", origin->uid},
                                   {"session", origin->session},
                                   {"configuration", origin->configuration}};
    }
    return document;
}

Result<RunSpec> runSpecFromJson(const Json& document)
{
    CLWB_ASSIGN(ResolveResult resolved, resolveRunSpec(document, {}, {}));
    if (!document.contains(kBranchedFrom))
        return std::move(resolved.spec);
    std::vector<std::string> problems;
    JsonReader reader(document.at(kBranchedFrom), kBranchedFrom, problems);
    BranchOrigin origin;
    origin.uid = reader.text("uid", "");
    origin.session = static_cast<int>(reader.integer("session", 0, 0, 1 << 20));
    origin.configuration = reader.text("configuration", "");
    if (!problems.empty())
        return Failure(usageErrors("spec", problems));
    resolved.spec.branchedFrom = std::move(origin);
    return std::move(resolved.spec);
}

std::string configurationHash(const RunSpec& spec)
{
    Json document = toJson(spec);
    for (const char* key : {"name", "seed", "device", "threads"})
        document.erase(key);
    if (document.contains(kBranchedFrom))
        document.at(kBranchedFrom).erase("uid");
    // A key that came later must not change the hash of the runs stored before it.
    if (spec.evaluate.test)
        document["evaluate"].erase("test");
    document["evaluate"].erase("details"); // changes no number
    // The unordered type sorts keys, which makes the text canonical.
    return sha256Hex(nlohmann::json::parse(document.dump()).dump());
}

DataSummary dataSummary(const Json& resolvedSpec)
{
    DataSummary summary;
    const auto manifest =
        resolvedSpec.is_object() ? resolvedSpec.find("data_manifest") : resolvedSpec.end();
    if (manifest == resolvedSpec.end() || !manifest->is_object())
        return summary;
    const auto value = [&](const char* key) {
        const auto found = manifest->find(key);
        return found == manifest->end() ? Json() : *found;
    };
    if (const Json hash = value("sha256"); hash.is_string())
        summary.sha256 = hash.get<std::string>();
    if (const Json files = value("files"); files.is_number_integer())
        summary.files = files.get<int64_t>();
    if (const Json bytes = value("bytes"); bytes.is_number_unsigned())
        summary.bytes = bytes.get<uint64_t>();
    return summary;
}

std::string displayLabel(const std::string& kind, const std::string& method,
                         const std::string& option)
{
    if (kind == "original")
        return "Original CLIP";
    if (kind == "joint")
        return option.empty() || option == "WM" ? "Joint-FT" : "Joint-FT-" + option;
    static const std::map<std::string, std::string> names{
        {"ft", "FT"},   {"lwf", "LwF"}, {"geodl", "GeoDL"},
        {"imm", "IMM"}, {"rkr", "RKR"}, {"vr-lwf", "VR-LwF"},
    };
    const auto known = names.find(method);
    const std::string name = known == names.end() ? method : known->second;
    return option.empty() ? name : name + "-" + option;
}

} // namespace clwb::spec
