// SPDX-License-Identifier: GPL-3.0-or-later
// Thinning of long loss curves: every step up to 20 000, then means over buckets that double.
#include "core/store/step_buckets.h"

#include <algorithm>
#include <map>
#include <vector>

namespace clwb::store
{
namespace
{

struct Mean
{
    double sum = 0;
    int64_t count = 0;
    int64_t lastStep = 0;
};

/// The rows of one bucket and session.
struct Bucket
{
    int64_t end = 0;
    int64_t session = 0;
    int64_t firstStep = 0;
    int64_t lastStep = 0;
    std::map<int64_t, Mean> means; // by name id
};

Result<void> replaceRows(Database& database, int64_t runId, const Bucket& bucket)
{
    if (bucket.firstStep == bucket.lastStep)
        return {};
    CLWB_TRY(database.run("DELETE FROM step_loss WHERE run_id = ? AND step BETWEEN ? AND ? AND "
                          "value_kind = ''",
                          runId, bucket.firstStep, bucket.lastStep));
    for (const auto& [name, mean] : bucket.means) {
        if (mean.count > 0)
            CLWB_TRY(database.run("INSERT INTO step_loss VALUES(?, ?, ?, ?, '')", runId,
                                  mean.lastStep, name, mean.sum / static_cast<double>(mean.count)));
    }
    return database.run(
        "DELETE FROM step WHERE run_id = ?1 AND step BETWEEN ?2 AND ?3 AND NOT EXISTS "
        "(SELECT 1 FROM step_loss l WHERE l.run_id = ?1 AND l.step = step.step)",
        runId, bucket.firstStep, bucket.lastStep);
}

/// The end of the last bucket that lies wholly at or before a step.
int64_t lastWholeBucket(int64_t step)
{
    const int64_t end = stepBucketEnd(step);
    return end <= step ? step : end - stepBucketWidth(step);
}

} // namespace

int64_t stepBucketWidth(int64_t step)
{
    int64_t width = 1;
    for (int64_t limit = kFullSteps; step > limit && width < (int64_t{1} << 40); limit *= 2)
        width *= 2;
    return width;
}

int64_t stepBucketEnd(int64_t step)
{
    const int64_t width = stepBucketWidth(step);
    return (step + width - 1) / width * width;
}

Result<void> compactSteps(Database& database, int64_t runId, int64_t upTo)
{
    CLWB_ASSIGN(const auto done,
                database.integer("SELECT compacted_step FROM run WHERE run_id = ?", runId));
    CLWB_ASSIGN(const auto last,
                database.integer("SELECT max(step) FROM step WHERE run_id = ?", runId));
    const int64_t from = std::max(kFullSteps, done.value_or(0));
    const int64_t to = upTo == kEndOfRun ? last.value_or(0) : lastWholeBucket(upTo);
    if (to <= from)
        return {};
    std::vector<Bucket> buckets;
    CLWB_ASSIGN(Statement rows,
                database.prepare("SELECT s.step, s.session, l.name_id, l.value, l.value_kind = '' "
                                 "FROM step s JOIN step_loss l USING(run_id, step) "
                                 "WHERE s.run_id = ? AND s.step > ? AND s.step <= ? "
                                 "ORDER BY s.step, l.name_id"));
    rows.bindAll(runId, from, to);
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            break;
        const int64_t step = rows.integer(0);
        const int64_t end = stepBucketEnd(step);
        if (buckets.empty() || buckets.back().end != end ||
            buckets.back().session != rows.integer(1))
            buckets.push_back({end, rows.integer(1), step, step, {}});
        Bucket& bucket = buckets.back();
        bucket.lastStep = step;
        Mean& mean = bucket.means[rows.integer(2)];
        if (rows.integer(4) != 0) {
            mean.sum += rows.number(3);
            ++mean.count;
            mean.lastStep = step;
        }
    }
    for (const Bucket& bucket : buckets)
        CLWB_TRY(replaceRows(database, runId, bucket));
    return database.run("UPDATE run SET compacted_step = ?2 WHERE run_id = ?1", runId, to);
}

} // namespace clwb::store
