// SPDX-License-Identifier: GPL-3.0-or-later
// The program `clwb`: finds the command, runs it, turns errors into words and exit statuses.
#include "app/cli/argument_parser.h"
#include "app/cli/command.h"
#include "app/cli/man_page.h"
#include "app/cli/output.h"
#include "app/cli/signals.h"
#include "app/common/build_info.h"
#include "core/base/utf8.h"
#include "core/data/printable.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>

namespace
{

using namespace clwb;

Result<int> printVersion()
{
    const app::BuildInfo info = app::buildInfo();
    CLWB_TRY(cli::writeResult("clwb " + std::string(info.version) + "\ncommit " +
                              std::string(info.commit) + "\ncompiler " +
                              std::string(info.compiler) + ", " + std::string(info.buildType) +
                              "\nLibTorch " + std::string(info.libtorch) + "\n"));
    return 0;
}

// Project files, result lines and reports are UTF-8; what is not would fail there, hours later.
Result<void> checkIsUtf8(const std::vector<std::string>& words)
{
    for (const std::string& word : words) {
        if (!isValidUtf8(word))
            return fail(ErrorCode::Usage, "not valid UTF-8: argument " + data::printable(word, 80),
                        "Rename the file or folder, or correct the value.");
    }
    const std::string here = std::filesystem::current_path().string();
    if (!isValidUtf8(here))
        return fail(ErrorCode::Usage, "not valid UTF-8: working directory " + data::printable(here),
                    "Rename the folder, or work in another one.");
    return {};
}

bool isHelp(const std::string& word)
{
    return word == "--help" || word == "-h";
}

Result<int> runCommandLine(const std::vector<std::string>& words)
{
    std::vector<cli::Command> commands = cli::allCommands();
    std::sort(commands.begin(), commands.end(),
              [](const auto& a, const auto& b) { return a.order < b.order; });
    if (words.empty())
        return fail(ErrorCode::Usage, "no command given", cli::overviewText(commands));
    if (isHelp(words[0]) || words[0] == "help") {
        CLWB_TRY(cli::writeResult(cli::overviewText(commands)));
        return 0;
    }
    if (words[0] == "--version")
        return printVersion();
    if (words[0] == "--man") {
        CLWB_TRY(cli::writeResult(cli::manPage(commands, app::buildInfo().version)));
        return 0;
    }
    const bool groupHelp = words.size() == 2 && isHelp(words[1]) &&
                           std::any_of(commands.begin(), commands.end(), [&](const auto& c) {
                               return c.name.rfind(words[0] + " ", 0) == 0;
                           });
    if (groupHelp) {
        CLWB_TRY(cli::writeResult(cli::overviewText(commands, words[0])));
        return 0;
    }
    CLWB_ASSIGN(const cli::FoundCommand found, cli::findCommand(commands, words));
    const std::vector<std::string> rest(words.begin() + static_cast<ptrdiff_t>(found.words),
                                        words.end());
    const auto optionsEnd = std::find(rest.begin(), rest.end(), "--");
    if (std::any_of(rest.begin(), optionsEnd, isHelp)) {
        CLWB_TRY(cli::writeResult(cli::helpText(*found.command)));
        return 0;
    }
    CLWB_TRY(checkIsUtf8(rest));
    CLWB_ASSIGN(const cli::Arguments arguments, cli::ArgumentParser::parse(*found.command, rest));
    return found.command->run(arguments);
}

int report(const Error& error)
{
    cli::writeNote("clwb: " + toText(error));
    return static_cast<int>(error.code);
}

} // namespace

int main(int argc, char** argv)
{
    cli::ignoreBrokenPipes();
    try {
        const auto status = runCommandLine(std::vector<std::string>(argv + 1, argv + argc));
        return status ? *status : report(status.error());
    } catch (const std::bad_alloc&) {
        return report({ErrorCode::OutOfMemory, "not enough memory",
                       "Close other programs, or use a smaller batch_size."});
    } catch (const std::exception& problem) {
        return report({ErrorCode::RunFailed, std::string("internal error: ") + problem.what(),
                       "This is a fault of the program; please report it with the command used."});
    }
}
