// SPDX-License-Identifier: GPL-3.0-or-later
// The study file of own pictures, and the links that part them into splits.
#include "core/run/folder_study.h"

#include "core/base/file.h"
#include "core/data/class_folders.h"
#include "core/run/study_draft.h"
#include "core/run/unfinished.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>

namespace clwb::run
{
namespace
{

namespace fs = std::filesystem;

using BadFiles = std::unordered_set<std::string>;

constexpr const char* kZeroShotLinks = "zero_shot";
constexpr const char* kGoodCaptions = "captions.json";

BadFiles badFilesOf(const PictureFolder& found)
{
    BadFiles bad;
    for (const BadPicture& picture : found.bad)
        bad.insert(fs::absolute(picture.file).lexically_normal().string());
    return bad;
}

/// Which parts of the study are made anew beside it, because something is left out of them.
struct MadeParts
{
    bool task = false;
    bool zeroShot = false;
    bool captions = false;
};

MadeParts partsToMake(const FolderStudy& wanted)
{
    const auto isWhole = [](const PictureFolder& found) {
        return found.bad.empty() && found.empty.empty() && found.problems.empty();
    };
    return {!wanted.source.hasSplits || !isWhole(wanted.source),
            wanted.zeroShot && !isWhole(*wanted.zeroShot),
            wanted.captions && !wanted.captions->bad.empty()};
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

/// Names of a class's pictures that can be used. A class that this split lacks has none.
Result<std::vector<std::string>> usablePictures(const fs::path& folder, const BadFiles& bad,
                                                const StopToken& stop)
{
    std::error_code ignored;
    if (!fs::exists(folder, ignored))
        return std::vector<std::string>();
    CLWB_ASSIGN(std::vector<std::string> names, data::listImageFiles(folder, {stop}));
    std::erase_if(names,
                  [&](const std::string& name) { return bad.contains((folder / name).string()); });
    return names;
}

/// Links in `to` to the chosen ones of a class's pictures.
Result<void> linkPictures(const fs::path& from, const std::vector<std::string>& names,
                          const fs::path& to)
{
    if (!names.empty())
        CLWB_TRY(createFolders(to));
    for (const std::string& name : names)
        CLWB_TRY(makeLink(from / name, to / name));
    return {};
}

Error tooFewPictures(const std::string& className, size_t count)
{
    return {ErrorCode::Data,
            "class " + className + " has " +
                (count == 1 ? "one usable picture" : std::to_string(count) + " usable pictures") +
                ": it cannot be split into train and test",
            "add pictures to its folder, or take the folder away"};
}

/// Parts every class into train and test; which pictures, the seed and the class's name draw.
Result<void> linkSplit(const FolderStudy& wanted, const fs::path& source, const BadFiles& bad,
                       const fs::path& root, const StopToken& stop)
{
    std::vector<std::vector<std::string>> files;
    std::vector<int64_t> sizes;
    for (const std::string& name : wanted.source.classes) {
        CLWB_ASSIGN(std::vector<std::string> names, usablePictures(source / name, bad, stop));
        if (names.size() < 2)
            return Failure(tooFewPictures(name, names.size()));
        sizes.push_back(static_cast<int64_t>(names.size()));
        files.push_back(std::move(names));
    }
    const std::vector<int64_t> counts = testCounts(sizes, wanted.testShare);
    for (size_t c = 0; c < files.size(); ++c) {
        if (stop.stopRequested())
            return fail(ErrorCode::Stopped, "stopped while splitting the pictures");
        const std::string& name = wanted.source.classes[c];
        const auto chosen = data::samplePositions(files[c].size(), static_cast<size_t>(counts[c]),
                                                  wanted.seed, "test-split/" + name);
        std::vector<std::string> train;
        std::vector<std::string> test;
        for (size_t i = 0; i < files[c].size(); ++i) {
            const bool isTest = std::binary_search(chosen.begin(), chosen.end(), i);
            (isTest ? test : train).push_back(files[c][i]);
        }
        CLWB_TRY(linkPictures(source / name, train, root / "train" / name));
        CLWB_TRY(linkPictures(source / name, test, root / "test" / name));
    }
    return {};
}

/// The splits as they are, without what is left out.
Result<void> linkUsable(const FolderStudy& wanted, const fs::path& source, const BadFiles& bad,
                        const fs::path& root, const StopToken& stop)
{
    for (const char* split : {"train", "test", "val"}) {
        if (split == std::string("val") && !wanted.source.hasValidation)
            continue;
        CLWB_TRY(createFolders(root / split));
        for (const std::string& name : wanted.source.classes) {
            if (stop.stopRequested())
                return fail(ErrorCode::Stopped, "stopped while linking the pictures");
            const fs::path from = source / split / name;
            CLWB_ASSIGN(const std::vector<std::string> names, usablePictures(from, bad, stop));
            CLWB_TRY(linkPictures(from, names, root / split / name));
        }
    }
    return {};
}

/// The zero-shot classes without what is left out.
Result<void> linkZeroShot(const PictureFolder& zeroShot, const fs::path& root,
                          const StopToken& stop)
{
    const fs::path source = fs::absolute(zeroShot.folder).lexically_normal();
    const BadFiles bad = badFilesOf(zeroShot);
    for (const std::string& name : zeroShot.classes) {
        CLWB_ASSIGN(const std::vector<std::string> names, usablePictures(source / name, bad, stop));
        CLWB_TRY(linkPictures(source / name, names, root / name));
    }
    return {};
}

Result<void> makeParts(const FolderStudy& wanted, const MadeParts& made, const fs::path& source,
                       const fs::path& links, const StopToken& stop)
{
    CLWB_TRY(createFolders(links));
    if (made.task) {
        const BadFiles bad = badFilesOf(wanted.source);
        CLWB_TRY(wanted.source.hasSplits ? linkUsable(wanted, source, bad, links, stop)
                                         : linkSplit(wanted, source, bad, links, stop));
    }
    if (made.zeroShot)
        CLWB_TRY(linkZeroShot(*wanted.zeroShot, links / kZeroShotLinks, stop));
    if (made.captions)
        CLWB_TRY(writeGoodCaptions(*wanted.captions, links / kGoodCaptions, stop));
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

/// What the looks found bad must be left out by somebody's word.
Result<void> checkBad(const FolderStudy& wanted)
{
    if (wanted.leavesOutBad)
        return {};
    const auto check = [](const std::vector<BadPicture>& bad) -> Result<void> {
        if (bad.empty())
            return {};
        return fail(ErrorCode::Data,
                    std::to_string(bad.size()) + " damaged pictures, such as " +
                        bad.front().file.string() + ": " + bad.front().reason,
                    "mend them or leave them out");
    };
    const auto checkFolder = [&check](const PictureFolder& found) -> Result<void> {
        CLWB_TRY(check(found.bad));
        if (found.problems.empty())
            return {};
        return fail(ErrorCode::Data,
                    std::to_string(found.problems.size()) +
                        " folders cannot be read, such as: " + found.problems.front(),
                    "give the right to read them, or leave them out");
    };
    CLWB_TRY(checkFolder(wanted.source));
    if (wanted.zeroShot)
        CLWB_TRY(checkFolder(*wanted.zeroShot));
    if (wanted.captions)
        CLWB_TRY(check(wanted.captions->bad));
    return {};
}

Json sessionsOf(const FolderStudy& wanted)
{
    if (wanted.sizes.empty())
        return {{"count", wanted.sessions}, {"order", "name"}};
    Json sessions = Json::array();
    size_t next = 0;
    for (const int size : wanted.sizes) {
        Json session = Json::array();
        for (int i = 0; i < size; ++i)
            session.push_back(wanted.source.classes[next++]);
        sessions.push_back(std::move(session));
    }
    return {{"classes", std::move(sessions)}, {"order", "name"}};
}

/// Everything but the updated task.
Json documentOf(const FolderStudy& wanted, const MadeParts& made, const fs::path& links,
                const fs::path& base)
{
    const auto inStudy = [&](const fs::path& path) {
        return pathInStudy(fs::absolute(path).lexically_normal(), base);
    };
    Json document{{"schema", 1}, {"name", wanted.name}};
    Json images = Json::object();
    bool followsLinks = made.task || made.zeroShot || wanted.source.outside > 0;
    if (wanted.zeroShot) {
        const fs::path root = made.zeroShot ? links / kZeroShotLinks : wanted.zeroShot->folder;
        document["zero_shot"] = {{"root", inStudy(root)}, {"images_per_class", 0}};
        followsLinks = followsLinks || wanted.zeroShot->outside > 0;
    }
    if (wanted.captions) {
        const fs::path captions =
            made.captions ? links / kGoodCaptions : wanted.captions->splitFile;
        document["retrieval"] = Json::array({{{"name", "captions"},
                                              {"kind", "karpathy"},
                                              {"split_file", inStudy(captions)},
                                              {"images", inStudy(wanted.captions->images)}}});
    }
    if (followsLinks)
        images["follow_links"] = true;
    if (!images.empty())
        document["images"] = std::move(images);
    return document;
}

/// A problem of a link is one of the picture that it leads to.
Error aboutOriginals(Error error, const FolderStudy& wanted, const fs::path& links,
                     const fs::path& source)
{
    const auto replace = [&error](const std::string& what, const std::string& with) {
        for (size_t at = error.message.find(what); at != std::string::npos;
             at = error.message.find(what, at + with.size()))
            error.message.replace(at, what.size(), with);
    };
    std::error_code ignored; // messages may have links of the path before it resolved
    for (const fs::path& root : {links, fs::weakly_canonical(links, ignored)}) {
        for (const char* split : {"train", "test", "val"})
            replace((root / split).string() + "/",
                    (wanted.source.hasSplits ? source / split : source).string() + "/");
        if (wanted.zeroShot)
            replace((root / kZeroShotLinks).string() + "/",
                    fs::absolute(wanted.zeroShot->folder).lexically_normal().string() + "/");
    }
    return error;
}

} // namespace

std::vector<int64_t> testCounts(const std::vector<int64_t>& sizes, double share)
{
    constexpr double kRounding = 1e-9; // 0.29 · 100 is 28.999…
    std::vector<int64_t> counts;
    std::vector<double> remainders;
    for (const int64_t size : sizes) {
        const double exact = share * static_cast<double>(size);
        const double floor = std::floor(exact + kRounding);
        const int64_t most = std::max<int64_t>(1, size - 1);
        counts.push_back(std::clamp<int64_t>(static_cast<int64_t>(floor), 1, most));
        // One that keeps more than its share anyway is no candidate for another.
        remainders.push_back(counts.back() == static_cast<int64_t>(floor) && counts.back() < most
                                 ? exact - floor
                                 : 0);
    }
    const auto all = static_cast<double>(std::accumulate(sizes.begin(), sizes.end(), int64_t{0}));
    int64_t missing =
        std::llround(share * all) - std::accumulate(counts.begin(), counts.end(), int64_t{0});
    std::vector<size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
    for (const size_t c : order) {
        if (missing <= 0 || remainders[c] <= kRounding)
            break;
        ++counts[c];
        --missing;
    }
    return counts;
}

Result<void> writeFolderStudy(const FolderStudy& wanted, const StopToken& stop)
{
    CLWB_TRY(checkSizes(wanted));
    CLWB_TRY(checkBad(wanted));
    const fs::path file = fs::absolute(wanted.file).lexically_normal();
    const fs::path base = file.parent_path();
    const fs::path source = fs::absolute(wanted.source.folder).lexically_normal();
    const PictureFolder& found = wanted.source;
    const MadeParts made = partsToMake(wanted);
    const fs::path links = base / (file.stem().string() + "-split");
    NewFolders folders;
    std::optional<Unfinished> guard;
    if (made.task || made.zeroShot || made.captions) {
        std::error_code ignored;
        if (fs::exists(links, ignored)) {
            return fail(ErrorCode::Data,
                        "the folder of the split exists already: " + links.string(),
                        "choose another file for the study, or move that folder away");
        }
        CLWB_TRY(folders.make(base));
        guard.emplace(links);
        CLWB_TRY(makeParts(wanted, made, source, links, stop));
    }
    const fs::path root = made.task ? links : source;
    Json document = documentOf(wanted, made, links, base);
    Json task{{"kind", "class_folders"}, {"train", pathInStudy(root / "train", base)}};
    if (found.hasValidation)
        task["val"] = pathInStudy(root / "val", base);
    task["test"] = pathInStudy(root / "test", base);
    task["sessions"] = sessionsOf(wanted);
    document["updated_task"] = std::move(task);
    if (auto saved = saveStudy(document, file, stop); !saved) {
        return Failure(aboutOriginals(std::move(saved).error(), wanted, links, source));
    }
    folders.keep();
    if (guard)
        guard->keep();
    return {};
}

} // namespace clwb::run
