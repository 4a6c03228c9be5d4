// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/retrieval_pair.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

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
    return {entry.setName,  entry.listId, entry.folds,   entry.images,
            entry.captions, entry.runId,  entry.session, {entry.runId}};
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

/// Places in the list of models that a pair is chosen among, ascending.
using Places = std::vector<size_t>;

/// How well two runs belong together; the smaller, the better.
using Unlikeness = std::tuple<bool, bool, bool, bool, int64_t, int64_t, int64_t>;

/// @param lacks one of the models can't be asked
Unlikeness unlikeness(const store::RunRow& vr, const store::RunRow& ft, bool lacks)
{
    const bool isSameSetting = vr.setting == ft.setting;
    const bool isSameOption = vr.option == ft.option;
    return {!isSameSetting || !isSameOption || vr.seed != ft.seed,
            ft.setting != "MST",
            ft.option != "WM",
            lacks,
            ft.seed.value_or(0),
            vr.runId + ft.runId,
            vr.runId};
}

bool lacksSomething(const RankedModel& model)
{
    return model.lacks.value_or(run::Lacking::Nothing) != run::Lacking::Nothing;
}

/// The models of finished runs of a method after their last session.
Places lastModels(const std::vector<RankedModel>& models, const Places& among,
                  const RowsByRun& rows, const char* method)
{
    Places found;
    std::set<int64_t> seen;
    for (const size_t at : among) {
        const auto row = rows.find(models[at].runId);
        if (models[at].session == 0 || row == rows.end() || !seen.insert(row->first).second)
            continue;
        if (row->second->kind == "method" && row->second->method == method &&
            row->second->status == "finished" && !row->second->isPathPoint())
            found.push_back(at);
    }
    return found;
}

/// What runs have in common that belong together. Without a setting: that of any.
using Likeness = std::tuple<int64_t, std::string, std::string, std::optional<int64_t>>;

Likeness likenessOf(const RankedSet& set, const store::RunRow& run, bool isAlike)
{
    return isAlike ? Likeness{set.listId, run.setting, run.option, run.seed}
                   : Likeness{set.listId, {}, {}, {}};
}

/// Among runs that differ in nothing else, only the first, and the first that lacks nothing, can be
/// in the best pair: so thousands of runs are not compared each with each.
struct FirstOnes
{
    std::optional<size_t> any;
    std::optional<size_t> whole;
};

std::optional<ModelPair> vrAgainstFt(const std::vector<RankedModel>& models, const Places& among,
                                     const RowsByRun& rows)
{
    const Places trained = lastModels(models, among, rows, "vr-lwf");
    const Places tuned = lastModels(models, among, rows, "ft");
    for (const bool isAlike : {true, false}) {
        std::map<Likeness, FirstOnes> first;
        for (const size_t vr : trained) {
            for (const RankedSet& set : models[vr].sets) {
                FirstOnes& here = first[likenessOf(set, *rows.at(models[vr].runId), isAlike)];
                here.any = here.any.value_or(vr);
                if (!lacksSomething(models[vr]))
                    here.whole = here.whole.value_or(vr);
            }
        }
        std::optional<ModelPair> best;
        Unlikeness least;
        for (const size_t ft : tuned) {
            const store::RunRow& row = *rows.at(models[ft].runId);
            for (const RankedSet& set : models[ft].sets) {
                const auto found = first.find(likenessOf(set, row, isAlike));
                if (found == first.end())
                    continue;
                for (const auto& vr : {found->second.any, found->second.whole}) {
                    if (!vr)
                        continue;
                    const Unlikeness here =
                        unlikeness(*rows.at(models[*vr].runId), row,
                                   lacksSomething(models[*vr]) || lacksSomething(models[ft]));
                    if (!best || here < least) {
                        best = ModelPair{*vr, ft};
                        least = here;
                    }
                }
            }
        }
        if (best)
            return best;
    }
    return {};
}

ModelPair besideOriginalAmong(const std::vector<RankedModel>& models, const Places& among, size_t b)
{
    std::optional<size_t> best;
    for (const size_t at : among) {
        if (models[at].session != 0 || at == b)
            continue;
        const auto common = commonSets(models[at], models[b]);
        if (common.empty())
            continue;
        // That of the run itself first: others may have been asked about the same set.
        const bool isOwn = common.front().a.runId == models[b].runId;
        if (!best || isOwn)
            best = at;
        if (isOwn)
            break;
    }
    return {best.value_or(b), b};
}

std::optional<size_t> lastFinishedAmong(const std::vector<RankedModel>& models, const Places& among,
                                        const RowsByRun& rows)
{
    std::optional<size_t> last;
    QString latest;
    for (const size_t at : among) {
        const auto row = rows.find(models[at].runId);
        if (models[at].session == 0 || row == rows.end())
            continue;
        // A run's last session comes first in the list.
        if (const QString key = finishKey(*row->second); key > latest) {
            latest = key;
            last = at;
        }
    }
    return last;
}

std::optional<ModelPair> tellingAmong(const std::vector<RankedModel>& models, const Places& among,
                                      const std::vector<store::RunRow>& runs)
{
    if (among.empty())
        return {};
    const RowsByRun rows = rowsByRun(runs);
    if (const auto pair = vrAgainstFt(models, among, rows))
        return pair;
    return besideOriginalAmong(models, among,
                               lastFinishedAmong(models, among, rows).value_or(among.back()));
}

Places allPlaces(const std::vector<RankedModel>& models)
{
    Places places(models.size());
    std::iota(places.begin(), places.end(), size_t{0});
    return places;
}

/// As the run has them, which stands beside: the original's ranks and files are those it began
/// with.
RankedSet asOfRun(RankedSet set, int64_t run)
{
    if (std::find(set.runs.begin(), set.runs.end(), run) != set.runs.end())
        set.runId = run;
    return set;
}

} // namespace

std::vector<RankedModel> rankedModels(const store::DetailIndex& index,
                                      const std::vector<store::RunRow>& runs)
{
    const RowsByRun rows = rowsByRun(runs);
    std::vector<RankedModel> originals;
    std::vector<RankedModel> trained;
    QHash<QString, size_t> places; // in one of them
    for (const store::RetrievalEntry& entry : index.retrieval) {
        const bool isOriginal = entry.session == 0;
        std::vector<RankedModel>& models = isOriginal ? originals : trained;
        const QString id = isOriginal ? u"0/"_s + toQt(entry.modelSha256)
                                      : u"%1/%2"_s.arg(entry.runId).arg(entry.session);
        if (!places.contains(id)) {
            places.insert(id, models.size());
            models.push_back({id, {}, entry.runId, entry.session, entry.modelSha256, {}});
        }
        RankedModel& model = models[places.value(id)];
        const auto known =
            std::find_if(model.sets.begin(), model.sets.end(),
                         [&](const RankedSet& set) { return set.listId == entry.listId; });
        if (known == model.sets.end())
            model.sets.push_back(setOf(entry));
        else
            known->runs.push_back(entry.runId);
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
                common.push_back({asOfRun(set, other.runId), asOfRun(other, set.runId)});
        }
    }
    return common;
}

std::optional<ModelPair> tellingPair(const std::vector<RankedModel>& models,
                                     const std::vector<store::RunRow>& runs)
{
    return tellingAmong(models, allPlaces(models), runs);
}

ModelPair besideOriginal(const std::vector<RankedModel>& models, size_t b)
{
    return besideOriginalAmong(models, allPlaces(models), b);
}

std::optional<ModelPair> askablePair(const std::vector<RankedModel>& models,
                                     const std::vector<store::RunRow>& runs)
{
    Places askable = allPlaces(models);
    std::erase_if(askable,
                  [&models](size_t at) { return models[at].lacks != run::Lacking::Nothing; });
    const auto pair = tellingAmong(models, askable, runs);
    return pair && pair->a != pair->b ? pair : std::nullopt;
}

std::optional<size_t> lastFinishedModel(const std::vector<RankedModel>& models,
                                        const std::vector<store::RunRow>& runs)
{
    return lastFinishedAmong(models, allPlaces(models), rowsByRun(runs));
}

QString finishKey(const store::RunRow& run)
{
    if (run.status != "finished" || run.isPathPoint())
        return {};
    return toQt(run.finishedUtc) + u" #%1"_s.arg(run.runId, 12, 10, QLatin1Char('0'));
}

PlacesToLook placesToLook(const std::vector<RankedModel>& models,
                          const std::vector<store::RunRow>& runs, const LackingByModel& known)
{
    const RowsByRun rows = rowsByRun(runs);
    PlacesToLook places;
    std::set<std::pair<int64_t, int>> wanted;
    const auto want = [&](int64_t run, int session) {
        const auto row = rows.find(run);
        if (row == rows.end() || known.contains({run, session}) ||
            !wanted.insert({run, session}).second)
            return;
        store::RunRow place;
        place.runId = run;
        place.kind = row->second->kind;
        place.status = row->second->status;
        place.study = row->second->study;
        place.model = row->second->model;
        place.folder = row->second->folder;
        place.sessions = row->second->sessions;
        place.lastSession = row->second->lastSession;
        places.models.emplace_back(std::move(place), session);
    };
    std::set<int64_t> seen;
    for (const RankedModel& model : models) {
        // A run's last session comes first in the list.
        if (model.session > 0 && seen.insert(model.runId).second)
            want(model.runId, model.session);
        for (const RankedSet& set : model.sets) {
            for (size_t at = 0; model.session == 0 && at < set.runs.size(); ++at)
                want(set.runs[at], 0);
        }
    }
    return places;
}

LackingByModel lookForLacking(const PlacesToLook& places)
{
    LackingByModel lacking;
    for (const auto& [row, session] : places.models)
        lacking[{row.runId, session}] = run::lackingToAsk(row, session);
    return lacking;
}

void setLacking(std::vector<RankedModel>& models, const LackingByModel& lacking)
{
    for (RankedModel& model : models) {
        model.lacks.reset();
        for (const RankedSet& set : model.sets) {
            for (const int64_t run : set.runs) {
                const auto found = lacking.find({run, model.session});
                if (found != lacking.end())
                    model.lacks = std::min(model.lacks.value_or(found->second), found->second);
            }
        }
    }
}

} // namespace clwb::ui
