// SPDX-License-Identifier: GPL-3.0-or-later
// Projects with details of evaluations, and small questions about them.
#pragma once

#include "core/store/detail_rows.h"
#include "tests/core/store/store_fixture.h"
#include "tests/plain/detail_support.h"

#include <cmath>

namespace clwb::test
{

/// A run with details of sessions 0 … 2, those of session 0 drawn from `start`.
inline int64_t addRun(const std::filesystem::path& file, uint64_t start, uint64_t seed,
                      const DetailSizes& sizes = {})
{
    auto writer = store::RunWriter::createRun(file, sampleRun("run " + std::to_string(seed)));
    must(writer);
    for (int session = 0; session <= 2; ++session)
        (*writer)->addEvaluation(
            sampleRecord(session), std::nullopt,
            drawDetails(session == 0 ? start : seed + uint64_t(session), sizes, session != 1));
    (*writer)->finish("finished", "", 1);
    must((*writer)->flush());
    return (*writer)->runId();
}

inline void addThumbnails(const store::Project& project, const metrics::ItemList& list)
{
    std::vector<metrics::Thumbnail> thumbnails;
    for (size_t i = 0; i < list.images.size(); ++i)
        thumbnails.push_back(
            {list.images[i], 30, 20, i == 0 ? std::string() : "jpeg " + std::to_string(i / 2)});
    must(store::writeThumbnails(project.database(), thumbnails));
}

inline int64_t count(const store::Project& project, const std::string& table)
{
    return (*project.database().integer("SELECT count(*) FROM " + table)).value_or(-1);
}

inline bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace clwb::test
