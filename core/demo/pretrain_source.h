// SPDX-License-Identifier: GPL-3.0-or-later
// Endless captioned pictures for pre-training the mini CLIP, composed from other artists' drawings.
#pragma once

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/demo/compositor.h"
#include "core/demo/drawing.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace clwb::demo
{

/// One captioned picture.
struct PretrainSample
{
    Image image; ///< side×side
    std::string caption;
    std::vector<int> concepts; ///< ids of what is named, the first is the main one
};

/// Composes pictures on the fly. Easy at first, harder until 60 % of the training; clutter, low
/// resolution and scenes of two or three things only from the middle on.
class PretrainSource
{
public:
    /// @param artFolder folder written by packaging/demo/fetch_art.py, with its art.tsv
    /// @param side      pixels of a picture's side, 16 … 512
    /// @param sources   collections of art.tsv to draw from, for instance {"twemoji"}
    /// Errors: Usage (side, no source, unknown source), Data (list or drawings unreadable).
    static Result<PretrainSource> open(const std::filesystem::path& artFolder, int side,
                                       std::vector<std::string> sources);

    /// Sample number `index` of the stream `seed` at `progress` 0 … 1 of the training. Within each
    /// round of conceptCount() indices every concept is the main one exactly once.
    /// Thread: any; pure function of its arguments.
    [[nodiscard]] PretrainSample sample(uint64_t seed, uint64_t index, double progress) const;

    /// All names, keywords and sentence forms: the corpus of the vocabulary.
    [[nodiscard]] std::vector<std::string> captionCorpus() const;
    /// Names by concept id, also of concepts that no source draws.
    [[nodiscard]] std::vector<std::string> conceptNames() const;
    /// Number of concepts that have a drawing.
    [[nodiscard]] int conceptCount() const { return static_cast<int>(m_entries.size()); }

private:
    struct Entry
    {
        int conceptId = -1;
        std::vector<Drawing> drawings; ///< one a source that has it
    };
    struct Recipe;

    PretrainSource() = default;
    [[nodiscard]] const Drawing& anyDrawing(Dice& dice) const;
    [[nodiscard]] Image singlePicture(const Entry& entry, const Recipe& recipe, Dice& dice) const;
    [[nodiscard]] Image scenePicture(const std::vector<const Entry*>& entries, const Recipe& recipe,
                                     Dice& dice) const;

    int m_side = 0;
    std::vector<Entry> m_entries;
};

} // namespace clwb::demo
