// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/detail_blob.h"

#include "core/base/check.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace clwb::store
{
namespace
{

constexpr size_t kHeaderBytes = 16;
constexpr char kMagic[] = "CLWP";
constexpr char kPlainVersion = 1; // see the header
constexpr char kVersion = 2;
constexpr uint32_t kWholeShare = 65535;
constexpr int64_t kIdFactor = 1'000'000;
constexpr int64_t kScoreFactor = 100'000;

void addLittle(std::string& out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 255);
}

uint64_t readLittle(const std::string& data, size_t at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i)
        value |= uint64_t{static_cast<unsigned char>(data[at + i])} << (8 * i);
    return value;
}

/// Values i, i + step, … of a list of [items · step] for each i, byte by byte.
template<class T>
void addPlanes(std::string& out, const std::vector<T>& values, size_t step, size_t bytes)
{
    for (size_t byte = 0; byte < bytes; ++byte) {
        for (size_t plane = 0; plane < step; ++plane) {
            for (size_t i = plane; i < values.size(); i += step)
                out += static_cast<char>(static_cast<uint32_t>(values[i]) >> (8 * byte) & 255);
        }
    }
}

/// Takes planes from `at` on.
std::vector<uint32_t> takePlanes(const std::string& data, size_t& at, size_t count, size_t step,
                                 size_t bytes)
{
    std::vector<uint32_t> values(count, 0);
    for (size_t byte = 0; byte < bytes; ++byte) {
        for (size_t plane = 0; plane < step; ++plane) {
            for (size_t i = plane; i < count; i += step)
                values[i] |= uint32_t{static_cast<unsigned char>(data[at++])} << (8 * byte);
        }
    }
    return values;
}

std::vector<uint32_t> shareNumbers(const std::vector<float>& shares)
{
    std::vector<uint32_t> numbers;
    numbers.reserve(shares.size());
    for (const float share : shares)
        numbers.push_back(static_cast<uint32_t>(std::lround(share * float(kWholeShare))));
    return numbers;
}

/// Exchanges the shares of each item, `top` of them, for what they lack to the most that they can
/// be, or the other way round: the shares are what `shareOf` makes of a number and that most.
template<class ShareOf>
void exchangeLacks(std::vector<uint32_t>& numbers, size_t top, ShareOf shareOf)
{
    for (size_t begin = 0; begin < numbers.size(); begin += top) {
        uint32_t last = kWholeShare;
        uint32_t left = kWholeShare;
        for (size_t i = begin; i < begin + top; ++i) {
            const uint32_t most = std::min(last, left);
            const uint32_t share = shareOf(numbers[i], most);
            numbers[i] = (most - numbers[i]) & 0xffff; // its own inverse
            left -= std::min(left, share);
            last = share;
        }
    }
}

/// Whether each truth among the best has the share of its place there.
bool repeatTheBest(const std::vector<int32_t>& ranks, const std::vector<uint32_t>& best,
                   const std::vector<uint32_t>& truths, size_t top)
{
    for (size_t i = 0; i < ranks.size(); ++i) {
        const auto rank = static_cast<size_t>(ranks[i]);
        if (rank < top && truths[i] != best[i * top + rank])
            return false;
    }
    return true;
}

Failure damaged(const std::string& reason)
{
    return fail(ErrorCode::Corrupt, reason);
}

Result<std::vector<int32_t>> numbersBelow(const std::vector<uint32_t>& values, int64_t limit,
                                          const char* what)
{
    std::vector<int32_t> numbers;
    numbers.reserve(values.size());
    for (const uint32_t value : values) {
        if (int64_t{value} >= limit)
            return damaged(std::string(what) + " beyond the last class");
        numbers.push_back(static_cast<int32_t>(value));
    }
    return numbers;
}

std::vector<float> sharesOf(const std::vector<uint32_t>& values)
{
    std::vector<float> shares;
    shares.reserve(values.size());
    for (const uint32_t value : values)
        shares.push_back(static_cast<float>(value) / 65535.0f);
    return shares;
}

} // namespace

std::string encodePredictions(const metrics::PredictionDetails& details)
{
    const size_t items = details.truthRanks.size();
    const size_t classCount = details.items->list.classes.size();
    CLWB_CHECK(classCount <= kMaxListClasses && int64_t(items) <= kMaxListItems);
    const size_t classBytes = classCount <= 256 ? 1 : 2;
    const auto top = static_cast<size_t>(details.top);
    std::vector<uint32_t> best = shareNumbers(details.probabilities);
    std::vector<uint32_t> truths = shareNumbers(details.truthProbabilities);
    const bool isPlain = !repeatTheBest(details.truthRanks, best, truths, top);
    if (!isPlain) {
        size_t kept = 0;
        for (size_t i = 0; i < items; ++i) {
            if (static_cast<size_t>(details.truthRanks[i]) >= top)
                truths[kept++] = truths[i];
        }
        truths.resize(kept);
        exchangeLacks(best, top, [](uint32_t share, uint32_t) { return share; });
    }
    std::string planes;
    planes.reserve(items * (top + 1) * (classBytes + 2));
    if (top > 0)
        addPlanes(planes, details.classes, top, classBytes);
    addPlanes(planes, details.truthRanks, 1, classBytes);
    if (top > 0)
        addPlanes(planes, best, top, 2);
    addPlanes(planes, truths, 1, 2);

    std::string data(kMagic);
    data += isPlain ? kPlainVersion : kVersion;
    data += static_cast<char>(top);
    data += static_cast<char>(classBytes);
    data += '\0';
    addLittle(data, items, 4);
    addLittle(data, planes.size(), 4);
    uLongf packed = compressBound(planes.size());
    data.resize(kHeaderBytes + packed);
    const int code = compress2(reinterpret_cast<Bytef*>(data.data() + kHeaderBytes), &packed,
                               reinterpret_cast<const Bytef*>(planes.data()), planes.size(), 6);
    CLWB_CHECK(code == Z_OK);
    data.resize(kHeaderBytes + packed);
    return data;
}

Result<PackedPredictions> decodePredictions(const std::string& data, int64_t items, int64_t classes)
{
    if (data.size() < kHeaderBytes || data.compare(0, 4, kMagic) != 0)
        return damaged("no predictions");
    if (data[4] != kVersion && data[4] != kPlainVersion)
        return damaged("of format " + std::to_string(int{data[4]}) + ", this program reads up to " +
                       std::to_string(int{kVersion}));
    const bool isPlain = data[4] == kPlainVersion;
    const auto top = static_cast<size_t>(static_cast<unsigned char>(data[5]));
    const auto classBytes = static_cast<size_t>(static_cast<unsigned char>(data[6]));
    if (top > size_t{metrics::kTopClasses} || classBytes < 1 || classBytes > 2)
        return damaged("impossible head");
    if (items < 0 || items > kMaxListItems || int64_t(readLittle(data, 8, 4)) != items)
        return damaged("of another number of items than their list");
    const auto count = static_cast<size_t>(items);
    const size_t most = count * (top + 1) * (classBytes + 2);
    const size_t least = isPlain ? most : most - 2 * count; // where all truths are among the best
    const size_t bytes = readLittle(data, 12, 4);
    if (bytes < least || bytes > most)
        return damaged("of another size than their head says");
    std::string planes(bytes, '\0');
    uLongf unpacked = bytes;
    const int code = uncompress(reinterpret_cast<Bytef*>(planes.data()), &unpacked,
                                reinterpret_cast<const Bytef*>(data.data() + kHeaderBytes),
                                data.size() - kHeaderBytes);
    if (code != Z_OK || unpacked != bytes)
        return damaged("cut off or changed");
    PackedPredictions result;
    result.top = static_cast<int>(top);
    size_t at = 0;
    CLWB_ASSIGN(result.classes, numbersBelow(takePlanes(planes, at, count * top, top, classBytes),
                                             classes, "a class"));
    CLWB_ASSIGN(result.truthRanks,
                numbersBelow(takePlanes(planes, at, count, 1, classBytes), classes, "a rank"));
    std::vector<uint32_t> best = takePlanes(planes, at, count * top, top, 2);
    const auto isBeyond = [top](int32_t rank) { return static_cast<size_t>(rank) >= top; };
    const size_t kept = isPlain
                            ? count
                            : static_cast<size_t>(std::count_if(result.truthRanks.begin(),
                                                                result.truthRanks.end(), isBeyond));
    if (bytes != least + (isPlain ? 0 : 2 * kept))
        return damaged("of another size than their ranks say");
    std::vector<uint32_t> truths = takePlanes(planes, at, kept, 1, 2);
    if (!isPlain) {
        exchangeLacks(best, top,
                      [](uint32_t lack, uint32_t limit) { return (limit - lack) & 0xffff; });
        std::vector<uint32_t> all(count);
        size_t next = 0;
        for (size_t i = 0; i < count; ++i) {
            const int32_t rank = result.truthRanks[i];
            all[i] = isBeyond(rank) ? truths[next++] : best[i * top + static_cast<size_t>(rank)];
        }
        truths = std::move(all);
    }
    result.probabilities = sharesOf(best);
    result.truthProbabilities = sharesOf(truths);
    return result;
}

int64_t packCandidate(int64_t id, float score)
{
    return id * kIdFactor + std::lround(double{score} * kScoreFactor) + kScoreFactor;
}

UnpackedCandidate unpackCandidate(int64_t entry)
{
    return {entry / kIdFactor, double(entry % kIdFactor - kScoreFactor) / kScoreFactor};
}

Result<std::vector<int64_t>> readNumbers(const std::string& text, size_t most)
{
    std::vector<int64_t> numbers;
    if (text.size() < 2 || text.front() != '[' || text.back() != ']')
        return damaged("no list of candidates");
    const char* at = text.data() + 1;
    const char* const end = text.data() + text.size() - 1;
    while (at < end) {
        int64_t value = 0;
        const auto [next, failure] = std::from_chars(at, end, value);
        if (failure != std::errc() || value < 0 || numbers.size() >= most ||
            (next < end && *next != ','))
            return damaged("no list of candidates");
        numbers.push_back(value);
        at = next < end ? next + 1 : end;
    }
    return numbers;
}

} // namespace clwb::store
