// SPDX-License-Identifier: GPL-3.0-or-later
// A project whose runs keep ranked candidates of known similarities, with thumbnails and originals.
#pragma once

#include "core/store/project.h"
#include "core/store/run_writer.h"
#include "core/store/sqlite.h"
#include "tests/plain/store_support.h"
#include "tests/support/require.h"

#include <QBuffer>
#include <QColor>
#include <QImage>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace clwb::test
{

/// Images of a set with as many captions each, in folds of equal size.
struct RankedSetup
{
    std::string name = "scenes";
    int images = 12;
    int captionsPerImage = 2;
    int folds = 2;

    [[nodiscard]] int captions() const { return images * captionsPerImage; }
    [[nodiscard]] int imageOf(int caption) const { return caption / captionsPerImage; }
    [[nodiscard]] int foldOfImage(int image) const { return image / (images / folds); }
    [[nodiscard]] std::string path(int image) const
    {
        return name + '/' + std::to_string(image) + ".png";
    }
    [[nodiscard]] std::string caption(int number) const
    {
        return number == 2 ? "<b>bold</b> & <img src=x> 100% #1"
                           : "a fox number " + std::to_string(number);
    }
};

/// Cosine of a caption and an image under a model.
using Similarity = std::function<float(int caption, int image)>;

/// Finds every truth but those in `lost`, which come last.
inline Similarity similarityLosing(std::vector<int> lost)
{
    return [lost = std::move(lost)](int caption, int image) {
        const bool isTrue = RankedSetup().imageOf(caption) == image;
        const bool isLost = std::find(lost.begin(), lost.end(), caption) != lost.end();
        const float noise = 0.01f * static_cast<float>((caption * 7 + image * 13) % 11);
        return isTrue ? (isLost ? 0.01f : 0.6f) : 0.2f + noise;
    };
}

/// By sorting, query by query.
inline metrics::DirectionDetails
rankNaively(int queries, const std::function<std::vector<int>(int)>& candidatesOf,
            const std::function<float(int query, int candidate)>& score,
            const std::function<bool(int query, int candidate)>& isTrue)
{
    metrics::DirectionDetails details;
    for (int query = 0; query < queries; ++query) {
        std::vector<int> order = candidatesOf(query);
        std::stable_sort(order.begin(), order.end(),
                         [&](int a, int b) { return score(query, a) > score(query, b); });
        for (size_t rank = 0; rank < order.size(); ++rank) {
            if (rank < metrics::kTopCandidates)
                details.top.push_back({order[rank], score(query, order[rank])});
        }
        for (const int candidate : candidatesOf(query)) {
            const auto rank = std::find(order.begin(), order.end(), candidate) - order.begin();
            if (isTrue(query, candidate))
                details.truths.push_back(
                    {candidate, static_cast<int32_t>(rank), score(query, candidate)});
        }
        details.topBegin.push_back(static_cast<uint32_t>(details.top.size()));
        details.truthBegin.push_back(static_cast<uint32_t>(details.truths.size()));
    }
    return details;
}

inline std::vector<metrics::DetailImage> imagesOf(const RankedSetup& set)
{
    std::vector<metrics::DetailImage> images;
    for (int image = 0; image < set.images; ++image)
        images.push_back({set.path(image), {}, 100});
    return images;
}

inline metrics::RetrievalDetails detailsOf(const RankedSetup& set, const Similarity& similarity)
{
    auto hashed = std::make_shared<metrics::HashedList>();
    metrics::ItemList& list = hashed->list;
    list.kind = "retrieval";
    list.name = set.name;
    list.folds = set.folds;
    list.images = imagesOf(set);
    list.captionCounts.assign(static_cast<size_t>(set.images), set.captionsPerImage);
    for (int caption = 0; caption < set.captions(); ++caption)
        list.captions.push_back(set.caption(caption));
    hashed->sha256 = metrics::contentHash(list);
    const auto inFold = [set](int fold, int count, const auto& foldOf) {
        std::vector<int> members(static_cast<size_t>(count));
        std::iota(members.begin(), members.end(), 0);
        std::erase_if(members, [&](int member) { return foldOf(member) != fold; });
        return members;
    };
    const auto foldOfCaption = [set](int caption) { return set.foldOfImage(set.imageOf(caption)); };
    const auto foldOfImage = [set](int image) { return set.foldOfImage(image); };
    metrics::RetrievalDetails details;
    details.items = hashed;
    details.textToImage = rankNaively(
        set.captions(),
        [&](int caption) { return inFold(foldOfCaption(caption), set.images, foldOfImage); },
        similarity, [&](int caption, int image) { return set.imageOf(caption) == image; });
    details.imageToText = rankNaively(
        set.images,
        [&](int image) { return inFold(foldOfImage(image), set.captions(), foldOfCaption); },
        [&](int image, int caption) { return similarity(caption, image); },
        [&](int image, int caption) { return set.imageOf(caption) == image; });
    return details;
}

/// The ranks as an evaluation records them.
inline metrics::RetrievalRecord recordOf(const RankedSetup& set,
                                         const metrics::RetrievalDetails& details)
{
    metrics::RetrievalRecord record;
    record.name = set.name;
    record.folds = set.folds;
    record.images = set.images;
    record.captions = set.captions();
    for (const metrics::TrueCandidate& truth : details.textToImage.truths)
        record.captionRanks.push_back(truth.rank);
    for (int image = 0; image < set.images; ++image) {
        int64_t best = set.captions();
        for (int each = 0; each < set.captionsPerImage; ++each) {
            const auto place = static_cast<size_t>(image * set.captionsPerImage + each);
            best = std::min<int64_t>(best, details.imageToText.truths[place].rank);
        }
        record.imageRanks.push_back(best);
        record.captionCounts.push_back(set.captionsPerImage);
    }
    return record;
}

struct RankedRun
{
    std::string method;
    std::filesystem::path study;
    RankedSetup set = {};
    Similarity before; ///< of the original model
    Similarity after;
    bool keepsRanks = true; ///< besides the metrics
};

/// A finished run of two sessions; the project is made where there is none.
inline int64_t writeRankedRun(const std::filesystem::path& project, const RankedRun& run)
{
    require(store::Project::open(project, store::OpenMode::CreateIfMissing).has_value());
    store::NewRun begun = sampleRun("");
    begun.resolvedSpec["method"] = run.method;
    begun.resolvedSpec["study"] = run.study.string();
    begun.configurationHash = "hash-" + run.method + run.set.name;
    auto writer = store::RunWriter::createRun(project, begun);
    require(writer.has_value());
    for (const int session : {0, 2}) {
        metrics::EvaluationRecord record = sampleRecord(session);
        record.modelSha256 = session == 0 ? "original" : run.method + run.set.name;
        auto details = std::make_shared<metrics::EvaluationDetails>();
        details->retrieval.push_back(detailsOf(run.set, session == 0 ? run.before : run.after));
        record.retrieval.push_back(recordOf(run.set, details->retrieval.back()));
        (*writer)->addEvaluation(record, {}, run.keepsRanks ? details : nullptr);
    }
    std::vector<metrics::Thumbnail> thumbnails;
    for (const metrics::DetailImage& image : imagesOf(run.set)) {
        QImage picture(48, 36, QImage::Format_RGB32);
        picture.fill(QColor::fromHsv(static_cast<int>(25 * thumbnails.size()) % 360, 200, 220));
        QByteArray bytes;
        QBuffer buffer(&bytes);
        require(buffer.open(QIODevice::WriteOnly) && picture.save(&buffer, "JPEG"));
        thumbnails.push_back({image, 48, 36, bytes.toStdString()});
        const std::filesystem::path original = run.study.parent_path() / image.path;
        std::filesystem::create_directories(original.parent_path());
        require(picture.save(QString::fromStdString(original.string())));
    }
    (*writer)->addThumbnails(thumbnails);
    (*writer)->finish("finished", "", 1);
    require((*writer)->flush().has_value());
    return (*writer)->runId();
}

/// Overwrites the thumbnail of a picture with something else of equal length.
inline void damageThumbnail(const std::filesystem::path& project, const std::string& path)
{
    auto opened = store::Project::open(project, store::OpenMode::ReadWrite);
    require(opened.has_value());
    auto damage = opened->database().prepare(
        "UPDATE thumbnail SET jpeg = zeroblob(length(jpeg)) WHERE thumbnail_id = "
        "(SELECT thumbnail_id FROM image WHERE path = ?)");
    require(damage.has_value());
    damage->bindAll(path);
    require(damage->run().has_value());
}

} // namespace clwb::test
