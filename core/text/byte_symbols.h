// SPDX-License-Identifier: GPL-3.0-or-later
// The 256 printable symbols that stand for bytes in byte-level BPE vocabularies.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::text
{

inline constexpr std::string_view kWordEnd = "</w>";
inline constexpr std::string_view kStartOfText = "<|startoftext|>";
inline constexpr std::string_view kEndOfText = "<|endoftext|>";

/// UTF-8 symbol of each byte value: printable bytes stand for themselves, the other 68 are code
/// points from 256 on.
const std::array<std::string, 256>& byteSymbols();

/// Byte values in vocabulary order: 33–126, 161–172, 174–255, then the other 68 in rising order.
const std::array<uint8_t, 256>& byteOrder();

/// The 512 first entries of a vocabulary: all symbols, then all symbols + `</w>`.
std::vector<std::string> baseTokens();

/// Bytes of a token (without `</w>`); nothing if a character is no byte symbol.
std::optional<std::string> bytesOfToken(std::string_view token);

} // namespace clwb::text
