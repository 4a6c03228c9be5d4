// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include "core/base/file.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
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
    if (!file)
        return writeResult(text);
    CLWB_TRY(requireNoProject(*file));
    return writeFileAtomically(*file, text);
}

Result<void> requireNoProject(const std::filesystem::path& file)
{
    static constexpr std::string_view kMagic = "SQLite format 3";
    std::ifstream stream(file, std::ios::binary);
    std::string begin(kMagic.size(), '\0');
    stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    if (begin != kMagic)
        return {};
    return fail(ErrorCode::Usage,
                file.string() + " is a database, such as a project: it is not overwritten",
                "Choose another name.");
}

void writeNote(std::string_view text)
{
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

} // namespace clwb::cli
