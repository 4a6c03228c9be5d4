// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/printable.h"

#include "core/base/utf8.h"

#include <cstdint>

namespace clwb::data
{
namespace
{

bool isControl(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

} // namespace

bool isCleanText(std::string_view text)
{
    uint32_t code = 0;
    for (size_t at = 0; at < text.size();) {
        const size_t length = utf8CharacterAt(text, at, code);
        if (length == 0 || isControl(code))
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
        const size_t length = utf8CharacterAt(text, at, code);
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
