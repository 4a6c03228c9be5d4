// SPDX-License-Identifier: GPL-3.0-or-later
// What a command of `clwb` is: its words, options, help and function. One command = one file.
#pragma once

#include "core/base/error.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::cli
{

struct OptionDef
{
    std::string_view name;  ///< "--set"
    std::string_view value; ///< what --help shows after it; "" = a flag without value
    std::string_view help;
    bool repeated = false;
    std::vector<std::string_view> choices; ///< allowed values; empty: any
};

struct PositionalDef
{
    std::string_view name; ///< "SPEC.json"
    bool required = true;
    bool repeated = false;
};

/// A command line that fitted its command.
class Arguments
{
public:
    [[nodiscard]] bool has(std::string_view option) const;
    /// Last value of an option; nothing when it was not given.
    [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
    [[nodiscard]] std::string valueOr(std::string_view option, std::string fallback) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
    [[nodiscard]] const std::vector<std::string>& positionals() const { return m_positionals; }
    /// A positional that may be left out.
    [[nodiscard]] std::optional<std::string> positional(size_t index) const;

private:
    friend struct ArgumentParser;
    std::map<std::string, std::vector<std::string>, std::less<>> m_values;
    std::vector<std::string> m_positionals;
};

struct Command
{
    int order = 0;         ///< place in `clwb --help`
    std::string_view name; ///< one word, or two: "data check"
    std::string_view summary;
    std::vector<PositionalDef> positionals;
    std::vector<OptionDef> options;
    std::string details;      ///< further lines of --help; may be empty
    std::string_view example; ///< a command line that works, several lines allowed
    /// Returns the exit status; an error's code is the exit status too.
    Result<int> (*run)(const Arguments& arguments) = nullptr;
};

/// Every command, from the files of app/cli/commands (the table is made when building).
std::vector<Command> allCommands();

/// Options that several commands share.
inline OptionDef dbOption()
{
    return {"--db", "FILE", "project file (default: clwb.db in the working directory)", false, {}};
}
inline OptionDef outOption(std::string_view help)
{
    return {"--out", "FILE", help, false, {}};
}
inline OptionDef progressOption()
{
    return {"--progress",
            "MODE",
            "how progress is shown on stderr (default: auto)",
            false,
            {"auto", "bar", "plain", "json", "none"}};
}

} // namespace clwb::cli
