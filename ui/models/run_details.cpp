// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_details.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/run/report_source.h"
#include "core/store/configurations.h"
#include "ui/models/study_title.h"

#include <algorithm>

namespace clwb::ui
{

namespace
{

QString studyName(const std::string& path)
{
    const std::filesystem::path file(path);
    // What a relative path was relative to is not known.
    if (file.is_absolute()) {
        if (const auto study = readJsonFile(file); study && study->is_object()) {
            const auto name = study->find("name");
            if (name != study->end() && name->is_string() && !name->get<std::string>().empty())
                return studyTitle(path, name->get<std::string>());
        }
    }
    return studyTitle(path);
}

} // namespace

std::optional<report::BranchedFrom> RunDetails::branchOf(int64_t runId) const
{
    const auto found = branches.find(runId);
    return found == branches.end() ? std::nullopt : std::optional(found->second);
}

Result<RunDetails> readRunDetails(const store::Project& project,
                                  const std::vector<store::RunRow>& runs,
                                  std::map<std::string, QString> known)
{
    RunDetails details;
    CLWB_ASSIGN(details.configurations, store::configurationHashes(project));
    CLWB_ASSIGN(details.branches, run::branchesOf(project));
    details.studyNames = std::move(known);
    for (const store::RunRow& run : runs) {
        if (!run.study.empty() && !details.studyNames.contains(run.study))
            details.studyNames[run.study] = studyName(run.study);
    }
    return details;
}

bool isArchived(const store::RunRow& run)
{
    return std::find(run.tags.begin(), run.tags.end(), kArchivedTag) != run.tags.end();
}

std::vector<std::string> ownTags(const store::RunRow& run)
{
    std::vector<std::string> tags = run.tags;
    std::erase(tags, kArchivedTag);
    return tags;
}

} // namespace clwb::ui
