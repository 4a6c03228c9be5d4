// SPDX-License-Identifier: GPL-3.0-or-later
// Resume states of a run: written whole or not at all, verified by hash on load, the last two kept.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/parameters.h"
#include "core/train/cursor.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// What belongs to a checkpoint besides its tensors.
struct CheckpointState
{
    train::Cursor cursor;
    int finishedSessions = 0; ///< by number; the cursor counts places in the plan
    std::optional<uint64_t> traceBytes; ///< length of the trace then; absent: none was written
    std::string modelSha256;  ///< of the run's start
    std::string studySha256;
    std::string dataSha256; ///< of the classes and training items in their order; may be empty
    std::string specSha256; ///< of the resolved spec
};

struct Checkpoint
{
    CheckpointState state;
    model::Parameters tensors;
    std::filesystem::path folder;
    std::string sha256; ///< of the tensor file
};

/// `folder`/checkpoint/checkpoint-<n>/ with state.json and tensors.safetensors.
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

    /// The newest checkpoint whose files are complete and match their hash. Damaged newer ones are
    /// removed with a warning in the log: the next save() would keep them as if they were good.
    /// Errors: Data when there is none; then nothing is removed.
    Result<Checkpoint> loadNewest();
    /// Where the checkpoint stands that loadNewest() would give; reads no tensors.
    Result<CheckpointState> newestState() const;
    [[nodiscard]] bool isEmpty() const;

private:
    [[nodiscard]] std::vector<std::filesystem::path> foldersNewestFirst() const;
    Result<Checkpoint> findNewest(bool withTensors,
                                  std::vector<std::filesystem::path>& damaged) const;
    std::filesystem::path m_runFolder;
};

} // namespace clwb::run
