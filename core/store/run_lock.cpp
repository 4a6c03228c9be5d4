// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_lock.h"

#include "core/base/file.h"
#include "core/store/file_identity.h"
#include "core/store/owner.h"
#include "core/store/stop_request.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr const char* kName = "run.lock";
constexpr int kTries = 10; ///< each is lost only to a holder that lets go just then

Failure inUse(const fs::path& folder, int descriptor)
{
    std::array<char, 300> name{};
    const ssize_t bytes = ::pread(descriptor, name.data(), name.size(), 0);
    const std::string owner = bytes > 0 ? std::string(name.data(), static_cast<size_t>(bytes))
                                        : std::string("another program");
    return fail(ErrorCode::Locked,
                "run folder " + folder.string() + " is in use: " + owner +
                    " writes to it, perhaps for another copy of the project",
                "stop the run there first");
}

/// Whether the name still leads to the file that was locked: its last holder removes it.
bool isStill(const fs::path& file, int descriptor)
{
    struct stat info = {};
    return ::fstat(descriptor, &info) == 0 &&
           identityOf(file) == FileIdentity{info.st_dev, info.st_ino};
}

} // namespace

Result<RunLock> RunLock::take(const fs::path& folder)
{
    CLWB_TRY(createFolders(folder));
    const fs::path file = folder / kName;
    for (int attempt = 0; attempt < kTries; ++attempt) {
        const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        // A folder that takes no files is reported by what writes there next.
        if (descriptor < 0)
            return RunLock(file, -1);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            const bool isHeld = errno == EWOULDBLOCK;
            const Failure held = inUse(folder, descriptor);
            ::close(descriptor);
            if (isHeld)
                return held;
            return RunLock(file, -1);
        }
        if (isStill(file, descriptor)) {
            const std::string owner = thisProcess().toText();
            // The text is only for messages: a full disk does not weaken the lock.
            if (::ftruncate(descriptor, 0) == 0)
                static_cast<void>(!::pwrite(descriptor, owner.data(), owner.size(), 0));
            return RunLock(file, descriptor);
        }
        ::close(descriptor);
    }
    return fail(ErrorCode::Locked, "run folder " + folder.string() + " is in use",
                "other programs are starting there: try again");
}

std::optional<std::chrono::system_clock::time_point> lockedSince(const fs::path& folder)
{
    struct stat info = {};
    if (::lstat((folder / kName).c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return std::nullopt;
    return std::chrono::system_clock::from_time_t(info.st_mtim.tv_sec);
}

bool holdsNoRun(const fs::path& folder)
{
    std::error_code failure;
    if (!fs::exists(folder, failure))
        return !failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        if (name != kName && name != kStopRequestName && !isTemporaryOf(name, kStopRequestName))
            return false;
    }
    return !failure;
}

RunLock::~RunLock()
{
    if (m_descriptor < 0)
        return;
    ::unlink(m_file.c_str()); // while it is still held
    ::close(m_descriptor);
}

} // namespace clwb::store
