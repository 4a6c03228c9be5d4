// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/study_draft.h"

#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/data/class_folders.h"
#include "core/data/dataset.h"
#include "core/data/printable.h"
#include "core/run/cache_folder.h"

#include <algorithm>
#include <cmath>

namespace clwb::run
{
namespace
{

namespace fs = std::filesystem;

/// Removes a file or folder of ours unless it is kept.
class Unfinished
{
public:
    explicit Unfinished(fs::path path)
        : m_path(std::move(path))
    {}
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    ~Unfinished()
    {
        std::error_code ignored;
        if (!m_path.empty())
            fs::remove_all(m_path, ignored);
    }
    void keep() { m_path.clear(); }

private:
    fs::path m_path;
};

/// A path of the old file as the new one names it.
std::string pathFrom(const fs::path& path, const fs::path& folder)
{
    const fs::path relative = path.lexically_normal().lexically_relative(folder);
    const bool isBelow = !relative.empty() && *relative.begin() != "..";
    return isBelow ? relative.string() : path.string();
}

void movePath(Json& object, const char* key, const fs::path& path, const fs::path& folder)
{
    if (object.contains(key) && !path.empty())
        object[key] = pathFrom(path, folder);
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

struct ClassPictures
{
    std::string name;
    std::vector<std::string> files;
};

/// Class folders with their pictures; what cannot be read goes to `found.problems`.
Result<std::vector<ClassPictures>> readClasses(const fs::path& root, PictureFolder& found,
                                               const StopToken& stop)
{
    CLWB_ASSIGN(const std::vector<std::string> folders, data::listClassFolders(root));
    std::vector<ClassPictures> classes;
    for (const std::string& folder : folders) {
        if (stop.stopRequested())
            return fail(ErrorCode::Stopped, "stopped while reading " + root.string());
        auto files = data::listImageFiles(root / folder);
        if (!files)
            found.problems.push_back(files.error().message);
        else if (files->empty())
            found.empty.push_back((root / folder).string());
        else
            classes.push_back({folder, std::move(*files)});
    }
    return classes;
}

Result<void> makeLink(const fs::path& target, const fs::path& link)
{
    std::error_code code;
    fs::create_symlink(target, link, code);
    if (code) {
        return fail(code == std::errc::no_space_on_device ? ErrorCode::DiskFull : ErrorCode::Data,
                    "link to " + target.string() + " at " + link.string() + ": " + code.message(),
                    "choose a place that takes links, or make folders train/ and test/ yourself");
    }
    return {};
}

/// Links of one class, its test pictures drawn by the seed and the class's name.
Result<void> linkClass(const FolderStudy& wanted, const ClassPictures& pictures,
                       const fs::path& split)
{
    const size_t total = pictures.files.size();
    if (total < 2) {
        return fail(ErrorCode::Data,
                    "class " + pictures.name +
                        " has one picture: it cannot be split into train "
                        "and test",
                    "add pictures to its folder, or take the folder away");
    }
    const auto asked =
        static_cast<size_t>(std::lround(wanted.testShare * static_cast<double>(total)));
    const size_t count = std::clamp<size_t>(asked, 1, total - 1);
    const auto test =
        data::samplePositions(total, count, wanted.seed, "test-split/" + pictures.name);
    for (const char* part : {"train", "test"})
        CLWB_TRY(createFolders(split / part / pictures.name));
    const fs::path source = fs::absolute(wanted.source.folder) / pictures.name;
    for (size_t i = 0; i < total; ++i) {
        const bool isTest = std::binary_search(test.begin(), test.end(), i);
        CLWB_TRY(makeLink(source / pictures.files[i],
                          split / (isTest ? "test" : "train") / pictures.name / pictures.files[i]));
    }
    return {};
}

Result<void> checkSizes(const FolderStudy& wanted)
{
    const auto classes = static_cast<int64_t>(wanted.source.classes.size());
    int64_t sum = 0;
    for (const int size : wanted.sizes) {
        if (size < 1)
            return fail(ErrorCode::Usage, "a session of " + std::to_string(size) + " classes",
                        "every session has at least one class");
        sum += size;
    }
    if (!wanted.sizes.empty() && sum != classes) {
        return fail(ErrorCode::Usage,
                    "the sessions hold " + std::to_string(sum) + " classes, the folder " +
                        std::to_string(classes),
                    "make the numbers add up");
    }
    return {};
}

} // namespace

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
                task["instances"].push_back(pathFrom(file, base));
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
    CLWB_TRY(createFolders(file.parent_path()));
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
    return writeFileAtomically(file, text);
}

Result<PictureFolder> readPictureFolder(const fs::path& folder, const StopToken& stop)
{
    PictureFolder found;
    found.folder = folder;
    CLWB_ASSIGN(const std::vector<std::string> below, data::listClassFolders(folder));
    const auto has = [&](const char* name) {
        return std::find(below.begin(), below.end(), name) != below.end();
    };
    found.hasSplits = has("train") && has("test");
    found.hasValidation = found.hasSplits && has("val");
    const fs::path root = found.hasSplits ? folder / "train" : folder;
    CLWB_ASSIGN(const std::vector<ClassPictures> classes, readClasses(root, found, stop));
    for (const ClassPictures& c : classes) {
        found.classes.push_back(c.name);
        found.pictures += static_cast<int64_t>(c.files.size());
    }
    for (const char* split : {"test", "val"}) {
        if (!has(split) || !found.hasSplits)
            continue;
        CLWB_ASSIGN(const auto others, readClasses(folder / split, found, stop));
        for (const ClassPictures& c : others)
            found.pictures += static_cast<int64_t>(c.files.size());
    }
    if (found.classes.empty()) {
        std::string seen;
        for (size_t i = 0; i < std::min<size_t>(3, below.size()); ++i)
            seen += (i > 0 ? ", " : "") + data::printable(below[i], 60);
        for (size_t i = 0; i < std::min<size_t>(3, found.problems.size()); ++i)
            seen += (seen.empty() ? "" : "; ") + found.problems[i];
        return fail(ErrorCode::Data,
                    "no pictures in class folders of " + root.string() + " (" +
                        std::to_string(below.size()) + " folders" +
                        (seen.empty() ? "" : ": " + seen) + ")",
                    "choose a folder that holds a folder for every class, with .jpg, .png, .webp "
                    "or .bmp files in it");
    }
    return found;
}

Result<void> writeFolderStudy(const FolderStudy& wanted, const StopToken& stop)
{
    CLWB_TRY(checkSizes(wanted));
    const fs::path file = fs::absolute(wanted.file).lexically_normal();
    const fs::path base = file.parent_path();
    CLWB_TRY(createFolders(base));
    const fs::path source = fs::absolute(wanted.source.folder).lexically_normal();
    fs::path root = source;
    Json task{{"kind", "class_folders"}};
    Json document{{"schema", 1}, {"name", wanted.name}};
    std::optional<Unfinished> guard;
    if (!wanted.source.hasSplits) {
        root = base / (file.stem().string() + "-split");
        std::error_code ignored;
        if (fs::exists(root, ignored)) {
            return fail(ErrorCode::Data, "the folder of the split exists already: " + root.string(),
                        "choose another file for the study, or move that folder away");
        }
        guard.emplace(root);
        PictureFolder again;
        CLWB_ASSIGN(const auto classes, readClasses(source, again, stop));
        for (const ClassPictures& pictures : classes) {
            if (stop.stopRequested())
                return fail(ErrorCode::Stopped, "stopped while splitting the pictures");
            CLWB_TRY(linkClass(wanted, pictures, root));
        }
        document["images"] = {{"follow_links", true}};
    }
    task["train"] = pathFrom(root / "train", base);
    if (wanted.source.hasValidation)
        task["val"] = pathFrom(root / "val", base);
    task["test"] = pathFrom(root / "test", base);
    if (wanted.sizes.empty()) {
        task["sessions"] = {{"count", wanted.sessions}, {"order", "name"}};
    } else {
        Json sessions = Json::array();
        size_t next = 0;
        for (const int size : wanted.sizes) {
            Json session = Json::array();
            for (int i = 0; i < size; ++i)
                session.push_back(wanted.source.classes[next++]);
            sessions.push_back(std::move(session));
        }
        task["sessions"] = {{"classes", std::move(sessions)}, {"order", "name"}};
    }
    document["updated_task"] = std::move(task);
    CLWB_TRY(saveStudy(document, file, stop));
    if (guard)
        guard->keep();
    return {};
}

} // namespace clwb::run
