// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that knows FreeType.
#include "core/demo/glyphs.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <cstdlib>
#include <string>
#include <vector>

namespace clwb::demo
{
namespace
{

constexpr const char* kDebianFont = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";
constexpr const char* kInstallHint =
    "install Debian's package fonts-noto-color-emoji, or let the environment variable "
    "CLWB_EMOJI_FONT name a NotoColorEmoji.ttf with bitmap glyphs";

Failure fontFailure(const std::filesystem::path& file, const std::string& problem)
{
    return fail(ErrorCode::Data, "emoji font: " + file.string() + ": " + problem, kInstallHint);
}

// FreeType gives premultiplied B, G, R, A; drawings are made of straight R, G, B, A.
std::vector<uint8_t> straightPixels(const FT_Bitmap& bitmap)
{
    const size_t width = bitmap.width;
    std::vector<uint8_t> rgba(4 * width * bitmap.rows);
    uint8_t* to = rgba.data();
    for (unsigned y = 0; y < bitmap.rows; ++y) {
        const uint8_t* from = bitmap.buffer + static_cast<ptrdiff_t>(y) * bitmap.pitch;
        for (size_t x = 0; x < width; ++x, from += 4, to += 4) {
            const unsigned alpha = from[3];
            if (alpha == 0)
                continue;
            for (size_t channel = 0; channel < 3; ++channel)
                to[channel] = static_cast<uint8_t>(
                    std::min(255u, (from[2 - channel] * 255u + alpha / 2) / alpha));
            to[3] = from[3];
        }
    }
    return rgba;
}

} // namespace

struct GlyphFont::Private
{
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    std::filesystem::path file;

    Private() = default;
    Private(const Private&) = delete;
    Private& operator=(const Private&) = delete;
    ~Private()
    {
        if (face)
            FT_Done_Face(face);
        if (library)
            FT_Done_FreeType(library);
    }
};

GlyphFont::GlyphFont(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{}
GlyphFont::GlyphFont(GlyphFont&&) noexcept = default;
GlyphFont& GlyphFont::operator=(GlyphFont&&) noexcept = default;
GlyphFont::~GlyphFont() = default;

std::filesystem::path defaultEmojiFont()
{
    const char* named = std::getenv("CLWB_EMOJI_FONT");
    return named && *named ? named : kDebianFont;
}

Result<GlyphFont> GlyphFont::open(const std::filesystem::path& file)
{
    std::error_code problem;
    if (!std::filesystem::is_regular_file(file, problem))
        return fontFailure(file, "no such file");
    auto d = std::make_unique<Private>();
    d->file = file;
    if (FT_Init_FreeType(&d->library) != 0)
        return fontFailure(file, "FreeType could not be started");
    if (FT_New_Face(d->library, file.c_str(), 0, &d->face) != 0)
        return fontFailure(file, "expected a font file, got something else");
    if (!FT_HAS_COLOR(d->face) || d->face->num_fixed_sizes < 1)
        return fontFailure(file, "expected a font with colour bitmaps, got one without");
    if (FT_Select_Size(d->face, 0) != 0)
        return fontFailure(file, "its bitmap size cannot be selected");
    return GlyphFont(std::move(d));
}

bool GlyphFont::has(uint32_t codePoint) const
{
    return FT_Get_Char_Index(m_d->face, codePoint) != 0;
}

Result<Drawing> GlyphFont::draw(uint32_t codePoint)
{
    const std::string name = "code point " + std::to_string(codePoint);
    const FT_UInt index = FT_Get_Char_Index(m_d->face, codePoint);
    if (index == 0)
        return fontFailure(m_d->file, name + ": the font does not have it");
    if (FT_Load_Glyph(m_d->face, index, FT_LOAD_COLOR) != 0)
        return fontFailure(m_d->file, name + ": the glyph cannot be read");
    const FT_Bitmap& bitmap = m_d->face->glyph->bitmap;
    if (bitmap.pixel_mode != FT_PIXEL_MODE_BGRA || bitmap.width < 1 || bitmap.rows < 1 ||
        bitmap.width > 4096 || bitmap.rows > 4096)
        return fontFailure(m_d->file, name + ": expected a colour bitmap of at most 4096 pixels");
    return Drawing::fromRgba(static_cast<int>(bitmap.width), static_cast<int>(bitmap.rows),
                             straightPixels(bitmap));
}

} // namespace clwb::demo
