// SPDX-License-Identifier: GPL-3.0-or-later
// The parts `mode`, `grid`, `list`, `random` and `seeds` of a sweep file as a list of combinations.
#pragma once

#include "core/base/json.h"

#include <string>
#include <vector>

namespace clwb::spec::detail
{

/// Flat objects (dotted key → value) in the order of the trials. Parts of other modes than the
/// file's are checked, too, but not used. Problems go into `errors`.
std::vector<Json> readCombinations(JsonReader& reader, std::vector<std::string>& errors);

/// A value of the setting `key`, which stands at `where`; "" clears method and option.
void checkValue(const std::string& where, const std::string& key, const Json& value,
                std::vector<std::string>& errors);
/// Different values of the setting `key` to choose from.
void checkValues(const std::string& where, const std::string& key, const Json& values,
                 std::vector<std::string>& errors);

} // namespace clwb::spec::detail
