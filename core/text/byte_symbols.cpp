// SPDX-License-Identifier: GPL-3.0-or-later
// Byte symbols in the order and spelling of GPT-2's and CLIP's vocabularies.
#include "core/text/byte_symbols.h"

#include "core/text/clean_text.h"

namespace clwb::text
{
namespace
{

bool standsForItself(int byte)
{
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

constexpr char32_t kFirstSubstitute = 256;
constexpr char32_t kSubstitutes = 68;

std::array<uint8_t, 256> makeByteOrder()
{
    std::array<uint8_t, 256> order{};
    size_t next = 0;
    for (const bool printable : {true, false}) {
        for (int byte = 0; byte < 256; ++byte) {
            if (standsForItself(byte) == printable)
                order[next++] = static_cast<uint8_t>(byte);
        }
    }
    return order;
}

std::array<std::string, 256> makeByteSymbols()
{
    std::array<std::string, 256> symbols;
    char32_t substitute = kFirstSubstitute;
    for (int byte = 0; byte < 256; ++byte) {
        const char32_t c = standsForItself(byte) ? static_cast<char32_t>(byte) : substitute++;
        symbols[static_cast<size_t>(byte)] = encodeUtf8(std::u32string_view(&c, 1));
    }
    return symbols;
}

} // namespace

const std::array<std::string, 256>& byteSymbols()
{
    static const std::array<std::string, 256> symbols = makeByteSymbols();
    return symbols;
}

const std::array<uint8_t, 256>& byteOrder()
{
    static const std::array<uint8_t, 256> order = makeByteOrder();
    return order;
}

std::vector<std::string> baseTokens()
{
    std::vector<std::string> tokens;
    tokens.reserve(512);
    for (const uint8_t byte : byteOrder())
        tokens.push_back(byteSymbols()[byte]);
    for (const uint8_t byte : byteOrder())
        tokens.push_back(byteSymbols()[byte] + std::string(kWordEnd));
    return tokens;
}

std::optional<std::string> bytesOfToken(std::string_view token)
{
    constexpr size_t kPrintable = 256 - kSubstitutes;
    std::string bytes;
    for (const char32_t c : decodeUtf8(token)) {
        if (c < 256 && standsForItself(static_cast<int>(c)))
            bytes += static_cast<char>(static_cast<uint8_t>(c));
        else if (c >= kFirstSubstitute && c < kFirstSubstitute + kSubstitutes)
            bytes += static_cast<char>(byteOrder()[kPrintable + c - kFirstSubstitute]);
        else
            return std::nullopt;
    }
    return bytes;
}

} // namespace clwb::text
