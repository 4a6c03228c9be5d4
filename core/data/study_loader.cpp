// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/study_loader.h"

#include "core/base/check.h"
#include "core/data/class_folders.h"
#include "core/data/printable.h"

#include <algorithm>

namespace clwb::data
{
namespace
{

using Severity = Problem::Severity;

std::string sizeText(const ImageHeader& header)
{
    return std::to_string(header.width) + "×" + std::to_string(header.height);
}

/// Does the box fit the picture as it will be decoded?
bool fits(const PixelBox& box, const ImageHeader& header, bool applyOrientation)
{
    const bool isSwapped = applyOrientation && header.orientation >= 5;
    const int width = isSwapped ? header.height : header.width;
    const int height = isSwapped ? header.width : header.height;
    return box.x1 <= width && box.y1 <= height;
}

} // namespace

const KarpathyImage* SplitFile::find(int64_t cocoId, const std::string& fileName) const
{
    if (const auto found = byCocoId.find(cocoId); found != byCocoId.end())
        return &images[found->second];
    const auto found = byFileName.find(fileName);
    return found == byFileName.end() ? nullptr : &images[found->second];
}

LoadContext::LoadContext(const spec::Study& studyToLoad, const DataNeeds& dataNeeds,
                         const StopToken& stopToken)
    : study(studyToLoad)
    , needs(dataNeeds)
    , stop(stopToken)
    , m_checker(dataNeeds.checkMemory)
{}

FollowLinks LoadContext::followLinks() const
{
    return study.images.followLinks ? FollowLinks::Yes : FollowLinks::No;
}

void LoadContext::report(Severity severity, const std::string& what, const std::string& where)
{
    data.problems.push_back({severity, printable(what, 2000), printable(where, 2000)});
}

void LoadContext::reportBadFile(const std::string& reason, const std::string& file)
{
    if (!m_badFiles.emplace(file, reason).second)
        return;
    report(study.images.allowMissing ? Severity::Warning : Severity::Error, reason, file);
}

Result<const SplitFile*> LoadContext::splitFile(const std::filesystem::path& file)
{
    if (const auto found = m_splitFiles.find(file); found != m_splitFiles.end())
        return found->second.get();
    CLWB_ASSIGN(std::vector<KarpathyImage> images, readKarpathy(file, stop));
    auto split = std::make_unique<SplitFile>();
    split->images = std::move(images);
    indexSplitFile(file, *split);
    return m_splitFiles.emplace(file, std::move(split)).first->second.get();
}

void LoadContext::indexSplitFile(const std::filesystem::path& file, SplitFile& split)
{
    std::unordered_map<std::string, size_t> byName;
    std::vector<KarpathyImage> kept;
    size_t otherFolders = 0;
    std::string otherFolder;
    for (KarpathyImage& image : split.images) {
        const std::string name = image.name();
        const auto [named, isNewName] = byName.emplace(name, kept.size());
        const auto twin = image.cocoId ? split.byCocoId.find(*image.cocoId) : split.byCocoId.end();
        if (!isNewName || twin != split.byCocoId.end()) {
            const KarpathyImage& first = kept[isNewName ? twin->second : named->second];
            const bool isSame = first.split == image.split;
            report(isSame ? Severity::Warning : Severity::Error,
                   isSame ? "image listed twice in split " + image.split
                          : "image in two splits: " + first.split + " and " + image.split,
                   file.string() + ": " + name);
            continue;
        }
        if (image.cocoId)
            split.byCocoId.emplace(*image.cocoId, kept.size());
        else
            split.byFileName.emplace(image.fileName, kept.size());
        if (!image.folder.empty() && !image.folder.ends_with("2014")) {
            ++otherFolders;
            otherFolder = image.folder;
        }
        kept.push_back(std::move(image));
    }
    split.images = std::move(kept);
    if (otherFolders > 0) {
        report(Severity::Warning,
               std::to_string(otherFolders) + " images with a filepath other than …2014 (such as " +
                   otherFolder +
                   "): other years mix training and test images of the paper's splits",
               file.string());
    }
}

Result<void> LoadContext::dropBadItems(std::vector<Item>& items)
{
    std::vector<std::filesystem::path> files;
    for (const Item& item : items) {
        if (files.empty() || files.back() != item.file)
            files.push_back(item.file);
    }
    CLWB_TRY(m_checker.look(files, stop, needs.looked));
    const bool applyOrientation = study.images.exifOrientation == "apply";
    std::erase_if(items, [&](const Item& item) {
        const ImageVerdict& verdict = m_checker.verdictOf(item.file);
        std::string reason = verdict.reason;
        if (reason.empty() && !fits(item.box, verdict.header, applyOrientation)) {
            reason = "image of " + sizeText(verdict.header) +
                     " pixels is smaller than its annotations say";
        }
        if (!reason.empty())
            reportBadFile(reason, item.file.string());
        return !reason.empty();
    });
    return {};
}

void LoadContext::reportUnusual()
{
    UnusualPictures unusual;
    const auto countIn = [&](const std::vector<Item>& items) {
        for (const Item& item : items) {
            // A part that could not be read may have left items that nobody looked at.
            if (const ImageVerdict* verdict = m_checker.find(item.file))
                unusual.count(verdict->header, item.file);
        }
    };
    for (const auto* items : {&data.utTrain, &data.utVal, &data.utTest, &data.zeroShot.items,
                              &data.zeroShotValidation.items})
        countIn(*items);
    for (const auto* sets : {&data.retrieval, &data.retrievalValidation}) {
        for (const RetrievalData& set : *sets)
            countIn(set.images);
    }
    if (!unusual.files.empty())
        report(Severity::Note, unusual.text(), *unusual.files.begin());
}

void samplePerClass(std::vector<Item>& items, const std::vector<std::string>& classes,
                    size_t perClass, uint64_t seed)
{
    if (perClass == 0)
        return;
    std::vector<std::vector<size_t>> byClass(classes.size());
    for (size_t i = 0; i < items.size(); ++i)
        byClass[static_cast<size_t>(items[i].label)].push_back(i);
    std::vector<size_t> kept;
    for (size_t c = 0; c < classes.size(); ++c) {
        for (const size_t position :
             samplePositions(byClass[c].size(), perClass, seed, "max-per-class/" + classes[c]))
            kept.push_back(byClass[c][position]);
    }
    std::sort(kept.begin(), kept.end());
    std::vector<Item> sample;
    sample.reserve(kept.size());
    for (const size_t i : kept)
        sample.push_back(std::move(items[i]));
    items = std::move(sample);
}

void reportEmptyClasses(LoadContext& context)
{
    const auto reportIn = [&](const std::vector<Item>& items, const char* part) {
        std::vector<bool> hasItems(context.data.classes.size(), false);
        for (const Item& item : items)
            hasItems[static_cast<size_t>(item.label)] = true;
        std::string names;
        size_t count = 0;
        for (size_t c = 0; c < hasItems.size(); ++c) {
            if (!hasItems[c])
                names += (count++ == 0 ? "" : ", ") + context.data.classes[c];
        }
        if (count > 0) {
            context.report(Severity::Warning,
                           std::to_string(count) + " of " + std::to_string(hasItems.size()) +
                               " classes without " + part + " images",
                           names);
        }
    };
    if (context.needs.train)
        reportIn(context.data.utTrain, "training");
    if (context.needs.test)
        reportIn(context.data.utTest, "test");
    if (context.needs.validation && !context.data.utVal.empty())
        reportIn(context.data.utVal, "validation");
    else if (context.needs.validation)
        context.report(Severity::Warning, "no validation images", "updated_task");
}

} // namespace clwb::data
