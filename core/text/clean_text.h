// SPDX-License-Identifier: GPL-3.0-or-later
// From raw bytes to the pieces that byte-pair encoding works on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clwb::text
{

/// Decodes UTF-8; each longest part of a damaged sequence becomes one U+FFFD.
std::u32string decodeUtf8(std::string_view bytes);
/// Encodes code points (each a Unicode scalar value).
std::string encodeUtf8(std::u32string_view text);

/// HTML entities undone twice, Unicode White_Space collapsed to one space and trimmed, lower-cased
/// by the full Unicode mapping without the final-sigma rule. No other normalisation.
std::u32string cleanText(std::string_view bytes);

/// Splits cleaned text, from the left: 's 't 're 've 'm 'll 'd, runs of letters (Unicode L), single
/// numbers (Unicode N), runs of anything else but space. Pieces are UTF-8.
std::vector<std::string> splitPieces(std::u32string_view cleaned);

} // namespace clwb::text
