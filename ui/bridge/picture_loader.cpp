// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/picture_loader.h"

#include "ui/bridge/qt_text.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

namespace clwb::ui
{

namespace
{

constexpr int kPictureThreads = 2;
constexpr size_t kProblemBytes = 512; ///< what a failure costs in the cache

} // namespace

/// What the threads share.
struct PictureLoader::Pool
{
    std::mutex mutex; // guards all below
    std::condition_variable wake;
    std::shared_ptr<const PictureSource> source;
    int side = 0;
    uint64_t generation = 0;
    uint64_t prepared = 0;             ///< generation whose source was told to prepare itself
    bool mustPrepare = false;          ///< … and has not begun to
    std::vector<int64_t> waiting;      ///< the newest last
    std::unordered_set<int64_t> asked; ///< waiting or being decoded
    bool isEnding = false;
    std::vector<std::jthread> threads; ///< last: they end first

    static void prepare(const PictureSource* from)
    {
        try {
            if (from)
                from->prepare();
        } catch (const std::exception&) { // a thread boundary
            // The first picture meets it again, and tells.
        }
    }

    void work(PictureLoader* loader)
    {
        std::unique_lock lock(mutex);
        while (true) {
            wake.wait(lock, [this] { return isEnding || mustPrepare || !waiting.empty(); });
            if (isEnding)
                return;
            if (std::exchange(mustPrepare, false)) {
                const auto from = source;
                lock.unlock();
                prepare(from.get());
                lock.lock();
                continue;
            }
            const int64_t id = waiting.back();
            waiting.pop_back();
            const auto from = source;
            const int longest = side;
            const uint64_t number = generation;
            lock.unlock();
            LoadedPicture picture;
            try {
                auto image = from->load(id, longest);
                if (image)
                    picture.image = std::move(*image);
                else
                    picture.problem = toQt(image.error().message);
            } catch (const std::exception& exception) { // a thread boundary
                picture.problem = QString::fromUtf8(exception.what());
            }
            QMetaObject::invokeMethod(
                loader,
                [loader, number, id, picture = std::move(picture)]() mutable {
                    loader->take(number, id, std::move(picture));
                },
                Qt::QueuedConnection);
            lock.lock();
        }
    }
};

PictureLoader::PictureLoader(QObject* parent, size_t cacheBytes)
    : QObject(parent)
    , m_pool(std::make_unique<Pool>())
    , m_cacheBytes(cacheBytes)
{}

PictureLoader::~PictureLoader()
{
    {
        const std::lock_guard lock(m_pool->mutex);
        m_pool->isEnding = true;
    }
    m_pool->wake.notify_all();
    m_pool.reset(); // joins; what they still post ends with this object
}

void PictureLoader::setSource(std::shared_ptr<const PictureSource> source, int side)
{
    m_kept.clear();
    m_order.clear();
    m_bytes = 0;
    const std::lock_guard lock(m_pool->mutex);
    m_pool->source = std::move(source);
    m_pool->side = side;
    ++m_pool->generation;
    m_pool->mustPrepare = false;
    m_pool->waiting.clear();
    m_pool->asked.clear();
}

void PictureLoader::warmUp()
{
    const std::lock_guard lock(m_pool->mutex);
    if (!m_pool->source ||
        std::exchange(m_pool->prepared, m_pool->generation) == m_pool->generation)
        return;
    m_pool->mustPrepare = true;
    wakeThreads();
}

const LoadedPicture* PictureLoader::find(int64_t id)
{
    if (const auto kept = m_kept.find(id); kept != m_kept.end()) {
        m_order.splice(m_order.begin(), m_order, kept->second.place);
        return &kept->second.picture;
    }
    const std::lock_guard lock(m_pool->mutex);
    if (m_pool->source && m_pool->asked.insert(id).second) {
        m_pool->waiting.push_back(id);
        wakeThreads();
    }
    return nullptr;
}

void PictureLoader::want(const std::vector<int64_t>& ids)
{
    const std::lock_guard lock(m_pool->mutex);
    if (!m_pool->source)
        return;
    for (const int64_t id : m_pool->waiting)
        m_pool->asked.erase(id);
    m_pool->waiting.clear();
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
        if (!m_kept.contains(*id) && m_pool->asked.insert(*id).second)
            m_pool->waiting.push_back(*id);
    }
    if (!m_pool->waiting.empty())
        wakeThreads();
}

void PictureLoader::wakeThreads()
{
    // A page that never shows a picture has no threads.
    if (m_pool->threads.empty()) {
        for (int i = 0; i < kPictureThreads; ++i)
            m_pool->threads.emplace_back([pool = m_pool.get(), this] { pool->work(this); });
    }
    m_pool->wake.notify_all();
}

size_t PictureLoader::pending() const
{
    const std::lock_guard lock(m_pool->mutex);
    return m_pool->asked.size();
}

void PictureLoader::take(uint64_t generation, int64_t id, LoadedPicture picture)
{
    ++m_decoded;
    {
        const std::lock_guard lock(m_pool->mutex);
        if (generation != m_pool->generation)
            return; // of an earlier source
        m_pool->asked.erase(id);
    }
    if (m_kept.contains(id))
        return; // asked for, taken back and asked for again while it was decoded
    const size_t bytes = picture.problem.isEmpty()
                             ? static_cast<size_t>(picture.image.sizeInBytes())
                             : kProblemBytes;
    m_order.push_front(id);
    m_kept.emplace(id, Kept{std::move(picture), m_order.begin(), bytes});
    m_bytes += bytes;
    trim();
    Q_EMIT loaded(id);
}

void PictureLoader::trim()
{
    while (m_bytes > m_cacheBytes && m_order.size() > 1) {
        const auto oldest = m_kept.find(m_order.back());
        m_bytes -= oldest->second.bytes;
        m_kept.erase(oldest);
        m_order.pop_back();
    }
}

} // namespace clwb::ui
