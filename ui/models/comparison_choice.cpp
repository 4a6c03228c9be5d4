// SPDX-License-Identifier: GPL-3.0-or-later
// Choice of runs from the list of the project.
#include "ui/models/comparison_choice.h"

#include "core/spec/run_spec.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_filter.h"
#include "ui/models/run_name.h"
#include "ui/models/study_title.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct ChoiceText
{
    Q_DECLARE_TR_FUNCTIONS(ComparisonChoice)
};

std::string groupKey(const store::RunRow& row, const ConfigurationHashes& hashes)
{
    const auto hash = hashes.find(row.runId);
    if (hash == hashes.end() || !hasEnded(row) || row.status == "reported")
        return "run " + std::to_string(row.runId);
    return hash->second + '|' + row.origin + '|' + row.kind + '|' + row.method + '|' + row.option +
           '|' + row.setting + '|' + row.study + '|' + row.model;
}

QString nameWithoutSeed(const store::RunRow& row)
{
    static const QRegularExpression seed(u",?\\s*\\bseed\\s*=?\\s*\\d+\\b"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    return runName(row).remove(seed).trimmed();
}

/// Everything that tells it from others, whatever the user called it.
void describe(Candidate& candidate, const QStringList& seeds, const BranchMap& branches)
{
    const store::RunRow& row = *candidate.first;
    const bool isAlone = candidate.runIds.size() == 1;
    candidate.name = isAlone ? runTitle(row) : nameWithoutSeed(row);
    QStringList parts{toQt(spec::displayLabel(row.kind, row.method, row.option)),
                      toQt(row.setting)};
    if (const auto branch = branches.find(row.runId); branch != branches.end())
        parts << branchText(std::optional(branch->second));
    if (row.status == "reported")
        parts << ChoiceText::tr("reported in the paper");
    else if (!seeds.isEmpty())
        parts << (isAlone ? ChoiceText::tr("seed %1") : ChoiceText::tr("seeds %1"))
                     .arg(seeds.join(u", "_s));
    else if (!isAlone)
        parts << ChoiceText::tr("%1 runs").arg(candidate.runIds.size());
    if (!hasEnded(row))
        parts << toQt(row.status);
    if (!row.study.empty())
        parts << studyTitle(row.study);
    if (!isAlone)
        parts << runNumbers(candidate.runIds);
    parts.removeAll(QString());
    candidate.detail = parts.join(u" · "_s);
}

/// One configuration a method, and the references; empty without a method.
std::vector<int64_t> oneAMethod(const std::vector<const Candidate*>& candidates)
{
    std::map<std::string, const Candidate*> best;
    bool hasMethod = false;
    for (const Candidate* candidate : candidates) {
        hasMethod |= candidate->first->kind == "method";
        const Candidate*& kept = best[candidate->first->kind + '|' + candidate->first->method];
        if (!kept || candidate->runIds.size() > kept->runIds.size())
            kept = candidate; // the earlier one wins a tie: variants are made later
    }
    std::vector<int64_t> runs;
    if (!hasMethod)
        return runs;
    for (const auto& [method, candidate] : best)
        runs.insert(runs.end(), candidate->runIds.begin(), candidate->runIds.end());
    std::sort(runs.begin(), runs.end());
    if (runs.size() > kMostCompared)
        runs.resize(kMostCompared);
    return runs;
}

} // namespace

bool hasEnded(const store::RunRow& row)
{
    return row.status == "finished" || row.status == "reported";
}

bool isComparable(const store::RunRow& row)
{
    return row.lastSession >= 0 || !row.metrics.empty();
}

std::vector<Candidate> candidatesOf(const std::vector<store::RunRow>& rows,
                                    const ConfigurationHashes& hashes, const BranchMap& branches)
{
    std::vector<Candidate> candidates;
    std::vector<QStringList> seeds;
    std::map<std::string, size_t> known;
    for (const store::RunRow& row : rows) {
        if (!isComparable(row))
            continue;
        const auto [place, isNew] = known.try_emplace(groupKey(row, hashes), candidates.size());
        if (isNew)
            candidates.push_back({{}, {}, {}, &row});
        candidates[place->second].runIds.push_back(row.runId);
        seeds.resize(candidates.size());
        if (row.seed)
            seeds[place->second] << QString::number(*row.seed);
    }
    for (size_t at = 0; at < candidates.size(); ++at)
        describe(candidates[at], seeds[at], branches);
    return candidates;
}

std::vector<int64_t> defaultChoice(const std::vector<store::RunRow>& rows,
                                   const ConfigurationHashes& hashes)
{
    const std::vector<Candidate> candidates = candidatesOf(rows, hashes);
    const auto fits = [](const Candidate& candidate, const std::string& setting) {
        const store::RunRow& row = *candidate.first;
        const bool isOption = row.option == "WM" || row.kind != "method";
        return hasEnded(row) && isOption && row.setting == setting && !row.isPathPoint();
    };
    for (const std::string setting : {"MST", "OST"}) {
        // The study that most methods were tried on; among equals the one of the newest run.
        std::map<std::string, std::vector<const Candidate*>> studies;
        for (const Candidate& candidate : candidates) {
            if (candidate.first->status == "finished" && fits(candidate, setting))
                studies[candidate.first->study].push_back(&candidate);
        }
        std::vector<int64_t> best;
        for (const auto& [study, own] : studies) {
            std::vector<int64_t> runs = oneAMethod(own);
            const auto rank = [](const std::vector<int64_t>& ids) {
                return std::tuple(ids.size(), ids.empty() ? 0 : ids.back());
            };
            if (rank(runs) > rank(best))
                best = std::move(runs);
        }
        if (!best.empty())
            return best;
    }
    std::vector<const Candidate*> reported;
    for (const Candidate& candidate : candidates) {
        if (candidate.first->status == "reported" && fits(candidate, "MST"))
            reported.push_back(&candidate);
    }
    return oneAMethod(reported);
}

std::vector<int64_t> choiceAround(const std::vector<store::RunRow>& rows,
                                  const ConfigurationHashes& hashes,
                                  const std::vector<int64_t>& made)
{
    const std::set<int64_t> ofWindow(made.begin(), made.end());
    const auto isMade = [&ofWindow](const store::RunRow& row) {
        return row.status == "finished" && !row.isPathPoint() && isComparable(row) &&
               ofWindow.contains(row.runId);
    };
    const auto newest = std::find_if(rows.rbegin(), rows.rend(), [&](const store::RunRow& row) {
        return row.kind == "method" && isMade(row);
    });
    if (newest == rows.rend())
        return defaultChoice(rows, hashes);
    std::vector<store::RunRow> like;
    for (const store::RunRow& row : rows) {
        if (row.study == newest->study && row.setting == newest->setting &&
            row.status != "reported")
            like.push_back(row);
    }
    // The newest of them have their place first: they are what was waited for.
    std::set<int64_t> runs;
    for (auto row = like.rbegin(); row != like.rend() && runs.size() < kMostCompared; ++row) {
        if (isMade(*row))
            runs.insert(row->runId);
    }
    for (const int64_t run : defaultChoice(like, hashes)) {
        if (runs.size() < kMostCompared)
            runs.insert(run);
    }
    return {runs.begin(), runs.end()};
}

namespace
{

/// The run of which the row is a path's point, and which part of that run; metrics left out.
std::optional<PathPoint> pathOf(const store::RunRow& row,
                                const std::map<std::string, int64_t>& runOfUid)
{
    PathPoint point;
    if (row.isPathPoint()) {
        // A run that is not here must not be taken for the one that has its old number.
        const auto run = runOfUid.find(row.weightPath->uid);
        if (run == runOfUid.end())
            return std::nullopt;
        point.runId = run->second;
        point.alpha = row.weightPath->alpha;
        point.part =
            u"session %1 from %2"_s.arg(row.weightPath->session)
                .arg(row.weightPath->fromOriginal ? u"the original model"_s : u"its start"_s);
        return point;
    }
    static const QRegularExpression note(u"^\\(1 − α\\)·before \\+ α·after of run (\\d+), "
                                         u"α = ([0-9.eE+-]+);(?: (session \\d+ from [a-z ]+);)?"_s);
    // Most notes of a large project are empty: the pattern is tried on few.
    if (row.notes.find("after of run ") == std::string::npos)
        return std::nullopt;
    const auto match = note.match(toQt(row.notes));
    if (!match.hasMatch())
        return std::nullopt;
    point.runId = match.captured(1).toLongLong();
    point.alpha = match.captured(2).toDouble();
    point.part = match.captured(3);
    return point;
}

} // namespace

std::vector<PathPoint> pathPoints(const std::vector<store::RunRow>& rows,
                                  const std::vector<int64_t>& runIds)
{
    std::map<std::string, int64_t> runOfUid;
    for (const store::RunRow& row : rows) {
        if (std::find(runIds.begin(), runIds.end(), row.runId) != runIds.end())
            runOfUid.emplace(row.uid, row.runId);
    }
    std::vector<PathPoint> points;
    for (const store::RunRow& row : rows) {
        std::optional<PathPoint> point = pathOf(row, runOfUid);
        if (!point)
            continue;
        const auto ut = row.metrics.find(metricOfShortName(u"ut"_s, row.setting).value_or(""));
        const auto zs = row.metrics.find("ZS-Acc");
        if (ut == row.metrics.end() || zs == row.metrics.end())
            continue;
        point->ut = ut->second;
        point->zs = zs->second;
        point->recordedRun = row.runId;
        point->session = row.lastSession;
        const bool isFinite = std::isfinite(point->ut) && std::isfinite(point->zs);
        if (isFinite && std::find(runIds.begin(), runIds.end(), point->runId) != runIds.end())
            points.push_back(std::move(*point));
    }
    std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
        return std::tuple(a.runId, a.alpha) < std::tuple(b.runId, b.alpha);
    });
    return points;
}

} // namespace clwb::ui
