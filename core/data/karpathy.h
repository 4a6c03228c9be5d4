// SPDX-License-Identifier: GPL-3.0-or-later
// Karpathy's dataset_*.json: which image belongs to which split, and its captions (9.2).
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::data
{

struct KarpathyImage
{
    std::string folder;   ///< "filepath"; empty when the file has none (Flickr30k)
    std::string fileName; ///< "filename"
    std::string split;    ///< train | restval | val | test
    std::optional<int64_t> cocoId;
    std::vector<std::string> captions; ///< "raw" of every sentence, in order

    /// Name below the images root: folder/fileName.
    [[nodiscard]] std::string name() const
    {
        return folder.empty() ? fileName : folder + "/" + fileName;
    }
};

/// Entries in file order. Errors: Data for malformed JSON, no "images", an entry without filename
/// or split; Stopped.
Result<std::vector<KarpathyImage>> readKarpathy(const std::filesystem::path& file,
                                                const StopToken& stop);

} // namespace clwb::data
