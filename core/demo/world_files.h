// SPDX-License-Identifier: GPL-3.0-or-later
// The demo world's lists and annotations, in the formats of COCO, Karpathy and study.json.
#pragma once

#include "core/base/error.h"
#include "core/demo/world_plan.h"

#include <filesystem>
#include <string>

namespace clwb::demo
{

/// Paths below the world's folder, '/' as separator.
std::string pathOf(const CropScene& scene);
std::string pathOf(const RetrievalScene& scene);
std::string pathOf(const ZeroShotImage& item);

/// Folder of a zero-shot class: its name with letters, digits and '_' only.
std::string folderName(int conceptId);

/// Everything but the pictures: instances, splits, class lists, names, study.json, README.txt.
/// Errors: those of the file layer.
Result<void> writeWorldFiles(const std::filesystem::path& dir, const WorldPlan& plan);

/// Content of version.txt: changes whenever a picture or a list does.
std::string worldVersion(const std::string& fontSha256);

} // namespace clwb::demo
