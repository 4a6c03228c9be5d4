// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/study.h"

#include "core/base/check.h"
#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/spec/param.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace clwb::spec
{
namespace
{

constexpr int64_t kMaxSeed = int64_t{1} << 53;
constexpr int kMaxSessions = 1000;
constexpr size_t kMaxClasses = 100000;

enum class Need { Optional, Required };

/// One object of the study file: JsonReader plus paths and choices from the table of settings.
class StudyReader
{
public:
    StudyReader(const Json& object, std::string path, const std::filesystem::path& folder,
                std::vector<std::string>& errors)
        : json(object, std::move(path), errors)
        , m_folder(folder)
    {}

    std::filesystem::path path(std::string_view key, Need need)
    {
        if (!json.has(key)) {
            if (need == Need::Required)
                json.addError(key, "is missing, a path is needed");
            return {};
        }
        return checkedPath(key, json.text(key, "."));
    }

    std::filesystem::path checkedPath(std::string_view key, const std::string& text)
    {
        if (text.empty())
            json.addError(key, "is empty, a path is needed");
        else if (text.find('\0') != std::string::npos)
            json.addError(key, "holds a NUL character");
        // `..` is kept: after a link it means what the file system makes of it.
        return m_folder / std::filesystem::path(text);
    }

    /// Checks against the table of settings (choices, ranges); `fallback` when absent or wrong.
    Json setting(std::string_view key, std::string_view tableKey, Json fallback)
    {
        const ParamDef* param = findStudyParam(tableKey);
        CLWB_CHECK(param, std::string(tableKey));
        const Json* value = json.raw(key);
        if (!value)
            return fallback;
        if (const auto problem = findProblem(*param, *value)) {
            json.addError(key, *problem);
            return fallback;
        }
        return *value;
    }

    std::string settingText(std::string_view key, std::string_view tableKey, std::string fallback)
    {
        return setting(key, tableKey, std::move(fallback)).get<std::string>();
    }

    int settingInteger(std::string_view key, std::string_view tableKey, int fallback)
    {
        return static_cast<int>(setting(key, tableKey, fallback).get<double>());
    }

    uint64_t seed(std::string_view key = "seed")
    {
        return static_cast<uint64_t>(json.integer(key, 0, 0, kMaxSeed));
    }

    JsonReader json;

private:
    const std::filesystem::path& m_folder;
};

/// Shared by all parts of one reading.
struct Reading
{
    std::filesystem::path folder; ///< absolute, of the study file
    std::vector<std::string> errors;

    StudyReader reader(const Json& object, std::string path)
    {
        return {object, std::move(path), folder, errors};
    }
};

CropRule readCrop(Reading& reading, const Json& object, const std::string& path, bool isCoco)
{
    CropRule crop;
    StudyReader reader = reading.reader(object, path);
    crop.geometry = reader.settingText("geometry", "updated_task.crop.geometry", crop.geometry);
    if (!isCoco) {
        for (const char* key : {"rounding", "min_side", "skip_crowd", "context"}) {
            if (reader.json.has(key))
                reader.json.addError(key, "cuts boxes out of images, kind class_folders has none");
        }
        reader.json.finish();
        return crop;
    }
    crop.rounding = reader.settingText("rounding", "updated_task.crop.rounding", crop.rounding);
    crop.minSide = reader.settingInteger("min_side", "updated_task.crop.min_side", crop.minSide);
    crop.skipCrowd =
        reader.setting("skip_crowd", "updated_task.crop.skip_crowd", crop.skipCrowd).get<bool>();
    crop.context =
        reader.setting("context", "updated_task.crop.context", crop.context).get<double>();
    reader.json.finish();
    return crop;
}

/// The explicit sessions: lists of names, no class twice, none empty.
std::vector<std::vector<std::string>> readClasses(StudyReader& reader, const Json& value)
{
    std::vector<std::vector<std::string>> sessions;
    std::set<std::string> known;
    const auto isTexts = [](const Json& list) {
        return list.is_array() && !list.empty() &&
               std::all_of(list.begin(), list.end(), [](const Json& v) { return v.is_string(); });
    };
    const bool isWellFormed =
        value.is_array() && !value.empty() && std::all_of(value.begin(), value.end(), isTexts);
    if (!isWellFormed) {
        reader.json.addError("classes", "expected a list of sessions, each a list of class names");
        return sessions;
    }
    for (const Json& list : value) {
        sessions.push_back(list.get<std::vector<std::string>>());
        for (const std::string& name : sessions.back()) {
            if (name.empty())
                reader.json.addError("classes", "holds an empty class name");
            else if (!known.insert(name).second)
                reader.json.addError("classes", "holds the class \"" + name + "\" twice");
        }
    }
    if (sessions.size() > kMaxSessions || known.size() > kMaxClasses)
        reader.json.addError("classes", "holds more than 1000 sessions or 100000 classes");
    return sessions;
}

SessionPlan readSessions(Reading& reading, const Json& object, const std::string& path, bool isCoco)
{
    SessionPlan plan;
    plan.order = isCoco ? "category_id" : "name";
    StudyReader reader = reading.reader(object, path);
    const bool hasCount = reader.json.has("count");
    plan.count = static_cast<int>(reader.json.integer("count", plan.count, 1, kMaxSessions));
    plan.order = isCoco ? reader.json.oneOf("order", plan.order, {"category_id"})
                        : reader.json.oneOf("order", plan.order, {"name", "listed"});
    if (const Json* classes = reader.json.raw("classes")) {
        plan.classes = readClasses(reader, *classes);
        const int listed = static_cast<int>(plan.classes.size());
        if (hasCount && listed > 0 && plan.count != listed) {
            reader.json.addError("count", "is " + std::to_string(plan.count) +
                                              ", but `classes` "
                                              "lists " +
                                              std::to_string(listed) + " sessions");
        }
        plan.count = std::max(listed, 1);
    }
    reader.json.finish();
    return plan;
}

void readCocoSource(StudyReader& reader, UpdatedTask& task)
{
    const std::vector<std::string> instances = reader.json.texts("instances", {});
    if (instances.empty())
        reader.json.addError("instances", "at least one COCO annotation file is needed");
    for (const std::string& file : instances)
        task.instances.push_back(reader.checkedPath("instances", file));
    task.images = reader.path("images", Need::Required);
    task.splitFile = reader.path("split_file", Need::Required);
}

void readFolderSource(StudyReader& reader, UpdatedTask& task)
{
    task.train = reader.path("train", Need::Required);
    task.val = reader.path("val", Need::Optional);
    task.test = reader.path("test", Need::Required);
    task.classesFile = reader.path("classes", Need::Optional);
    task.names = reader.path("names", Need::Optional);
    task.nameSource = reader.settingText("name_source", "zero_shot.name_source", task.nameSource);
    // `order` may stand beside the roots as well as in `sessions`.
    if (reader.json.has("order"))
        task.sessions.order = reader.json.oneOf("order", "name", {"name", "listed"});
    if (task.sessions.order == "listed" && task.classesFile.empty())
        reader.json.addError("classes", "is missing, order \"listed\" needs this file");
}

UpdatedTask readUpdatedTask(Reading& reading, const Json& object)
{
    UpdatedTask task;
    const std::string path = "updated_task";
    StudyReader reader = reading.reader(object, path);
    if (!reader.json.has("kind"))
        reader.json.addError("kind", "is missing, allowed are coco, class_folders");
    task.kind = reader.json.oneOf("kind", task.kind, {"coco", "class_folders"});
    const bool isCoco = task.kind == "coco";
    task.crop = readCrop(reading, reader.json.object("crop"), path + ".crop", isCoco);
    task.sessions =
        readSessions(reading, reader.json.object("sessions"), path + ".sessions", isCoco);
    if (isCoco)
        readCocoSource(reader, task);
    else
        readFolderSource(reader, task);
    task.maxPerClass = static_cast<int>(reader.json.integer("max_per_class", 0, 0, 1000000000));
    task.seed = reader.seed();
    if (reader.json.has("captions")) {
        StudyReader captions = reading.reader(reader.json.object("captions"), path + ".captions");
        task.captionsSplitFile = captions.path("split_file", Need::Required);
        captions.json.finish();
    }
    reader.json.finish();
    return task;
}

ZeroShotSet readZeroShot(Reading& reading, const Json& object, const std::string& path)
{
    ZeroShotSet set;
    StudyReader reader = reading.reader(object, path);
    reader.json.oneOf("kind", "class_folders", {"class_folders"});
    set.root = reader.path("root", Need::Required);
    set.classes = reader.path("classes", Need::Optional);
    set.names = reader.path("names", Need::Optional);
    set.nameSource = reader.settingText("name_source", "zero_shot.name_source", set.nameSource);
    set.imagesPerClass =
        reader.settingInteger("images_per_class", "zero_shot.images_per_class", set.imagesPerClass);
    set.allowFewer = reader.json.boolean("allow_fewer", set.allowFewer);
    set.seed = reader.seed();
    reader.json.finish();
    return set;
}

RetrievalSet readRetrievalSet(Reading& reading, const Json& object, const std::string& path)
{
    RetrievalSet set;
    StudyReader reader = reading.reader(object, path);
    set.name = reader.json.text("name", "");
    if (set.name.empty())
        reader.json.addError("name", "is missing or empty");
    reader.json.oneOf("kind", "karpathy", {"karpathy"});
    set.splitFile = reader.path("split_file", Need::Required);
    set.images = reader.path("images", Need::Required);
    set.folds = static_cast<int>(reader.json.integer("folds", set.folds, 1, 100000));
    set.captionsPerImage = reader.settingInteger(
        "captions_per_image", "retrieval.captions_per_image", set.captionsPerImage);
    set.prefix = reader.settingText("prefix", "retrieval.prefix", set.prefix);
    reader.json.finish();
    return set;
}

void readRetrieval(Reading& reading, StudyReader& reader, Study& study)
{
    const Json* sets = reader.json.raw("retrieval");
    if (!sets)
        return;
    if (!sets->is_array()) {
        reader.json.addError("retrieval", "expected a list of sets");
        return;
    }
    std::set<std::string> names;
    for (size_t i = 0; i < sets->size(); ++i) {
        const std::string path = "retrieval[" + std::to_string(i) + "]";
        study.retrieval.push_back(readRetrievalSet(reading, (*sets)[i], path));
        const std::string& name = study.retrieval.back().name;
        if (!name.empty() && !names.insert(name).second)
            reading.errors.push_back(path + ".name: \"" + name + "\" is used twice");
    }
}

ImageRule readImageRule(Reading& reading, const Json& object)
{
    ImageRule rule;
    StudyReader reader = reading.reader(object, "images");
    rule.exifOrientation =
        reader.json.oneOf("exif_orientation", rule.exifOrientation, {"ignore", "apply"});
    rule.cache = reader.json.oneOf("cache", rule.cache, {"exact", "compact"});
    rule.allowMissing = reader.json.boolean("allow_missing", rule.allowMissing);
    rule.followLinks = reader.json.boolean("follow_links", rule.followLinks);
    reader.json.finish();
    return rule;
}

void checkPrompt(StudyReader& reader, const std::string& prompt)
{
    const size_t place = prompt.find("{}");
    if (place == std::string::npos || prompt.find("{}", place + 2) != std::string::npos)
        reader.json.addError("prompt",
                             "must hold {} once, where the class name goes; is \"" + prompt + "\"");
}

void readParts(Reading& reading, Study& study)
{
    StudyReader reader = reading.reader(study.document, "");
    if (reader.json.has("schema"))
        reader.json.integer("schema", 1, 1, 1);
    else
        reader.json.addError("schema", "is missing, this program reads 1");
    study.name = reader.json.text("name", "");
    study.prompt = reader.json.text("prompt", study.prompt);
    checkPrompt(reader, study.prompt);
    study.preset = reader.json.oneOf("preset", "", {"", "paper", "demo"});
    if (reader.json.has("updated_task"))
        study.updatedTask = readUpdatedTask(reading, reader.json.object("updated_task"));
    if (reader.json.has("zero_shot"))
        study.zeroShot = readZeroShot(reading, reader.json.object("zero_shot"), "zero_shot");
    if (reader.json.has("zero_shot_validation")) {
        study.zeroShotValidation = readZeroShot(reading, reader.json.object("zero_shot_validation"),
                                                "zero_shot_validation");
    }
    readRetrieval(reading, reader, study);
    study.images = readImageRule(reading, reader.json.object("images"));
    if (!study.updatedTask && !study.zeroShot && study.retrieval.empty()) {
        reading.errors.emplace_back(
            "the document: holds neither updated_task nor zero_shot nor retrieval");
    }
    reader.json.finish();
}

} // namespace

Result<Study> readStudy(const std::filesystem::path& file)
{
    Study study;
    study.file = std::filesystem::absolute(file);
    CLWB_ASSIGN(const std::string content, readFile(study.file, kMaxSpecBytes, ErrorCode::Usage));
    CLWB_ASSIGN(study.document, parseJson(content, file.string()));
    study.sha256 = sha256Hex(content);
    if (!study.document.is_object())
        return fail(ErrorCode::Usage, file.string() + ": expected a study, a JSON object");
    Reading reading{study.file.parent_path(), {}};
    readParts(reading, study);
    if (!reading.errors.empty()) {
        Error error = usageErrors(file.string(), reading.errors);
        error.hint = "README.md lists the keys of a study file under \"Your own data\"";
        return Failure(std::move(error));
    }
    return study;
}

} // namespace clwb::spec
