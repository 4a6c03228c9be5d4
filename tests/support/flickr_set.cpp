// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/flickr_set.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/support/tiny_study.h"

#include <array>

namespace clwb::test
{
namespace
{

constexpr int kSide = 24;

/// Image `number` is one shade; its captions name it.
Result<Json> writeImage(const std::filesystem::path& folder, int number, const char* split,
                        int captions)
{
    static constexpr std::array kColours{"red", "green", "blue"};
    const auto colour = static_cast<size_t>(number) % kColours.size();
    const std::string file = "flickr_" + std::to_string(number) + ".bmp";
    std::vector<uint8_t> rgb(3 * kSide * kSide, static_cast<uint8_t>(20 * number % 200));
    for (size_t pixel = 0; pixel < rgb.size() / 3; ++pixel)
        rgb[3 * pixel + colour] = 230;
    CLWB_TRY(writeBmp(folder / file, kSide, kSide, rgb));
    Json sentences = Json::array();
    for (int n = 0; n < captions; ++n)
        sentences.push_back({{"raw", std::string(static_cast<size_t>(n), 'a') + " " +
                                         kColours[colour] + " square beside a disc"}});
    return Json{{"filename", file}, {"imgid", number}, {"split", split}, {"sentences", sentences}};
}

} // namespace

Result<void> addFlickrSet(const std::filesystem::path& study, const FlickrSet& set)
{
    const std::filesystem::path folder = study.parent_path();
    CLWB_TRY(createFolders(folder / "flickr"));
    Json images = Json::array();
    for (int i = 0; i < set.testImages + set.valImages; ++i) {
        CLWB_ASSIGN(Json image, writeImage(folder / "flickr", i,
                                           i < set.testImages ? "test" : "val", set.captions));
        images.push_back(std::move(image));
    }
    const Json file{{"dataset", "flickr30k"}, {"images", std::move(images)}};
    CLWB_TRY(writeFileAtomically(folder / "dataset_flickr.json", file.dump(1)));
    CLWB_ASSIGN(Json document, readJsonFile(study));
    document["retrieval"].push_back({{"name", set.name},
                                     {"kind", "karpathy"},
                                     {"split_file", "dataset_flickr.json"},
                                     {"images", "flickr"},
                                     {"folds", set.folds}});
    return writeFileAtomically(study, document.dump(1));
}

} // namespace clwb::test
