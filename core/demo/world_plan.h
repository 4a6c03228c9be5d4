// SPDX-License-Identifier: GPL-3.0-or-later
// What the demo world consists of, before a pixel is painted: which things are in which picture.
#pragma once

#include "core/base/image.h"
#include "core/demo/class_choice.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace clwb::demo
{

enum class Split { Train, Val, Test };
inline constexpr std::array<Split, 3> kSplits{Split::Train, Split::Val, Split::Test};
/// "train", "val", "test".
const char* splitName(Split split);

/// How much of everything; the sizes that keep one MST run within its time.
struct WorldSizes
{
    std::array<int, 3> cropsPerClass{40, 10, 15}; ///< by Split
    std::array<int, 3> retrievalScenes{400, 100, 500};
    int zeroShotImages = 5; ///< per class
    int folds = 5;
    uint64_t seed = 0;
};

/// One thing of the updated task inside a scene.
struct LabelledBox
{
    int label = 0; ///< class 0 … 79
    int conceptId = 0;
    PixelBox box; ///< in the finished picture
};

/// A picture with several labelled things, like a COCO photograph.
struct CropScene
{
    Split split = Split::Train;
    uint64_t id = 0; ///< unique over all splits, from 1
    int width = 0;
    int height = 0;
    int frame = 0;  ///< nominal side of a box
    int detail = 0; ///< pixels such a side is painted with: less than `frame` is out of focus
    std::vector<LabelledBox> boxes;
    std::vector<std::string> captions; ///< five
};

/// Two or three things side by side with five captions.
struct RetrievalScene
{
    Split split = Split::Train;
    uint64_t id = 0;           ///< unique over all splits, from 1
    std::vector<int> concepts; ///< from left to right
    std::vector<std::string> captions;
};

/// One thing on a quiet ground.
struct ZeroShotImage
{
    bool isValidation = false;
    int conceptId = 0;
    int number = 0; ///< 0 … zeroShotImages−1
};

struct WorldPlan
{
    WorldSizes sizes;
    ClassChoice classes;
    std::vector<CropScene> cropScenes; ///< train, val, test
    std::vector<RetrievalScene> retrievalScenes;
    std::vector<ZeroShotImage> zeroShotImages;
};

/// Pure function of the sizes and their seed.
WorldPlan planWorld(const WorldSizes& sizes);

} // namespace clwb::demo
