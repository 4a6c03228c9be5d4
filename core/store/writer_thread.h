// SPDX-License-Identifier: GPL-3.0-or-later
// The RunWriter that really writes: a queue, a thread and its connection.
#pragma once

#include "core/store/project_private.h"
#include "core/store/resume_rows.h"
#include "core/store/run_lock.h"
#include "core/store/run_writer.h"

#include <memory>
#include <optional>
#include <string>

namespace clwb::store
{

struct WriterSetup
{
    std::filesystem::path project; ///< absolute
    std::filesystem::path folder;
    std::string uid;
    int64_t runId = 0;
    int64_t warnings = 0;                      ///< number of the last warning written before
    std::optional<ResumeStart> resume;         ///< of a run that is continued
    std::optional<RunLock> lock;               ///< of the folder
    std::optional<WriteConnection> connection; ///< ends first
};

std::unique_ptr<RunWriter> makeRunWriter(WriterSetup setup);

} // namespace clwb::store
