// SPDX-License-Identifier: GPL-3.0-or-later
// The look of the demo world: composition, shadows, light.
#include "core/demo/scene_painter.h"

#include "core/base/check.h"
#include "core/demo/backgrounds.h"
#include "core/demo/fixed_point.h"

#include <algorithm>

namespace clwb::demo
{
namespace
{

constexpr int kZeroShotSide = 96;
constexpr int kRetrievalSide = 128;

// A box of the finished scene in the 1/256 pixels of the smaller picture that is painted.
struct Frame
{
    int centreX = 0;
    int centreY = 0;
    int side = 0;
};

Frame frameOf(const PixelBox& box, int detail, int frame)
{
    return {(box.x0 + box.x1) * 128 * detail / frame, (box.y0 + box.y1) * 128 * detail / frame,
            std::min(box.x1 - box.x0, box.y1 - box.y0) * 256 * detail / frame};
}

void varyColour(Placement& placement, int light, int tint, Dice& dice)
{
    const int brightness = dice.around(light);
    for (int& gain : placement.gain)
        gain = 256 + brightness + dice.around(tint);
}

// Somewhere around the frame's centre; distances and size in 1/256 of the frame's side.
Placement besides(const Frame& frame, int distance, int size, Dice& dice)
{
    const int direction = dice.between(0, kTurn - 1);
    const int length = static_cast<int>(int64_t{frame.side} * distance / 256);
    Placement placement;
    placement.centreX = frame.centreX + (length / 4 * (fixedCos(direction) >> 2) >> 12);
    placement.centreY = frame.centreY + (length / 4 * (fixedSin(direction) >> 2) >> 12);
    placement.size = static_cast<int>(int64_t{frame.side} * size / 256);
    placement.angle = dice.around(kRadian);
    placement.mirrored = dice.chance(50);
    varyColour(placement, 40, 40, dice);
    return placement;
}

void placeWithShadow(Image& image, const Drawing& drawing, const Placement& placement,
                     const std::array<int, 2>& sun, int strength)
{
    const int shiftX = static_cast<int>(int64_t{placement.size} * sun[0] / 256);
    const int shiftY = static_cast<int>(int64_t{placement.size} * sun[1] / 256);
    placeShadow(image, drawing, placement, shiftX, shiftY, strength);
    place(image, drawing, placement);
}

CameraEffects strongCamera(Dice& dice)
{
    CameraEffects effects;
    for (int& tint : effects.tint)
        tint = 256 + dice.around(56);
    effects.lightX = dice.around(120);
    effects.lightY = dice.around(120);
    effects.vignette = dice.between(0, 90);
    effects.contrast = 256 + dice.between(-120, 56);
    effects.brightness = dice.around(34);
    effects.noise = dice.between(4, 26);
    effects.noiseSeed = dice.bits();
    return effects;
}

CameraEffects mildCamera(Dice& dice)
{
    CameraEffects effects;
    for (int& tint : effects.tint)
        tint = 256 + dice.around(14);
    effects.lightX = dice.around(28);
    effects.lightY = dice.around(28);
    effects.vignette = dice.between(0, 36);
    effects.contrast = 256 + dice.between(-24, 16);
    effects.brightness = dice.around(8);
    effects.noise = dice.between(2, 6);
    effects.noiseSeed = dice.bits();
    return effects;
}

// Where the shadows fall: down, and to the side that the light does not come from.
std::array<int, 2> anySun(Dice& dice)
{
    return {dice.around(22), dice.between(6, 24)};
}

} // namespace

const Drawing& DrawingTable::operator[](int conceptId) const
{
    const auto index = static_cast<size_t>(conceptId);
    CLWB_CHECK(index < byConcept.size() && byConcept[index].has_value(), "concept ", conceptId);
    return *byConcept[index];
}

Image paintCropScene(const CropScene& scene, const WorldPlan& plan, const DrawingTable& drawings)
{
    Dice dice(plan.sizes.seed, "demo-crop-scene", {scene.id});
    // Painted with few pixels and enlarged: far-away and out-of-focus things look like that.
    Image image = blankImage(std::max(8, scene.width * scene.detail / scene.frame),
                             std::max(8, scene.height * scene.detail / scene.frame));
    const int kind = dice.between(0, 3);
    paintGround(image,
                kind < 2    ? Ground::ColourField
                : kind == 2 ? Ground::Room
                            : Ground::Bokeh,
                256, dice);
    addTexture(image, dice.between(6, 24), dice.between(4, 30), dice);
    const std::array<int, 2> sun = anySun(dice);
    const std::vector<int>& fillers = plan.classes.fillers;

    std::vector<Frame> frames;
    for (const LabelledBox& labelled : scene.boxes)
        frames.push_back(frameOf(labelled.box, scene.detail, scene.frame));
    for (const Frame& frame : frames) {
        for (int i = 0; i < 2; ++i)
            placeWithShadow(image, drawings[dice.pick(fillers)],
                            besides(frame, dice.between(104, 150), dice.between(110, 190), dice),
                            sun, 100);
    }
    for (size_t i = 0; i < frames.size(); ++i) {
        const Frame& frame = frames[i];
        Placement placement;
        placement.size = static_cast<int>(int64_t{frame.side} * dice.between(179, 269) / 256);
        placement.centreX = frame.centreX + dice.around(frame.side / 12);
        placement.centreY = frame.centreY + dice.around(frame.side / 12);
        placement.angle = dice.around(kRadian / 2);
        placement.mirrored = dice.chance(50);
        placement.stretch = 256 + dice.around(36);
        varyColour(placement, 56, 48, dice);
        placeWithShadow(image, drawings[scene.boxes[i].conceptId], placement, sun, 130);
    }
    for (const Frame& frame : frames)
        placeWithShadow(image, drawings[dice.pick(fillers)],
                        besides(frame, dice.between(92, 132), dice.between(90, 150), dice), sun,
                        120);
    applyCamera(image, strongCamera(dice));
    Image enlarged = resized(image, scene.width, scene.height);
    CameraEffects grain;
    grain.noise = dice.between(3, 9);
    grain.noiseSeed = dice.bits();
    applyCamera(enlarged, grain);
    return enlarged;
}

Image paintZeroShotImage(const ZeroShotImage& item, const WorldPlan& plan,
                         const DrawingTable& drawings)
{
    Dice dice(plan.sizes.seed, "demo-zero-shot",
              {item.isValidation ? 1u : 0u, static_cast<uint64_t>(item.conceptId),
               static_cast<uint64_t>(item.number)});
    Image image = blankImage(kZeroShotSide, kZeroShotSide);
    const int draw = dice.between(0, 99);
    const Ground ground = draw < 25   ? Ground::White
                          : draw < 45 ? Ground::Plain
                          : draw < 65 ? Ground::Gradient
                          : draw < 80 ? Ground::Room
                          : draw < 92 ? Ground::ColourField
                                      : Ground::Bokeh;
    paintGround(image, ground, 150, dice);
    if (ground == Ground::Room)
        addTexture(image, 20, 8, dice);
    Placement placement;
    placement.size = kZeroShotSide * dice.between(179, 250);
    placement.centreX = kZeroShotSide * 128 + dice.around(kZeroShotSide * 8);
    placement.centreY = kZeroShotSide * 128 + dice.around(kZeroShotSide * 8);
    placement.angle = dice.around(kRadian / 5);
    varyColour(placement, 16, 12, dice);
    placeWithShadow(image, drawings[item.conceptId], placement, anySun(dice),
                    ground == Ground::White ? 60 : 110);
    applyCamera(image, mildCamera(dice));
    return image;
}

Image paintRetrievalScene(const RetrievalScene& scene, const WorldPlan& plan,
                          const DrawingTable& drawings)
{
    Dice dice(plan.sizes.seed, "demo-retrieval-scene", {scene.id});
    constexpr int side = kRetrievalSide;
    Image image = blankImage(side, side);
    const int kind = dice.between(0, 9);
    paintGround(image,
                kind < 5   ? Ground::Room
                : kind < 7 ? Ground::Gradient
                : kind < 9 ? Ground::ColourField
                           : Ground::Bokeh,
                170, dice);
    addTexture(image, dice.between(6, 30), dice.between(2, 12), dice);
    const std::array<int, 2> sun = anySun(dice);
    const auto count = static_cast<int>(scene.concepts.size());
    const int largest = count == 2 ? 128 : 92;
    for (int position = 0; position < count; ++position) {
        Placement placement;
        placement.size = side * dice.between(largest * 78 / 100, largest);
        placement.centreX = side * 256 * (2 * position + 1) / (2 * count) + dice.around(side * 6);
        placement.centreY = side * (150 + dice.around(26));
        placement.angle = dice.around(kRadian / 5);
        varyColour(placement, 20, 14, dice);
        darkenEllipse(image,
                      {placement.centreX, placement.centreY + placement.size * 45 / 100,
                       placement.size * 50 / 100, placement.size * 12 / 100},
                      110);
        placeWithShadow(image, drawings[scene.concepts[static_cast<size_t>(position)]], placement,
                        sun, 80);
    }
    applyCamera(image, mildCamera(dice));
    return image;
}

} // namespace clwb::demo
