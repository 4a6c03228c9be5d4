// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include "core/base/file.h"

#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace clwb::cli
{

Result<void> writeResult(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written >= 0)
            text.remove_prefix(static_cast<size_t>(written));
        else if (errno == EPIPE || errno == EBADF)
            return {};
        else if (errno != EINTR)
            return Failure(systemError("writing results", "stdout"));
    }
    return {};
}

Result<void> writeResultTo(const std::optional<std::string>& file, std::string_view text)
{
    return file ? writeFileAtomically(*file, text) : writeResult(text);
}

void writeNote(std::string_view text)
{
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

} // namespace clwb::cli
