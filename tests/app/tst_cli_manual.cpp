// SPDX-License-Identifier: GPL-3.0-or-later
// The manual pages say all that --help says, and roff reads them without complaint.
// usage: tst_cli_manual; CLWB_MANUAL and CLWB_GUI_MANUAL are the pages, CLWB_GUI the window
#include "app/cli/man_page.h"
#include "tests/app/tiny_run.h"

#include <cstdlib>
#include <regex>
#include <set>

namespace
{

using namespace clwb;
using namespace clwb::test;

/// Page as a reader sees it: what roffText() and the fonts add taken away.
std::string plain(std::string text)
{
    text = std::regex_replace(text, std::regex(R"(\\f[BIR])"), "");
    text = std::regex_replace(text, std::regex(R"(\\&)"), "");
    return std::regex_replace(text, std::regex(R"(\\-)"), "-");
}

std::set<std::string> optionsIn(const std::string& help)
{
    std::set<std::string> options;
    const std::regex pattern(R"(^  (--[a-z0-9-]+))", std::regex::multiline);
    for (std::sregex_iterator at(help.begin(), help.end(), pattern), end; at != end; ++at)
        options.insert((*at)[1]);
    return options;
}

std::vector<std::string> commandsIn(const std::string& help)
{
    std::vector<std::string> commands;
    const std::string list = help.substr(help.find("commands:\n"));
    const std::regex pattern(R"(^  ([a-z][a-z-]*( [a-z][a-z-]*)?)  )", std::regex::multiline);
    const std::string section = list.substr(0, list.find("\n\n"));
    for (std::sregex_iterator at(section.begin(), section.end(), pattern), end; at != end; ++at)
        commands.push_back((*at)[1]);
    return commands;
}

/// The part of the page about one command.
std::string sectionOf(const std::string& page, const std::string& command)
{
    const std::string head = ".SS clwb " + command + "\n";
    const size_t begin = page.find(head);
    if (begin == std::string::npos)
        return {};
    return page.substr(begin, page.find("\n.S", begin + head.size()) - begin);
}

void everyCommandAndOptionIsInThePage()
{
    const std::string page = plain(readAll(CLWB_MANUAL));
    CHECK(page.find(".TH CLWB 1") != std::string::npos);
    const Outcome help = runClwb({"--help"});
    const std::vector<std::string> commands = commandsIn(help.out);
    CHECK(commands.size() > 25);
    size_t options = 0;
    for (const std::string& command : commands) {
        const std::string section = sectionOf(page, command);
        if (section.empty()) {
            std::cerr << "not in the page: " << command << std::endl;
            CHECK(false);
            continue;
        }
        std::vector<std::string> words;
        for (size_t from = 0; from < command.size();) {
            const size_t end = std::min(command.find(' ', from), command.size());
            words.push_back(command.substr(from, end - from));
            from = end + 1;
        }
        words.emplace_back("--help");
        const Outcome own = runClwb(words);
        CHECK_EQUAL(own.status, 0);
        for (const std::string& option : optionsIn(own.out)) {
            ++options;
            if (section.find("\n.TP\n" + option) == std::string::npos) {
                std::cerr << "not in the page: " << command << " " << option << std::endl;
                CHECK(false);
            }
        }
    }
    CHECK(options > 60);
    for (const char* option : {"--help", "--version", "--man"})
        CHECK(contains(page, option));
    // Every exit status that the help names.
    for (const char* status : {"0", "1", "2", "3", "4", "5", "6", "7", "75", "130"})
        CHECK(contains(page, std::string("\n.B ") + status + "\n"));
}

// Made when it was built, it is what the program says now.
void thePageIsTheProgramsOwn()
{
    const Outcome own = runClwb({"--man"});
    CHECK_EQUAL(own.status, 0);
    CHECK(own.out == readAll(CLWB_MANUAL));
}

void textKeepsItsCharacters()
{
    CHECK_EQUAL(cli::roffText("a-b\\n\n.x\n'y"), "a\\-b\\en\n\\&.x\n\\&\\(aqy");
    CHECK_EQUAL(cli::roffText("α…"), "\\[u03B1]\\[u2026]"); // U+03B1, U+2026
}

void theWindowsOptionsAreInItsPage()
{
    const std::string page = plain(readAll(CLWB_GUI_MANUAL));
#ifdef CLWB_GUI
    Process window({CLWB_GUI, "--help"});
    const Outcome help = window.wait();
    CHECK_EQUAL(help.status, 0);
    const std::set<std::string> options = optionsIn(help.out);
    CHECK(options.size() >= 7);
    for (const std::string& option : options) {
        if (!contains(page, option)) {
            std::cerr << "not in the page: " << option << std::endl;
            CHECK(false);
        }
    }
#endif
}

void roffDoesNotComplain()
{
    for (const char* page : {CLWB_MANUAL, CLWB_GUI_MANUAL}) {
        Process groff({"/bin/sh", "-c",
                       "command -v groff >/dev/null || exit 99; groff -ww -man -Tutf8 \"$1\"", "sh",
                       page});
        const Outcome outcome = groff.wait();
        if (outcome.status == 99) {
            std::cerr << "skipped: groff is not installed" << std::endl;
            continue;
        }
        CHECK_EQUAL(outcome.status, 0);
        CHECK_EQUAL(outcome.err, "");
        CHECK(outcome.out.size() > 500);
    }
}

} // namespace

int main()
{
    RUN_CASE(everyCommandAndOptionIsInThePage);
    RUN_CASE(thePageIsTheProgramsOwn);
    RUN_CASE(textKeepsItsCharacters);
    RUN_CASE(theWindowsOptionsAreInItsPage);
    RUN_CASE(roffDoesNotComplain);
    return result();
}
