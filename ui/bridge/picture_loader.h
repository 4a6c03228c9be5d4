// SPDX-License-Identifier: GPL-3.0-or-later
// Loads pictures in a small pool, the newest request first, and keeps what was seen last.
#pragma once

#include "ui/bridge/picture_source.h"

#include <QImage>
#include <QObject>
#include <QString>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace clwb::ui
{

/// What a request came to.
struct LoadedPicture
{
    QImage image;
    QString problem; ///< why there is none; empty when there is
};

/// Thread: GUI.
class PictureLoader : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t kCacheBytes = size_t(96) << 20;

    /// @param cacheBytes of pixels that are kept; the one used longest ago goes first
    explicit PictureLoader(QObject* parent = nullptr, size_t cacheBytes = kCacheBytes);
    /// Waits for the pictures being decoded, at most one a thread.
    ~PictureLoader() override;

    /// Forgets everything; numbers mean other pictures now. Null: nothing to load.
    /// @param side longest side in device pixels
    void setSource(std::shared_ptr<const PictureSource> source, int side);
    /// Pictures will be asked for soon: the threads start, and the source prepares itself once.
    void warmUp();
    /// The picture if it is here; otherwise asks for it, before all that was asked for until now.
    const LoadedPicture* find(int64_t id);
    /// These are wanted now, the first of them first: requests for others are taken back.
    void want(const std::vector<int64_t>& ids);
    /// Requests not answered yet.
    [[nodiscard]] size_t pending() const;
    [[nodiscard]] size_t cachedBytes() const { return m_bytes; }
    /// Pictures decoded since the beginning, for tests and measurements.
    [[nodiscard]] int64_t decoded() const { return m_decoded; }

Q_SIGNALS:
    void loaded(qint64 id);

private:
    struct Pool;
    struct Kept
    {
        LoadedPicture picture;
        std::list<int64_t>::iterator place; ///< in m_order
        size_t bytes = 0;
    };
    void take(uint64_t generation, int64_t id, LoadedPicture picture);
    void trim();
    void wakeThreads(); ///< with the pool's mutex held

    std::unique_ptr<Pool> m_pool;
    std::unordered_map<int64_t, Kept> m_kept;
    std::list<int64_t> m_order; ///< used last first
    size_t m_cacheBytes;
    size_t m_bytes = 0;
    int64_t m_decoded = 0;
};

} // namespace clwb::ui
