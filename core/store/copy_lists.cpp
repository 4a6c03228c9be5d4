// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of pictures out of a foreign file: what a small one can unpack to is bounded.
#include "core/store/copy_details.h"
#include "core/store/details_private.h"

#include <algorithm>
#include <utility>

namespace clwb::store
{
namespace
{

// Far above all that is in use.
constexpr size_t kMaxListText = 16 << 10; // a path, a caption
constexpr size_t kMaxClassText = 16 << 20;
constexpr int64_t kMaxBoxEdge = 1'000'000'000; // widths stay within an int

} // namespace

bool DetailCopier::takeText(size_t bytes)
{
    const auto taken = static_cast<int64_t>(bytes);
    if (bytes > kMaxListText || taken > m_textLeft)
        return false;
    m_textLeft -= taken;
    return true;
}

Result<void> DetailCopier::readHead(int64_t listId, List& list, metrics::HashedList& items)
{
    const Failure damaged =
        detailDamage(m_from, "the list " + std::to_string(listId) + " of pictures is damaged");
    CLWB_ASSIGN(Statement row, m_from.database().prepare(
                                   "SELECT kind, name, folds, classes, lower(hex(sha256)), items, "
                                   "captions FROM item_list WHERE list_id = ?"));
    CLWB_ASSIGN(const bool found, row.bindAll(listId).step());
    if (!found)
        return damaged;
    const int64_t folds = row.integer(2);
    list.imageCount = row.integer(5);
    list.captionCount = row.integer(6);
    if (list.imageCount < 0 || list.captionCount < 0 || folds < 1 ||
        folds > std::max<int64_t>(1, list.imageCount))
        return damaged;
    if (list.imageCount > m_rowsLeft || list.captionCount > m_rowsLeft - list.imageCount)
        return detailDamage(m_from, "its lists hold more than the " +
                                        std::to_string(kMaxListItems) +
                                        " pictures and captions that are taken in at once");
    m_rowsLeft -= list.imageCount + list.captionCount;
    items.list.kind = row.text(0);
    items.list.name = row.text(1);
    items.list.folds = static_cast<int>(folds);
    const std::string names = row.text(3);
    const auto classes = names.size() <= kMaxClassText
                             ? parseJson(names, "classes")
                             : Result<Json>(fail(ErrorCode::Corrupt, "too long"));
    if (!classes || !classes->is_array() || classes->size() > kMaxListClasses)
        return damaged;
    for (const Json& name : *classes)
        items.list.classes.push_back(name.is_string() ? name.get<std::string>() : "");
    items.sha256 = row.text(4);
    return {};
}

Result<void> DetailCopier::readImages(int64_t listId, List& list, metrics::HashedList& items)
{
    const bool isRetrieval = items.list.kind == "retrieval";
    const Failure damaged =
        detailDamage(m_from, "the pictures of the list " + std::to_string(listId) + " are damaged");
    CLWB_ASSIGN(Statement images,
                m_from.database().prepare(
                    "SELECT i.image_id, i.path, i.x0, i.y0, i.x1, i.y1, i.file_bytes, "
                    "e.label FROM item e JOIN image i USING(image_id) "
                    "WHERE e.list_id = ? ORDER BY e.position"));
    images.bindAll(listId);
    while (true) {
        CLWB_ASSIGN(const bool more, images.step());
        if (!more)
            break;
        const auto number = [&images](int column) {
            return static_cast<int>(images.integer(column));
        };
        for (const int edge : {2, 3, 4, 5}) {
            if (images.integer(edge) < -kMaxBoxEdge || images.integer(edge) > kMaxBoxEdge)
                return damaged;
        }
        std::string path = images.text(1);
        if (static_cast<int64_t>(list.images.size()) == list.imageCount || !takeText(path.size()))
            return damaged;
        list.images.push_back(images.integer(0));
        items.list.images.push_back(
            {std::move(path), {number(2), number(3), number(4), number(5)}, images.integer(6)});
        if (!isRetrieval)
            items.list.labels.push_back(number(7));
    }
    if (static_cast<int64_t>(list.images.size()) != list.imageCount)
        return damaged;
    if (isRetrieval)
        items.list.captionCounts.assign(list.images.size(), 0);
    return {};
}

Result<void> DetailCopier::readCaptions(int64_t listId, List& list, metrics::HashedList& items)
{
    const Failure damaged =
        detailDamage(m_from, "the captions of the list " + std::to_string(listId) + " are damaged");
    CLWB_ASSIGN(Statement captions,
                m_from.database().prepare(
                    "SELECT c.caption_id, c.image_id, c.text FROM list_caption l "
                    "JOIN caption c USING(caption_id) WHERE l.list_id = ? ORDER BY l.position"));
    captions.bindAll(listId);
    size_t image = 0;
    while (true) {
        CLWB_ASSIGN(const bool more, captions.step());
        if (!more)
            break;
        while (image < list.images.size() && list.images[image] != captions.integer(1))
            ++image;
        std::string text = captions.text(2);
        // A list of another kind has no counts at all.
        if (image >= items.list.captionCounts.size() ||
            static_cast<int64_t>(list.captions.size()) == list.captionCount ||
            !takeText(text.size()))
            return damaged;
        ++items.list.captionCounts[image];
        list.captions.push_back(captions.integer(0));
        items.list.captions.push_back(std::move(text));
    }
    if (static_cast<int64_t>(list.captions.size()) != list.captionCount)
        return damaged;
    return {};
}

Result<DetailCopier::List> DetailCopier::readList(int64_t listId)
{
    List list;
    metrics::HashedList items;
    CLWB_TRY(readHead(listId, list, items));
    CLWB_TRY(readImages(listId, list, items));
    CLWB_TRY(readCaptions(listId, list, items));
    if (metrics::contentHash(items.list) != items.sha256)
        return detailDamage(m_from, "the list " + std::to_string(listId) +
                                        " of pictures was "
                                        "changed since it was written");
    list.items = std::make_shared<const metrics::HashedList>(std::move(items));
    return list;
}

} // namespace clwb::store
