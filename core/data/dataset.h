// SPDX-License-Identifier: GPL-3.0-or-later
// What a study selects: items with stable ids, classes with sessions, captions, and problems found.
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/base/stop_token.h"
#include "core/data/manifest.h"
#include "core/spec/study.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace clwb::data
{

/// One picture: a file and, for crops, a box.
struct Item
{
    std::string id; ///< annotation id (COCO) or the path below the split's root
    std::filesystem::path file;
    PixelBox box;  ///< whole image when empty
    int label = 0; ///< index into the class list
};

/// Classes with their items (zero-shot sets).
struct LabelledSet
{
    std::vector<std::string> classes; ///< display names
    std::vector<Item> items;
};

struct RetrievalData
{
    std::string name;
    int folds = 1;
    std::string prefix;
    std::vector<Item> images;                       ///< file order of the Karpathy file
    std::vector<std::vector<std::string>> captions; ///< per image, first captions_per_image
};

/// Something a user should know or mend.
struct Problem
{
    enum class Severity { Note, Warning, Error };
    Severity severity = Severity::Warning;
    std::string what;  ///< reason
    std::string where; ///< file, class, annotation id
};

/// Everything a run needs to know about its data; no pixels.
struct StudyData
{
    std::vector<std::string> classes; ///< updated task, session by session
    std::vector<int> sessionOfClass;  ///< 1-based
    int sessions = 0;
    std::vector<Item> utTrain, utVal, utTest; ///< file order; label indexes `classes`
    LabelledSet zeroShot, zeroShotValidation;
    std::vector<RetrievalData> retrieval, retrievalValidation;
    std::vector<std::string> replayCaptions; ///< corpus of caption replay (split train)
    std::vector<Problem> problems;
    Manifest manifest; ///< of everything above, where it was asked for
};

/// Which parts to load; leaving parts out saves reading COCO's large files.
struct DataNeeds
{
    bool train = true;
    bool test = true;
    bool validation = false;
    bool zeroShot = true;
    bool retrieval = true;
    bool replayCaptions = false;
    /// false: nothing of the test split is looked at, whatever else is asked for.
    bool testSplit = true;
    /// File that remembers checked images by size and time; empty: look at every image again.
    std::filesystem::path checkMemory;
    bool manifest = false; ///< also tell which files these are
    /// Told how many image files were looked at since its last call; any thread.
    std::function<void(int64_t files)> looked = {};
};

/// Reads lists and annotations, selects items, checks that files exist and look whole.
/// Errors: Data (or Usage for the study itself); everything tolerable is in `problems`.
Result<StudyData> loadStudyData(const spec::Study& study, const DataNeeds& needs,
                                const StopToken& stop);

} // namespace clwb::data
