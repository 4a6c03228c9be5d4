// SPDX-License-Identifier: GPL-3.0-or-later
// The object concepts of the demo world: names and code points from Unicode, built into the
// program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::demo
{

/// One thing that can be drawn and named.
struct Concept
{
    std::string code;                  ///< hexadecimal code points joined by '-', no U+FE0F
    std::string name;                  ///< CLDR short name, lower-case ASCII, unique
    std::vector<std::string> keywords; ///< other words for it; may be empty
    std::string group;
    std::string subgroup;

    /// The code points of `code`.
    [[nodiscard]] std::vector<uint32_t> codePoints() const;
};

/// All concepts in the order of the table; a concept's id is its index. The same in every build.
const std::vector<Concept>& allConcepts();

/// Id of the concept with that name, -1 where there is none.
int conceptByName(std::string_view name);
/// Id of the concept with that `code`, -1 where there is none.
int conceptByCode(std::string_view code);

/// Splits at every separator; empty parts are kept.
std::vector<std::string> splitText(std::string_view text, char separator);

} // namespace clwb::demo
