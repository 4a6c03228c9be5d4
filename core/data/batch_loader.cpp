// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/batch_loader.h"

#include "core/base/check.h"
#include "core/data/augmentation.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <numeric>
#include <thread>

namespace clwb::data
{

struct BatchLoader::Private
{
    /// A batch in the making.
    struct Slot
    {
        Batch batch;
        size_t toTake = 0;   ///< next item that no thread works on yet
        size_t toFinish = 0; ///< items not done
        size_t failedAt = SIZE_MAX;
        Error error;
    };

    const std::vector<Item>& items;
    const std::vector<int64_t> order;
    PictureCache& cache;
    const Options options;
    const size_t batchSize;
    size_t batches = 0; ///< of the whole pass, those before firstBatch included
    size_t pictureBytes = 0;

    std::mutex mutex; // guards everything below
    std::condition_variable changed;
    std::deque<std::unique_ptr<Slot>> slots; ///< from nextBatch on
    size_t nextBatch = 0;                    ///< next to deliver
    size_t openedBatches = 0;                ///< slots made so far, as a batch number
    bool isStopping = false;
    std::optional<Error> failure;
    std::vector<std::thread> threads;

    Private(const std::vector<Item>& allItems, std::vector<int64_t> pass, PictureCache& pictures,
            Options wanted)
        : items(allItems)
        , order(std::move(pass))
        , cache(pictures)
        , options(wanted)
        , batchSize(static_cast<size_t>(std::max<int64_t>(options.batchSize, 1)))
    {
        batches = order.size() / batchSize;
        if (options.keepLastPartial && order.size() % batchSize != 0)
            ++batches;
        pictureBytes = 3 * static_cast<size_t>(cache.side()) * static_cast<size_t>(cache.side());
        nextBatch = static_cast<size_t>(std::max<int64_t>(options.firstBatch, 0));
        openedBatches = nextBatch;
    }

    void openSlots()
    {
        const size_t limit =
            std::min(batches, nextBatch + static_cast<size_t>(std::max(options.prefetch, 1)));
        for (; openedBatches < limit; ++openedBatches) {
            auto slot = std::make_unique<Slot>();
            const size_t from = openedBatches * batchSize;
            const size_t count = std::min(batchSize, order.size() - from);
            const auto begin = order.begin() + static_cast<ptrdiff_t>(from);
            slot->batch.indices.assign(begin, begin + static_cast<ptrdiff_t>(count));
            slot->batch.pixels.resize(count * pictureBytes);
            slot->toFinish = count;
            slots.push_back(std::move(slot));
        }
    }

    /// The next item to work on: its slot and position; null while there is nothing to do.
    Slot* takeWork(size_t& position)
    {
        for (const std::unique_ptr<Slot>& slot : slots) {
            if (slot->toTake < slot->batch.indices.size()) {
                position = slot->toTake++;
                return slot.get();
            }
        }
        return nullptr;
    }

    Result<void> loadItem(Slot& slot, size_t position)
    {
        uint8_t* out = slot.batch.pixels.data() + position * pictureBytes;
        const Item& item = items[static_cast<size_t>(slot.batch.indices[position])];
        try {
            CLWB_TRY(cache.fetch(item, out));
            if (options.augmentation.enabled)
                augmentPicture(options.augmentation, item.id, cache.side(), out);
            return {};
        } catch (const std::bad_alloc&) { // exceptions do not leave the thread
            return fail(ErrorCode::OutOfMemory, "not enough memory to load " + item.file.string());
        } catch (const std::exception& exception) {
            return fail(ErrorCode::RunFailed,
                        "loading " + item.file.string() + ": " + exception.what());
        }
    }

    void work()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            size_t position = 0;
            Slot* slot = nullptr;
            changed.wait(lock,
                         [&] { return isStopping || (slot = takeWork(position)) != nullptr; });
            if (isStopping)
                return;
            lock.unlock();
            auto loaded = loadItem(*slot, position);
            lock.lock();
            if (!loaded && position < slot->failedAt) {
                slot->failedAt = position;
                slot->error = std::move(loaded.error());
            }
            if (--slot->toFinish == 0)
                changed.notify_all();
        }
    }
};

BatchLoader::BatchLoader(const std::vector<Item>& items, std::vector<int64_t> order,
                         PictureCache& cache, Options options)
    : m_d(std::make_unique<Private>(items, std::move(order), cache, options))
{
    for (const int64_t index : m_d->order)
        CLWB_CHECK(index >= 0 && static_cast<size_t>(index) < items.size(), index);
    cache.announce(items);
    m_d->openSlots();
    for (int i = 0; i < std::max(m_d->options.threads, 1); ++i)
        m_d->threads.emplace_back([this] { m_d->work(); });
}

BatchLoader::~BatchLoader()
{
    {
        const std::lock_guard lock(m_d->mutex);
        m_d->isStopping = true;
        m_d->changed.notify_all();
    }
    for (std::thread& thread : m_d->threads)
        thread.join();
}

int64_t BatchLoader::batchCount() const
{
    return static_cast<int64_t>(m_d->batches);
}

Result<std::optional<Batch>> BatchLoader::next()
{
    std::unique_lock lock(m_d->mutex);
    if (m_d->failure)
        return Failure(*m_d->failure);
    if (m_d->slots.empty())
        return std::optional<Batch>();
    m_d->changed.wait(lock, [this] { return m_d->slots.front()->toFinish == 0; });
    const std::unique_ptr<Private::Slot> slot = std::move(m_d->slots.front());
    m_d->slots.pop_front();
    ++m_d->nextBatch;
    if (slot->failedAt != SIZE_MAX) {
        // The other slots stay: threads may still be writing into them.
        m_d->failure = slot->error;
        m_d->isStopping = true;
        m_d->changed.notify_all();
        return Failure(slot->error);
    }
    m_d->openSlots();
    m_d->changed.notify_all();
    return std::optional<Batch>(std::move(slot->batch));
}

Result<void> fillPictures(const std::vector<Item>& items, PictureCache& cache, int threads,
                          const StopToken& stop)
{
    std::vector<int64_t> order(items.size());
    std::iota(order.begin(), order.end(), int64_t(0));
    BatchLoader::Options options;
    options.batchSize = 32;
    options.threads = threads;
    BatchLoader loader(items, std::move(order), cache, options);
    for (;;) {
        if (stop.stopRequested())
            return fail(ErrorCode::Stopped, "stopped while filling the picture cache");
        CLWB_ASSIGN(const std::optional<Batch> batch, loader.next());
        if (!batch)
            return cache.flush();
    }
}

void normalizePictures(std::span<const uint8_t> pixels, int64_t count, int side,
                       const std::array<float, 3>& mean, const std::array<float, 3>& std,
                       float* out)
{
    const size_t area = static_cast<size_t>(side) * static_cast<size_t>(side);
    CLWB_CHECK(pixels.size() == 3 * area * static_cast<size_t>(count));
    // The 768 possible results, computed as torchvision does: x/255, minus mean, over std.
    std::array<std::array<float, 256>, 3> table;
    for (size_t channel = 0; channel < 3; ++channel) {
        for (size_t value = 0; value < 256; ++value)
            table[channel][value] =
                (static_cast<float>(value) / 255.0F - mean[channel]) / std[channel];
    }
    const uint8_t* in = pixels.data();
    for (int64_t picture = 0; picture < count; ++picture, out += 3 * area) {
        for (size_t i = 0; i < area; ++i, in += 3) {
            out[i] = table[0][in[0]];
            out[area + i] = table[1][in[1]];
            out[2 * area + i] = table[2][in[2]];
        }
    }
}

} // namespace clwb::data
