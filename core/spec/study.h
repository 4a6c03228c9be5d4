// SPDX-License-Identifier: GPL-3.0-or-later
// The study file as values: which images, classes, sessions and retrieval sets a run uses.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::spec
{

/// How a box becomes a training picture (register rows A24, A26).
struct CropRule
{
    std::string rounding = "floor"; ///< floor | round | ceil
    int minSide = 1;                ///< pixels after rounding
    bool skipCrowd = true;
    double context = 0.0;          ///< fraction of the side added on each side
    std::string geometry = "clip"; ///< clip | pad | squash
};

/// Class order and sessions: equal parts of `count`, or explicit names.
struct SessionPlan
{
    int count = 8;
    std::string order = "category_id";             ///< category_id | name | listed
    std::vector<std::vector<std::string>> classes; ///< explicit sessions; empty: equal parts
};

struct UpdatedTask
{
    std::string kind = "coco";                    ///< coco | class_folders
    std::vector<std::filesystem::path> instances; ///< coco
    std::filesystem::path images;                 ///< coco
    std::filesystem::path splitFile;              ///< coco
    std::filesystem::path train, val, test;       ///< class_folders
    std::filesystem::path classesFile;            ///< class_folders with order `listed`
    std::filesystem::path names;                  ///< TSV folder → display name
    std::string nameSource = "first_lemma";       ///< first_lemma | all
    CropRule crop;
    SessionPlan sessions;
    int maxPerClass = 0; ///< 0: all
    uint64_t seed = 0;
    std::filesystem::path captionsSplitFile; ///< corpus of caption replay; may be empty
};

/// A zero-shot set of class folders (register rows A29, A30).
struct ZeroShotSet
{
    std::filesystem::path root;
    std::filesystem::path classes; ///< list file; empty: all folders below root
    std::filesystem::path names;
    std::string nameSource = "first_lemma";
    int imagesPerClass = 100; ///< 0: all
    bool allowFewer = false;
    uint64_t seed = 0;
};

struct RetrievalSet
{
    std::string name;
    std::filesystem::path splitFile;
    std::filesystem::path images;
    int folds = 1;
    int captionsPerImage = 5;
    std::string prefix;
};

struct ImageRule
{
    std::string exifOrientation = "ignore"; ///< ignore | apply
    std::string cache = "exact";            ///< exact | compact
    bool allowMissing = false;
    bool followLinks = false;
};

/// One study.json; all paths are absolute after reading.
struct Study
{
    std::filesystem::path file;
    std::string name;
    std::string prompt = "this is a photo of {}.";
    std::string preset; ///< key `preset`: values that suit this study's model; "", paper or demo
    std::optional<UpdatedTask> updatedTask;
    std::optional<ZeroShotSet> zeroShot;
    std::optional<ZeroShotSet> zeroShotValidation;
    std::vector<RetrievalSet> retrieval;
    ImageRule images;
    std::string sha256; ///< of the file's content
    Json document;      ///< as read, for display and for the preset it may carry
};

/// Reads and checks a study file (syntax, keys, types, ranges; not the data it points to).
/// Errors: Usage, all problems at once.
Result<Study> readStudy(const std::filesystem::path& file);

} // namespace clwb::spec
