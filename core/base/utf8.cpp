// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/utf8.h"

namespace clwb
{

size_t utf8CharacterAt(std::string_view text, size_t at, uint32_t& code)
{
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
    const uint8_t first = byte(at);
    if (first < 0x80) {
        code = first;
        return 1;
    }
    const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.size())
        return 0;
    code = first & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80)
            return 0;
        code = (code << 6) | (byte(at + i) & 0x3Fu);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool outside = (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF;
    return overlong || outside ? 0 : length;
}

bool isValidUtf8(std::string_view text)
{
    uint32_t code = 0;
    for (size_t at = 0; at < text.size();) {
        const size_t length = utf8CharacterAt(text, at, code);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

} // namespace clwb
