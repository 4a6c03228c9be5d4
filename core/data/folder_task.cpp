// SPDX-License-Identifier: GPL-3.0-or-later
// Class folders as updated task and as zero-shot set: names, order, samples (algorithms.md 9.3).
#include "core/data/class_folders.h"
#include "core/data/inside_guard.h"
#include "core/data/name_lists.h"
#include "core/data/printable.h"
#include "core/data/sessions.h"
#include "core/data/study_loader.h"

#include <algorithm>
#include <map>
#include <optional>

namespace fs = std::filesystem;

namespace clwb::data
{
namespace
{

using Severity = Problem::Severity;
using Names = std::map<std::string, std::string>;

Result<std::vector<std::string>> displayNames(LoadContext& context,
                                              const std::vector<std::string>& folders,
                                              const fs::path& namesFile,
                                              const std::string& nameSource, std::string_view key)
{
    std::optional<Names> names;
    if (!namesFile.empty()) {
        CLWB_ASSIGN(names, readNames(namesFile));
    }
    std::vector<std::string> shown;
    std::map<std::string, std::string> folderOfName;
    for (const std::string& folder : folders) {
        CLWB_ASSIGN(std::string name, displayName(folder, names ? &*names : nullptr, nameSource));
        const auto [first, isNew] = folderOfName.emplace(name, folder);
        if (!isNew) {
            context.report(Severity::Warning,
                           "classes " + first->second + " and " + folder +
                               " have the same display name '" + name + "'",
                           std::string(key));
        }
        shown.push_back(std::move(name));
    }
    return shown;
}

/// Image files of one class below a root; a class without folder has none.
Result<std::vector<std::string>> filesOfClass(InsideGuard& guard, const std::string& folder,
                                              const StopToken& stop)
{
    CLWB_ASSIGN(const fs::path path, guard.fileOf(folder));
    std::error_code ignored;
    if (!fs::is_directory(path, ignored))
        return std::vector<std::string>();
    return listImageFiles(path, {stop});
}

void addFile(LoadContext& context, InsideGuard& guard, const std::string& name, int label,
             std::vector<Item>& items)
{
    auto file = guard.fileOf(name);
    if (file)
        items.push_back({name, std::move(*file), {}, label});
    else
        context.reportBadFile(file.error().message, name);
}

Result<void> addSplit(LoadContext& context, const fs::path& root,
                      const std::vector<std::string>& folders, std::vector<Item>& items)
{
    if (root.empty())
        return {};
    InsideGuard guard(root, context.followLinks());
    CLWB_ASSIGN(const std::vector<std::string> present, listClassFolders(root, {context.stop}));
    for (size_t c = 0; c < folders.size(); ++c) {
        CLWB_ASSIGN(const std::vector<std::string> files,
                    filesOfClass(guard, folders[c], context.stop));
        for (const std::string& file : files)
            addFile(context, guard, folders[c] + "/" + file, static_cast<int>(c), items);
    }
    for (const std::string& folder : present) {
        if (std::find(folders.begin(), folders.end(), folder) == folders.end())
            context.report(Severity::Note, "folder of no class", (root / folder).string());
    }
    return context.dropBadItems(items);
}

} // namespace

Result<void> loadFolderTask(LoadContext& context, const spec::UpdatedTask& task)
{
    std::vector<std::string> folders;
    if (task.sessions.order == "listed" && !task.classesFile.empty()) {
        CLWB_ASSIGN(folders, readClassList(task.classesFile));
    } else {
        CLWB_ASSIGN(folders, listClassFolders(task.train, {context.stop}));
    }
    CLWB_ASSIGN(const std::vector<std::string> names,
                displayNames(context, folders, task.names, task.nameSource, "updated_task"));
    CLWB_ASSIGN(const SessionSplit sessions, splitIntoSessions(folders, names, task.sessions));
    std::vector<std::string> ordered;
    for (const size_t position : sessions.order) {
        ordered.push_back(folders[position]);
        context.data.classes.push_back(names[position]);
    }
    context.data.sessionOfClass = sessions.sessionOfClass;
    context.data.sessions = sessions.sessions;
    if (context.needs.train) {
        CLWB_TRY(addSplit(context, task.train, ordered, context.data.utTrain));
        samplePerClass(context.data.utTrain, context.data.classes,
                       static_cast<size_t>(std::max(task.maxPerClass, 0)), task.seed);
    }
    if (context.needs.validation) {
        CLWB_TRY(addSplit(context, task.val, ordered, context.data.utVal));
    }
    if (context.needs.test) {
        CLWB_TRY(addSplit(context, task.test, ordered, context.data.utTest));
    }
    reportEmptyClasses(context);
    return {};
}

Result<void> loadZeroShotSet(LoadContext& context, const spec::ZeroShotSet& set,
                             std::string_view key, LabelledSet& result)
{
    std::vector<std::string> folders;
    if (set.classes.empty()) {
        CLWB_ASSIGN(folders, listClassFolders(set.root, {context.stop}));
    } else {
        CLWB_ASSIGN(folders, readClassList(set.classes));
    }
    std::error_code ignored;
    if (!fs::is_directory(set.root, ignored)) {
        return fail(ErrorCode::Data,
                    std::string(key) + ".root: no such folder: " + set.root.string(),
                    "check the path in the study file");
    }
    CLWB_ASSIGN(result.classes, displayNames(context, folders, set.names, set.nameSource, key));
    InsideGuard guard(set.root, context.followLinks());
    const auto asked = static_cast<size_t>(std::max(set.imagesPerClass, 0));
    for (size_t c = 0; c < folders.size(); ++c) {
        CLWB_ASSIGN(const std::vector<std::string> files,
                    filesOfClass(guard, folders[c], context.stop));
        if (files.size() < asked || files.empty()) {
            const bool isError = files.size() < asked && !set.allowFewer;
            context.report(isError ? Severity::Error : Severity::Warning,
                           std::to_string(files.size()) + " images in class " + folders[c] + " (" +
                               result.classes[c] + "), " + std::to_string(asked) + " asked for" +
                               (isError ? "; allow_fewer would accept it" : ""),
                           std::string(key));
        }
        for (const size_t position :
             samplePositions(files.size(), asked, set.seed, "zero-shot-images/" + folders[c])) {
            addFile(context, guard, folders[c] + "/" + files[position], static_cast<int>(c),
                    result.items);
        }
    }
    return context.dropBadItems(result.items);
}

} // namespace clwb::data
