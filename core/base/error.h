// SPDX-License-Identifier: GPL-3.0-or-later
// Expected failures: Result<T>, Error and the one table of error codes and exit statuses.
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace clwb
{

/// What kind of thing failed; the value is the exit status of `clwb`.
enum class ErrorCode {
    RunFailed = 1, ///< training or evaluation failed (NaN, exception)
    Usage = 2,     ///< command line, spec or study: syntax, keys, types, ranges
    Data = 3,      ///< annotations, lists, images, model
    Locked = 4,    ///< project owned by another program, or read-only
    Corrupt = 5,   ///< project file damaged or not ours
    OutOfMemory = 6,
    DiskFull = 7,
    Stopped = 75, ///< stopped with a checkpoint: requeue
    Interrupted = 130,
};

/// A failure with enough for the user to act: what failed and which thing, and what to do now.
struct Error
{
    ErrorCode code = ErrorCode::RunFailed;
    std::string message; ///< "what failed: which thing: expected … got …"; may hold several lines
    std::string hint;    ///< what to do now; may be empty

    /// The same error with `where: ` put before the message.
    [[nodiscard]] Error in(std::string_view where) &&;
};

/// `message` and, if present, `hint` on a second line.
std::string toText(const Error& error);

template<class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

/// Shorthand to build the failing side of a Result.
inline Failure fail(ErrorCode code, std::string message, std::string hint = {})
{
    return Failure(Error{code, std::move(message), std::move(hint)});
}

} // namespace clwb

#define CLWB_CONCAT_2(a, b) a##b
#define CLWB_CONCAT(a, b) CLWB_CONCAT_2(a, b)

/// Evaluates a Result<void-like> expression and returns its error from this function.
#define CLWB_TRY(...)                                                                              \
    do {                                                                                           \
        if (auto clwbTry = (__VA_ARGS__); !clwbTry)                                                \
            return ::clwb::Failure(std::move(clwbTry).error());                                    \
    } while (false)

/// `CLWB_ASSIGN(auto x, f());` declares or assigns x from a Result, or returns its error.
#define CLWB_ASSIGN(target, ...)                                                                   \
    auto CLWB_CONCAT(clwbResult, __LINE__) = (__VA_ARGS__);                                        \
    if (!CLWB_CONCAT(clwbResult, __LINE__))                                                        \
        return ::clwb::Failure(std::move(CLWB_CONCAT(clwbResult, __LINE__)).error());              \
    target = std::move(*CLWB_CONCAT(clwbResult, __LINE__))
