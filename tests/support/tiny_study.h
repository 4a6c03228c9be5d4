// SPDX-License-Identifier: GPL-3.0-or-later
// A complete little study of coloured shapes, written as BMP files: needs no decoder and no
// network.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace clwb::test
{

/// How large the study is; every class and caption is made of a colour and a shape.
struct TinyStudy
{
    enum class Kind { Coco, ClassFolders };
    Kind kind = Kind::Coco;
    int classes = 4; ///< of the updated task, at most 8; two boxes a scene
    int sessions = 2;
    int trainPerClass = 6;
    int testPerClass = 3;    ///< validation has as many
    int zeroShotClasses = 3; ///< other colours and shapes, at most 8; as many for validation
    int imagesPerClass = 3;
    int retrievalImages = 6; ///< test; as many of val
    int folds = 2;
    int imageSide = 40;
    uint64_t seed = 0;
};

/// Writes study.json and everything it names below `folder`; COCO kind: coco/, instances_*.json,
/// dataset_tiny.json; class folders: own/{train,val,test}; both: zs/, zs-val/. Byte-identical for
/// the same values.
/// @return path of study.json
Result<std::filesystem::path> writeTinyStudy(const std::filesystem::path& folder,
                                             const TinyStudy& tiny = {});

/// Display names of the updated task's classes, in the order of a tiny study.
std::vector<std::string> tinyClassNames(int classes);

/// Writes a 24-bit BMP. @param rgb rows top to bottom, 3·width·height bytes
Result<void> writeBmp(const std::filesystem::path& file, int width, int height,
                      const std::vector<uint8_t>& rgb);

} // namespace clwb::test
