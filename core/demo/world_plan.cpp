// SPDX-License-Identifier: GPL-3.0-or-later
// Deals classes to scenes, lays out boxes, picks combinations and writes captions.
#include "core/demo/world_plan.h"

#include "core/demo/captions.h"
#include "core/demo/concepts.h"

#include <algorithm>
#include <set>

namespace clwb::demo
{
namespace
{

constexpr int kCaptions = 5;
// The knobs of how hard the crops are; the rest is in scene_painter.cpp.
constexpr int kLeastDetail = 15;
constexpr int kMostDetail = 52;

const std::string& nameOf(int conceptId)
{
    return allConcepts()[static_cast<size_t>(conceptId)].name;
}

// Every class `perClass` times, so shuffled that neighbours differ.
std::vector<int> dealtLabels(int classes, int perClass, Dice& dice)
{
    std::vector<int> labels;
    for (int label = 0; label < classes; ++label)
        labels.insert(labels.end(), static_cast<size_t>(perClass), label);
    dice.shuffle(labels);
    for (size_t at = 1; at < labels.size(); ++at) {
        // The same class twice within a scene's reach trades places with any other.
        const auto isNear = [&](int label, size_t position) {
            for (size_t back = 1; back <= std::min<size_t>(5, position); ++back) {
                if (labels[position - back] == label)
                    return true;
            }
            return false;
        };
        for (int attempt = 0; attempt < 8 && isNear(labels[at], at); ++attempt)
            std::swap(labels[at], labels[static_cast<size_t>(dice.between(
                                      static_cast<int>(at), static_cast<int>(labels.size()) - 1))]);
    }
    return labels;
}

// Boxes of nearly equal squares in one or two rows, a little out of line.
void layOut(CropScene& scene, Dice& dice)
{
    const auto count = static_cast<int>(scene.boxes.size());
    const int rows = count > 3 || (count > 1 && dice.chance(25)) ? 2 : 1;
    const int columns = (count + rows - 1) / rows;
    scene.frame = dice.between(84, 112);
    const int cell = scene.frame * 112 / 100;
    const int margin = scene.frame * dice.between(6, 20) / 100;
    scene.width = columns * cell + 2 * margin;
    scene.height = rows * cell + 2 * margin;
    for (int i = 0; i < count; ++i) {
        const int row = i / columns;
        const int inRow = row + 1 < rows ? columns : count - row * columns;
        const int spare = (columns - inRow) * cell / 2;
        const int width = scene.frame * dice.between(92, 108) / 100;
        const int height = scene.frame * dice.between(92, 108) / 100;
        const int x = margin + spare + (i % columns) * cell + (cell - width) / 2 +
                      dice.around(scene.frame * 7 / 100);
        const int y =
            margin + row * cell + (cell - height) / 2 + dice.around(scene.frame * 9 / 100);
        PixelBox& box = scene.boxes[static_cast<size_t>(i)].box;
        box.x0 = std::clamp(x, 0, scene.width - 1);
        box.y0 = std::clamp(y, 0, scene.height - 1);
        box.x1 = std::clamp(x + width, box.x0 + 1, scene.width);
        box.y1 = std::clamp(y + height, box.y0 + 1, scene.height);
    }
}

std::vector<std::string> captionsFor(std::vector<std::string> names, Dice& dice)
{
    std::vector<std::string> captions;
    for (int form = 0; form < kCaptions; ++form) {
        dice.shuffle(names);
        captions.push_back(names.size() == 1 ? singleCaption(names.front(), dice)
                                             : sceneCaption(form, names));
    }
    return captions;
}

void planCropScenes(WorldPlan& plan)
{
    const std::vector<int> classes = plan.classes.updatedTask();
    for (const Split split : kSplits) {
        const auto part = static_cast<size_t>(split);
        Dice dice(plan.sizes.seed, "demo-crop-plan", {part});
        const std::vector<int> labels =
            dealtLabels(static_cast<int>(classes.size()), plan.sizes.cropsPerClass[part], dice);
        for (size_t at = 0; at < labels.size();) {
            CropScene scene;
            scene.split = split;
            scene.id = plan.cropScenes.size() + 1;
            const size_t wanted =
                std::min<size_t>(static_cast<size_t>(dice.between(3, 6)), labels.size() - at);
            std::vector<std::string> names;
            for (size_t i = 0; i < wanted; ++i, ++at) {
                const int id = classes[static_cast<size_t>(labels[at])];
                scene.boxes.push_back({labels[at], id, {}});
                if (names.size() < 3)
                    names.push_back(nameOf(id));
            }
            layOut(scene, dice);
            scene.detail = dice.between(kLeastDetail, kMostDetail);
            scene.captions = captionsFor(std::move(names), dice);
            plan.cropScenes.push_back(std::move(scene));
        }
    }
}

void planRetrieval(WorldPlan& plan)
{
    // Everything that has a place in the world but the validation classes.
    std::vector<int> things = plan.classes.updatedTask();
    for (const std::vector<int>* list : {&plan.classes.zeroShot, &plan.classes.fillers})
        things.insert(things.end(), list->begin(), list->end());
    std::set<std::vector<int>> used;
    for (const Split split : kSplits) {
        const auto part = static_cast<size_t>(split);
        Dice dice(plan.sizes.seed, "demo-retrieval-plan", {part});
        for (int made = 0; made < plan.sizes.retrievalScenes[part];) {
            std::vector<int> concepts;
            const size_t wanted = dice.chance(50) ? 2 : 3;
            while (concepts.size() < wanted) {
                const int id = dice.pick(things);
                if (std::find(concepts.begin(), concepts.end(), id) == concepts.end())
                    concepts.push_back(id);
            }
            std::vector<int> key = concepts;
            std::sort(key.begin(), key.end());
            if (!used.insert(key).second)
                continue;
            std::vector<std::string> names;
            for (const int id : concepts)
                names.push_back(nameOf(id));
            plan.retrievalScenes.push_back({split, plan.retrievalScenes.size() + 1,
                                            std::move(concepts),
                                            captionsFor(std::move(names), dice)});
            ++made;
        }
    }
}

} // namespace

const char* splitName(Split split)
{
    constexpr std::array<const char*, 3> names{"train", "val", "test"};
    return names[static_cast<size_t>(split)];
}

WorldPlan planWorld(const WorldSizes& sizes)
{
    WorldPlan plan;
    plan.sizes = sizes;
    plan.classes = chooseClasses();
    planCropScenes(plan);
    planRetrieval(plan);
    for (const bool isValidation : {false, true}) {
        for (const int id :
             isValidation ? plan.classes.zeroShotValidation : plan.classes.zeroShot) {
            for (int number = 0; number < sizes.zeroShotImages; ++number)
                plan.zeroShotImages.push_back({isValidation, id, number});
        }
    }
    return plan;
}

} // namespace clwb::demo
