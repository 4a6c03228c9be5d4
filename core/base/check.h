// SPDX-License-Identifier: GPL-3.0-or-later
// CLWB_CHECK: broken invariants (our bugs) throw LogicError; user input can never reach one.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace clwb
{

/// A bug of ours; caught only at a thread boundary or in main.
class LogicError : public std::logic_error
{
    using std::logic_error::logic_error;
};

namespace detail
{
template<class... Parts>
[[noreturn]] void throwLogicError(const char* condition, const char* file, int line,
                                  const Parts&... parts)
{
    std::ostringstream text;
    text << file << ':' << line << ": expected " << condition;
    if constexpr (sizeof...(parts) > 0) {
        text << ": ";
        (text << ... << parts);
    }
    throw LogicError(text.str());
}
} // namespace detail

} // namespace clwb

#define CLWB_CHECK(condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ::clwb::detail::throwLogicError(#condition, __FILE__,                                  \
                                            __LINE__ __VA_OPT__(, ) __VA_ARGS__);                  \
    } while (false)
