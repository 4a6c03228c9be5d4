// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the demo world's lists and annotations.
#include "core/demo/world_files.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/demo/captions.h"
#include "core/demo/concepts.h"

#include <array>
#include <cstdio>

namespace clwb::demo
{
namespace
{

constexpr int kWorldVersion = 1;
constexpr std::string_view kReadme =
    "The demo world of the CLIP Continual-Learning Workbench\n"
    "\n"
    "study.json              the study: opens in the workbench and with `clwb run --set "
    "study=...`\n"
    "coco/, annotations/     scenes with boxes of 80 classes in 8 sessions, in COCO's format\n"
    "dataset_crops.json      which of them are for training, validation and test\n"
    "scenes/, dataset_scenes.json    two or three things side by side, five captions each\n"
    "zero_shot/, zero_shot_validation/    a folder of pictures a class\n"
    "\n"
    "All pictures are composed from the glyphs of Noto Color Emoji (c) Google, SIL Open Font\n"
    "License 1.1; names are CLDR short names (c) Unicode, Inc. There is one drawing a class: the\n"
    "pictures of a class differ in composition, ground, light and sharpness only.\n";

std::string numbered(const char* pattern, uint64_t number)
{
    std::array<char, 32> digits{};
    const int length = std::snprintf(digits.data(), digits.size(), "%06llu",
                                     static_cast<unsigned long long>(number));
    std::string text(pattern);
    return text.replace(text.find('#'), 1, digits.data(), static_cast<size_t>(length));
}

// As in COCO: what isn't for training lies in val2014.
const char* cocoFolder(Split split)
{
    return split == Split::Train ? "train2014" : "val2014";
}

std::string fileName(const CropScene& scene)
{
    return numbered("scene_#.jpg", scene.id);
}

std::string fileName(const RetrievalScene& scene)
{
    return numbered("things_#.jpg", scene.id);
}

Json sentences(const std::vector<std::string>& captions, size_t imageIndex, uint64_t& nextId,
               Json& ids)
{
    Json list = Json::array();
    for (const std::string& caption : captions) {
        Json tokens = Json::array();
        for (const std::string& word : splitText(caption, ' ')) {
            std::string token;
            for (const char letter : word) {
                if (letter != ',' && letter != '.')
                    token += letter;
            }
            tokens.push_back(std::move(token));
        }
        list.push_back({{"tokens", std::move(tokens)},
                        {"raw", caption},
                        {"imgid", imageIndex},
                        {"sentid", nextId}});
        ids.push_back(nextId++);
    }
    return list;
}

Json karpathyOfCrops(const WorldPlan& plan)
{
    Json images = Json::array();
    uint64_t nextSentence = 0;
    for (const CropScene& scene : plan.cropScenes) {
        Json ids = Json::array();
        Json texts = sentences(scene.captions, images.size(), nextSentence, ids);
        images.push_back({{"filepath", cocoFolder(scene.split)},
                          {"filename", fileName(scene)},
                          {"imgid", images.size()},
                          {"cocoid", scene.id},
                          {"split", splitName(scene.split)},
                          {"sentids", std::move(ids)},
                          {"sentences", std::move(texts)}});
    }
    return {{"dataset", "demo crops"}, {"images", std::move(images)}};
}

Json karpathyOfScenes(const WorldPlan& plan)
{
    Json images = Json::array();
    uint64_t nextSentence = 0;
    for (const RetrievalScene& scene : plan.retrievalScenes) {
        Json ids = Json::array();
        Json texts = sentences(scene.captions, images.size(), nextSentence, ids);
        images.push_back({{"filename", fileName(scene)},
                          {"imgid", images.size()},
                          {"split", splitName(scene.split)},
                          {"sentids", std::move(ids)},
                          {"sentences", std::move(texts)}});
    }
    return {{"dataset", "demo scenes"}, {"images", std::move(images)}};
}

Json instances(const WorldPlan& plan, bool forTraining)
{
    Json images = Json::array();
    Json annotations = Json::array();
    uint64_t nextId = 0;
    for (const CropScene& scene : plan.cropScenes) {
        const bool isTraining = scene.split == Split::Train;
        nextId += isTraining == forTraining ? 0 : scene.boxes.size();
        if (isTraining != forTraining)
            continue;
        images.push_back({{"id", scene.id},
                          {"file_name", fileName(scene)},
                          {"width", scene.width},
                          {"height", scene.height}});
        for (const LabelledBox& labelled : scene.boxes) {
            const int width = labelled.box.x1 - labelled.box.x0;
            const int height = labelled.box.y1 - labelled.box.y0;
            annotations.push_back({{"id", ++nextId},
                                   {"image_id", scene.id},
                                   {"category_id", labelled.label + 1},
                                   {"bbox", {labelled.box.x0, labelled.box.y0, width, height}},
                                   {"area", width * height},
                                   {"iscrowd", 0}});
        }
    }
    Json categories = Json::array();
    const std::vector<int> classes = plan.classes.updatedTask();
    for (size_t label = 0; label < classes.size(); ++label) {
        const Concept& item = allConcepts()[static_cast<size_t>(classes[label])];
        categories.push_back(
            {{"id", label + 1}, {"name", item.name}, {"supercategory", item.subgroup}});
    }
    return {{"info", {{"description", "demo world"}}},
            {"images", std::move(images)},
            {"annotations", std::move(annotations)},
            {"categories", std::move(categories)}};
}

std::string classList(const std::vector<int>& ids)
{
    std::string text;
    for (const int id : ids) {
        std::string group = allConcepts()[static_cast<size_t>(id)].subgroup;
        for (char& letter : group)
            letter = letter == ' ' || letter == '&' ? '_' : letter;
        text += folderName(id) + "," + group + "\n";
    }
    return text;
}

std::string nameList(const WorldPlan& plan)
{
    std::string text;
    for (const std::vector<int>* list :
         {&plan.classes.zeroShot, &plan.classes.zeroShotValidation}) {
        for (const int id : *list)
            text += folderName(id) + "\t" + allConcepts()[static_cast<size_t>(id)].name + "\n";
    }
    return text;
}

Json studyOf(const WorldPlan& plan)
{
    const auto zeroShot = [&](const char* root, const char* classes) {
        return Json{{"kind", "class_folders"},
                    {"root", root},
                    {"classes", classes},
                    {"names", "names.tsv"},
                    {"name_source", "all"},
                    {"images_per_class", plan.sizes.zeroShotImages},
                    {"seed", 0}};
    };
    Json updatedTask{
        {"kind", "coco"},
        {"instances",
         {"annotations/instances_train2014.json", "annotations/instances_val2014.json"}},
        {"images", "coco"},
        {"split_file", "dataset_crops.json"},
        {"sessions", {{"count", kSessions}, {"order", "category_id"}}},
        {"captions", {{"split_file", "dataset_scenes.json"}}}};
    Json retrieval{
        {"name", "Scenes"},   {"kind", "karpathy"},        {"split_file", "dataset_scenes.json"},
        {"images", "scenes"}, {"folds", plan.sizes.folds}, {"captions_per_image", 5},
        {"prefix", ""}};
    return {{"schema", 1},
            {"name", "demo world"},
            {"preset", "demo"},
            {"prompt", kPrompt},
            {"updated_task", std::move(updatedTask)},
            {"zero_shot", zeroShot("zero_shot", "zero_shot.csv")},
            {"zero_shot_validation", zeroShot("zero_shot_validation", "zero_shot_validation.csv")},
            {"retrieval", Json::array({std::move(retrieval)})}};
}

} // namespace

std::string folderName(int conceptId)
{
    std::string folder;
    for (const char letter : allConcepts()[static_cast<size_t>(conceptId)].name) {
        const bool isPlain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        if (isPlain)
            folder += letter;
        else if (letter != '\'')
            folder += '_';
    }
    return folder;
}

std::string pathOf(const CropScene& scene)
{
    return std::string("coco/") + cocoFolder(scene.split) + "/" + fileName(scene);
}

std::string pathOf(const RetrievalScene& scene)
{
    return "scenes/" + fileName(scene);
}

std::string pathOf(const ZeroShotImage& item)
{
    const std::string number = std::to_string(1000 + item.number).substr(1);
    return std::string(item.isValidation ? "zero_shot_validation/" : "zero_shot/") +
           folderName(item.conceptId) + "/" + number + ".jpg";
}

Result<void> writeWorldFiles(const std::filesystem::path& dir, const WorldPlan& plan)
{
    CLWB_TRY(createFolders(dir / "annotations"));
    const std::vector<std::pair<const char*, std::string>> files{
        {"annotations/instances_train2014.json", instances(plan, true).dump()},
        {"annotations/instances_val2014.json", instances(plan, false).dump()},
        {"dataset_crops.json", karpathyOfCrops(plan).dump()},
        {"dataset_scenes.json", karpathyOfScenes(plan).dump()},
        {"zero_shot.csv", classList(plan.classes.zeroShot)},
        {"zero_shot_validation.csv", classList(plan.classes.zeroShotValidation)},
        {"names.tsv", nameList(plan)},
        {"README.txt", std::string(kReadme)},
        {"study.json", studyOf(plan).dump(1) + "\n"},
    };
    for (const auto& [name, content] : files)
        CLWB_TRY(writeFileAtomically(dir / name, content));
    return {};
}

std::string worldVersion(const std::string& fontSha256)
{
    return "clwb demo world " + std::to_string(kWorldVersion) + "\nfont " + fontSha256 + "\n";
}

} // namespace clwb::demo
