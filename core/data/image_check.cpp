// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_check.h"

#include "core/base/check.h"
#include "core/base/file.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <thread>

namespace clwb::data
{
namespace
{

constexpr std::string_view kMemoryHead = "clwb checked images 2\n";

/// One look; `known` is what an earlier process found.
ImageVerdict lookAt(const std::string& file, const ImageVerdict* known)
{
    ImageVerdict verdict;
    try {
        const auto stamp = stampOf(file);
        if (!stamp) {
            verdict.reason = stamp.error().message;
            return verdict;
        }
        if (known && known->stamp == *stamp)
            return *known;
        verdict.stamp = *stamp;
        const auto header = probeImageFile(file);
        if (header)
            verdict.header = *header;
        else
            verdict.reason = header.error().message;
    } catch (const std::exception& exception) { // a thread boundary
        verdict.reason = exception.what();
    }
    return verdict;
}

/// The yes and no of a header as one number.
int formOf(const ImageHeader& header)
{
    return (header.isCmyk ? 1 : 0) + (header.has16Bits ? 2 : 0) + (header.isAnimated ? 4 : 0);
}

std::string countedPictures(int64_t count, const char* before, const char* after)
{
    return std::to_string(count) + before + (count == 1 ? " picture" : " pictures") + after;
}

} // namespace

void UnusualPictures::count(const ImageHeader& header, const std::filesystem::path& file)
{
    if (formOf(header) == 0 || !files.insert(file.string()).second)
        return;
    cmyk += header.isCmyk ? 1 : 0;
    sixteenBits += header.has16Bits ? 1 : 0;
    animated += header.isAnimated ? 1 : 0;
}

std::string UnusualPictures::text() const
{
    std::string counts;
    const auto add = [&counts](int64_t count, const char* before, const char* after) {
        if (count > 0)
            counts += (counts.empty() ? "" : ", ") + countedPictures(count, before, after);
    };
    add(cmyk, " CMYK", "");
    add(sixteenBits, "", " of 16 bits");
    add(animated, " animated", " (the first frame)");
    return counts.empty() ? counts : counts + ": converted as Pillow does";
}

ImageChecker::ImageChecker(std::filesystem::path memory)
    : m_memory(std::move(memory))
{
    if (!m_memory.empty())
        readMemory();
}

ImageChecker::~ImageChecker()
{
    if (!m_memory.empty() && m_hasNews)
        writeMemory();
}

Result<void> ImageChecker::look(const std::vector<std::filesystem::path>& files,
                                const StopToken& stop,
                                const std::function<void(int64_t files)>& looked)
{
    std::vector<std::string> missing;
    for (const std::filesystem::path& file : files) {
        if (!m_verdicts.contains(file.string()))
            missing.push_back(file.string());
    }
    std::sort(missing.begin(), missing.end());
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    std::vector<ImageVerdict> found(missing.size());
    std::atomic<size_t> next{0};
    constexpr size_t kPortion = 64;
    const auto work = [&] {
        for (size_t from = next.fetch_add(kPortion); from < missing.size() && !stop.stopRequested();
             from = next.fetch_add(kPortion)) {
            const size_t end = std::min(from + kPortion, missing.size());
            for (size_t i = from; i < end; ++i) {
                const auto known = m_remembered.find(missing[i]);
                found[i] =
                    lookAt(missing[i], known == m_remembered.end() ? nullptr : &known->second);
            }
            if (looked)
                looked(static_cast<int64_t>(end - from));
        }
    };
    // Mostly waiting for the disk: more threads than cores help on a network file system.
    std::vector<std::jthread> helpers;
    for (size_t i = 1; i < 4 && i * kPortion < missing.size(); ++i)
        helpers.emplace_back(work);
    work();
    helpers.clear();
    if (stop.stopRequested())
        return fail(ErrorCode::Stopped, "stopped while checking images");
    for (size_t i = 0; i < missing.size(); ++i) {
        const auto known = m_remembered.find(missing[i]);
        const bool isKnown = known != m_remembered.end() && known->second.stamp == found[i].stamp;
        m_hasNews = m_hasNews || (found[i].reason.empty() && !isKnown);
        m_verdicts.emplace(missing[i], std::move(found[i]));
    }
    return {};
}

const ImageVerdict* ImageChecker::find(const std::filesystem::path& file) const
{
    const auto found = m_verdicts.find(file.string());
    return found == m_verdicts.end() ? nullptr : &found->second;
}

const ImageVerdict& ImageChecker::verdictOf(const std::filesystem::path& file) const
{
    const ImageVerdict* verdict = find(file);
    CLWB_CHECK(verdict, file.string());
    return *verdict;
}

void ImageChecker::readMemory()
{
    // A line an image: size, time, format, width, height, orientation, form, file.
    const auto text = readFile(m_memory, uint64_t(1) << 30);
    if (!text || !text->starts_with(kMemoryHead))
        return;
    std::string_view rest = std::string_view(*text).substr(kMemoryHead.size());
    while (!rest.empty()) {
        const size_t end = rest.find('\n');
        if (end == std::string_view::npos)
            return;
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        int64_t numbers[7] = {};
        bool isGood = true;
        for (int64_t& number : numbers) {
            const auto [after, failure] =
                std::from_chars(line.data(), line.data() + line.size(), number);
            isGood = isGood && failure == std::errc() && after != line.data() + line.size();
            if (!isGood)
                break;
            line.remove_prefix(static_cast<size_t>(after - line.data()) + 1);
        }
        if (!isGood || numbers[2] < 0 || numbers[2] > 3 || numbers[6] < 0 || numbers[6] > 7)
            continue;
        ImageVerdict verdict;
        verdict.stamp = {static_cast<uint64_t>(numbers[0]), numbers[1]};
        verdict.header = {static_cast<ImageFormat>(numbers[2]),
                          static_cast<int>(numbers[3]),
                          static_cast<int>(numbers[4]),
                          static_cast<int>(numbers[5]),
                          (numbers[6] & 1) != 0,
                          (numbers[6] & 2) != 0,
                          (numbers[6] & 4) != 0};
        m_remembered.emplace(line, verdict);
    }
}

void ImageChecker::writeMemory() const
{
    std::string text(kMemoryHead);
    const auto add = [&](const std::string& file, const ImageVerdict& verdict) {
        if (!verdict.reason.empty() || file.find('\n') != std::string::npos)
            return;
        for (const int64_t number :
             {static_cast<int64_t>(verdict.stamp.size), verdict.stamp.modifiedNs,
              static_cast<int64_t>(verdict.header.format), int64_t(verdict.header.width),
              int64_t(verdict.header.height), int64_t(verdict.header.orientation),
              int64_t(formOf(verdict.header))})
            text += std::to_string(number) + "\t";
        text += file + "\n";
    };
    for (const auto& [file, verdict] : m_verdicts)
        add(file, verdict);
    for (const auto& [file, verdict] : m_remembered) {
        if (!m_verdicts.contains(file))
            add(file, verdict);
    }
    // Only a cache: a failure to write it costs time, nothing else.
    if (createFolders(m_memory.parent_path()))
        (void)writeFileAtomically(m_memory, text);
}

} // namespace clwb::data
