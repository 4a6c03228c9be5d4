// SPDX-License-Identifier: GPL-3.0-or-later
// What evaluations decided, on its way through a bundle: a project file that holds nothing else, so
// that it is read and checked as every other project from outside.
#pragma once

#include "core/store/copy_details.h"
#include "core/store/zip_archive.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace clwb::store
{

/// Name of that file inside the bundle.
inline constexpr char kBundleDetailsName[] = "details.db";
inline constexpr uint64_t kMaxDetailFileBytes = 16ull << 30; ///< some hundred paper-sized runs

/// A folder for this user alone, gone with all that is in it.
class ScratchFolder
{
public:
    /// Also removes what processes that are dead left behind in the same parent.
    /// Errors: Data, DiskFull.
    static Result<ScratchFolder> create(const std::filesystem::path& parent);
    ScratchFolder(ScratchFolder&& other) noexcept;
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ~ScratchFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    ScratchFolder() = default;
    std::filesystem::path m_path;
};

/// The details of some runs, with the thumbnails of their pictures, as a file of their own.
struct BundledDetails
{
    ScratchFolder folder; ///< of the file, which goes with it
    std::filesystem::path file;
    std::set<int64_t> runs;         ///< those that have any
    std::vector<std::string> notes; ///< what stays behind as it is damaged, a sentence each
};
/// Nothing when none of the runs has details. The file takes no more than half of the free space,
/// for the bundle comes beside it.
/// @param parent of the folder that they are gathered in
/// Errors: Usage (no such run), DiskFull (also above `maxBytes`), Locked.
Result<std::optional<BundledDetails>> gatherDetails(const Project& project,
                                                    const std::vector<int64_t>& runIds,
                                                    const std::filesystem::path& parent,
                                                    uint64_t maxBytes = kMaxDetailFileBytes);

/// The details in a bundle, unpacked for an import.
class ArrivingDetails
{
public:
    /// @param parent of the folder that they are unpacked into
    /// Errors: Corrupt, whatever keeps them from being taken in: a damaged or foreign file, or one
    /// of another schema, which no bundle has been made with; too little space.
    static Result<std::shared_ptr<ArrivingDetails>> unpack(ZipReader& zip,
                                                           const std::filesystem::path& parent);
    /// Copies those of a run, inside the caller's transaction; false when it has none.
    /// Errors: as DetailCopier::copy(); Corrupt when the file does not know the run.
    Result<bool> copy(Database& to, int64_t toRun, const std::string& uid,
                      const EvaluatedModels& models);

private:
    ArrivingDetails(ScratchFolder folder, Project project);
    ScratchFolder m_folder; // first: it goes when the file is closed
    Project m_project;
    DetailCopier m_copier{m_project};
};

} // namespace clwb::store
