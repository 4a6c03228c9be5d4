// SPDX-License-Identifier: GPL-3.0-or-later
// details_size PROJECT.db PHOTOS…: what a paper-sized evaluation costs in the project file and in
// time: 5 000 images with 25 000 captions in five folds, 35 360 crops of 80 classes, 35 100
// pictures of 351 classes, random embeddings, thumbnails of random parts of the photos. One run
// evaluated before training and after 8 sessions, records with all ranks included, a second one of
// the same start, then a page's reads.
#include "core/base/random_stream.h"
#include "core/data/image_decode.h"
#include "core/data/resample.h"
#include "core/data/thumbnail.h"
#include "core/eval/details.h"
#include "core/eval/retrieval.h"
#include "core/store/detail_rows.h"
#include "core/store/details.h"
#include "core/store/run_writer.h"
#include "core/store/shrink.h"
#include "core/store/sqlite.h"
#include "tests/bench/offline.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

using namespace clwb;
using bench::must;

namespace
{

constexpr int64_t kDimensions = 512;

class Watch
{
public:
    double seconds() const
    {
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - m_start;
        return time.count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

at::Tensor unitRows(int64_t count)
{
    const at::Tensor rows = at::randn({count, kDimensions});
    return rows / rows.norm(2, 1, true);
}

/// Pictures near their class, so that probabilities are as skewed as a model's.
at::Tensor near(const at::Tensor& classes, const std::vector<int32_t>& labels)
{
    const at::Tensor index = at::tensor(at::ArrayRef<int32_t>(labels)).to(at::kLong);
    const at::Tensor rows =
        classes.index_select(0, index) + 0.35 * at::randn({index.size(0), kDimensions});
    return rows / rows.norm(2, 1, true);
}

std::shared_ptr<const metrics::HashedList> hashed(metrics::ItemList list)
{
    metrics::HashedList items{std::move(list), {}};
    items.sha256 = metrics::contentHash(items.list);
    return std::make_shared<const metrics::HashedList>(std::move(items));
}

std::shared_ptr<const metrics::HashedList> labelled(const std::string& kind, int images,
                                                    int classes)
{
    RandomStream stream = RandomStream::named(0, kind);
    metrics::ItemList list;
    list.kind = kind;
    for (int c = 0; c < classes; ++c)
        list.classes.push_back("class of things number " + std::to_string(c));
    for (int i = 0; i < images; ++i) {
        char path[64];
        PixelBox box;
        if (kind == "ut") {
            std::snprintf(path, sizeof(path), "val2014/COCO_val2014_%012d.jpg", i / 4);
            // Sides of boxes in COCO spread over orders of magnitude.
            const int side = static_cast<int>(std::exp(2.5 + double(stream.below(3300)) / 1000));
            box = {i % 97, i % 89, i % 97 + side, i % 89 + side};
        } else {
            std::snprintf(path, sizeof(path), "val/n%08d/ILSVRC2012_val_%08d.JPEG", i % classes, i);
        }
        list.images.push_back({path, box, 100000 + i});
        list.labels.push_back(i % classes);
    }
    return hashed(std::move(list));
}

std::shared_ptr<const metrics::HashedList> captioned()
{
    metrics::ItemList list;
    list.kind = "retrieval";
    list.name = "COCO";
    list.folds = 5;
    for (int i = 0; i < 5000; ++i) {
        char path[64];
        std::snprintf(path, sizeof(path), "val2014/COCO_val2014_%012d.jpg", 900000 + i);
        list.images.push_back({path, {}, 100000 + i});
        list.captionCounts.push_back(5);
        for (int c = 0; c < 5; ++c)
            list.captions.push_back("A person with number " + std::to_string(5 * i + c) +
                                    " standing next to a bus on a wet street.");
    }
    return hashed(std::move(list));
}

struct Lists
{
    std::shared_ptr<const metrics::HashedList> ut = labelled("ut", 35360, 80);
    std::shared_ptr<const metrics::HashedList> zs = labelled("zs", 35100, 351);
    std::shared_ptr<const metrics::HashedList> retrieval = captioned();
};

/// One evaluation: what it decided, its record, and what the details took of the engine's thread.
struct Evaluation
{
    std::shared_ptr<metrics::EvaluationDetails> details =
        std::make_shared<metrics::EvaluationDetails>();
    metrics::EvaluationRecord record;
    double collecting = 0; ///< seconds
};

/// Counts of a record from what was decided.
void count(const metrics::PredictionDetails& part, metrics::EvaluationRecord& record)
{
    const metrics::ItemList& list = part.items->list;
    const size_t classes = list.classes.size();
    if (list.kind == "ut") {
        record.ut.emplace();
        record.ut->classes = list.classes;
        for (size_t c = 0; c < classes; ++c)
            record.ut->sessionOfClass.push_back(static_cast<int>(1 + 8 * c / classes));
        record.ut->confusion.assign(classes, std::vector<int64_t>(classes, 0));
        for (size_t i = 0; i < list.labels.size(); ++i)
            ++record.ut->confusion[static_cast<size_t>(list.labels[i])][static_cast<size_t>(
                part.classes[i * static_cast<size_t>(part.top)])];
        return;
    }
    record.zs.emplace();
    record.zs->classes = list.classes;
    record.zs->hits.assign(classes, 0);
    record.zs->totals.assign(classes, 0);
    for (size_t i = 0; i < list.labels.size(); ++i) {
        record.zs->hits[static_cast<size_t>(list.labels[i])] += part.truthRanks[i] == 0 ? 1 : 0;
        ++record.zs->totals[static_cast<size_t>(list.labels[i])];
    }
}

/// What each evaluation has is the record with all ranks; details of ranks are asked for.
Evaluation evaluate(const Lists& lists, bool withRetrieval)
{
    Evaluation done;
    for (const auto& list : {lists.ut, lists.zs}) {
        const at::Tensor classes = unitRows(static_cast<int64_t>(list->list.classes.size()));
        const at::Tensor images = near(classes, list->list.labels);
        const Watch watch; // the similarities are counted, too, though an evaluation has them
        done.details->predictions.push_back(eval::rankClasses(images, classes, 100, list));
        done.collecting += watch.seconds();
        count(done.details->predictions.back(), done.record);
    }
    std::vector<int32_t> owner;
    for (int32_t c = 0; c < 25000; ++c)
        owner.push_back(c / 5);
    const at::Tensor images = unitRows(5000);
    const at::Tensor captions = near(images, owner);
    metrics::RetrievalRecord record;
    record.name = "COCO";
    record.folds = 5;
    record.images = 5000;
    record.captions = 25000;
    record.captionCounts.assign(5000, 5);
    const Watch plain;
    eval::rankFolds(images, captions, record);
    const double before = plain.seconds();
    if (withRetrieval) {
        auto& set = done.details->retrieval.emplace_back();
        set.items = lists.retrieval;
        const Watch watch;
        eval::rankFolds(images, captions, record, &set);
        done.collecting += std::max(0.0, watch.seconds() - before);
    }
    done.record.retrieval.push_back(std::move(record));
    std::printf("  collecting took %.2f s\n", done.collecting);
    return done;
}

/// The share of an evaluation's time, for models that take so many pictures or texts a second: the
/// forward passes alone, as if files were read and decoded beside them in no time.
void printShares(double onEngine, double onWriter)
{
    constexpr double kForwards = 35360 + 35100 + 5000 + 25000 + 80 + 351;
    struct Machine
    {
        const char* what;
        double perSecond;
    };
    for (const Machine& machine : {Machine{"ViT-B/32 on two cores of a CPU", 25},
                                   Machine{"ViT-B/32 on 16 cores of a CPU", 200},
                                   Machine{"a GPU that waits for 16 cores of decoding", 1500}}) {
        const double seconds = kForwards / machine.perSecond;
        std::printf("  of an evaluation of %.0f s (%s, %.0f a second): %.2f %% on the engine's "
                    "thread, %.2f %% beside it\n",
                    seconds, machine.what, machine.perSecond, 100 * onEngine / seconds,
                    100 * onWriter / seconds);
    }
}

int64_t bytesOf(const std::filesystem::path& file)
{
    auto database = must(store::Database::open(file, store::Access::ReadWrite));
    must(database.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    return static_cast<int64_t>(std::filesystem::file_size(file));
}

void addRun(const std::filesystem::path& file, const char* name, const Evaluation& start,
            const Lists& lists)
{
    store::NewRun run;
    run.name = name;
    run.resolvedSpec = Json{{"kind", "method"}, {"setting", "MST"}};
    auto writer = must(store::RunWriter::createRun(file, std::move(run)));
    const int64_t before = bytesOf(file);
    for (const int session : {0, 1, 2, 3, 4, 5, 6, 7, 8}) {
        Evaluation done = session == 0 ? start : evaluate(lists, session == 8);
        done.record.modelSha256 = session == 0 ? "start" : name + std::to_string(session);
        done.record.session = session;
        const Watch handing;
        writer->addEvaluation(std::move(done.record), std::nullopt, std::move(done.details));
        const double onEngine = done.collecting + handing.seconds();
        const Watch watch;
        must(writer->flush());
        const double onWriter = watch.seconds();
        std::printf("%s, session %d: written in %.2f s on the writer's thread, file + %.1f MB\n",
                    name, session, onWriter, double(bytesOf(file) - before) / 1e6);
        if (session == 1 || session == 8)
            printShares(onEngine, onWriter);
    }
    writer->finish("finished", "", 1);
}

std::vector<Image> readPhotos(int count, char** names)
{
    std::vector<Image> photos;
    for (int i = 0; i < count; ++i)
        photos.push_back(must(data::decodeImageFile(names[i], data::Orientation::Ignore)));
    return photos;
}

void makeThumbnails(const std::filesystem::path& file, const metrics::ItemList& list,
                    const std::vector<Image>& photos)
{
    RandomStream stream = RandomStream::named(0, "parts");
    auto project = must(store::Project::open(file, store::OpenMode::ReadWrite));
    std::vector<metrics::Thumbnail> all;
    std::vector<uint8_t> pixels(3 * 224 * 224);
    double seconds = 0;
    int64_t bytes = 0;
    for (const metrics::DetailImage& image : list.images) {
        const Image& photo = photos[stream.below(photos.size())];
        const int shorter = std::min(photo.width, photo.height);
        const int side = std::max(16, shorter / 3 + int(stream.below(uint64_t(shorter) * 2 / 3)));
        const int x = int(stream.below(uint64_t(photo.width - side + 1)));
        const int y = int(stream.below(uint64_t(photo.height - side + 1)));
        data::preparePicture(photo, {x, y, x + side, y + side}, 224, "clip", pixels.data());
        const int longer = image.box.isWholeImage() ? 640 : image.box.x1 - image.box.x0;
        const Watch watch;
        all.push_back(
            {image, longer, longer,
             data::encodeThumbnail(pixels.data(), 224, std::min(longer, data::kThumbnailSide))});
        seconds += watch.seconds();
        bytes += static_cast<int64_t>(all.back().jpeg.size());
    }
    const int64_t before = bytesOf(file);
    const Watch watch;
    auto transaction = must(store::Transaction::begin(project.database()));
    must(store::writeThumbnails(project.database(), all));
    must(transaction.commit());
    std::printf(
        "thumbnails of %s: %zu of %.0f bytes on average, made in %.1f s, written in %.2f s, "
        "file + %.1f MB\n",
        list.kind.c_str(), all.size(), double(bytes) / double(all.size()), seconds, watch.seconds(),
        double(bytesOf(file) - before) / 1e6);
}

void readAsAPage(const std::filesystem::path& file)
{
    const auto project = must(store::Project::open(file, store::OpenMode::ReadOnly));
    for (int round = 0; round < 2; ++round) {
        const Watch texts;
        const auto queries =
            must(store::queries(project, 1, 8, "COCO", store::Direction::TextToImage));
        std::printf("%zu queries read in %.0f ms\n", queries.size(), 1000 * texts.seconds());
        const Watch predictions;
        const auto found = must(store::predictions(project, 1, 8, "ut"));
        std::printf("%zu predictions read in %.0f ms\n", found.truthRanks.size(),
                    1000 * predictions.seconds());
        const Watch items;
        const auto list = must(store::predictionItems(project, found.listId));
        std::printf("their pictures in %.0f ms\n", 1000 * items.seconds());
        const Watch one;
        must(store::candidates(project, 1, 8, "COCO", store::Direction::TextToImage, 12345));
        std::printf("candidates of one query in %.2f ms\n", 1000 * one.seconds());
        const Watch grid;
        for (size_t i = 0; i < 100; ++i)
            must(store::thumbnail(project, list.images[i * 300]));
        std::printf("100 thumbnails in %.1f ms\n", 1000 * grid.seconds());
    }
}

} // namespace

int main(int argumentCount, char** arguments)
{
    if (argumentCount < 3) {
        std::fprintf(stderr, "usage: details_size PROJECT.db PHOTO.jpg…\n");
        return 2;
    }
    const std::filesystem::path file = arguments[1];
    const Lists lists;
    const Evaluation start = evaluate(lists, true);
    addRun(file, "first", start, lists);
    const auto photos = readPhotos(argumentCount - 2, arguments + 2);
    for (const auto& list : {lists.retrieval, lists.ut, lists.zs})
        makeThumbnails(file, list->list, photos);
    addRun(file, "second", start, lists);
    readAsAPage(file);
    auto project = must(store::Project::open(file, store::OpenMode::ReadWrite));
    const Watch watch;
    const auto report = must(store::shrinkDetails(project, {{1, 2}, false, {}}));
    std::printf("shrunk from %.1f to %.1f MB in %.1f s\n", double(report.bytesBefore) / 1e6,
                double(report.bytesAfter) / 1e6, watch.seconds());
    return 0;
}
