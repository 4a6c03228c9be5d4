// SPDX-License-Identifier: GPL-3.0-or-later
// A study out of one's own pictures, a folder a class: what such folders hold, and the study file.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// A picture that no run could read.
struct BadPicture
{
    std::filesystem::path file; ///< where it lies, never a link to it
    std::string reason;
};

/// What a folder of class folders holds.
struct PictureFolder
{
    std::filesystem::path folder;
    bool hasSplits = false; ///< it holds train/ and test/, perhaps val/, with class folders in each
    bool hasValidation = false;
    std::vector<std::string> classes;  ///< folders with usable pictures, bytewise; of train/
    std::vector<int64_t> classSizes;   ///< usable pictures of each of them
    int64_t pictures = 0;              ///< usable ones of all splits
    std::vector<std::string> empty;    ///< class folders without usable pictures
    std::vector<std::string> problems; ///< folders that cannot be read, and why
    std::vector<BadPicture> bad;
    int64_t turned = 0;      ///< pictures that EXIF says are to be shown turned or mirrored
    int64_t cmyk = 0;        ///< pictures, converted as Pillow does …
    int64_t sixteenBits = 0; ///< … as are those
    int64_t animated = 0;    ///< pictures whose first frame is used
    int64_t outside = 0;     ///< links among the pictures that lead out of the folder
    int64_t otherFiles = 0;  ///< files of other endings in class folders
    std::string otherFile;   ///< one of them
};

/// How a look at many pictures is watched and bounded.
struct FolderLook
{
    /// Pictures looked at, of how many; any thread.
    std::function<void(int64_t done, int64_t total)> progress = {};
    size_t most = 2'000'000; ///< entries of one folder, and pictures in all
};

/// Counts what is there and looks at each picture's header and end; decodes none. Pictures that
/// have not changed since another look are not opened again.
/// Errors: Data: no readable folder, no class folders, no usable pictures (naming what was seen),
/// more than look.most (naming it); Stopped.
Result<PictureFolder> readPictureFolder(const std::filesystem::path& folder, const StopToken& stop,
                                        const FolderLook& look = {});

/// A file of captions (Karpathy's dataset_*.json) and its pictures, for retrieval.
struct CaptionSet
{
    std::filesystem::path splitFile;
    std::filesystem::path images; ///< that the file's names are below
    int64_t testImages = 0;
    int64_t testCaptions = 0;
    std::vector<BadPicture> bad;
    std::vector<std::string> notes; ///< what was left out, and why
};

/// Reads the captions and looks at the pictures of split test and val.
/// Errors: Data (no such file, another format, no usable picture of split test); Stopped.
Result<CaptionSet> readCaptionSet(const std::filesystem::path& splitFile,
                                  const std::filesystem::path& images, const StopToken& stop,
                                  const FolderLook& look = {});

/// Writes the captions without set.bad, in the form that was read; captions of training stay, for
/// replay. Errors: as readKarpathy(); DiskFull.
Result<void> writeGoodCaptions(const CaptionSet& set, const std::filesystem::path& file,
                               const StopToken& stop);

struct FolderStudy
{
    PictureFolder source;
    std::string name;
    int sessions = 1; ///< must divide the number of classes, unless `sizes` says how many each has
    std::vector<int> sizes;     ///< classes of each session; empty: equal parts
    double testShare = 0.25;    ///< without splits: see testCounts()
    uint64_t seed = 0;          ///< draws which ones
    std::filesystem::path file; ///< the study to write
    /// Pictures that the looks found bad and folders that they could not read; otherwise those are
    /// an error.
    bool leavesOutBad = false;
    std::optional<PictureFolder> zeroShot = {};
    std::optional<CaptionSet> captions = {};
};

/// How many pictures of each class become test pictures so that their share of all is as near as
/// possible to `share`: each class gets its share rounded down, and those with the largest
/// remainders one more. Every class keeps one for test and one for training, so that many small
/// classes make the share of all larger than asked for.
/// @param sizes pictures of each class, at least two
std::vector<int64_t> testCounts(const std::vector<int64_t>& sizes, double share);

/// Writes the study. Without splits, or where something of them is left out, it first makes
/// NAME-split/{train,val,test} beside the file, with links to the usable pictures where they are;
/// NAME-split/zero_shot alike, and NAME-split/captions.json without the pictures left out. No
/// picture is copied or moved, and what is left out here stays the only thing that may be missing.
/// What fails or is stopped leaves nothing behind, new folders
/// included. Errors: as saveStudy(), naming the pictures where they lie; Data when the split's
/// folder exists already, when a class has fewer than two usable pictures, for bad pictures or for
/// folders that cannot be read.
Result<void> writeFolderStudy(const FolderStudy& wanted, const StopToken& stop);

} // namespace clwb::run
