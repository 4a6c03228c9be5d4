// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures and texts to arrays: what the image tower gets, and embeddings of both towers.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"

#include <filesystem>
#include <string>
#include <vector>

namespace clwb::run
{

/// Writes float32 [N, 3, H, W], exactly what the image tower gets.
/// @param list lines `path` or `path<TAB>x0 y0 x1 y1` (half-open box), relative to the working
/// folder Errors: Usage (a line that is neither), Data (missing, unreadable, box outside the
/// picture).
Result<void> preprocessImages(const std::filesystem::path& model, const std::filesystem::path& list,
                              const std::filesystem::path& out, const StopToken& stop);

/// Writes float32 [N, D], rows of unit length.
Result<void> encodeImages(const std::filesystem::path& model, const std::filesystem::path& list,
                          const std::filesystem::path& out, const StopToken& stop);

/// One text a line (ends at \n, a \r before it is dropped). Writes float32 [N, D].
Result<void> encodeTexts(const std::filesystem::path& model, const std::filesystem::path& texts,
                         const std::filesystem::path& out, const StopToken& stop);

/// Lines of a text: split at \n only, a \r before it dropped, no line after a final \n.
std::vector<std::string> textLines(const std::string& content);

} // namespace clwb::run
