// SPDX-License-Identifier: GPL-3.0-or-later
// `run-<id>.spool`: items of a run that could not be written yet, one line each with a CRC.
#include "core/store/spool.h"

#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/number_text.h"
#include "core/store/project_private.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr size_t kMaxLineBytes = 64u << 20;
constexpr size_t kCrcDigits = 8;

/// CRC-32 of IEEE 802.3 (the one of zip and PNG), bit by bit: spools are rare and small.
uint32_t crc32(std::string_view text)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (const char character : text) {
        crc ^= static_cast<unsigned char>(character);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
    }
    return ~crc;
}

std::string lineOf(const Json& document)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    const std::string text = document.dump();
    const uint32_t crc = crc32(text);
    std::string line;
    for (int shift = 28; shift >= 0; shift -= 4)
        line += kDigits[(crc >> shift) & 15];
    return line + " " + text + "\n";
}

std::optional<Json> documentOf(const std::string& line)
{
    if (line.size() < kCrcDigits + 2 || line.size() > kMaxLineBytes)
        return std::nullopt;
    const std::string text = line.substr(kCrcDigits + 1);
    const uint32_t crc = crc32(text);
    for (size_t digit = 0; digit < kCrcDigits; ++digit) {
        if (line[digit] != "0123456789abcdef"[(crc >> (28 - 4 * digit)) & 15])
            return std::nullopt;
    }
    auto document = parseJson(text, "spool");
    return document ? std::optional(std::move(*document)) : std::nullopt;
}

Result<void> writeAndSync(int descriptor, std::string_view text, const fs::path& file)
{
    while (!text.empty()) {
        const ssize_t written =
            faultHits("spool") ? -1 : ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return Failure(systemError("cannot write", file));
        text.remove_prefix(static_cast<size_t>(written));
    }
    if (::fsync(descriptor) != 0)
        return Failure(systemError("cannot flush", file));
    return {};
}

/// Errors: as SQLite's. True when the spool's run is in the project and nobody runs it.
Result<bool> mergeOne(Database& database, int64_t runId, const SpoolContent& content)
{
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    CLWB_ASSIGN(const auto uid, uidOf(database, runId));
    if (uid != content.uid || !requireNotRunning(database, runId))
        return false;
    ValueNames names;
    for (const RunItem& item : content.items)
        CLWB_TRY(applyItem(database, names, runId, item));
    CLWB_TRY(transaction.commit());
    return true;
}

} // namespace

std::optional<int64_t> runOfSpool(const fs::path& file)
{
    const std::string stem = file.stem().string();
    if (file.extension() != ".spool" || stem.rfind("run-", 0) != 0)
        return std::nullopt;
    const auto number = parseInteger(stem.substr(4));
    return number ? std::optional<int64_t>(*number) : std::nullopt;
}

Result<void> appendToSpool(const fs::path& file, const std::string& uid,
                           const std::vector<RunItem>& items, size_t firstItem)
{
    CLWB_TRY(createFolders(file.parent_path()));
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return Failure(systemError("cannot create", file));
    std::string text;
    if (::lseek(descriptor, 0, SEEK_END) == 0)
        text = lineOf({{"uid", uid}});
    else
        text = "\n"; // ends a line that a failed write may have left half
    for (size_t i = firstItem; i < items.size(); ++i)
        text += lineOf(toJson(items[i]));
    auto result = writeAndSync(descriptor, text, file);
    ::close(descriptor);
    return result;
}

Result<SpoolContent> readSpool(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return Failure(systemError("cannot read", file));
    SpoolContent content;
    std::string line;
    while (std::getline(stream, line)) {
        if (line.empty())
            continue;
        const auto document = documentOf(line);
        if (document && document->contains("uid") && (*document)["uid"].is_string()) {
            content.uid = (*document)["uid"].get<std::string>();
            continue;
        }
        auto item = document ? runItemFromJson(*document)
                             : Result<RunItem>(fail(ErrorCode::Corrupt, "damaged line"));
        if (item)
            content.items.push_back(std::move(*item));
        else
            ++content.badLines;
    }
    return content;
}

Result<void> mergeSpools(Database& database, const fs::path& project)
{
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(filesFolder(project), failure)) {
        const auto runId = runOfSpool(entry.path());
        if (!runId || !entry.is_regular_file(failure))
            continue;
        CLWB_ASSIGN(const SpoolContent content, readSpool(entry.path()));
        const auto merged = mergeOne(database, *runId, content);
        if (!merged && !isBusy(merged.error()) && merged.error().code != ErrorCode::DiskFull)
            return Failure(merged.error());
        if (merged && *merged) {
            logInfo("merged " + std::to_string(content.items.size()) + " parked items of run " +
                    std::to_string(*runId) + " (" + std::to_string(content.badLines) +
                    " damaged lines left out)");
            fs::remove(entry.path(), failure);
        }
    }
    return {};
}

} // namespace clwb::store
