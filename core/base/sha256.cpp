// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"

#include "core/base/check.h"

#include <openssl/evp.h>

#include <fstream>
#include <vector>

namespace clwb
{

struct Sha256::Context
{
    EVP_MD_CTX* handle = EVP_MD_CTX_new();
    ~Context() { EVP_MD_CTX_free(handle); }
};

Sha256::Sha256()
    : m_context(std::make_unique<Context>())
{
    CLWB_CHECK(EVP_DigestInit_ex(m_context->handle, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(const void* data, size_t bytes)
{
    CLWB_CHECK(EVP_DigestUpdate(m_context->handle, data, bytes) == 1);
}

Sha256Digest Sha256::finish()
{
    Sha256Digest digest{};
    CLWB_CHECK(EVP_DigestFinal_ex(m_context->handle, digest.data(), nullptr) == 1);
    return digest;
}

Sha256Digest sha256(std::string_view data)
{
    Sha256 hash;
    hash.update(data);
    return hash.finish();
}

std::string toHex(const Sha256Digest& digest)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * digest.size());
    for (const uint8_t byte : digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Result<std::string> sha256HexOfFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail(ErrorCode::Data, "cannot read " + path.string());
    Sha256 hash;
    std::vector<char> buffer(1 << 20);
    while (file) {
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        hash.update(buffer.data(), static_cast<size_t>(file.gcount()));
    }
    if (file.bad())
        return fail(ErrorCode::Data, "reading failed: " + path.string());
    return toHex(hash.finish());
}

} // namespace clwb
