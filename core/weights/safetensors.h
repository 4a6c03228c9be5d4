// SPDX-License-Identifier: GPL-3.0-or-later
// Bounded reading and atomic writing of safetensors files.
#pragma once

#include "core/weights/tensor_map.h"

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace clwb::weights
{

/// One tensor of a safetensors file; `begin` and `end` count bytes from the end of the header.
struct TensorInfo
{
    std::string name;
    DType dtype = DType::F32;
    Shape shape;
    uint64_t begin = 0;
    uint64_t end = 0;
};

using Metadata = std::map<std::string, std::string>;

struct SafetensorsHeader
{
    std::vector<TensorInfo> tensors; ///< in bytewise order of names
    Metadata metadata;
};

/// Checks a header's JSON against the number of data bytes that follow it: names, types, shapes and
/// offsets; tensors must neither overlap nor leave a hole. `source` names the file in errors.
/// Errors: Data, one sentence for each kind of damage.
Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view json, uint64_t dataBytes,
                                                 std::string_view source);

/// An open file whose header has been checked. Tensors are read one at a time straight into place.
class SafetensorsFile
{
public:
    /// Errors: Data: missing, too short, header length wrong or above 100 MB, damaged header.
    static Result<SafetensorsFile> open(const std::filesystem::path& path);
    SafetensorsFile(SafetensorsFile&&) noexcept;
    SafetensorsFile& operator=(SafetensorsFile&&) noexcept;
    ~SafetensorsFile();

    [[nodiscard]] const std::vector<TensorInfo>& tensors() const { return m_header.tensors; }
    [[nodiscard]] const Metadata& metadata() const { return m_header.metadata; }
    /// Reads and converts to float32. Errors: Data: no floating type, read error.
    [[nodiscard]] Result<HostTensor> read(const TensorInfo& info) const;

private:
    SafetensorsFile() = default;
    std::filesystem::path m_path;
    SafetensorsHeader m_header;
    uint64_t m_dataStart = 0;
    int m_descriptor = -1;
};

/// Writes float32 tensors in bytewise order of names, header padded to 8 bytes, atomically.
/// @return SHA-256 of the file in hexadecimal. Errors: Data, DiskFull.
Result<std::string> writeSafetensors(const std::filesystem::path& path,
                                     std::vector<TensorView> tensors, const Metadata& metadata);
Result<std::string> writeSafetensors(const std::filesystem::path& path, const TensorMap& tensors,
                                     const Metadata& metadata);

} // namespace clwb::weights
