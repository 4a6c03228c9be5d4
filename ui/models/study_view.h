// SPDX-License-Identifier: GPL-3.0-or-later
// A study that was looked at, arranged for the window: pictures by class, problems and places as
// tables.
#pragma once

#include "core/run/study_contents.h"
#include "ui/models/data_table.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace clwb::ui
{

/// What of a study is chosen in the list of sessions and classes.
struct StudyChoice
{
    enum class Kind { All, Session, Class, ZeroShot, ZeroShotClass, Validation, ValidationClass };
    Kind kind = Kind::All;
    int number = 0; ///< session from 0, or class
    bool operator==(const StudyChoice&) const = default;
};

/// Made on a worker thread, then only read.
class StudyView
{
public:
    explicit StudyView(run::StudyContents contents);

    [[nodiscard]] const run::StudyContents& contents() const { return m_contents; }
    /// Positions among the contents' pictures: class by class, training first.
    /// @param part only pictures of this part
    [[nodiscard]] std::vector<uint32_t> pictures(const StudyChoice& choice,
                                                 std::optional<run::StudyPart> part) const;
    [[nodiscard]] int64_t zeroShotCount(int classIndex) const;
    [[nodiscard]] int64_t validationCount(int classIndex) const;
    [[nodiscard]] bool hasPaperCounts() const;
    [[nodiscard]] bool hasValidation() const;
    /// "80 classes · 8 sessions · 596 974 train · 35 360 test · 351 zero-shot classes"
    [[nodiscard]] QString summary() const;

private:
    using ByClass = std::vector<std::vector<uint32_t>>;
    run::StudyContents m_contents;
    ByClass m_updated, m_zeroShot, m_validation;
};

/// Kind, reason and path; the first kMostProblems of them.
inline constexpr size_t kMostProblems = 20000;
DataTable problemTable(const std::vector<run::StudyProblem>& problems);
/// The files and folders that a study names, present (✓) or not (✗).
DataTable placeTable(const std::vector<run::StudyPlace>& places);
/// "train/cat/17.jpg": a picture's name for people; short within a class.
QString captionOf(const StudyView& view, uint32_t picture, bool isOneClass);
QString tipOf(const StudyView& view, uint32_t picture);

} // namespace clwb::ui
