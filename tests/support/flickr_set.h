// SPDX-License-Identifier: GPL-3.0-or-later
// A second retrieval set for a tiny study, in the form of Karpathy's Flickr30k file.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>

namespace clwb::test
{

struct FlickrSet
{
    std::string name = "Flickr30k";
    int testImages = 5;
    int valImages = 3;
    int captions = 5; ///< of each image
    int folds = 1;
};

/// Writes flickr/*.bmp and dataset_flickr.json beside a study file and adds the set to the study,
/// as its last. The entries have neither filepath nor cocoid, the test images come first.
Result<void> addFlickrSet(const std::filesystem::path& study, const FlickrSet& set = {});

} // namespace clwb::test
