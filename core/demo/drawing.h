// SPDX-License-Identifier: GPL-3.0-or-later
// A drawing of one thing on transparent ground, ready to be placed at any size.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace clwb::demo
{

/// Premultiplied RGBA in halving sizes. The thing itself is centred and its longer side fills the
/// content square, so that drawings of different artists come out equally large.
class Drawing
{
public:
    /// One size: `side`² pixels with a transparent border one pixel wide around the content square.
    struct Level
    {
        int side = 0;
        int extent = 0;               ///< the thing's longer side in 1/256 pixel of this level
        std::vector<uint32_t> pixels; ///< R in the low byte, A in the high byte

        /// Room for the thing without the border; even.
        [[nodiscard]] int contentSide() const { return side - 2; }
    };

    /// @param rgba straight (not premultiplied) RGBA, 4·width·height bytes
    /// Errors: Data when nothing in it is visible or a side is not in 1 … 4096.
    static Result<Drawing> fromRgba(int width, int height, std::span<const uint8_t> rgba);
    /// Reads a PNG with transparency. Errors: Data.
    static Result<Drawing> fromPng(const std::filesystem::path& path);

    /// Largest first, never empty.
    [[nodiscard]] const std::vector<Level>& levels() const { return m_levels; }
    /// The outline, strongly blurred, 8 bits; twice as wide as the content square.
    [[nodiscard]] const std::vector<uint8_t>& shadow() const { return m_shadow; }
    static constexpr int kShadowSide = 32;

private:
    std::vector<Level> m_levels;
    std::vector<uint8_t> m_shadow;
};

} // namespace clwb::demo
