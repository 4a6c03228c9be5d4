// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

namespace clwb
{

Error Error::in(std::string_view where) &&
{
    message.insert(0, std::string(where) + ": ");
    return std::move(*this);
}

std::string toText(const Error& error)
{
    return error.hint.empty() ? error.message : error.message + "\n" + error.hint;
}

} // namespace clwb
