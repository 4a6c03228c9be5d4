// SPDX-License-Identifier: GPL-3.0-or-later
// What folders of own pictures and files of captions hold, before a study is made of them.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/data/class_folders.h"
#include "core/data/data_check.h"
#include "core/data/image_check.h"
#include "core/data/inside_guard.h"
#include "core/data/karpathy.h"
#include "core/data/printable.h"
#include "core/run/cache_folder.h"
#include "core/run/folder_study.h"

#include <algorithm>
#include <atomic>
#include <unordered_set>

namespace clwb::run
{
namespace
{

namespace fs = std::filesystem;

/// A class folder of one split and what is named in it.
struct ListedClass
{
    fs::path folder;
    std::string name;
    std::vector<fs::path> files;
};

/// The pictures of a class by name; those whose names no study takes are bad.
Result<void> listClass(data::InsideGuard& inside, data::InsideGuard& anywhere, ListedClass& listed,
                       const data::ListLimits& limits, PictureFolder& found)
{
    CLWB_ASSIGN(const data::FolderFiles files, data::listFiles(listed.folder, limits));
    if (files.others > 0 && found.otherFiles == 0)
        found.otherFile = (listed.folder / files.other).string();
    found.otherFiles += files.others;
    for (const std::string& file : files.images) {
        const std::string name = listed.name + "/" + file;
        auto path = inside.fileOf(name);
        if (!path) {
            path = anywhere.fileOf(name);
            found.outside += path ? 1 : 0;
        }
        if (path)
            listed.files.push_back(listed.folder / file);
        else
            found.bad.push_back({listed.folder / file, path.error().message});
    }
    return {};
}

bool canBeRead(const fs::path& folder)
{
    std::error_code failure;
    const fs::directory_iterator entries(folder, failure);
    return !failure;
}

/// Class folders of a split; what cannot be read goes to `found.problems`.
Result<void> listSplit(const fs::path& root, const data::ListLimits& limits,
                       std::vector<ListedClass>& classes, PictureFolder& found)
{
    CLWB_ASSIGN(const std::vector<std::string> names, data::listClassFolders(root, limits));
    data::InsideGuard inside(root, FollowLinks::No);
    data::InsideGuard anywhere(root, FollowLinks::Yes);
    size_t total = 0;
    for (const ListedClass& listed : classes)
        total += listed.files.size();
    for (const std::string& name : names) {
        if (limits.stop.stopRequested())
            return fail(ErrorCode::Stopped, "stopped while reading " + root.string());
        ListedClass listed{root / name, name, {}};
        const Result<void> read = listClass(inside, anywhere, listed, limits, found);
        if (!read && (read.error().code == ErrorCode::Stopped || canBeRead(listed.folder)))
            return read; // such as more entries than allowed: nothing to be left out unasked
        if (!read) {
            found.problems.push_back(read.error().message);
            continue;
        }
        total += listed.files.size();
        if (total > limits.most) {
            return fail(ErrorCode::Data,
                        found.folder.string() + " holds more than " + std::to_string(limits.most) +
                            " pictures, which is the most that a study is made of",
                        "choose a part of it");
        }
        classes.push_back(std::move(listed));
    }
    return {};
}

/// Opens every picture; returns how many of each class can be used.
Result<std::vector<int64_t>> lookAtPictures(const std::vector<ListedClass>& classes,
                                            const FolderLook& look, const StopToken& stop,
                                            PictureFolder& found)
{
    std::vector<fs::path> files;
    for (const ListedClass& listed : classes)
        files.insert(files.end(), listed.files.begin(), listed.files.end());
    const auto total = static_cast<int64_t>(files.size());
    std::atomic<int64_t> done{0};
    data::ImageChecker checker(checkedImagesFile());
    CLWB_TRY(checker.look(files, stop, [&](int64_t count) {
        done += count;
        if (look.progress)
            look.progress(done, total);
    }));
    data::UnusualPictures unusual;
    std::vector<int64_t> usable;
    for (const ListedClass& listed : classes) {
        int64_t good = 0;
        for (const fs::path& file : listed.files) {
            const data::ImageVerdict& verdict = checker.verdictOf(file);
            if (!verdict.reason.empty()) {
                found.bad.push_back({file, verdict.reason});
                continue;
            }
            ++good;
            found.turned += verdict.header.orientation > 1 ? 1 : 0;
            unusual.count(verdict.header, file);
        }
        if (good == 0)
            found.empty.push_back(listed.folder.string());
        found.pictures += good;
        usable.push_back(good);
    }
    found.cmyk = unusual.cmyk;
    found.sixteenBits = unusual.sixteenBits;
    found.animated = unusual.animated;
    return usable;
}

/// "; " and the first few.
std::string someOf(const std::vector<std::string>& texts)
{
    std::string some;
    for (size_t i = 0; i < std::min<size_t>(3, texts.size()); ++i)
        some += "; " + texts[i];
    return some;
}

Error nothingUsable(const fs::path& root, const std::vector<std::string>& below,
                    const PictureFolder& found, const data::ListLimits& limits)
{
    std::string names;
    for (size_t i = 0; i < std::min<size_t>(3, below.size()); ++i)
        names += (i > 0 ? ", " : ": ") + data::printable(below[i], 60);
    std::vector<std::string> bad;
    for (size_t i = 0; i < std::min<size_t>(3, found.bad.size()); ++i)
        bad.push_back(found.bad[i].file.string() + ": " + found.bad[i].reason);
    const auto own = data::listFiles(root, limits);
    std::string loose;
    if (own && !own->images.empty())
        loose = "; " + std::to_string(own->images.size()) + " pictures lie in it without a class";
    return {ErrorCode::Data,
            "no usable pictures in class folders of " + root.string() + " (" +
                std::to_string(below.size()) + " folders" + names + ")" + loose +
                someOf(found.problems) + someOf(bad),
            "choose a folder that holds a folder for every class, with .jpg, .png, .webp or .bmp "
            "files in it"};
}

/// The set as the loader takes it; the study it stands in has nothing else.
Result<data::CheckedStudy> loadCaptions(const CaptionSet& set, const StopToken& stop,
                                        const FolderLook& look)
{
    spec::Study study;
    study.file = set.splitFile;
    study.images.followLinks = true;
    spec::RetrievalSet retrieval;
    retrieval.name = "captions";
    retrieval.splitFile = set.splitFile;
    retrieval.images = set.images;
    study.retrieval.push_back(std::move(retrieval));
    std::atomic<int64_t> done{0};
    data::CheckOptions options;
    options.checkMemory = checkedImagesFile();
    options.looked = [&](int64_t count) {
        done += count;
        if (look.progress)
            look.progress(done, 0);
    };
    return data::inspectStudy(study, options, stop);
}

} // namespace

Result<PictureFolder> readPictureFolder(const fs::path& folder, const StopToken& stop,
                                        const FolderLook& look)
{
    const data::ListLimits limits{stop, look.most};
    PictureFolder found;
    found.folder = folder;
    CLWB_ASSIGN(const std::vector<std::string> below, data::listClassFolders(folder, limits));
    const auto has = [&](const char* name) {
        return std::find(below.begin(), below.end(), name) != below.end();
    };
    found.hasSplits = has("train") && has("test");
    found.hasValidation = found.hasSplits && has("val");
    const fs::path root = found.hasSplits ? folder / "train" : folder;
    std::vector<ListedClass> classes;
    CLWB_TRY(listSplit(root, limits, classes, found));
    const size_t trained = classes.size();
    for (const char* split : {"test", "val"}) {
        if (found.hasSplits && has(split))
            CLWB_TRY(listSplit(folder / split, limits, classes, found));
    }
    CLWB_ASSIGN(const std::vector<int64_t> usable, lookAtPictures(classes, look, stop, found));
    for (size_t c = 0; c < trained; ++c) {
        if (usable[c] == 0)
            continue;
        found.classes.push_back(classes[c].name);
        found.classSizes.push_back(usable[c]);
    }
    if (found.classes.empty())
        return Failure(nothingUsable(root, below, found, limits));
    return found;
}

Result<CaptionSet> readCaptionSet(const fs::path& splitFile, const fs::path& images,
                                  const StopToken& stop, const FolderLook& look)
{
    CaptionSet set;
    set.splitFile = splitFile;
    set.images = images;
    std::error_code ignored;
    if (!fs::is_directory(images, ignored)) {
        return fail(ErrorCode::Data, "no folder of pictures: " + images.string(),
                    "choose the folder that the file's picture names are below");
    }
    CLWB_ASSIGN(const data::CheckedStudy checked, loadCaptions(set, stop, look));
    const std::string below = (images / "").string();
    std::vector<std::string> errors;
    for (const data::Problem& problem : checked.report.problems) {
        const bool isError = problem.severity == data::Problem::Severity::Error;
        if (isError && problem.where.starts_with(below))
            set.bad.push_back({problem.where, problem.what});
        else if (isError)
            errors.push_back(problem.what);
        else
            set.notes.push_back(problem.what);
    }
    for (const data::RetrievalData& loaded : checked.data.retrieval) {
        set.testImages += static_cast<int64_t>(loaded.images.size());
        for (const std::vector<std::string>& ofImage : loaded.captions)
            set.testCaptions += static_cast<int64_t>(ofImage.size());
    }
    if (set.testImages == 0 && !set.bad.empty()) {
        return fail(ErrorCode::Data,
                    "none of the pictures that " + splitFile.string() +
                        " names for split test can be used: " + set.bad.front().file.string() +
                        ": " + set.bad.front().reason,
                    "choose the folder that the file's picture names are below");
    }
    if (!errors.empty()) {
        return fail(ErrorCode::Data, splitFile.string() + someOf(errors),
                    "choose a file in the format of Karpathy's dataset_coco.json");
    }
    return set;
}

Result<void> writeGoodCaptions(const CaptionSet& set, const fs::path& file, const StopToken& stop)
{
    std::unordered_set<std::string> bad;
    for (const BadPicture& picture : set.bad)
        bad.insert(picture.file.string());
    CLWB_ASSIGN(const std::vector<data::KarpathyImage> all,
                data::readKarpathy(set.splitFile, stop));
    data::InsideGuard guard(set.images, FollowLinks::Yes);
    Json images = Json::array();
    for (const data::KarpathyImage& image : all) {
        const auto path = guard.fileOf(image.name());
        // As the look tells of it.
        if (path && bad.contains(data::printable(path->string(), 2000)))
            continue;
        Json sentences = Json::array();
        for (const std::string& caption : image.captions)
            sentences.push_back({{"raw", caption}});
        Json entry{{"filename", image.fileName}, {"split", image.split}};
        if (!image.folder.empty())
            entry["filepath"] = image.folder;
        if (image.cocoId)
            entry["cocoid"] = *image.cocoId;
        entry["sentences"] = std::move(sentences);
        images.push_back(std::move(entry));
    }
    Json document;
    document["images"] = std::move(images);
    return writeFileAtomically(file, document.dump() + "\n");
}

} // namespace clwb::run
