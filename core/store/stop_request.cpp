// SPDX-License-Identifier: GPL-3.0-or-later
// `stop-request` in a run's folder: one program asks another to end the run that it trains.
#include "core/store/stop_request.h"

#include "core/base/file.h"
#include "core/store/project.h"

#include <algorithm>
#include <array>
#include <string>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr uint64_t kMaxRequestBytes = 64;

struct StopWord
{
    StopPoint point;
    std::string_view word;
};

constexpr std::array<StopWord, 4> kStopWords{{{StopPoint::Now, "now"},
                                              {StopPoint::Batch, "batch"},
                                              {StopPoint::Epoch, "epoch"},
                                              {StopPoint::Session, "session"}}};

std::string_view wordOf(StopPoint point)
{
    const auto found = std::find_if(kStopWords.begin(), kStopWords.end(),
                                    [point](const StopWord& each) { return each.point == point; });
    return found->word; // every point has one
}

} // namespace

Result<void> askToStop(const Project& project, int64_t runId, StopPoint point)
{
    CLWB_ASSIGN(const RunRow row, project.run(runId));
    if (row.status != "running" || row.folder.empty()) {
        return fail(ErrorCode::Usage,
                    "run " + std::to_string(runId) + " is not in training, but " + row.status,
                    "there is nothing to stop");
    }
    return writeFileAtomically(fs::path(row.folder) / kStopRequestName,
                               std::string(wordOf(point)) + "\n");
}

std::optional<StopPoint> stopRequest(const fs::path& runFolder)
{
    const fs::path file = runFolder / kStopRequestName;
    std::error_code failure;
    // The usual answer costs one look at the folder.
    if (fs::symlink_status(file, failure).type() != fs::file_type::regular)
        return std::nullopt;
    const auto text = readFile(file, kMaxRequestBytes);
    if (!text)
        return std::nullopt;
    const std::string word = text->substr(0, text->find_last_not_of(" \t\r\n") + 1);
    for (const StopWord& each : kStopWords) {
        if (word == each.word)
            return each.point;
    }
    return std::nullopt;
}

void dropStopRequest(const fs::path& runFolder)
{
    ::unlink((runFolder / kStopRequestName).c_str()); // no folder of that name: it is not ours
}

} // namespace clwb::store
