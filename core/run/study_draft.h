// SPDX-License-Identifier: GPL-3.0-or-later
// New study files: another class order and other sessions, and a study out of a folder of pictures.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/stop_token.h"
#include "core/spec/study.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace clwb::run
{

/// The study's document with these sessions, for a file in `folder`: paths below the folder are
/// relative to it, others absolute.
/// @param sessions keys of the classes (StudyClass::key), none empty
Json withSessions(const spec::Study& study, const std::vector<std::vector<std::string>>& sessions,
                  const std::filesystem::path& folder);

/// Writes a study once the loader that training uses accepts it, as one step: a document that is
/// refused leaves the old file as it was.
/// Errors: Usage (`file: key: …`), Data with the first problems, DiskFull, Stopped.
Result<void> saveStudy(const Json& document, const std::filesystem::path& file,
                       const StopToken& stop);

/// What a folder of class folders holds.
struct PictureFolder
{
    std::filesystem::path folder;
    bool hasSplits = false; ///< it holds train/ and test/, perhaps val/, with class folders in each
    bool hasValidation = false;
    std::vector<std::string> classes;  ///< folders with pictures, bytewise
    int64_t pictures = 0;              ///< of all splits
    std::vector<std::string> empty;    ///< class folders without pictures
    std::vector<std::string> problems; ///< folders that cannot be read, and why
};

/// Counts what is there by name; opens no picture.
/// Errors: Data: no readable folder, no class folders, no pictures (naming what was seen); Stopped.
Result<PictureFolder> readPictureFolder(const std::filesystem::path& folder, const StopToken& stop);

struct FolderStudy
{
    PictureFolder source;
    std::string name;
    int sessions = 1; ///< must divide the number of classes, unless `sizes` says how many each has
    std::vector<int> sizes;     ///< classes of each session; empty: equal parts
    double testShare = 0.25;    ///< without splits: of each class's pictures, at least one
    uint64_t seed = 0;          ///< draws which ones
    std::filesystem::path file; ///< the study to write
};

/// Writes the study. Without splits it first makes NAME-split/{train,test} beside the file, with
/// links to the pictures where they are; nothing is copied or moved.
/// Errors: as saveStudy(); Data when the split's folder exists already.
Result<void> writeFolderStudy(const FolderStudy& wanted, const StopToken& stop);

} // namespace clwb::run
