// SPDX-License-Identifier: GPL-3.0-or-later
// Whether bytes are UTF-8: words of a command line, paths and names in data files need not be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clwb
{

/// Bytes of the valid UTF-8 character at `at` (< size), 0 when there is none; `code` gets its
/// number.
size_t utf8CharacterAt(std::string_view text, size_t at, uint32_t& code);
bool isValidUtf8(std::string_view text);

} // namespace clwb
