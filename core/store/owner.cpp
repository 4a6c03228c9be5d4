// SPDX-License-Identifier: GPL-3.0-or-later
// Which program owns a run (or, on a network file system, the project), and whether it still lives.
#include "core/store/owner.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <sys/vfs.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

struct ProcessInfo
{
    int64_t start = 0;
    bool exists = false;
};

std::string firstLine(const fs::path& file)
{
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

/// Field 22 of /proc/PID/stat, counted after the name, which may hold blanks and brackets.
ProcessInfo processInfo(int64_t pid)
{
    const std::string line = firstLine("/proc/" + std::to_string(pid) + "/stat");
    const size_t bracket = line.rfind(')');
    if (bracket == std::string::npos)
        return {};
    std::istringstream fields(line.substr(bracket + 1));
    std::string state;
    fields >> state;
    std::string field;
    for (int number = 4; number <= 22; ++number)
        fields >> field;
    // A zombie has ended: only its parent has not asked yet.
    return {parseInteger(field).value_or(0), state != "Z" && state != "X"};
}

std::string hostName()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

Owner ownerFromText(const std::string& text)
{
    Owner owner;
    const auto document = parseJson(text, "lease");
    if (!document || !document->is_object())
        return owner;
    std::vector<std::string> ignored;
    JsonReader reader(*document, "", ignored);
    constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
    owner.host = reader.text("host", "");
    owner.boot = reader.text("boot", "");
    owner.pid = reader.integer("pid", 0, 0, kMax);
    owner.start = reader.integer("start", 0, 0, kMax);
    return owner;
}

/// The leases of this process: one a project, however many connections it opens.
struct HeldLeases
{
    std::mutex mutex; // guards `leases`
    std::map<fs::path, std::weak_ptr<Lease>> leases;
};

HeldLeases& heldLeases()
{
    static HeldLeases held;
    return held;
}

/// Runs whose rows name this process, though nothing of it writes to them any more.
struct LetGoRuns
{
    std::mutex mutex; // guards `uids`
    std::set<std::string> uids;
};

LetGoRuns& letGoRuns()
{
    static LetGoRuns runs;
    return runs;
}

/// True when the file was made by us, false when it existed.
Result<bool> createLeaseFile(const fs::path& file, const Owner& owner)
{
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0 && errno == EEXIST)
        return false;
    if (descriptor < 0) {
        Error error = systemError("cannot take the lease", file);
        if (error.code == ErrorCode::Data)
            error.code = ErrorCode::Locked;
        return Failure(std::move(error));
    }
    const std::string text = Json{
        {"host", owner.host},
        {"boot", owner.boot},
        {"pid", owner.pid},
        {"start", owner.start}}.dump();
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(descriptor);
    if (!written) {
        const Error error = systemError("cannot write the lease", file);
        ::unlink(file.c_str());
        return Failure(error);
    }
    return true;
}

} // namespace

std::string Owner::toText() const
{
    return host + " (pid " + std::to_string(pid) + ")";
}

Owner thisProcess()
{
    return {hostName(), firstLine("/proc/sys/kernel/random/boot_id"), ::getpid(),
            processInfo(::getpid()).start};
}

OwnerState stateOf(const Owner& owner)
{
    if (owner.host != hostName())
        return OwnerState::Elsewhere;
    if (owner.boot != firstLine("/proc/sys/kernel/random/boot_id"))
        return OwnerState::Dead;
    const ProcessInfo info = processInfo(owner.pid);
    return info.exists && info.start == owner.start ? OwnerState::Alive : OwnerState::Dead;
}

void letGoOfRun(const std::string& uid)
{
    LetGoRuns& runs = letGoRuns();
    const std::lock_guard lock(runs.mutex);
    runs.uids.insert(uid);
}

bool takeUpRun(const std::string& uid)
{
    LetGoRuns& runs = letGoRuns();
    const std::lock_guard lock(runs.mutex);
    return runs.uids.erase(uid) > 0;
}

bool mayBeAtWork(const Owner& owner, const std::string& uid)
{
    if (owner.host.empty() || stateOf(owner) == OwnerState::Dead)
        return false;
    LetGoRuns& runs = letGoRuns();
    const std::lock_guard lock(runs.mutex);
    return runs.uids.count(uid) == 0 || !(owner == thisProcess());
}

bool isNetworkFileSystemType(uint64_t type)
{
    static constexpr std::array<uint64_t, 14> kTypes{
        0x6969,     // NFS
        0xFF534D42, // CIFS
        0xFE534D42, // SMB 2
        0x517B,     // SMB
        0x0BD00BD0, // Lustre
        0x47504653, // GPFS
        0x5346414F, // AFS
        0x6B414653, // AFS of the kernel
        0x01021997, // 9p
        0x65735546, // FUSE
        0x00C36400, // Ceph
        0x73757245, // Coda
        0x564C,     // NCP
        0x19830326, // BeeGFS
    };
    return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

bool isNetworkFileSystem(const fs::path& path)
{
#ifdef CLWB_FAULTS
    if (const char* assumed = std::getenv("CLWB_ASSUME_NETWORK"))
        return std::string_view(assumed) == "1";
#endif
    fs::path existing = fs::absolute(path);
    std::error_code failure;
    while (!fs::exists(existing, failure) && existing != existing.parent_path())
        existing = existing.parent_path();
    struct statfs info = {};
    if (::statfs(existing.c_str(), &info) != 0)
        return false;
    // Some kernels report the number as a signed 32-bit value.
    return isNetworkFileSystemType(static_cast<uint64_t>(info.f_type) & 0xFFFFFFFFu);
}

Result<std::shared_ptr<Lease>> Lease::take(const fs::path& project)
{
    HeldLeases& held = heldLeases();
    const std::lock_guard lock(held.mutex);

    fs::path file = fs::absolute(project);
    file += ".lease";
    if (auto existing = held.leases[file].lock())
        return existing;
    for (int attempt = 0; attempt < 2; ++attempt) {
        CLWB_ASSIGN(const bool created, createLeaseFile(file, thisProcess()));
        if (created) {
            auto lease = std::shared_ptr<Lease>(new Lease(file));
            held.leases[file] = lease;
            return lease;
        }
        const auto text = readFile(file, 4096);
        const Owner owner = text ? ownerFromText(*text) : Owner{};
        // A left-over of this process: its lease object is gone, so nobody uses it.
        const bool stale =
            owner == thisProcess() || (!owner.host.empty() && stateOf(owner) == OwnerState::Dead);
        if (!stale) {
            return fail(ErrorCode::Locked,
                        "project " + project.string() +
                            " lies on a network file system and is in "
                            "use by " +
                            (owner.host.empty() ? "another program" : owner.toText()),
                        "close it there; if that program is gone, delete " + file.string());
        }
        ::unlink(file.c_str());
    }
    return fail(ErrorCode::Locked, "cannot take the lease " + file.string(),
                "another program is starting: try again");
}

Lease::~Lease()
{
    HeldLeases& held = heldLeases();
    const std::lock_guard lock(held.mutex);
    // A thread that took the lease again meanwhile has made the file anew.
    if (held.leases[m_file].expired())
        ::unlink(m_file.c_str());
}

} // namespace clwb::store
