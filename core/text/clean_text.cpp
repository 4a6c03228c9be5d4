// SPDX-License-Identifier: GPL-3.0-or-later
// Cleaning and splitting of texts; Unicode properties come from utf8proc.
#include "core/text/clean_text.h"

#include "core/text/html_entities.h"

#include <utf8proc.h>

#include <array>
#include <cstdint>

namespace clwb::text
{
namespace
{

enum class Kind { Space, Letter, Number, Other };

bool isWhiteSpace(char32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

Kind kindOf(char32_t c)
{
    if (isWhiteSpace(c))
        return Kind::Space;
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return Kind::Letter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return Kind::Number;
    default:
        return Kind::Other;
    }
}

struct Lead
{
    int following = 0;               ///< continuation bytes
    uint8_t low = 0x80, high = 0xBF; ///< allowed range of the first of them
};

/// What may follow a first byte ≥ 0x80; following = 0: never valid.
Lead leadOf(uint8_t byte)
{
    if (byte >= 0xC2 && byte <= 0xDF)
        return {1};
    if (byte >= 0xE0 && byte <= 0xEF)
        return {2, static_cast<uint8_t>(byte == 0xE0 ? 0xA0 : 0x80),
                static_cast<uint8_t>(byte == 0xED ? 0x9F : 0xBF)};
    if (byte >= 0xF0 && byte <= 0xF4)
        return {3, static_cast<uint8_t>(byte == 0xF0 ? 0x90 : 0x80),
                static_cast<uint8_t>(byte == 0xF4 ? 0x8F : 0xBF)};
    return {};
}

/// Decodes one sequence that starts with a byte ≥ 0x80 and moves `i` past what it used.
char32_t decodeSequence(std::string_view bytes, size_t& i)
{
    const auto first = static_cast<uint8_t>(bytes[i++]);
    Lead lead = leadOf(first);
    if (lead.following == 0)
        return 0xFFFD;
    char32_t value = first & (0x3Fu >> lead.following);
    for (int left = lead.following; left > 0; --left) {
        if (i >= bytes.size())
            return 0xFFFD;
        const auto byte = static_cast<uint8_t>(bytes[i]);
        if (byte < lead.low || byte > lead.high)
            return 0xFFFD; // this byte starts anew
        value = (value << 6) | (byte & 0x3Fu);
        lead.low = 0x80;
        lead.high = 0xBF;
        ++i;
    }
    return value;
}

void appendUtf8(std::string& out, char32_t c)
{
    std::array<utf8proc_uint8_t, 4> buffer{};
    const utf8proc_ssize_t length =
        utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), buffer.data());
    for (utf8proc_ssize_t i = 0; i < length; ++i)
        out += static_cast<char>(buffer[static_cast<size_t>(i)]);
}

/// Length of an English ending such as 're at `i`, 0 if there is none.
size_t endingAt(std::u32string_view text, size_t i)
{
    constexpr std::array<std::u32string_view, 7> kEndings{U"'s", U"'t",  U"'re", U"'ve",
                                                          U"'m", U"'ll", U"'d"};
    for (const std::u32string_view ending : kEndings) {
        if (text.substr(i, ending.size()) == ending)
            return ending.size();
    }
    return 0;
}

} // namespace

std::u32string decodeUtf8(std::string_view bytes)
{
    std::u32string result;
    result.reserve(bytes.size());
    for (size_t i = 0; i < bytes.size();) {
        if (static_cast<uint8_t>(bytes[i]) < 0x80)
            result += static_cast<char32_t>(bytes[i++]);
        else
            result += decodeSequence(bytes, i);
    }
    return result;
}

std::string encodeUtf8(std::u32string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (const char32_t c : text)
        appendUtf8(result, c);
    return result;
}

std::u32string cleanText(std::string_view bytes)
{
    const std::u32string plain = unescapeHtml(unescapeHtml(decodeUtf8(bytes)));
    std::u32string result;
    result.reserve(plain.size());
    bool spaceDue = false;
    for (const char32_t c : plain) {
        if (isWhiteSpace(c)) {
            spaceDue = !result.empty();
            continue;
        }
        if (spaceDue)
            result += U' ';
        spaceDue = false;
        if (c == 0x0130) // the only unconditional lower-casing to more than one character
            result += U"i\u0307";
        else
            result += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
    }
    return result;
}

std::vector<std::string> splitPieces(std::u32string_view cleaned)
{
    std::vector<std::string> pieces;
    for (size_t i = 0; i < cleaned.size();) {
        const Kind kind = kindOf(cleaned[i]);
        size_t length = endingAt(cleaned, i);
        if (length == 0) {
            length = 1;
            const bool run = kind == Kind::Letter || kind == Kind::Other;
            while (run && i + length < cleaned.size() && kindOf(cleaned[i + length]) == kind)
                ++length;
        }
        if (kind != Kind::Space)
            pieces.push_back(encodeUtf8(cleaned.substr(i, length)));
        i += length;
    }
    return pieces;
}

} // namespace clwb::text
