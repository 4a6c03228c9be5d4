// SPDX-License-Identifier: GPL-3.0-or-later
// HTML 4's character entities turned back into characters.
#pragma once

#include <string>
#include <string_view>

namespace clwb::text
{

/// Replaces `&name;` (HTML 4's 252 names, case matters), `&#123;` and `&#x7b;`; the semicolon is
/// needed, anything else stays as it is. Numbers that are no character give U+FFFD; 128 … 159 mean
/// Windows-1252 as in HTML readers. One pass: `&amp;lt;` gives `&lt;`.
std::u32string unescapeHtml(std::u32string_view text);

} // namespace clwb::text
