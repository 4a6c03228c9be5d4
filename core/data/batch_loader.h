// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as the image tower gets them: decoded once, resized as Pillow does, cached, prefetched.
#pragma once

#include "core/data/dataset.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace clwb::data
{

/// How a box becomes a side×side picture.
struct PictureRule
{
    int side = 224;
    std::string geometry = "clip";          ///< clip | pad | squash
    std::string exifOrientation = "ignore"; ///< ignore | apply
};

/// uint8 pictures [side, side, 3] keyed by file content identity (path, size, time) and geometry,
/// in a packed file that a second epoch, another run and a machine without OpenCV read.
/// Thread-safe.
class PictureCache
{
public:
    /// @param folder of the cache; created. Empty: memory only.
    static Result<std::shared_ptr<PictureCache>> open(const std::filesystem::path& folder,
                                                      const PictureRule& rule);
    virtual ~PictureCache() = default;
    [[nodiscard]] virtual int side() const = 0;
    /// Writes side·side·3 bytes. Errors: Data naming the file and the reason.
    virtual Result<void> fetch(const Item& item, uint8_t* out) = 0;
    /// Puts what was decoded so far onto disk. A cache that cannot be written is not an error: the
    /// log says it once and pictures are decoded again next time.
    virtual Result<void> flush() = 0;
    /// Names pictures that will be asked for: when a file is decoded, all boxes announced for it
    /// are cut out at once. Only a hint for speed; BatchLoader gives it for its items.
    virtual void announce(const std::vector<Item>& /*items*/) {}
};

/// Random resized crop (register row A23 `rrc`): scale 0.9–1, drawn per (seed, epoch, item).
struct Augmentation
{
    bool enabled = false;
    uint64_t seed = 0;
    uint64_t session = 0;
    uint64_t epoch = 0;
};

struct Batch
{
    std::vector<int64_t> indices; ///< into the item list, in batch order
    std::vector<uint8_t> pixels;  ///< [B, side, side, 3]
};

/// Delivers the batches of one pass in order, whatever the number of threads.
class BatchLoader
{
public:
    struct Options
    {
        int64_t batchSize = 100;
        bool keepLastPartial = true;
        int threads = 1;        ///< decoding threads, >= 1
        int prefetch = 3;       ///< batches held ready
        int64_t firstBatch = 0; ///< skip so many (resume)
        Augmentation augmentation;
    };
    /// `items` and `cache` must outlive the loader. @param order indices into items
    BatchLoader(const std::vector<Item>& items, std::vector<int64_t> order, PictureCache& cache,
                Options options);
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// Batches of the whole pass, the skipped ones included.
    [[nodiscard]] int64_t batchCount() const;
    /// The next batch, nothing after the last. Errors: Data of the first item that failed.
    Result<std::optional<Batch>> next();

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

/// Decodes and caches what is not in the cache yet, so that a machine without OpenCV can train on
/// it. Errors: Data of the first item that failed; Stopped.
Result<void> fillPictures(const std::vector<Item>& items, PictureCache& cache, int threads,
                          const StopToken& stop);

/// uint8 [n, side, side, 3] → float32 [n, 3, side, side]: (x/255 − mean)/std per channel.
void normalizePictures(std::span<const uint8_t> pixels, int64_t count, int side,
                       const std::array<float, 3>& mean, const std::array<float, 3>& std,
                       float* out);

} // namespace clwb::data
