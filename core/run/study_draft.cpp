// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/study_draft.h"

#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/run/cache_folder.h"
#include "core/run/unfinished.h"

namespace clwb::run
{
namespace
{

namespace fs = std::filesystem;

void movePath(Json& object, const char* key, const fs::path& path, const fs::path& folder)
{
    if (object.contains(key) && !path.empty())
        object[key] = pathInStudy(path, folder);
}

void moveZeroShot(Json& document, const char* key, const std::optional<spec::ZeroShotSet>& set,
                  const fs::path& folder)
{
    if (!set)
        return;
    Json& object = document.at(key);
    movePath(object, "root", set->root, folder);
    movePath(object, "classes", set->classes, folder);
    movePath(object, "names", set->names, folder);
}

/// Loads what training would, and turns its problems into one error.
Result<void> checkStudyFile(const fs::path& file, const StopToken& stop)
{
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(file));
    data::DataNeeds needs;
    needs.validation = true;
    needs.checkMemory = checkedImagesFile();
    CLWB_ASSIGN([[maybe_unused]] const data::StudyData loaded,
                data::loadStudyData(study, needs, stop));
    return {};
}

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    for (size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

} // namespace

std::string pathInStudy(const fs::path& path, const fs::path& folder)
{
    const fs::path relative = path.lexically_normal().lexically_relative(folder);
    const bool isBelow = !relative.empty() && *relative.begin() != "..";
    return isBelow ? relative.string() : path.string();
}

Json withSessions(const spec::Study& study, const std::vector<std::vector<std::string>>& sessions,
                  const fs::path& folder)
{
    Json document = study.document;
    const fs::path base = fs::absolute(folder).lexically_normal();
    if (study.updatedTask) {
        Json& task = document.at("updated_task");
        const spec::UpdatedTask& paths = *study.updatedTask;
        if (task.contains("instances")) {
            task["instances"] = Json::array();
            for (const fs::path& file : paths.instances)
                task["instances"].push_back(pathInStudy(file, base));
        }
        movePath(task, "images", paths.images, base);
        movePath(task, "split_file", paths.splitFile, base);
        movePath(task, "train", paths.train, base);
        movePath(task, "val", paths.val, base);
        movePath(task, "test", paths.test, base);
        movePath(task, "classes", paths.classesFile, base);
        movePath(task, "names", paths.names, base);
        if (task.contains("captions"))
            movePath(task["captions"], "split_file", paths.captionsSplitFile, base);
        Json plan = task.value("sessions", Json::object());
        plan.erase("count");
        plan["classes"] = sessions;
        task["sessions"] = std::move(plan);
    }
    moveZeroShot(document, "zero_shot", study.zeroShot, base);
    moveZeroShot(document, "zero_shot_validation", study.zeroShotValidation, base);
    for (size_t i = 0; i < study.retrieval.size(); ++i) {
        Json& set = document.at("retrieval").at(i);
        movePath(set, "split_file", study.retrieval[i].splitFile, base);
        movePath(set, "images", study.retrieval[i].images, base);
    }
    return document;
}

Result<void> saveStudy(const Json& document, const fs::path& file, const StopToken& stop)
{
    NewFolders folders;
    CLWB_TRY(folders.make(file.parent_path()));
    const std::string text = document.dump(1) + "\n";
    // Relative paths hold in this folder only: it is checked where it will lie.
    const fs::path trial = temporaryName(file);
    Unfinished guard(trial);
    CLWB_TRY(writeFileAtomically(trial, text));
    if (auto checked = checkStudyFile(trial, stop); !checked) {
        Error error = std::move(checked).error();
        error.message = replaced(std::move(error.message), trial.string(), file.string());
        return Failure(std::move(error));
    }
    CLWB_TRY(writeFileAtomically(file, text));
    folders.keep();
    return {};
}

} // namespace clwb::run
