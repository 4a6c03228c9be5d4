// SPDX-License-Identifier: GPL-3.0-or-later
// Writes details and thumbnails into the tables; inside the caller's transaction.
#pragma once

#include "core/metrics/evaluation_details.h"
#include "core/store/sqlite.h"

#include <cstdint>
#include <string>
#include <vector>

namespace clwb::store
{

/// Replaces what is kept of this session. Lists and results that are there already are shared.
/// CHECK: consistent. Errors: those of SQLite.
Result<void> writeDetails(Database& database, int64_t runId, int session,
                          const std::string& modelSha256,
                          const metrics::EvaluationDetails& details);

/// Lets a run use what another run of the project, by its uid, keeps of this session: a branch has
/// the models of the sessions that it took over. What the run has of its own stays.
/// Errors: those of SQLite.
Result<void> shareDetails(Database& database, int64_t runId, int session,
                          const std::string& sourceUid);

/// Keeps thumbnails of pictures that are in a list, up to thumbnailLimit(); the others are dropped.
Result<void> writeThumbnails(Database& database, const std::vector<metrics::Thumbnail>& thumbnails);
/// Places in a list of pictures whose thumbnail is still to be made; all when the project does not
/// know the list, none when the limit is reached.
Result<std::vector<int64_t>> missingThumbnails(Database& database,
                                               const metrics::HashedList& items);

/// Bytes that the thumbnails of a project may take: 116 MiB unless shrinkDetails() set another.
/// With everything else, the first evaluation of a paper-sized study stays below 150 MB.
inline constexpr int64_t kThumbnailLimit = int64_t{116} << 20;
inline constexpr char kThumbnailLimitName[] = "thumbnail_bytes";
Result<int64_t> thumbnailLimit(Database& database);

/// Deletes results that no run uses, then lists, captions, pictures and thumbnails that none needs.
Result<void> removeUnusedDetails(Database& database);

/// The 32 bytes of a hash in hexadecimal digits; its text where it is none (an imported record).
std::string hashBytes(const std::string& hex);

} // namespace clwb::store
