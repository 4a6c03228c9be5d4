// SPDX-License-Identifier: GPL-3.0-or-later
// Which models the Retrieval page can put beside each other, and which pair tells most at first.
#pragma once

#include "core/store/details.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// Where the ranks of a model on a set are stored.
struct RankedSet
{
    std::string name;
    int64_t listId = 0; ///< equal: the same pictures and captions in the same order
    int folds = 1;
    int64_t images = 0;
    int64_t captions = 0;
    int64_t runId = 0; ///< for core/store/details
    int session = 0;
};

/// A run after a session, or the model that runs began with: session 0 of all runs that share it.
struct RankedModel
{
    QString id;    ///< stays over restarts: "9/8", "0/" and the model's hash
    QString title; ///< "Original CLIP", "#9 FT-WM, MST, seed 0 · after session 8"
    int64_t runId = 0;
    int session = 0;
    std::string sha256;
    std::vector<RankedSet> sets;
};

/// The original models first, then runs by number, the last session first.
std::vector<RankedModel> rankedModels(const store::DetailIndex& index,
                                      const std::vector<store::RunRow>& runs);

/// A set that both models were asked about.
struct CommonSet
{
    RankedSet a;
    RankedSet b;
};
std::vector<CommonSet> commonSets(const RankedModel& a, const RankedModel& b);

/// Places in the list of models.
struct ModelPair
{
    size_t a = 0;
    size_t b = 0;
};
/// VR-LwF against FT of one study, as alike as possible otherwise; else the original against FT,
/// else against the run finished last. Nothing: there is no model.
std::optional<ModelPair> tellingPair(const std::vector<RankedModel>& models,
                                     const std::vector<store::RunRow>& runs);

} // namespace clwb::ui
