// SPDX-License-Identifier: GPL-3.0-or-later
// What a study holds, for people to look through: files, classes, sessions, pictures, problems.
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/base/stop_token.h"
#include "core/spec/study.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

enum class StudyPart { Train, Validation, Test, ZeroShot, ZeroShotValidation };
/// "train", "validation", "test", "zero-shot", "zero-shot validation"
std::string_view nameOf(StudyPart part);

/// A file or folder that the study names.
struct StudyPlace
{
    std::string key; ///< "updated_task.train"
    std::filesystem::path path;
    std::string problem; ///< why it cannot be read; empty when it can
};

struct StudyPicture
{
    uint32_t file = 0; ///< in StudyContents::files
    PixelBox box;
    int32_t classIndex = 0; ///< in classes, of zero-shot sets in their own lists
    StudyPart part = StudyPart::Train;
    std::string id; ///< annotation id, or the path below its root
};

struct StudyClass
{
    std::string name;
    std::string key; ///< what sessions.classes calls it: its folder where two share a name
    int session = 0; ///< 1-based
    int64_t train = 0;
    int64_t validation = 0;
    int64_t test = 0;
};

struct StudySession
{
    int64_t classes = 0;
    int64_t train = 0;
    int64_t validation = 0;
    int64_t test = 0;
    std::optional<int64_t> paperTrain; ///< Table I, where the session has its classes
    std::optional<int64_t> paperTest;
};

/// A zero-shot or retrieval set.
struct StudySet
{
    std::string name;
    int64_t classes = 0;
    int64_t images = 0;
    int64_t captions = 0;
};

struct StudyProblem
{
    enum class Severity { Note, Warning, Error };
    Severity severity = Severity::Warning;
    std::string what;
    std::string where; ///< file, class, annotation id
};

/// One look at a study: every number and list comes from it.
struct StudyContents
{
    spec::Study study;
    std::vector<StudyPlace> places;
    std::vector<StudyClass> classes; ///< session by session
    std::vector<StudySession> sessions;
    std::vector<std::string> zeroShotClasses, zeroShotValidationClasses;
    std::vector<StudySet> sets;
    std::vector<std::filesystem::path> files;
    std::vector<StudyPicture> pictures;
    std::vector<StudyProblem> problems; ///< errors first
    bool isRefused = false;             ///< a run would not start

    [[nodiscard]] int64_t count(StudyProblem::Severity severity) const;
    [[nodiscard]] const std::string& className(const StudyPicture& picture) const;
};

/// Reads the study, everything it names, and which files are copies of each other across splits
/// and classes. Missing and bad data are problems of the result, not errors.
/// @param looked told how many pictures were looked at since its last call; any thread
/// Errors: Usage for the study file itself (`file: key: …`); Stopped.
Result<StudyContents> inspectStudy(const std::filesystem::path& file, const StopToken& stop,
                                   const std::function<void(int64_t files)>& looked = {});

/// The files and folders that a study names, as they are now.
std::vector<StudyPlace> studyPlaces(const spec::Study& study);

/// Pictures that look the same though their files differ: leakage where they are of different
/// splits, contradictions where they are of different classes, notes otherwise.
/// @param progress from the calling thread
/// Errors: Stopped.
Result<std::vector<StudyProblem>>
findSimilarPictures(const StudyContents& contents,
                    const std::function<void(int64_t done, int64_t total)>& progress,
                    const StopToken& stop);

/// severity,what,where as RFC 4180, guarded against formulas.
std::string problemsCsv(const std::vector<StudyProblem>& problems);

} // namespace clwb::run
