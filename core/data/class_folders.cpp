// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/class_folders.h"

#include "core/base/random_stream.h"

#include <algorithm>
#include <numeric>

namespace fs = std::filesystem;

namespace clwb::data
{
namespace
{

Result<std::vector<std::string>> listNames(const fs::path& folder, bool wantFolders,
                                           const ListLimits& limits)
{
    constexpr size_t kEntriesBetweenLooks = 256; // at the stop request
    std::error_code failure;
    std::vector<std::string> names;
    size_t seen = 0;
    fs::directory_iterator entries(folder, failure);
    for (; !failure && entries != fs::directory_iterator(); entries.increment(failure)) {
        if (seen % kEntriesBetweenLooks == 0 && limits.stop.stopRequested())
            return fail(ErrorCode::Stopped, "stopped while listing " + folder.string());
        if (++seen > limits.most) {
            return fail(ErrorCode::Data,
                        "folder " + folder.string() + " holds more than " +
                            std::to_string(limits.most) +
                            " entries, which is the most that is "
                            "read of one folder",
                        "choose another folder, or part this one into a folder for every class");
        }
        const std::string name = entries->path().filename().string();
        std::error_code ignored;
        if (!name.starts_with('.') && entries->is_directory(ignored) == wantFolders)
            names.push_back(name);
    }
    if (failure) {
        return fail(ErrorCode::Data,
                    "cannot read folder " + folder.string() + ": " + failure.message(),
                    "check the path in the study file");
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool hasImageEnding(const std::string& name)
{
    const size_t dot = name.rfind('.');
    if (dot == std::string::npos)
        return false;
    std::string ending = name.substr(dot);
    for (char& c : ending)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return ending == ".jpg" || ending == ".jpeg" || ending == ".png" || ending == ".webp" ||
           ending == ".bmp";
}

} // namespace

Result<std::vector<std::string>> listClassFolders(const fs::path& root, const ListLimits& limits)
{
    return listNames(root, true, limits);
}

Result<FolderFiles> listFiles(const fs::path& folder, const ListLimits& limits)
{
    FolderFiles files;
    CLWB_ASSIGN(files.images, listNames(folder, false, limits));
    const auto others =
        std::stable_partition(files.images.begin(), files.images.end(),
                              [](const std::string& n) { return hasImageEnding(n); });
    files.others = files.images.end() - others;
    if (files.others > 0)
        files.other = *others;
    files.images.erase(others, files.images.end());
    return files;
}

Result<std::vector<std::string>> listImageFiles(const fs::path& folder, const ListLimits& limits)
{
    CLWB_ASSIGN(FolderFiles files, listFiles(folder, limits));
    return std::move(files.images);
}

std::vector<size_t> samplePositions(size_t total, size_t count, uint64_t seed,
                                    std::string_view streamName)
{
    std::vector<size_t> positions(total);
    std::iota(positions.begin(), positions.end(), size_t(0));
    if (count == 0 || count >= total)
        return positions;
    RandomStream stream = RandomStream::named(seed, streamName);
    for (size_t i = 0; i < count; ++i)
        std::swap(positions[i], positions[i + stream.below(total - i)]);
    positions.resize(count);
    std::sort(positions.begin(), positions.end());
    return positions;
}

} // namespace clwb::data
