// SPDX-License-Identifier: GPL-3.0-or-later
// Drawings out of the colour emoji font that Debian ships (bitmap glyphs, through FreeType).
#pragma once

#include "core/base/error.h"
#include "core/demo/drawing.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace clwb::demo
{

/// The font that is used where nothing else is said: the file named by the environment variable
/// CLWB_EMOJI_FONT, otherwise where Debian's package fonts-noto-color-emoji puts it.
std::filesystem::path defaultEmojiFont();

/// An open colour bitmap font. Thread: one at a time.
class GlyphFont
{
public:
    /// Errors: Data when the file is missing, no font, or has no colour bitmaps.
    static Result<GlyphFont> open(const std::filesystem::path& file);
    GlyphFont(GlyphFont&&) noexcept;
    GlyphFont& operator=(GlyphFont&&) noexcept;
    ~GlyphFont();

    /// Whether the font draws that code point.
    [[nodiscard]] bool has(uint32_t codePoint) const;
    /// Errors: Data when it doesn't, or the glyph is damaged.
    Result<Drawing> draw(uint32_t codePoint);

private:
    struct Private;
    explicit GlyphFont(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

} // namespace clwb::demo
