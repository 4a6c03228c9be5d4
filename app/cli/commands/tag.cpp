// SPDX-License-Identifier: GPL-3.0-or-later
// clwb tag: words on runs, for filters.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"

#include <algorithm>

namespace clwb::cli
{
namespace
{

Result<int> runTag(const Arguments& arguments)
{
    CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::ReadWrite));
    CLWB_ASSIGN(const int64_t id, project.findRun(arguments.positionals()[0]));
    CLWB_ASSIGN(const store::RunRow row, project.run(id));
    std::vector<std::string> tags = row.tags;
    const std::vector<std::string> words(arguments.positionals().begin() + 1,
                                         arguments.positionals().end());
    for (const std::string& word : words) {
        if (word.empty())
            return fail(ErrorCode::Usage, "clwb tag: a tag must not be empty");
        const auto found = std::find(tags.begin(), tags.end(), word);
        if (arguments.has("--remove") && found != tags.end())
            tags.erase(found);
        else if (!arguments.has("--remove") && found == tags.end())
            tags.push_back(word);
    }
    if (tags != row.tags)
        CLWB_TRY(project.setTags(id, tags));
    std::string text;
    for (const std::string& tag : tags)
        text += tag + "\n";
    CLWB_TRY(writeResult(text));
    return 0;
}

} // namespace

Command describe_tag()
{
    return {140,
            "tag",
            "Adds tags to a run, or removes them, and prints the tags it has then",
            {{"RUN"}, {"TAG", false, true}},
            {dbOption(), {"--remove", "", "remove the tags instead", false, {}}},
            "",
            "clwb tag 3 baseline paper-settings",
            runTag};
}

} // namespace clwb::cli
