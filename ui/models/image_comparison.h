// SPDX-License-Identifier: GPL-3.0-or-later
// Two models' predictions of the same pictures, read and counted; the table of their classes.
#pragma once

#include "ui/models/confusion.h"
#include "ui/models/data_table.h"
#include "ui/models/image_outcomes.h"
#include "ui/models/kept_predictions.h"

#include <QStringList>

#include <memory>
#include <string>
#include <vector>

namespace clwb::ui
{

/// The pictures of a list and what is known of their classes: the same for all models.
struct ImageList
{
    int64_t listId = 0;
    std::shared_ptr<const store::PredictionItems> items;
    QStringList names;         ///< of the classes; equal ones with their number
    std::vector<int> sessions; ///< of each class; empty: they are not trained
};

struct ImageComparison
{
    std::shared_ptr<const ImageList> list;
    ImagePair pair;
    Confusion confusionA, confusionB;
    std::shared_ptr<const std::vector<float>> sharesA, sharesB, change;
    std::vector<OutcomeCounts> classes;
};

/// Reader's thread; 35 000 pictures of 351 classes in about 0.2 s.
/// @param known the list where it was read before; null: read it
/// Errors: Usage (not kept; other pictures), Corrupt, Locked.
Result<std::shared_ptr<const ImageComparison>>
readImageComparison(const store::Project& project, const PredictionPair& models,
                    const std::string& part, std::shared_ptr<const ImageList> known);

/// Names by which classes can be told apart: "seal", "seal (class 12)".
QStringList distinctNames(const std::vector<std::string>& classes);

/// Columns: class, session (where there are sessions), accuracy under A and B, change. Rows by
/// class number.
DataTable imageClassTable(const ImageComparison& comparison);

} // namespace clwb::ui
