// SPDX-License-Identifier: GPL-3.0-or-later
// What the Retrieval page shows, as values: tables for CSV and the clipboard, and a LaTeX figure.
#pragma once

#include "ui/models/data_table.h"
#include "ui/models/retrieval_join.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace clwb::ui
{

/// A query with what two models ranked for it.
struct ShownRetrieval
{
    struct Side
    {
        QString model;
        std::optional<int64_t> rank; ///< of the truth, from 0
        std::vector<store::RankedCandidate> candidates;
        QString problem; ///< why there are none
    };
    store::Direction direction = store::Direction::TextToImage;
    QString setName;
    int fold = 0;
    int folds = 1;
    QString query;                     ///< the caption, or the picture's file
    std::optional<int64_t> queryImage; ///< a picture of the project that is the query
    bool isFree = false;               ///< asked for just now: it is not stored
    QString pool;                      ///< of a free one, what it was ranked among
    Side a;
    Side b;

    [[nodiscard]] bool hasTruth() const { return a.rank || b.rank; }
    [[nodiscard]] bool areCaptions() const { return direction == store::Direction::ImageToText; }
    /// Of the best candidate of both, whose bar is full.
    [[nodiscard]] double topScore() const;
};

/// Ranks count from 1, as they are shown.
DataTable queryTable(const std::vector<ComparedQuery>& queries, const std::vector<int>& shown);
/// A row a candidate of A, then of B.
DataTable candidateTable(const ShownRetrieval& shown);

/// Pictures that a figure of the candidates needs, best first.
std::vector<int64_t> figurePictures(const ShownRetrieval& shown);
/// Name of a picture's file in the folder beside the figure.
QString figurePictureName(int64_t imageId);
/// Letters, digits and hyphens only: what LaTeX takes as the name of a folder everywhere.
QString figureFolderName(const QString& texFileName);
/// A figure environment for graphicx and fontenc T1; a frame and the word "true" mark the truth.
/// @param folder   with the pictures, relative to the document
/// @param pictures that could be written; others leave a box
QString latexFigure(const ShownRetrieval& shown, const QString& folder,
                    const std::set<int64_t>& pictures);

} // namespace clwb::ui
