// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the images of a study exist and look whole, remembered by size and time.
#pragma once

#include "core/base/stop_token.h"
#include "core/data/image_probe.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace clwb::data
{

/// What a look at a file gave: its header, or why it cannot be used.
struct ImageVerdict
{
    FileStamp stamp;
    ImageHeader header; ///< when `reason` is empty
    std::string reason;
};

/// Pictures that runs take, converted as Pillow does, but that are worth knowing of; each file
/// counts once.
struct UnusualPictures
{
    int64_t cmyk = 0;
    int64_t sixteenBits = 0;
    int64_t animated = 0;
    std::set<std::string> files; ///< all of them

    void count(const ImageHeader& header, const std::filesystem::path& file);
    /// "12 CMYK pictures, 3 pictures of 16 bits: converted as Pillow does"; empty: there are none.
    [[nodiscard]] std::string text() const;
};

/// Looks at every file once, in parallel; a file that has not changed is not opened again.
class ImageChecker
{
public:
    /// @param memory file that remembers good images across processes; empty: this object only. A
    ///               damaged one is ignored: it is a cache.
    explicit ImageChecker(std::filesystem::path memory = {});
    ~ImageChecker();
    ImageChecker(const ImageChecker&) = delete;
    ImageChecker& operator=(const ImageChecker&) = delete;

    /// Looks at the files not seen yet.
    /// @param looked called with how many were looked at since its last call; any thread
    /// Errors: Stopped.
    Result<void> look(const std::vector<std::filesystem::path>& files, const StopToken& stop,
                      const std::function<void(int64_t files)>& looked = {});
    /// Nothing where look() did not have this file.
    [[nodiscard]] const ImageVerdict* find(const std::filesystem::path& file) const;
    /// CHECK: look() had this file.
    [[nodiscard]] const ImageVerdict& verdictOf(const std::filesystem::path& file) const;

private:
    void readMemory();
    void writeMemory() const;
    std::filesystem::path m_memory;
    bool m_hasNews = false;
    std::unordered_map<std::string, ImageVerdict> m_verdicts;
    std::unordered_map<std::string, ImageVerdict> m_remembered; ///< good ones of earlier processes
};

} // namespace clwb::data
