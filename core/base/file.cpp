// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;

namespace clwb
{
namespace
{

constexpr std::string_view kTemporaryMark = ".tmp-";

/// "name.tmp-PID-N" and "name.tmp-PID-N.old": the names of AtomicFile and of staged folders.
bool isTemporary(std::string_view name)
{
    const size_t mark = name.rfind(kTemporaryMark);
    if (mark == std::string_view::npos)
        return false;
    std::string_view numbers = name.substr(mark + kTemporaryMark.size());
    if (numbers.ends_with(".old"))
        numbers.remove_suffix(4);
    const size_t dash = numbers.find('-');
    const auto isNumber = [](std::string_view text) {
        return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return dash != std::string_view::npos && isNumber(numbers.substr(0, dash)) &&
           isNumber(numbers.substr(dash + 1));
}

} // namespace

fs::path temporaryName(const fs::path& target)
{
    static std::atomic<unsigned> counter{0};
    fs::path name = target;
    name += std::string(kTemporaryMark) + std::to_string(::getpid()) + "-" +
            std::to_string(counter.fetch_add(1));
    return name;
}

bool isTemporaryOf(std::string_view name, std::string_view target)
{
    return name.starts_with(target) && name.rfind(kTemporaryMark) == target.size() &&
           !name.ends_with(".old") && isTemporary(name);
}

void removeTemporaries(const fs::path& folder)
{
    std::error_code failure;
    std::vector<fs::path> found;
    fs::recursive_directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
        if (!isTemporary(entry->path().filename().native()))
            continue;
        found.push_back(entry->path());
        entry.disable_recursion_pending();
    }
    for (const fs::path& path : found)
        fs::remove_all(path, failure);
}

void syncFolderOf(const fs::path& path)
{
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor);
    ::close(descriptor);
}

bool faultHits([[maybe_unused]] std::string_view operation)
{
#ifdef CLWB_FAULTS
    static const char* const setting = std::getenv("CLWB_FAULT");
    if (!setting)
        return false;
    const std::string_view text(setting);
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos)
        return false;
    const std::string_view kind = text.substr(0, colon);
    const bool kill = kind == "kill";
    if (!kill && kind != operation)
        return false;
    static std::atomic<long> counter{0};
    if (++counter != std::atol(setting + colon + 1))
        return false;
    if (kill)
        std::raise(SIGKILL);
    errno = ENOSPC;
    return true;
#else
    return false;
#endif
}

Error systemError(std::string_view what, const fs::path& path)
{
    const int number = errno;
    const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
    std::string message = std::string(what) + " " + path.string() + ": " + std::strerror(number);
    std::string hint;
    if (full)
        hint = "free some space there or choose another folder, then resume";
    else if (number == EACCES || number == EPERM || number == EROFS)
        hint = "choose a folder that you may write to, or change its permissions";
    return Error{full ? ErrorCode::DiskFull : ErrorCode::Data, std::move(message), std::move(hint)};
}

namespace
{

/// Devices and pipes, and what the system calls by names like /dev/stdout.
bool takesWhatIsWritten(const fs::path& path)
{
    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0)
        return false;
    if (S_ISCHR(info.st_mode) || S_ISFIFO(info.st_mode))
        return true;
    const std::string name = fs::absolute(path).lexically_normal().string();
    const bool isSystems = fs::path(name).parent_path() == "/dev" || name.rfind("/proc/", 0) == 0 ||
                           name.rfind("/dev/fd/", 0) == 0;
    return isSystems && S_ISREG(info.st_mode);
}

} // namespace

Result<AtomicFile> AtomicFile::create(const fs::path& path)
{
    AtomicFile file;
    file.m_path = path;
    if (takesWhatIsWritten(path)) {
        // A file in its place would be its end. A pipe that nobody reads must not hang.
        file.m_descriptor =
            ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (file.m_descriptor < 0)
            return Failure(systemError("cannot write", path));
        ::fcntl(file.m_descriptor, F_SETFL, O_WRONLY);
        return file;
    }
    file.m_temporary = temporaryName(path);
    file.m_descriptor =
        ::open(file.m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file.m_descriptor < 0)
        return Failure(systemError("cannot create", file.m_temporary));
    return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_temporary(std::move(other.m_temporary))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
{}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept
{
    if (this != &other) {
        discard();
        m_path = std::move(other.m_path);
        m_temporary = std::move(other.m_temporary);
        m_descriptor = std::exchange(other.m_descriptor, -1);
    }
    return *this;
}

AtomicFile::~AtomicFile()
{
    discard();
}

void AtomicFile::discard()
{
    if (m_descriptor < 0)
        return;
    ::close(std::exchange(m_descriptor, -1));
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

Result<void> AtomicFile::write(const void* data, size_t bytes)
{
    const char* position = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t written = faultHits("write") ? -1 : ::write(m_descriptor, position, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return Failure(systemError("cannot write", m_path));
        position += written;
        bytes -= static_cast<size_t>(written);
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    if (m_temporary.empty()) {
        ::close(std::exchange(m_descriptor, -1));
        return {};
    }
    if (faultHits("fsync") || ::fsync(m_descriptor) != 0)
        return Failure(systemError("cannot flush", m_path));
    if (faultHits("rename") || ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        return Failure(systemError("cannot replace", m_path));
    ::close(std::exchange(m_descriptor, -1));
    syncFolderOf(m_path);
    return {};
}

Result<void> writeFileAtomically(const fs::path& path, std::string_view content)
{
    CLWB_ASSIGN(AtomicFile file, AtomicFile::create(path));
    CLWB_TRY(file.write(content));
    return file.commit();
}

Result<std::string> readFile(const fs::path& path, uint64_t maxBytes, ErrorCode code)
{
    // O_NONBLOCK: opening a FIFO must not hang.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        Error error = systemError("cannot read", path);
        error.code = code;
        error.hint = "check the path and its permissions";
        return Failure(std::move(error));
    }
    struct stat info = {};
    const bool regular = ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
    if (!regular || static_cast<uint64_t>(info.st_size) > maxBytes) {
        ::close(descriptor);
        return fail(code, path.string() + (regular ? ": larger than the " +
                                                         std::to_string(maxBytes) + " bytes allowed"
                                                   : ": not a regular file"));
    }
    std::string content(static_cast<size_t>(info.st_size), '\0');
    size_t done = 0;
    while (done < content.size()) {
        const ssize_t count = ::read(descriptor, content.data() + done, content.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        done += static_cast<size_t>(count);
    }
    ::close(descriptor);
    if (done != content.size())
        return fail(code, path.string() + ": shorter than its size says");
    return content;
}

Result<void> copyFileAtomically(const fs::path& from, const fs::path& to)
{
    std::ifstream input(from, std::ios::binary);
    if (!input)
        return Failure(systemError("cannot read", from));
    CLWB_ASSIGN(AtomicFile output, AtomicFile::create(to));
    std::string buffer(1 << 20, '\0');
    while (input) {
        input.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        CLWB_TRY(output.write(buffer.data(), static_cast<size_t>(input.gcount())));
    }
    if (input.bad())
        return Failure(systemError("cannot read", from));
    return output.commit();
}

Result<fs::path> resolveInside(const fs::path& root, std::string_view name, FollowLinks follow)
{
    const fs::path relative{std::string(name)};
    bool escapes =
        name.empty() || name.find('\0') != std::string_view::npos || relative.is_absolute();
    for (const fs::path& part : relative)
        escapes = escapes || part == "..";
    if (escapes) {
        return fail(ErrorCode::Data,
                    "file name '" + std::string(name) + "' leaves its folder " + root.string(),
                    "names inside data files are relative and without '..'");
    }
    fs::path joined = root / relative;
    if (follow == FollowLinks::Yes)
        return joined;
    std::error_code failure;
    const fs::path realRoot = fs::weakly_canonical(root, failure);
    const fs::path real = fs::weakly_canonical(joined, failure);
    const auto [rootEnd, ignored] =
        std::mismatch(realRoot.begin(), realRoot.end(), real.begin(), real.end());
    if (failure || (rootEnd != realRoot.end() && !rootEnd->empty())) {
        return fail(ErrorCode::Data,
                    std::string("'").append(name) + "' is a link that leads outside " +
                        root.string(),
                    "set \"images\": {\"follow_links\": true} in the study if that is intended");
    }
    return joined;
}

Result<void> createFolders(const fs::path& path)
{
    std::error_code failure;
    fs::create_directories(path, failure);
    if (failure) {
        errno = failure.value();
        return Failure(systemError("cannot create folder", path));
    }
    return {};
}

uint64_t freeBytes(const fs::path& path)
{
    fs::path existing = fs::absolute(path);
    std::error_code failure;
    while (!fs::exists(existing, failure) && existing.has_parent_path() &&
           existing != existing.parent_path())
        existing = existing.parent_path();
    struct statvfs info = {};
    if (::statvfs(existing.c_str(), &info) != 0)
        return 0;
    return static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
}

} // namespace clwb
