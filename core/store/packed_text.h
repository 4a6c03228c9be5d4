// SPDX-License-Identifier: GPL-3.0-or-later
// Long texts in the project file, compressed: evaluation records hold a rank for every query.
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>

struct sqlite3;

namespace clwb::store
{

/// 4 bytes "CLWT", the length of the text (uint32, little-endian), a zlib stream.
/// CHECK: shorter than 64 MiB.
std::string packText(std::string_view text);
/// Errors: Corrupt: cut off, changed, or longer than its head says.
Result<std::string> unpackText(std::string_view packed);

/// SQL functions of a connection: clwb_pack(TEXT) → BLOB; clwb_unpack(BLOB) → TEXT, and a TEXT
/// stays as it is: projects of schema 3 and older have it.
Result<void> addTextFunctions(sqlite3* database);

} // namespace clwb::store
