// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/copy_details.h"

#include "core/store/detail_rows.h"
#include "core/store/details_private.h"

#include <algorithm>
#include <unordered_map>

namespace clwb::store
{
namespace
{

constexpr size_t kThumbnailsAtOnce = 500;

using Positions = std::unordered_map<int64_t, int32_t>;

Positions positionsOf(const std::vector<int64_t>& ids)
{
    Positions positions;
    for (size_t at = 0; at < ids.size(); ++at)
        positions.emplace(ids[at], static_cast<int32_t>(at));
    return positions;
}

/// What one query answers, back in places of the list.
Result<void> addQuery(const std::vector<RankedCandidate>& candidates, const Positions& positions,
                      const Project& from, metrics::DirectionDetails& direction)
{
    std::vector<metrics::TrueCandidate> truths;
    for (size_t at = 0; at < candidates.size(); ++at) {
        const RankedCandidate& each = candidates[at];
        const auto place = positions.find(each.candidateId);
        if (place == positions.end())
            return detailDamage(from, "a candidate is not in its retrieval set");
        const auto score = static_cast<float>(each.score);
        if (each.rank == static_cast<int64_t>(at) && at < size_t{metrics::kTopCandidates})
            direction.top.push_back({place->second, score});
        if (each.isRelevant)
            truths.push_back({place->second, static_cast<int32_t>(each.rank), score});
    }
    std::sort(truths.begin(), truths.end(),
              [](const auto& a, const auto& b) { return a.position < b.position; });
    direction.truths.insert(direction.truths.end(), truths.begin(), truths.end());
    direction.topBegin.push_back(static_cast<uint32_t>(direction.top.size()));
    direction.truthBegin.push_back(static_cast<uint32_t>(direction.truths.size()));
    return {};
}

} // namespace

Result<DetailCopier::List> DetailCopier::readList(int64_t listId) const
{
    Database& database = m_from.database();
    const Failure damaged =
        detailDamage(m_from, "the list " + std::to_string(listId) + " of pictures is damaged");
    metrics::HashedList items;
    CLWB_ASSIGN(Statement row, database.prepare("SELECT kind, name, folds, classes, "
                                                "lower(hex(sha256)) FROM item_list "
                                                "WHERE list_id = ?"));
    CLWB_ASSIGN(const bool found, row.bindAll(listId).step());
    if (!found)
        return damaged;
    items.list.kind = row.text(0);
    items.list.name = row.text(1);
    items.list.folds = static_cast<int>(row.integer(2));
    if (const auto classes = parseJson(row.text(3), "classes"); classes && classes->is_array()) {
        for (const Json& name : *classes)
            items.list.classes.push_back(name.is_string() ? name.get<std::string>() : "");
    }
    items.sha256 = row.text(4);
    const bool isRetrieval = items.list.kind == "retrieval";

    List list;
    CLWB_ASSIGN(Statement images,
                database.prepare("SELECT i.image_id, i.path, i.x0, i.y0, i.x1, i.y1, i.file_bytes, "
                                 "e.label FROM item e JOIN image i USING(image_id) "
                                 "WHERE e.list_id = ? ORDER BY e.position"));
    images.bindAll(listId);
    while (true) {
        CLWB_ASSIGN(const bool more, images.step());
        if (!more)
            break;
        const auto number = [&images](int column) {
            return static_cast<int>(images.integer(column));
        };
        list.images.push_back(images.integer(0));
        items.list.images.push_back(
            {images.text(1), {number(2), number(3), number(4), number(5)}, images.integer(6)});
        if (!isRetrieval)
            items.list.labels.push_back(number(7));
    }
    if (isRetrieval)
        items.list.captionCounts.assign(list.images.size(), 0);
    CLWB_ASSIGN(Statement captions,
                database.prepare("SELECT c.caption_id, c.image_id, c.text FROM list_caption l "
                                 "JOIN caption c USING(caption_id) WHERE l.list_id = ? "
                                 "ORDER BY l.position"));
    captions.bindAll(listId);
    size_t image = 0;
    while (true) {
        CLWB_ASSIGN(const bool more, captions.step());
        if (!more)
            break;
        while (image < list.images.size() && list.images[image] != captions.integer(1))
            ++image;
        if (image == items.list.captionCounts.size())
            return damaged;
        ++items.list.captionCounts[image];
        list.captions.push_back(captions.integer(0));
        items.list.captions.push_back(captions.text(2));
    }
    if (metrics::contentHash(items.list) != items.sha256)
        return damaged;
    list.items = std::make_shared<const metrics::HashedList>(std::move(items));
    return list;
}

Result<const DetailCopier::List*> DetailCopier::list(int64_t listId)
{
    if (const auto known = m_lists.find(listId); known != m_lists.end())
        return &known->second;
    CLWB_ASSIGN(List list, readList(listId));
    return &m_lists.emplace(listId, std::move(list)).first->second;
}

Result<metrics::PredictionDetails> DetailCopier::readPredictions(const PredictionEntry& entry)
{
    CLWB_ASSIGN(const List* const list, this->list(entry.listId));
    CLWB_ASSIGN(Predictions stored, predictions(m_from, entry.runId, entry.session, entry.part));
    metrics::PredictionDetails details;
    details.items = list->items;
    details.top = stored.top;
    details.classes = std::move(stored.classes);
    details.probabilities = std::move(stored.probabilities);
    details.truthRanks = std::move(stored.truthRanks);
    details.truthProbabilities = std::move(stored.truthProbabilities);
    if (!metrics::isConsistent(details))
        return detailDamage(m_from, "the predictions of run " + std::to_string(entry.runId) +
                                        " are damaged");
    return details;
}

Result<metrics::RetrievalDetails> DetailCopier::readRetrieval(const RetrievalEntry& entry)
{
    CLWB_ASSIGN(const List* const list, this->list(entry.listId));
    metrics::RetrievalDetails details;
    details.items = list->items;
    const Positions images = positionsOf(list->images);
    const Positions captions = positionsOf(list->captions);
    for (const Direction direction : {Direction::TextToImage, Direction::ImageToText}) {
        const bool isText = direction == Direction::TextToImage;
        CLWB_ASSIGN(const auto all,
                    queries(m_from, entry.runId, entry.session, entry.setName, direction));
        for (const RetrievalQuery& query : all) {
            CLWB_ASSIGN(const auto ranked, candidates(m_from, entry.runId, entry.session,
                                                      entry.setName, direction, query.position));
            CLWB_TRY(addQuery(ranked, isText ? images : captions, m_from,
                              isText ? details.textToImage : details.imageToText));
        }
    }
    if (!metrics::isConsistent(details))
        return detailDamage(m_from, "the ranks of run " + std::to_string(entry.runId) +
                                        " in the set '" + entry.setName + "' are damaged");
    return details;
}

Result<void> DetailCopier::copyThumbnails(Database& to, const List& list) const
{
    std::vector<metrics::Thumbnail> some;
    for (size_t at = 0; at < list.images.size(); ++at) {
        CLWB_ASSIGN(const ImagePlace place, imagePlace(m_from, list.images[at]));
        const auto jpeg = thumbnail(m_from, list.images[at]);
        if (!jpeg && jpeg.error().code != ErrorCode::Corrupt) // a damaged one stays behind
            return Failure(jpeg.error());
        if (jpeg && !jpeg->empty())
            some.push_back({list.items->list.images[at], place.width, place.height, *jpeg});
        if (some.size() == kThumbnailsAtOnce || at + 1 == list.images.size()) {
            CLWB_TRY(writeThumbnails(to, some));
            some.clear();
        }
    }
    return {};
}

Result<void> DetailCopier::copy(Database& to, int64_t toRun, int64_t fromRun)
{
    struct Session
    {
        std::string model;
        metrics::EvaluationDetails details;
    };
    CLWB_ASSIGN(const DetailIndex index, detailIndex(m_from, fromRun));
    std::map<int, Session> sessions;
    std::set<int64_t> lists;
    for (const RetrievalEntry& entry : index.retrieval) {
        Session& session = sessions[entry.session];
        session.model = entry.modelSha256;
        CLWB_ASSIGN(auto details, readRetrieval(entry));
        session.details.retrieval.push_back(std::move(details));
        lists.insert(entry.listId);
    }
    for (const PredictionEntry& entry : index.predictions) {
        Session& session = sessions[entry.session];
        session.model = entry.modelSha256;
        CLWB_ASSIGN(auto details, readPredictions(entry));
        session.details.predictions.push_back(std::move(details));
        lists.insert(entry.listId);
    }
    for (const auto& [number, session] : sessions)
        CLWB_TRY(writeDetails(to, toRun, number, session.model, session.details));
    for (const int64_t id : lists) {
        if (m_pictured.insert(id).second)
            CLWB_TRY(copyThumbnails(to, m_lists.at(id)));
    }
    return {};
}

} // namespace clwb::store
