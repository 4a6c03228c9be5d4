// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/printable.h"

#include <cstdint>

namespace clwb::data
{
namespace
{

/// Bytes of the valid UTF-8 character at `at`, 0 when there is none; `code` gets its number.
size_t characterAt(std::string_view text, size_t at, uint32_t& code)
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

bool isControl(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

} // namespace

bool isCleanText(std::string_view text)
{
    uint32_t code = 0;
    for (size_t at = 0; at < text.size();) {
        const size_t length = characterAt(text, at, code);
        if (length == 0 || isControl(code))
            return false;
        at += length;
    }
    return true;
}

bool isValidUtf8(std::string_view text)
{
    uint32_t code = 0;
    for (size_t at = 0; at < text.size();) {
        const size_t length = characterAt(text, at, code);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

std::string printable(std::string_view text, size_t maxBytes)
{
    std::string shown;
    uint32_t code = 0;
    for (size_t at = 0; at < text.size();) {
        const size_t length = characterAt(text, at, code);
        if (shown.size() + length > maxBytes)
            return shown + "…";
        if (length == 0 || isControl(code))
            shown += '?';
        else
            shown += text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return shown;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n\v\f";
    const size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

} // namespace clwb::data
