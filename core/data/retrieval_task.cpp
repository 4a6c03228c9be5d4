// SPDX-License-Identifier: GPL-3.0-or-later
// Retrieval sets and the caption corpus out of Karpathy files (algorithms.md 9.2).
#include "core/data/inside_guard.h"
#include "core/data/printable.h"
#include "core/data/study_loader.h"

#include <unordered_set>

namespace clwb::data
{
namespace
{

using Severity = Problem::Severity;

/// The first `wanted` captions that say something.
std::vector<std::string> firstCaptions(const KarpathyImage& image, size_t wanted, size_t& empty)
{
    std::vector<std::string> captions;
    for (const std::string& caption : image.captions) {
        if (captions.size() == wanted)
            break;
        if (trimmed(caption).empty())
            ++empty;
        else
            captions.push_back(caption);
    }
    return captions;
}

/// Takes out the images that dropBadItems() dropped, with their captions.
Result<void> dropBadImages(LoadContext& context, RetrievalData& data)
{
    std::vector<Item> good = data.images;
    CLWB_TRY(context.dropBadItems(good));
    if (good.size() == data.images.size())
        return {};
    std::unordered_set<std::string> kept;
    for (const Item& item : good)
        kept.insert(item.id);
    std::vector<std::vector<std::string>> captions;
    for (size_t i = 0; i < data.images.size(); ++i) {
        if (kept.contains(data.images[i].id))
            captions.push_back(std::move(data.captions[i]));
    }
    data.images = std::move(good);
    data.captions = std::move(captions);
    return {};
}

} // namespace

Result<void> loadRetrievalSet(LoadContext& context, const spec::RetrievalSet& set,
                              std::string_view split, std::vector<RetrievalData>& result)
{
    CLWB_ASSIGN(const SplitFile* file, context.splitFile(set.splitFile));
    InsideGuard guard(set.images, context.followLinks());
    RetrievalData data;
    data.name = set.name;
    data.folds = set.folds;
    data.prefix = set.prefix;
    const auto wanted = static_cast<size_t>(std::max(set.captionsPerImage, 1));
    size_t empty = 0;
    size_t fewer = 0;
    std::string firstWithFewer;
    for (const KarpathyImage& image : file->images) {
        if (image.split != split)
            continue;
        const std::string name = image.name();
        std::vector<std::string> captions = firstCaptions(image, wanted, empty);
        if (captions.empty()) {
            context.report(Severity::Warning, "image without captions left out of " + set.name,
                           name);
            continue;
        }
        auto path = guard.fileOf(name);
        if (!path) {
            context.reportBadFile(path.error().message, name);
            continue;
        }
        if (captions.size() < wanted && fewer++ == 0)
            firstWithFewer = name;
        data.images.push_back({name, std::move(*path), {}, 0});
        data.captions.push_back(std::move(captions));
    }
    if (empty > 0) {
        context.report(Severity::Warning, std::to_string(empty) + " empty captions left out",
                       set.splitFile.string());
    }
    if (fewer > 0) {
        context.report(Severity::Warning,
                       std::to_string(fewer) + " images with fewer than " + std::to_string(wanted) +
                           " captions (first: " + firstWithFewer + ")",
                       "retrieval " + set.name + " " + std::string(split));
    }
    CLWB_TRY(dropBadImages(context, data));
    if (data.images.empty()) {
        context.report(split == "test" ? Severity::Error : Severity::Warning,
                       "no images of split " + std::string(split), "retrieval " + set.name);
    } else if (data.images.size() < static_cast<size_t>(data.folds)) {
        context.report(Severity::Error,
                       std::to_string(data.images.size()) + " images cannot make " +
                           std::to_string(data.folds) + " folds",
                       "retrieval " + set.name);
    }
    result.push_back(std::move(data));
    return {};
}

Result<void> loadReplayCaptions(LoadContext& context)
{
    const spec::Study& study = context.study;
    std::filesystem::path source;
    if (study.updatedTask && !study.updatedTask->captionsSplitFile.empty())
        source = study.updatedTask->captionsSplitFile;
    else if (study.updatedTask && !study.updatedTask->splitFile.empty())
        source = study.updatedTask->splitFile;
    else if (!study.retrieval.empty())
        source = study.retrieval.front().splitFile;
    if (source.empty()) {
        return fail(ErrorCode::Data, "the study names no captions, caption replay needs them",
                    "set \"captions\": {\"split_file\": …} in the study file");
    }
    CLWB_ASSIGN(const SplitFile* file, context.splitFile(source));
    for (const KarpathyImage& image : file->images) {
        if (image.split != "train")
            continue;
        for (const std::string& caption : image.captions) {
            if (!trimmed(caption).empty())
                context.data.replayCaptions.push_back(caption);
        }
    }
    if (context.data.replayCaptions.empty()) {
        return fail(ErrorCode::Data, source.string() + ": no captions of split train",
                    "caption replay needs a split file with training captions");
    }
    return {};
}

} // namespace clwb::data
