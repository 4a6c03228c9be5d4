// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shell_words.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace clwb
{
namespace
{

bool isPlain(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./=,:+@").find(c) != std::string_view::npos;
}

} // namespace

std::string shellQuoted(const std::string& word)
{
    if (!word.empty() && std::all_of(word.begin(), word.end(), isPlain))
        return word;
    std::string text = "'";
    for (const char c : word)
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

} // namespace clwb
