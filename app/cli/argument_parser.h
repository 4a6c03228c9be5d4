// SPDX-License-Identifier: GPL-3.0-or-later
// Turns the words of a command line into Arguments, or into an error that says what was meant.
#pragma once

#include "app/cli/command.h"

#include <string>
#include <vector>

namespace clwb::cli
{

struct ArgumentParser
{
    /// Words after the command's name. `--name value` and `--name=value` are the same, `--` ends
    /// the options. Errors: Usage with the nearest known option.
    static Result<Arguments> parse(const Command& command, const std::vector<std::string>& words);
};

/// The command that the words begin with, and how many words its name has.
/// Errors: Usage with the nearest known command.
struct FoundCommand
{
    const Command* command = nullptr;
    size_t words = 0;
};
Result<FoundCommand> findCommand(const std::vector<Command>& commands,
                                 const std::vector<std::string>& words);

/// Text of `clwb --help`; with `group` only the commands that begin with that word.
std::string overviewText(const std::vector<Command>& commands, std::string_view group = {});
/// Text of `clwb COMMAND --help`.
std::string helpText(const Command& command);

} // namespace clwb::cli
