// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/man_page.h"

#include "app/cli/argument_parser.h"
#include "app/cli/exit_status.h"
#include "core/text/clean_text.h"

#include <cstdio>

namespace clwb::cli
{
namespace
{

std::string bold(std::string_view text)
{
    return "\\fB" + roffText(text) + "\\fR";
}

std::string italic(std::string_view text)
{
    return "\\fI" + roffText(text) + "\\fR";
}

/// Lines that must stay as they are.
std::string verbatim(std::string_view text)
{
    return ".PP\n.nf\n" + roffText(text) + "\n.fi\n";
}

void addOption(const OptionDef& option, std::string& page)
{
    page += ".TP\n" + bold(option.name);
    if (!option.value.empty())
        page += " " + italic(option.value);
    page += "\n" + roffText(option.help);
    for (size_t i = 0; i < option.choices.size(); ++i)
        page += roffText((i == 0 ? ": " : ", ") + std::string(option.choices[i]));
    page += "\n";
}

void addCommand(const Command& command, std::string& page)
{
    // The first line of the help is the usage.
    const std::string help = helpText(command);
    page += ".SS clwb " + roffText(command.name) + "\n" + roffText(command.summary) + ".\n";
    page += verbatim(help.substr(0, help.find('\n')));
    if (!command.details.empty())
        page += verbatim(command.details);
    for (const OptionDef& option : command.options)
        addOption(option, page);
    page += ".PP\nExample:\n" + verbatim(command.example);
}

std::string exitStatusSection()
{
    std::string section = ".SH EXIT STATUS\n";
    for (const ExitStatus& status : kExitStatuses)
        section +=
            ".TP\n.B " + std::to_string(status.number) + "\n" + std::string(status.page) + "\n";
    return section;
}

constexpr std::string_view kEnd = ".SH SEE ALSO\n.BR clwb\\-gui (1)\n";

} // namespace

std::string roffText(std::string_view text)
{
    std::string roff;
    bool isLineStart = true;
    for (const char32_t point : text::decodeUtf8(text)) {
        if (isLineStart && (point == '.' || point == '\''))
            roff += "\\&";
        isLineStart = point == '\n';
        if (point == '\\') {
            roff += "\\e";
        } else if (point == '-') {
            roff += "\\-";
        } else if (point == '\'') {
            roff += "\\(aq";
        } else if (point == '`') {
            roff += "\\(ga";
        } else if (point == '^') {
            roff += "\\(ha";
        } else if (point == '~') {
            roff += "\\(ti";
        } else if (point >= 0x80) {
            char code[16];
            std::snprintf(code, sizeof code, "\\[u%04X]", static_cast<unsigned>(point));
            roff += code;
        } else {
            roff += static_cast<char>(point);
        }
    }
    return roff;
}

std::string manPage(const std::vector<Command>& commands, std::string_view version)
{
    std::string page = ".\\\" Made by clwb --man; changes are lost.\n.TH CLWB 1 \"\" \"clwb " +
                       roffText(version) +
                       "\" \"User Commands\"\n"
                       ".SH NAME\nclwb \\- workbench for continual learning of CLIP\n"
                       ".SH SYNOPSIS\n.B clwb\n.I COMMAND\n.RI [ ARGUMENTS ]\n.br\n"
                       ".B clwb\n.RB [ \\-\\-help | \\-\\-version | \\-\\-man ]\n"
                       ".SH DESCRIPTION\nTrains CLIP in sessions, evaluates what was learnt and "
                       "what was forgotten, and keeps the results of all runs in a project file. "
                       "It needs no display.\n.PP\nResult data go to standard output, everything "
                       "else to standard error.\n.SH COMMANDS\n";
    for (const Command& command : commands)
        addCommand(command, page);
    page += exitStatusSection();
    page += kEnd;
    return page;
}

} // namespace clwb::cli
