// SPDX-License-Identifier: GPL-3.0-or-later
// Reading with pread rather than a memory map: a file that shrinks meanwhile is an error, no crash.
#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/weights/safetensors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::weights
{
namespace
{

constexpr uint64_t kLengthBytes = 8;
constexpr uint64_t kMaxHeaderBytes = 100'000'000;
constexpr size_t kBlockBytes = 1u << 20; ///< conversion buffer, a multiple of every type's size

Failure damaged(const fs::path& path, const std::string& problem)
{
    return fail(ErrorCode::Data, "damaged safetensors file: " + path.string() + ": " + problem,
                "get the file again from where it came from");
}

Result<void> readAt(int descriptor, void* target, size_t bytes, uint64_t offset,
                    const fs::path& path)
{
    auto* out = static_cast<char*>(target);
    while (bytes > 0) {
        const ssize_t got = ::pread(descriptor, out, bytes, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return Failure(systemError("cannot read", path));
        if (got == 0)
            return damaged(path, "the file ended while it was read");
        out += got;
        bytes -= static_cast<size_t>(got);
        offset += static_cast<uint64_t>(got);
    }
    return {};
}

/// Length of the header, checked against the file's size.
Result<uint64_t> readHeaderLength(int descriptor, uint64_t fileBytes, const fs::path& path)
{
    if (fileBytes < kLengthBytes)
        return damaged(path, "the file has " + std::to_string(fileBytes) +
                                 " bytes, too few for a header");
    std::array<uint8_t, kLengthBytes> raw{};
    CLWB_TRY(readAt(descriptor, raw.data(), raw.size(), 0, path));
    uint64_t length = 0;
    for (size_t i = kLengthBytes; i-- > 0;)
        length = (length << 8) | raw[i];
    if (length > kMaxHeaderBytes)
        return damaged(path, "the header is said to have " + std::to_string(length) +
                                 " bytes, more than the 100 MB allowed");
    if (length > fileBytes - kLengthBytes)
        return damaged(path, "the header is said to have " + std::to_string(length) +
                                 " bytes, the file has only " +
                                 std::to_string(fileBytes - kLengthBytes) + " after its length");
    if (length < 2)
        return damaged(path, "the header is said to have " + std::to_string(length) +
                                 " bytes, too few for {}");
    return length;
}

std::string headerText(const std::vector<TensorView>& tensors, const Metadata& metadata)
{
    std::string text = "{";
    if (!metadata.empty())
        text += "\"__metadata__\":" + nlohmann::json(metadata).dump();
    uint64_t offset = 0;
    for (const TensorView& tensor : tensors) {
        const uint64_t end =
            offset + static_cast<uint64_t>(*elementCount(tensor.shape)) * sizeof(float);
        text += text.size() > 1 ? "," : "";
        text += nlohmann::json(tensor.name).dump() +
                ":{\"dtype\":\"F32\",\"shape\":" + nlohmann::json(tensor.shape).dump() +
                ",\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(end) + "]}";
        offset = end;
    }
    text += "}";
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
}

} // namespace

SafetensorsFile::SafetensorsFile(SafetensorsFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_header(std::move(other.m_header))
    , m_dataStart(other.m_dataStart)
    , m_descriptor(std::exchange(other.m_descriptor, -1))
{}

SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_header, other.m_header);
    std::swap(m_dataStart, other.m_dataStart);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

SafetensorsFile::~SafetensorsFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<SafetensorsFile> SafetensorsFile::open(const fs::path& path)
{
    SafetensorsFile file;
    file.m_path = path;
    // O_NONBLOCK: opening a FIFO by mistake must not wait for a writer
    file.m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file.m_descriptor < 0)
        return Failure(systemError("cannot open weights", path));
    struct stat status
    {};
    if (::fstat(file.m_descriptor, &status) != 0)
        return Failure(systemError("cannot read", path));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::Data,
                    "cannot read weights: " + path.string() + ": expected a regular file");
    const auto fileBytes = static_cast<uint64_t>(status.st_size);
    CLWB_ASSIGN(const uint64_t length, readHeaderLength(file.m_descriptor, fileBytes, path));
    std::string json(length, '\0');
    CLWB_TRY(readAt(file.m_descriptor, json.data(), json.size(), kLengthBytes, path));
    file.m_dataStart = kLengthBytes + length;
    CLWB_ASSIGN(file.m_header,
                parseSafetensorsHeader(json, fileBytes - file.m_dataStart, path.string()));
    return file;
}

Result<HostTensor> SafetensorsFile::read(const TensorInfo& info) const
{
    if (!isFloating(info.dtype))
        return fail(ErrorCode::Data, "cannot use tensor: " + m_path.string() + ": \"" + info.name +
                                         "\": expected F32, F16, BF16 or F64 numbers");
    HostTensor tensor{info.shape, {}};
    const size_t bytes = info.end - info.begin;
    const size_t width = bytesOf(info.dtype);
    tensor.values.resize(bytes / width);
    const uint64_t offset = m_dataStart + info.begin;
    if (info.dtype == DType::F32) {
        CLWB_TRY(readAt(m_descriptor, tensor.values.data(), bytes, offset, m_path));
        return tensor;
    }
    std::vector<std::byte> block(std::min(bytes, kBlockBytes));
    for (size_t done = 0; done < bytes;) {
        const size_t part = std::min(kBlockBytes, bytes - done);
        CLWB_TRY(readAt(m_descriptor, block.data(), part, offset + done, m_path));
        convertToFloat(info.dtype, block.data(), part / width, tensor.values.data() + done / width);
        done += part;
    }
    return tensor;
}

Result<std::string> writeSafetensors(const fs::path& path, std::vector<TensorView> tensors,
                                     const Metadata& metadata)
{
    std::sort(tensors.begin(), tensors.end(),
              [](const TensorView& a, const TensorView& b) { return a.name < b.name; });
    const std::string header = headerText(tensors, metadata);
    std::array<uint8_t, kLengthBytes> length{};
    for (size_t i = 0; i < kLengthBytes; ++i)
        length[i] = static_cast<uint8_t>((uint64_t{header.size()} >> (8 * i)) & 0xFF);
    CLWB_ASSIGN(AtomicFile file, AtomicFile::create(path));
    Sha256 hash;
    const auto write = [&](const void* data, size_t bytes) {
        hash.update(data, bytes);
        return file.write(data, bytes);
    };
    CLWB_TRY(write(length.data(), length.size()));
    CLWB_TRY(write(header.data(), header.size()));
    for (const TensorView& tensor : tensors)
        CLWB_TRY(
            write(tensor.values, static_cast<size_t>(*elementCount(tensor.shape)) * sizeof(float)));
    CLWB_TRY(file.commit());
    return toHex(hash.finish());
}

Result<std::string> writeSafetensors(const fs::path& path, const TensorMap& tensors,
                                     const Metadata& metadata)
{
    return writeSafetensors(path, viewsOf(tensors), metadata);
}

} // namespace clwb::weights
