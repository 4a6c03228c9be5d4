// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"
#include "core/data/batch_loader.h"
#include "core/data/image_decode.h"
#include "core/data/image_probe.h"
#include "core/data/picture_store.h"
#include "core/data/resample.h"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace fs = std::filesystem;

namespace clwb::data
{
namespace
{

struct BoxHash
{
    size_t operator()(const PixelBox& box) const
    {
        size_t value = 0;
        for (const int side : {box.x0, box.y0, box.x1, box.y1})
            value = value * 1'000'003 + static_cast<size_t>(side);
        return value;
    }
};

/// The last few whole images, for boxes of one file that are asked for one after the other.
class RecentImages
{
public:
    std::shared_ptr<const Image> find(const std::string& identity)
    {
        const auto found = std::find_if(m_images.begin(), m_images.end(),
                                        [&](const auto& kept) { return kept.first == identity; });
        if (found == m_images.end())
            return nullptr;
        m_images.splice(m_images.begin(), m_images, found);
        return found->second;
    }
    void add(const std::string& identity, std::shared_ptr<const Image> image)
    {
        m_bytes += image->pixels.size();
        m_images.emplace_front(identity, std::move(image));
        while (m_images.size() > 1 && (m_images.size() > kCount || m_bytes > kBytes)) {
            m_bytes -= m_images.back().second->pixels.size();
            m_images.pop_back();
        }
    }

private:
    static constexpr size_t kCount = 8;
    static constexpr size_t kBytes = size_t(128) << 20;
    std::list<std::pair<std::string, std::shared_ptr<const Image>>> m_images;
    size_t m_bytes = 0;
};

class StoredPictures : public PictureCache
{
public:
    StoredPictures(std::unique_ptr<PictureStore> store, PictureRule rule)
        : m_store(std::move(store))
        , m_rule(std::move(rule))
    {}

    [[nodiscard]] int side() const override { return m_rule.side; }

    Result<void> fetch(const Item& item, uint8_t* out) override
    {
        const auto identity = identityOf(item.file);
        if (!identity)
            return Failure(Error(identity.error()).in(item.file.string()));
        const Sha256Digest key = keyOf(*identity, item.box);
        if (m_store->read(key, out))
            return {};
        const Turn turn(*this, *identity);
        if (m_store->read(key, out))
            return {};
        auto image = decoded(item.file, *identity);
        if (!image)
            return Failure(std::move(image.error()).in(item.file.string()));
        const PixelBox& box = item.box;
        if (!box.isWholeImage() && !isInside(box, **image))
            return fail(ErrorCode::Data, item.file.string() + ": box " + boxText(box) +
                                             " is not inside the image of " +
                                             std::to_string((*image)->width) + "×" +
                                             std::to_string((*image)->height) + " pixels");
        preparePicture(**image, box, m_rule.side, m_rule.geometry, out);
        m_store->add(key, out);
        keepAnnounced(item, *identity, **image);
        return {};
    }

    Result<void> flush() override
    {
        m_store->flush();
        return {};
    }

    void announce(const std::vector<Item>& items) override
    {
        const std::lock_guard lock(m_mutex);
        const std::pair<const void*, size_t> list(items.data(), items.size());
        if (!m_announcedLists.insert(list).second)
            return;
        for (const Item& item : items) {
            if (!item.box.isWholeImage())
                m_announced[item.file.native()].insert(item.box);
        }
    }

private:
    /// One thread at a time decodes a file; the others find its pictures in the store afterwards.
    class Turn
    {
    public:
        Turn(StoredPictures& pictures, const std::string& identity)
            : m_pictures(pictures)
            , m_identity(identity)
        {
            std::unique_lock lock(m_pictures.m_mutex);
            m_pictures.m_turnEnded.wait(lock,
                                        [&] { return !m_pictures.m_busyFiles.contains(identity); });
            m_pictures.m_busyFiles.insert(identity);
        }
        ~Turn()
        {
            const std::lock_guard lock(m_pictures.m_mutex);
            m_pictures.m_busyFiles.erase(m_identity);
            m_pictures.m_turnEnded.notify_all();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

    private:
        StoredPictures& m_pictures;
        const std::string& m_identity;
    };

    static bool isInside(const PixelBox& box, const Image& image)
    {
        return box.x0 >= 0 && box.y0 >= 0 && box.x1 <= image.width && box.y1 <= image.height &&
               box.x0 < box.x1 && box.y0 < box.y1;
    }

    static std::string boxText(const PixelBox& box)
    {
        return std::to_string(box.x0) + " " + std::to_string(box.y0) + " " +
               std::to_string(box.x1) + " " + std::to_string(box.y1);
    }

    /// Resolved path, size and time of a file.
    Result<std::string> identityOf(const fs::path& file)
    {
        CLWB_ASSIGN(const FileStamp stamp, stampOf(file));
        return resolvedFolder(file.parent_path()) + "/" + file.filename().string() + "|" +
               std::to_string(stamp.size) + "|" + std::to_string(stamp.modifiedNs);
    }

    std::string resolvedFolder(const fs::path& folder)
    {
        {
            const std::lock_guard lock(m_mutex);
            const auto known = m_folders.find(folder.native());
            if (known != m_folders.end())
                return known->second;
        }
        std::error_code failure;
        fs::path resolved = fs::canonical(folder.empty() ? fs::path(".") : folder, failure);
        if (failure)
            resolved = fs::absolute(folder);
        const std::lock_guard lock(m_mutex);
        return m_folders.emplace(folder.native(), resolved.string()).first->second;
    }

    [[nodiscard]] Sha256Digest keyOf(const std::string& identity, const PixelBox& box) const
    {
        return sha256("picture 1|" + identity + "|" + boxText(box) + "|" + m_rule.geometry + "|" +
                      std::to_string(m_rule.side) + "|" + m_rule.exifOrientation);
    }

    Result<std::shared_ptr<const Image>> decoded(const fs::path& file, const std::string& identity)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (auto image = m_recent.find(identity))
                return image;
        }
        CLWB_ASSIGN(Image image,
                    decodeImageFile(file, orientationFromText(m_rule.exifOrientation)));
        auto shared = std::make_shared<const Image>(std::move(image));
        const std::lock_guard lock(m_mutex);
        m_recent.add(identity, shared);
        return shared;
    }

    void keepAnnounced(const Item& item, const std::string& identity, const Image& image)
    {
        std::vector<PixelBox> boxes;
        {
            const std::lock_guard lock(m_mutex);
            const auto found = m_announced.find(item.file.native());
            if (found == m_announced.end())
                return;
            boxes.assign(found->second.begin(), found->second.end());
            m_announced.erase(found);
        }
        std::vector<uint8_t> picture(3 * static_cast<size_t>(m_rule.side) *
                                     static_cast<size_t>(m_rule.side));
        for (const PixelBox& box : boxes) {
            if (box == item.box || !isInside(box, image) || !m_store->hasRoom())
                continue;
            const Sha256Digest key = keyOf(identity, box);
            if (m_store->read(key, picture.data()))
                continue;
            preparePicture(image, box, m_rule.side, m_rule.geometry, picture.data());
            m_store->add(key, picture.data());
        }
    }

    const std::unique_ptr<PictureStore> m_store;
    const PictureRule m_rule;
    std::mutex m_mutex; // guards everything below
    std::condition_variable m_turnEnded;
    std::unordered_set<std::string> m_busyFiles;
    std::unordered_map<std::string, std::string> m_folders; ///< as given → resolved
    RecentImages m_recent;
    std::unordered_map<std::string, std::unordered_set<PixelBox, BoxHash>> m_announced;
    std::set<std::pair<const void*, size_t>> m_announcedLists;
};

} // namespace

Result<std::shared_ptr<PictureCache>> PictureCache::open(const fs::path& folder,
                                                         const PictureRule& rule)
{
    const bool isGood =
        rule.side >= 1 && rule.side <= 4096 &&
        (rule.geometry == "clip" || rule.geometry == "pad" || rule.geometry == "squash");
    if (!isGood) {
        return fail(ErrorCode::Usage, "pictures of side " + std::to_string(rule.side) +
                                          " and geometry '" + rule.geometry +
                                          "': expected 1 to 4096 and clip, pad or squash");
    }
    const std::string name = "pictures-" + std::to_string(rule.side) + "-" + rule.geometry + "-" +
                             (rule.exifOrientation == "apply" ? "exif" : "stored");
    const size_t bytes = 3 * static_cast<size_t>(rule.side) * static_cast<size_t>(rule.side);
    CLWB_ASSIGN(std::unique_ptr<PictureStore> store, PictureStore::open(folder, name, bytes));
    return std::make_shared<StoredPictures>(std::move(store), rule);
}

} // namespace clwb::data
