// SPDX-License-Identifier: GPL-3.0-or-later
// Queries of a retrieval set and their ranked candidates.
#include "core/store/detail_blob.h"
#include "core/store/details.h"
#include "core/store/details_private.h"
#include "core/store/sqlite.h"

#include <algorithm>

namespace clwb::store
{
namespace
{

constexpr size_t kMaxCandidates = 100'000; // true ones included

int numberOf(Direction direction)
{
    return direction == Direction::TextToImage ? 0 : 1;
}

Result<int64_t> resultOf(const Project& project, int64_t runId, int session,
                         const std::string& setName)
{
    CLWB_ASSIGN(const bool exists, hasDetails(project));
    std::optional<int64_t> id;
    if (exists) {
        CLWB_ASSIGN(
            id, project.database().integer("SELECT s.result_id FROM retrieval_use u "
                                           "JOIN retrieval_result s USING(result_id) "
                                           "JOIN item_list l USING(list_id) "
                                           "WHERE u.run_id = ? AND u.session = ? AND l.name = ?",
                                           runId, session, setName));
    }
    if (!id)
        return notKept("ranks of the retrieval set '" + setName + "'", runId, session);
    return *id;
}

/// What a row of candidates says, not yet sorted.
Result<std::vector<RankedCandidate>> readRow(const std::string& top, const std::string& beyond)
{
    CLWB_ASSIGN(const auto entries, readNumbers(top, kMaxCandidates));
    CLWB_ASSIGN(const auto pairs, readNumbers(beyond, 2 * kMaxCandidates));
    if (pairs.size() % 2 != 0)
        return fail(ErrorCode::Corrupt, "no list of candidates");
    std::vector<RankedCandidate> list;
    const auto add = [&list](int64_t rank, int64_t entry) {
        const UnpackedCandidate candidate = unpackCandidate(entry);
        RankedCandidate& ranked = list.emplace_back();
        ranked.rank = rank;
        ranked.candidateId = candidate.id;
        ranked.score = candidate.score;
    };
    for (size_t i = 0; i < entries.size(); ++i)
        add(static_cast<int64_t>(i), entries[i]);
    for (size_t i = 0; i < pairs.size(); i += 2)
        add(pairs[i], pairs[i + 1]);
    return list;
}

/// The image of a caption and its text; false when there is none.
Result<bool> lookUp(Statement& caption, int64_t captionId, int64_t& imageId, std::string& text)
{
    CLWB_ASSIGN(const bool found, caption.bindAll(captionId).step());
    if (found) {
        imageId = caption.integer(0);
        text = caption.text(1);
    }
    caption.reset();
    return found;
}

} // namespace

Result<std::vector<RetrievalQuery>> queries(const Project& project, int64_t runId, int session,
                                            const std::string& setName, Direction direction,
                                            std::optional<int> fold)
{
    CLWB_ASSIGN(const int64_t result, resultOf(project, runId, session, setName));
    const bool isText = direction == Direction::TextToImage;
    // The names are the program's, no text of the file is put into the statement.
    const std::string columns = isText ? "c.image_id, c.text" : "q.query_id, ''";
    const std::string join = isText ? " LEFT JOIN caption c ON c.caption_id = q.query_id" : "";
    CLWB_ASSIGN(Statement rows,
                project.database().prepare(
                    "SELECT q.position, q.fold, q.query_id, q.best, " + columns +
                    " FROM retrieval_query q" + join +
                    " WHERE q.result_id = ?1 AND q.direction = ?2 AND (?3 IS NULL OR q.fold = ?3) "
                    "ORDER BY q.position"));
    rows.bindAll(result, numberOf(direction), fold);
    std::vector<RetrievalQuery> list;
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            return list;
        if (rows.isNull(4))
            return detailDamage(project,
                                "a caption of the retrieval set '" + setName + "' is missing");
        list.push_back({static_cast<int32_t>(rows.integer(0)), static_cast<int>(rows.integer(1)),
                        rows.integer(2), rows.integer(4), rows.text(5), rows.optionalInteger(3)});
    }
}

Result<std::vector<RankedCandidate>> candidates(const Project& project, int64_t runId, int session,
                                                const std::string& setName, Direction direction,
                                                int32_t position)
{
    CLWB_ASSIGN(const int64_t result, resultOf(project, runId, session, setName));
    Database& database = project.database();
    CLWB_ASSIGN(Statement row, database.prepare("SELECT query_id, candidates, beyond "
                                                "FROM retrieval_query WHERE result_id = ? "
                                                "AND direction = ? AND position = ?"));
    CLWB_ASSIGN(const bool found, row.bindAll(result, numberOf(direction), position).step());
    const bool isText = direction == Direction::TextToImage;
    if (!found)
        return fail(ErrorCode::Usage, "the retrieval set '" + setName + "' has no " +
                                          (isText ? "caption " : "image ") +
                                          std::to_string(position));
    const std::string what = "the candidates of " + std::string(isText ? "caption " : "image ") +
                             std::to_string(position) + " of the retrieval set '" + setName +
                             "' are damaged";
    auto list = readRow(row.text(1), row.text(2));
    if (!list)
        return detailDamage(project, what);
    CLWB_ASSIGN(Statement caption,
                database.prepare("SELECT image_id, text FROM caption WHERE caption_id = ?"));
    int64_t queryImage = row.integer(0);
    std::string ignored;
    bool isWhole = true;
    if (isText) {
        CLWB_ASSIGN(isWhole, lookUp(caption, row.integer(0), queryImage, ignored));
    }
    for (RankedCandidate& each : *list) {
        each.imageId = each.candidateId;
        if (!isText) {
            CLWB_ASSIGN(const bool known,
                        lookUp(caption, each.candidateId, each.imageId, each.text));
            isWhole = isWhole && known;
        }
        each.isRelevant = each.imageId == queryImage;
    }
    if (!isWhole)
        return detailDamage(project, what);
    std::stable_sort(list->begin(), list->end(),
                     [](const auto& a, const auto& b) { return a.rank < b.rank; });
    return std::move(*list);
}

} // namespace clwb::store
