// SPDX-License-Identifier: GPL-3.0-or-later
// Words that a POSIX shell reads back as they are.
#pragma once

#include <string>

namespace clwb
{

/// The word itself where it is plain, otherwise in single quotes.
std::string shellQuoted(const std::string& word);

} // namespace clwb
