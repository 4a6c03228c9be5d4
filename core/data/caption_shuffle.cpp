// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/caption_shuffle.h"

#include "core/base/random_stream.h"

namespace clwb::data
{
namespace
{

/// Bytes of the white space at the start of a text, 0 when it starts with something else.
size_t spaceAt(std::string_view text)
{
    const char first = text.front();
    if (first == ' ' || (first >= '\t' && first <= '\r') || (first >= '\x1c' && first <= '\x1f'))
        return 1;
    if (text.starts_with("\u00A0") || text.starts_with("\u0085"))
        return 2;
    const bool isWide = text.starts_with("\u3000") || text.starts_with("\u205F") ||
                        text.starts_with("\u1680") || text.starts_with("\u2028") ||
                        text.starts_with("\u2029") || text.starts_with("\u202F");
    const bool isQuad = text.size() >= 3 && text.starts_with("\xE2\x80") &&
                        static_cast<unsigned char>(text[2]) >= 0x80 &&
                        static_cast<unsigned char>(text[2]) <= 0x8A;
    return isWide || isQuad ? 3 : 0;
}

} // namespace

std::vector<std::string> wordsOf(std::string_view text)
{
    std::vector<std::string> words;
    bool isInWord = false;
    while (!text.empty()) {
        const size_t space = spaceAt(text);
        if (space == 0) {
            if (!isInWord)
                words.emplace_back();
            words.back() += text.front();
        }
        isInWord = space == 0;
        text.remove_prefix(space == 0 ? 1 : space);
    }
    return words;
}

std::string shuffledCaption(std::string_view caption, uint64_t seed, uint64_t index)
{
    std::vector<std::string> words = wordsOf(caption);
    RandomStream::named(seed, "caption-shuffle", {index}).shuffle(words);
    std::string shuffled;
    for (const std::string& word : words)
        shuffled += (shuffled.empty() ? "" : " ") + word;
    return shuffled;
}

} // namespace clwb::data
