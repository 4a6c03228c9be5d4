// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/argument_parser.h"

#include "app/cli/exit_status.h"
#include "core/base/json.h"

#include <algorithm>

namespace clwb::cli
{
namespace
{

constexpr size_t kHelpColumn = 26;
constexpr size_t kHelpWidth = 79;

const OptionDef* findOption(const Command& command, std::string_view name)
{
    for (const OptionDef& option : command.options) {
        if (option.name == name)
            return &option;
    }
    return nullptr;
}

std::string helpHint(const Command& command)
{
    return "See clwb " + std::string(command.name) + " --help";
}

Failure unknownOption(const Command& command, std::string_view name)
{
    std::vector<std::string> known{"--help"};
    for (const OptionDef& option : command.options)
        known.emplace_back(option.name);
    const auto nearest = nearestWord(name, known);
    return fail(ErrorCode::Usage,
                "unknown option of clwb " + std::string(command.name) + ": " + std::string(name) +
                    (nearest ? "; did you mean " + *nearest + "?" : ""),
                helpHint(command));
}

Result<void> checkChoice(const OptionDef& option, const std::string& value)
{
    if (option.choices.empty() ||
        std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end())
        return {};
    std::string allowed;
    for (const std::string_view choice : option.choices)
        allowed += (allowed.empty() ? "" : ", ") + std::string(choice);
    return fail(ErrorCode::Usage,
                std::string(option.name) + ": expected one of " + allowed + ", got " + value);
}

size_t requiredCount(const Command& command)
{
    return static_cast<size_t>(std::count_if(command.positionals.begin(), command.positionals.end(),
                                             [](const PositionalDef& p) { return p.required; }));
}

Result<void> checkPositionals(const Command& command, const std::vector<std::string>& given)
{
    const size_t required = requiredCount(command);
    if (given.size() < required)
        return fail(ErrorCode::Usage,
                    "clwb " + std::string(command.name) + ": " +
                        std::string(command.positionals[given.size()].name) + " is missing",
                    helpHint(command));
    const bool open = !command.positionals.empty() && command.positionals.back().repeated;
    if (!open && given.size() > command.positionals.size())
        return fail(ErrorCode::Usage,
                    "clwb " + std::string(command.name) +
                        ": unexpected argument: " + given[command.positionals.size()],
                    helpHint(command));
    return {};
}

std::string padded(std::string text)
{
    text.resize(std::max(text.size() + 2, kHelpColumn), ' ');
    return text;
}

/// "exit status: 0 ok, 1 run failed, …" in lines that a terminal holds.
std::string exitStatusLines()
{
    std::string text;
    std::string line = "exit status:";
    for (size_t i = 0; i < kExitStatuses.size(); ++i) {
        const std::string item = std::to_string(kExitStatuses[i].number) + " " +
                                 std::string(kExitStatuses[i].brief) +
                                 (i + 1 < kExitStatuses.size() ? "," : "");
        if (line.size() + 1 + item.size() > kHelpWidth) {
            text += line + "\n";
            line = item;
        } else {
            line += " " + item;
        }
    }
    return text + line + "\n";
}

std::string usageLine(const Command& command)
{
    std::string line = "usage: clwb " + std::string(command.name);
    for (const PositionalDef& positional : command.positionals) {
        // A name that shows its own repetition, as "[RUN…] BUNDLE.zip", needs no second mark.
        const bool isMarked = positional.name.find("…") != std::string_view::npos;
        const std::string word =
            std::string(positional.name) + (positional.repeated && !isMarked ? "…" : "");
        line += positional.required ? " " + word : " [" + word + "]";
    }
    for (const OptionDef& option : command.options) {
        line += " [" + std::string(option.name);
        if (!option.value.empty())
            line += " " + std::string(option.value);
        line += option.repeated ? "]…" : "]";
    }
    return line;
}

} // namespace

bool Arguments::has(std::string_view option) const
{
    return m_values.find(option) != m_values.end();
}

std::optional<std::string> Arguments::value(std::string_view option) const
{
    const auto found = m_values.find(option);
    if (found == m_values.end())
        return std::nullopt;
    return found->second.back();
}

std::string Arguments::valueOr(std::string_view option, std::string fallback) const
{
    return value(option).value_or(std::move(fallback));
}

std::vector<std::string> Arguments::values(std::string_view option) const
{
    const auto found = m_values.find(option);
    return found == m_values.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::string> Arguments::positional(size_t index) const
{
    if (index >= m_positionals.size())
        return std::nullopt;
    return m_positionals[index];
}

Result<Arguments> ArgumentParser::parse(const Command& command,
                                        const std::vector<std::string>& words)
{
    Arguments result;
    bool optionsEnded = false;
    for (size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (optionsEnded || word.size() < 2 || word[0] != '-') {
            result.m_positionals.push_back(word);
            continue;
        }
        if (word == "--") {
            optionsEnded = true;
            continue;
        }
        const size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const OptionDef* option = findOption(command, name);
        if (!option)
            return unknownOption(command, name);
        auto& values = result.m_values[name];
        if (!values.empty() && !option->repeated)
            return fail(ErrorCode::Usage, name + " is given twice", helpHint(command));
        if (option->value.empty()) {
            if (equals != std::string::npos)
                return fail(ErrorCode::Usage, name + " takes no value, got " + word,
                            helpHint(command));
            values.emplace_back();
            continue;
        }
        if (equals != std::string::npos) {
            values.push_back(word.substr(equals + 1));
        } else if (i + 1 < words.size() && words[i + 1].rfind("--", 0) != 0) {
            values.push_back(words[++i]);
        } else {
            return fail(ErrorCode::Usage,
                        name + " needs a value: " + name + " " + std::string(option->value),
                        helpHint(command));
        }
        CLWB_TRY(checkChoice(*option, values.back()));
    }
    CLWB_TRY(checkPositionals(command, result.m_positionals));
    return result;
}

Result<FoundCommand> findCommand(const std::vector<Command>& commands,
                                 const std::vector<std::string>& words)
{
    std::vector<std::string> known;
    for (const size_t count : {size_t{2}, size_t{1}}) {
        if (words.size() < count)
            continue;
        const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
        for (const Command& command : commands) {
            if (command.name == name)
                return FoundCommand{&command, count};
        }
    }
    std::string wanted = words.at(0);
    for (const Command& command : commands) {
        known.emplace_back(command.name);
        const bool groupGiven = command.name.rfind(words[0] + " ", 0) == 0;
        if (groupGiven && words.size() > 1)
            wanted = words[0] + " " + words[1];
        else if (groupGiven)
            return fail(ErrorCode::Usage, "clwb " + words[0] + " needs a second word",
                        overviewText(commands, words[0]));
    }
    const auto nearest = nearestWord(wanted, known);
    return fail(ErrorCode::Usage,
                "unknown command: " + wanted + (nearest ? "; did you mean " + *nearest + "?" : ""),
                "See clwb --help");
}

std::string overviewText(const std::vector<Command>& commands, std::string_view group)
{
    std::string text = group.empty()
                           ? "usage: clwb COMMAND …\n\n"
                             "Workbench for continual learning of CLIP, without a display.\n\n"
                             "commands:\n"
                           : "commands:\n";
    for (const Command& command : commands) {
        if (group.empty() || command.name.rfind(std::string(group) + " ", 0) == 0)
            text += "  " + padded(std::string(command.name)) + std::string(command.summary) + "\n";
    }
    if (group.empty())
        text += "\n  clwb COMMAND --help       options and an example\n"
                "  clwb --version            version and build\n"
                "  clwb --man                the manual page, for man -l -\n\n" +
                exitStatusLines();
    return text;
}

std::string helpText(const Command& command)
{
    std::string text = usageLine(command) + "\n\n" + std::string(command.summary) + ".\n";
    if (!command.details.empty())
        text += command.details + "\n";
    if (!command.options.empty())
        text += "\noptions:\n";
    for (const OptionDef& option : command.options) {
        std::string left = std::string(option.name);
        if (!option.value.empty())
            left += " " + std::string(option.value);
        text += "  " + padded(std::move(left)) + std::string(option.help);
        for (size_t i = 0; i < option.choices.size(); ++i)
            text += (i == 0 ? ": " : ", ") + std::string(option.choices[i]);
        text += "\n";
    }
    text += "\nexample:\n  " + std::string(command.example) + "\n";
    return text;
}

} // namespace clwb::cli
