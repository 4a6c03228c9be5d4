// SPDX-License-Identifier: GPL-3.0-or-later
// Resume states of a run: written whole or not at all, verified by hash on load, the last two kept.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/parameters.h"
#include "core/train/cursor.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace clwb::run
{

/// What belongs to a checkpoint besides its tensors.
struct CheckpointState
{
    train::Cursor cursor;
    uint64_t traceBytes = 0;  ///< length of the trace at that point
    std::string modelSha256;  ///< of the run's start
    std::string studySha256;
    std::string specSha256;   ///< of the resolved spec
};

struct Checkpoint
{
    CheckpointState state;
    model::Parameters tensors;
    std::filesystem::path folder;
    std::string sha256; ///< of the tensor file
};

/// `folder`/checkpoint/step-<n>-<k>/ with state.json and tensors.safetensors.
class CheckpointStore
{
public:
    explicit CheckpointStore(std::filesystem::path runFolder);

    /// Order: tensors (write, fsync, rename), state.json that names their hash likewise, then older
    /// ones beyond two are removed: at any moment the newest complete one is valid.
    /// @return folder relative to the run folder, and the hash. Errors: DiskFull, Data.
    struct Saved
    {
        std::string folder;
        std::string sha256;
    };
    Result<Saved> save(const CheckpointState& state, const model::Parameters& tensors);

    /// The newest checkpoint whose files are complete and match their hash; damaged ones are passed
    /// over with a warning in the log. Errors: Data when there is none.
    Result<Checkpoint> loadNewest() const;
    [[nodiscard]] bool isEmpty() const;

private:
    [[nodiscard]] std::vector<std::filesystem::path> foldersNewestFirst() const;
    std::filesystem::path m_runFolder;
};

} // namespace clwb::run
