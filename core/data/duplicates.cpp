// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/duplicates.h"

#include "core/base/sha256.h"
#include "core/data/image_decode.h"
#include "core/data/image_probe.h"
#include "core/data/resample.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <unordered_map>

namespace clwb::data
{
namespace
{

constexpr int kHashColumns = 9; // 8 differences a row
constexpr int kHashRows = 8;
constexpr int kLeastContrast = 16;
constexpr int kMostBits = 3;       // below the number of parts that the hash is looked up by
constexpr int kMostDifference = 6; // of 255, on average
constexpr size_t kHashParts = 4;

/// Mean brightness of columns × rows places.
std::vector<int> greyPlaces(const PixelView& view, int columns, int rows)
{
    std::vector<int> places;
    for (int row = 0; row < rows; ++row) {
        const int y0 = view.height * row / rows;
        const int y1 = std::max(y0 + 1, view.height * (row + 1) / rows);
        for (int column = 0; column < columns; ++column) {
            const int x0 = view.width * column / columns;
            const int x1 = std::max(x0 + 1, view.width * (column + 1) / columns);
            uint64_t sum = 0;
            for (int y = y0; y < y1; ++y) {
                const uint8_t* pixel = view.pixels + static_cast<size_t>(y) * view.rowBytes +
                                       3 * static_cast<size_t>(x0);
                for (int x = x0; x < x1; ++x, pixel += 3)
                    sum += 299U * pixel[0] + 587U * pixel[1] + 114U * pixel[2];
            }
            const auto count = static_cast<uint64_t>(y1 - y0) * static_cast<uint64_t>(x1 - x0);
            places.push_back(static_cast<int>(sum / (1000 * count)));
        }
    }
    return places;
}

/// Looks that share a part of their hash: hashes kMostBits apart agree in one of kHashParts.
class LookIndex
{
public:
    /// The first of the looks so far that looks the same.
    std::optional<size_t> find(const std::vector<std::optional<PictureLook>>& looks,
                               const PictureLook& look) const
    {
        std::optional<size_t> found;
        for (size_t part = 0; part < kHashParts; ++part) {
            const auto bucket = m_parts[part].find(partOf(look.hash, part));
            if (bucket == m_parts[part].end())
                continue;
            for (const uint32_t other : bucket->second) {
                if ((!found || other < *found) && looksTheSame(*looks[other], look))
                    found = other;
            }
        }
        return found;
    }

    void add(size_t position, const PictureLook& look)
    {
        for (size_t part = 0; part < kHashParts; ++part)
            m_parts[part][partOf(look.hash, part)].push_back(static_cast<uint32_t>(position));
    }

private:
    static uint16_t partOf(uint64_t hash, size_t part)
    {
        return static_cast<uint16_t>(hash >> (16 * part));
    }
    std::array<std::unordered_map<uint16_t, std::vector<uint32_t>>, kHashParts> m_parts;
};

/// Distinct files in the order they are first named, with the pictures out of each.
std::vector<std::vector<size_t>> byFile(const std::vector<ComparedPicture>& pictures)
{
    std::unordered_map<std::string, size_t> known;
    std::vector<std::vector<size_t>> groups;
    for (size_t i = 0; i < pictures.size(); ++i) {
        const auto [place, isNew] = known.emplace(pictures[i].file.string(), groups.size());
        if (isNew)
            groups.emplace_back();
        groups[place->second].push_back(i);
    }
    return groups;
}

} // namespace

std::optional<PictureLook> lookOf(const Image& image, const PixelBox& box)
{
    const bool isInside =
        box.isWholeImage() || (box.x0 >= 0 && box.y0 >= 0 && box.x1 > box.x0 && box.y1 > box.y0 &&
                               box.x1 <= image.width && box.y1 <= image.height);
    if (image.isEmpty() || !isInside)
        return std::nullopt;
    const PixelView view = viewOf(image, box);
    const std::vector<int> wide = greyPlaces(view, kHashColumns, kHashRows);
    const auto [darkest, lightest] = std::minmax_element(wide.begin(), wide.end());
    if (*lightest - *darkest < kLeastContrast)
        return std::nullopt;
    PictureLook look;
    for (size_t row = 0; row < kHashRows; ++row) {
        for (size_t column = 0; column + 1 < kHashColumns; ++column) {
            const size_t at = row * kHashColumns + column;
            look.hash = (look.hash << 1) | (wide[at] < wide[at + 1] ? 1U : 0U);
        }
    }
    const std::vector<int> square = greyPlaces(view, 8, 8);
    std::transform(square.begin(), square.end(), look.grey,
                   [](int grey) { return static_cast<uint8_t>(grey); });
    return look;
}

bool looksTheSame(const PictureLook& a, const PictureLook& b)
{
    if (std::popcount(a.hash ^ b.hash) > kMostBits)
        return false;
    int difference = 0;
    for (size_t i = 0; i < std::size(a.grey); ++i)
        difference += std::abs(int(a.grey[i]) - int(b.grey[i]));
    return difference <= kMostDifference * static_cast<int>(std::size(a.grey));
}

Result<std::vector<DuplicatePair>> findCopies(const std::vector<ComparedPicture>& pictures,
                                              const StopToken& stop)
{
    const auto groups = byFile(pictures);
    std::map<uint64_t, std::vector<size_t>> bySize; // groups of pictures, by size of their file
    for (size_t g = 0; g < groups.size(); ++g) {
        if (stop.stopRequested())
            return fail(ErrorCode::Stopped, "stopped while looking for copies");
        if (const auto stamp = stampOf(pictures[groups[g].front()].file); stamp && stamp->size > 0)
            bySize[stamp->size].push_back(g);
    }
    std::vector<DuplicatePair> pairs;
    for (const auto& [size, candidates] : bySize) {
        std::map<std::string, size_t> firstOf; // digest → group
        for (const size_t group : candidates) {
            if (stop.stopRequested())
                return fail(ErrorCode::Stopped, "stopped while looking for copies");
            if (candidates.size() < 2)
                break;
            const auto bytes = readImageBytes(pictures[groups[group].front()].file);
            if (!bytes)
                continue;
            const std::string digest = sha256Hex(
                std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
            const auto [first, isNew] = firstOf.emplace(digest, group);
            if (!isNew) {
                const size_t a = groups[first->second].front();
                const size_t b = groups[group].front();
                pairs.push_back({std::min(a, b), std::max(a, b), true});
            }
        }
    }
    std::sort(pairs.begin(), pairs.end(), [](const DuplicatePair& a, const DuplicatePair& b) {
        return std::pair(a.first, a.second) < std::pair(b.first, b.second);
    });
    return pairs;
}

Result<std::vector<DuplicatePair>>
findLookalikes(const std::vector<ComparedPicture>& pictures,
               const std::function<void(int64_t done, int64_t total)>& progress,
               const StopToken& stop)
{
    const auto groups = byFile(pictures);
    std::vector<std::optional<PictureLook>> looks(pictures.size());
    std::vector<DuplicatePair> pairs;
    LookIndex index;
    for (size_t g = 0; g < groups.size(); ++g) {
        if (stop.stopRequested())
            return fail(ErrorCode::Stopped, "stopped while looking for pictures that look alike");
        const auto image = decodeImageFile(pictures[groups[g].front()].file, Orientation::Ignore);
        for (const size_t i : image ? groups[g] : std::vector<size_t>()) {
            looks[i] = lookOf(*image, pictures[i].box);
            if (!looks[i])
                continue;
            if (const auto other = index.find(looks, *looks[i]))
                pairs.push_back({*other, i, false});
            else
                index.add(i, *looks[i]);
        }
        if (progress)
            progress(static_cast<int64_t>(g + 1), static_cast<int64_t>(groups.size()));
    }
    return pairs;
}

} // namespace clwb::data
