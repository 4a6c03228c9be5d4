// SPDX-License-Identifier: GPL-3.0-or-later
// Which models the Retrieval page can put beside each other, and which pair tells most at first.
#pragma once

#include "core/run/kept_model.h"
#include "core/store/details.h"

#include <QString>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
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
    std::vector<int64_t> runs = {}; ///< all whose ranks these are: of the original, who share it
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
    std::optional<run::Lacking> lacks = {}; ///< to be asked something new; nothing: not known
};

/// The original models first, then runs by number, the last session first.
std::vector<RankedModel> rankedModels(const store::DetailIndex& index,
                                      const std::vector<store::RunRow>& runs);

/// What models lack, by run and session.
using LackingByModel = std::map<std::pair<int64_t, int>, run::Lacking>;
/// Where the models lie of which it isn't known: each run's last one, and the originals as all the
/// runs that share them have them. Rows with no more than lackingToAsk() takes.
struct PlacesToLook
{
    std::vector<std::pair<store::RunRow, int>> models; ///< with the session
};
PlacesToLook placesToLook(const std::vector<RankedModel>& models,
                          const std::vector<store::RunRow>& runs, const LackingByModel& known);
/// Looks at the disk, which may be away: on a thread that nobody waits for.
LackingByModel lookForLacking(const PlacesToLook& places);
/// The original can be asked where one of the runs that share it can.
void setLacking(std::vector<RankedModel>& models, const LackingByModel& lacking);

/// A set that both models were asked about. The original beside a run is the one that this run
/// began with: its ranks and files are the run's own.
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
/// VR-LwF against FT of one study, as alike as possible otherwise, rather such as are not known to
/// lack something; else the original against the run finished last. Nothing: there is no model.
std::optional<ModelPair> tellingPair(const std::vector<RankedModel>& models,
                                     const std::vector<store::RunRow>& runs);
/// The original that was asked about the same; the model itself where there is none.
ModelPair besideOriginal(const std::vector<RankedModel>& models, size_t b);
/// The same as tellingPair() of models that are known to lack nothing; nothing: there are not two.
std::optional<ModelPair> askablePair(const std::vector<RankedModel>& models,
                                     const std::vector<store::RunRow>& runs);

/// The last model of the run that finished last, among those that have one.
std::optional<size_t> lastFinishedModel(const std::vector<RankedModel>& models,
                                        const std::vector<store::RunRow>& runs);
/// Greater for a run that finished later; empty for one that has not, and for a path point.
QString finishKey(const store::RunRow& run);

} // namespace clwb::ui
