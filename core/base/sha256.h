// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 of bytes and files.
#pragma once

#include "core/base/error.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace clwb
{

using Sha256Digest = std::array<uint8_t, 32>;

/// Incremental hash.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(const void* data, size_t bytes);
    void update(std::string_view text) { update(text.data(), text.size()); }
    /// Ends the hash; the object must not be used afterwards.
    Sha256Digest finish();

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

Sha256Digest sha256(std::string_view data);
/// 64 lower-case hexadecimal digits.
std::string toHex(const Sha256Digest& digest);
inline std::string sha256Hex(std::string_view data)
{
    return toHex(sha256(data));
}
/// Hash of a file's content. Errors: Data when it cannot be read.
Result<std::string> sha256HexOfFile(const std::filesystem::path& path);

} // namespace clwb
