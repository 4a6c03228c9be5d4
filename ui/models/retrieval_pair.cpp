// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/retrieval_pair.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"

#include <QCoreApplication>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RetrievalPairText
{
    Q_DECLARE_TR_FUNCTIONS(RetrievalPair)
};

using RowsByRun = std::map<int64_t, const store::RunRow*>;

RowsByRun rowsByRun(const std::vector<store::RunRow>& runs)
{
    RowsByRun rows;
    for (const store::RunRow& run : runs)
        rows[run.runId] = &run;
    return rows;
}

RankedSet setOf(const store::RetrievalEntry& entry)
{
    return {entry.setName,  entry.listId, entry.folds,  entry.images,
            entry.captions, entry.runId,  entry.session};
}

/// The original is named as everywhere; where the project has several, with its folder, or with the
/// beginning of its hash where folders have one name.
void nameOriginals(std::vector<RankedModel>& originals, const RowsByRun& rows)
{
    const QString plain = RetrievalPairText::tr("Original CLIP");
    if (originals.size() == 1)
        originals.front().title = plain;
    std::map<QString, int> seen;
    std::vector<QString> names;
    for (const RankedModel& model : originals) {
        const auto row = rows.find(model.runId);
        const std::filesystem::path folder =
            row == rows.end() ? std::filesystem::path() : toPath(toQt(row->second->model));
        names.push_back(toQt(folder.filename()));
        ++seen[names.back()];
    }
    for (size_t at = 0; at < originals.size() && originals.size() > 1; ++at) {
        const bool isTold = !names[at].isEmpty() && seen[names[at]] == 1;
        originals[at].title =
            plain + u" · "_s + (isTold ? names[at] : toQt(originals[at].sha256).left(8));
    }
}

/// How well two runs belong together; the smaller, the better.
using Unlikeness = std::tuple<bool, bool, bool, int64_t, int64_t>;

Unlikeness unlikeness(const store::RunRow& vr, const store::RunRow& ft)
{
    const bool isSameSetting = vr.setting == ft.setting;
    const bool isSameOption = vr.option == ft.option;
    return {!isSameSetting || !isSameOption || vr.seed != ft.seed, ft.setting != "MST",
            ft.option != "WM", ft.seed.value_or(0), vr.runId + ft.runId};
}

/// The models of finished runs after their last session, of one method or of any trained.
std::vector<size_t> lastModels(const std::vector<RankedModel>& models, const RowsByRun& rows,
                               const char* method)
{
    std::vector<size_t> found;
    std::set<int64_t> seen;
    for (size_t at = 0; at < models.size(); ++at) {
        const auto row = rows.find(models[at].runId);
        if (models[at].session == 0 || row == rows.end() || !seen.insert(row->first).second)
            continue;
        const bool isOf =
            method ? row->second->kind == "method" && row->second->method == method : true;
        if (isOf && row->second->status == "finished")
            found.push_back(at);
    }
    return found;
}

std::optional<ModelPair> vrAgainstFt(const std::vector<RankedModel>& models, const RowsByRun& rows)
{
    std::optional<ModelPair> best;
    Unlikeness least;
    for (const size_t vr : lastModels(models, rows, "vr-lwf")) {
        for (const size_t ft : lastModels(models, rows, "ft")) {
            if (commonSets(models[vr], models[ft]).empty())
                continue;
            const Unlikeness here =
                unlikeness(*rows.at(models[vr].runId), *rows.at(models[ft].runId));
            if (!best || here < least) {
                best = ModelPair{vr, ft};
                least = here;
            }
        }
    }
    return best;
}

/// The original that was asked about the same; the model itself where there is none.
ModelPair againstOriginal(const std::vector<RankedModel>& models, size_t b)
{
    for (size_t at = 0; at < models.size(); ++at) {
        if (models[at].session == 0 && at != b && !commonSets(models[at], models[b]).empty())
            return {at, b};
    }
    return {b, b};
}

} // namespace

std::vector<RankedModel> rankedModels(const store::DetailIndex& index,
                                      const std::vector<store::RunRow>& runs)
{
    const RowsByRun rows = rowsByRun(runs);
    std::vector<RankedModel> originals;
    std::vector<RankedModel> trained;
    for (const store::RetrievalEntry& entry : index.retrieval) {
        const bool isOriginal = entry.session == 0;
        std::vector<RankedModel>& models = isOriginal ? originals : trained;
        const QString id = isOriginal ? u"0/"_s + toQt(entry.modelSha256)
                                      : u"%1/%2"_s.arg(entry.runId).arg(entry.session);
        auto model = std::find_if(models.begin(), models.end(),
                                  [&](const RankedModel& each) { return each.id == id; });
        if (model == models.end()) {
            models.push_back({id, {}, entry.runId, entry.session, entry.modelSha256, {}});
            model = models.end() - 1;
        }
        const bool isKnown =
            std::any_of(model->sets.begin(), model->sets.end(),
                        [&](const RankedSet& set) { return set.listId == entry.listId; });
        if (!isKnown)
            model->sets.push_back(setOf(entry));
    }
    nameOriginals(originals, rows);
    std::stable_sort(trained.begin(), trained.end(), [](const auto& a, const auto& b) {
        return std::pair(a.runId, -a.session) < std::pair(b.runId, -b.session);
    });
    for (RankedModel& model : trained) {
        const auto row = rows.find(model.runId);
        model.title = (row == rows.end() ? runNumber(model.runId) : runTitle(*row->second)) +
                      u" · "_s + sessionPlaceText(model.session);
    }
    originals.insert(originals.end(), std::make_move_iterator(trained.begin()),
                     std::make_move_iterator(trained.end()));
    return originals;
}

std::vector<CommonSet> commonSets(const RankedModel& a, const RankedModel& b)
{
    std::vector<CommonSet> common;
    for (const RankedSet& set : a.sets) {
        for (const RankedSet& other : b.sets) {
            if (set.listId == other.listId)
                common.push_back({set, other});
        }
    }
    return common;
}

std::optional<ModelPair> tellingPair(const std::vector<RankedModel>& models,
                                     const std::vector<store::RunRow>& runs)
{
    if (models.empty())
        return {};
    const RowsByRun rows = rowsByRun(runs);
    if (const auto pair = vrAgainstFt(models, rows))
        return pair;
    if (const auto ft = lastModels(models, rows, "ft"); !ft.empty())
        return againstOriginal(models, ft.front());
    if (const auto any = lastModels(models, rows, nullptr); !any.empty())
        return againstOriginal(models, any.back());
    return againstOriginal(models, models.size() - 1);
}

} // namespace clwb::ui
