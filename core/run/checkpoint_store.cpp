// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint_store.h"

#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/number_text.h"
#include "core/base/sha256.h"
#include "core/train/tensor_file.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

constexpr size_t kKept = 2;
constexpr const char* kStateFile = "state.json";
constexpr const char* kTensorFile = "tensors.safetensors";

/// The number that orders checkpoint folders, from "checkpoint-<n>".
long long orderOf(const fs::path& folder)
{
    const std::string name = folder.filename().string();
    const size_t dash = name.rfind('-');
    if (!name.starts_with("checkpoint-"))
        return -1;
    return parseInteger(std::string_view(name).substr(dash + 1)).value_or(-1);
}

Json toJson(const CheckpointState& state, const std::string& sha256)
{
    return Json{{"schema", 1},
                {"cursor", train::toJson(state.cursor)},
                {"finished_sessions", state.finishedSessions},
                {"trace_bytes", state.traceBytes ? Json(*state.traceBytes) : Json()},
                {"model_sha256", state.modelSha256},
                {"study_sha256", state.studySha256},
                {"data_sha256", state.dataSha256},
                {"spec_sha256", state.specSha256},
                {"tensors_sha256", sha256},
                {"saved_utc", utcNowText()}};
}

/// Everything but the tensors, whose file is compared with its hash.
Result<Checkpoint> verify(const fs::path& folder)
{
    CLWB_ASSIGN(const Json document, readJsonFile(folder / kStateFile));
    std::vector<std::string> problems;
    JsonReader reader(document, "", problems);
    Checkpoint checkpoint;
    checkpoint.folder = folder;
    CLWB_ASSIGN(checkpoint.state.cursor, train::cursorFromJson(reader.object("cursor")));
    checkpoint.state.finishedSessions = static_cast<int>(
        reader.integer("finished_sessions", checkpoint.state.cursor.sessionIndex, 0, 1 << 20));
    if (const Json* bytes = reader.raw("trace_bytes"); bytes && !bytes->is_null())
        checkpoint.state.traceBytes =
            static_cast<uint64_t>(reader.integer("trace_bytes", 0, 0, INT64_MAX));
    checkpoint.state.modelSha256 = reader.text("model_sha256", "");
    checkpoint.state.studySha256 = reader.text("study_sha256", "");
    checkpoint.state.dataSha256 = reader.text("data_sha256", "");
    checkpoint.state.specSha256 = reader.text("spec_sha256", "");
    checkpoint.sha256 = reader.text("tensors_sha256", "");
    if (!problems.empty())
        return Failure(usageErrors((folder / kStateFile).string(), problems));
    CLWB_ASSIGN(const std::string actual, sha256HexOfFile(folder / kTensorFile));
    if (actual != checkpoint.sha256) {
        return fail(ErrorCode::Data, (folder / kTensorFile).string() +
                                         ": SHA-256 differs from the one in state.json");
    }
    return checkpoint;
}

Result<Checkpoint> load(const fs::path& folder)
{
    CLWB_ASSIGN(Checkpoint checkpoint, verify(folder));
    CLWB_ASSIGN(train::TensorFile stored, train::readTensorFile(folder / kTensorFile));
    checkpoint.tensors = std::move(stored.tensors);
    return checkpoint;
}

} // namespace

CheckpointStore::CheckpointStore(fs::path runFolder)
    : m_runFolder(std::move(runFolder))
{}

std::vector<fs::path> CheckpointStore::foldersNewestFirst() const
{
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(m_runFolder / "checkpoint", ignored)) {
        if (entry.is_directory(ignored) && orderOf(entry.path()) >= 0)
            folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end(),
              [](const fs::path& a, const fs::path& b) { return orderOf(a) > orderOf(b); });
    return folders;
}

bool CheckpointStore::isEmpty() const
{
    std::error_code ignored;
    for (const fs::path& folder : foldersNewestFirst()) {
        if (fs::exists(folder / kStateFile, ignored))
            return false;
    }
    return true;
}

Result<CheckpointStore::Saved> CheckpointStore::save(const CheckpointState& state,
                                                     const model::Parameters& tensors)
{
    const std::vector<fs::path> older = foldersNewestFirst();
    const long long number = older.empty() ? 1 : orderOf(older.front()) + 1;
    const std::string relative = "checkpoint/checkpoint-" + std::to_string(number);
    const fs::path folder = m_runFolder / relative;
    CLWB_TRY(createFolders(folder));
    CLWB_ASSIGN(const std::string sha256,
                train::writeTensorFile(folder / kTensorFile, tensors, "{}"));
    CLWB_TRY(writeFileAtomically(folder / kStateFile, toJson(state, sha256).dump(2) + "\n"));

    size_t complete = 1;
    for (const fs::path& old : older) {
        std::error_code ignored;
        const bool keep = fs::exists(old / kStateFile, ignored) && complete < kKept;
        if (keep)
            ++complete;
        else
            fs::remove_all(old, ignored);
    }
    return Saved{relative, sha256};
}

Result<Checkpoint> CheckpointStore::loadNewest()
{
    std::vector<fs::path> damaged;
    CLWB_ASSIGN(Checkpoint newest, findNewest(true, damaged));
    std::error_code ignored;
    for (const fs::path& folder : damaged)
        fs::remove_all(folder, ignored);
    return newest;
}

Result<CheckpointState> CheckpointStore::newestState() const
{
    std::vector<fs::path> damaged;
    CLWB_ASSIGN(Checkpoint newest, findNewest(false, damaged));
    return std::move(newest.state);
}

Result<Checkpoint> CheckpointStore::findNewest(bool withTensors,
                                               std::vector<fs::path>& damaged) const
{
    std::string reasons;
    for (const fs::path& folder : foldersNewestFirst()) {
        std::error_code ignored;
        if (!fs::exists(folder / kStateFile, ignored))
            continue; // never completed
        Result<Checkpoint> checkpoint = withTensors ? load(folder) : verify(folder);
        if (checkpoint)
            return checkpoint;
        logWarning("checkpoint passed over: " + checkpoint.error().message);
        reasons += "\n" + checkpoint.error().message;
        damaged.push_back(folder);
    }
    return fail(ErrorCode::Data,
                "no usable checkpoint in " + (m_runFolder / "checkpoint").string() + reasons,
                "start the run again from its spec.json");
}

} // namespace clwb::run
