// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/retrieval_picture.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/shell/theme.h"
#include "ui/widgets/ranked_paint.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RetrievalPictureText
{
    Q_DECLARE_TR_FUNCTIONS(RetrievalPicture)
};

constexpr int kPictureMargin = 12;
constexpr int kTileGap = 8;
constexpr size_t kMostTiles = 12; ///< of a model

/// How many columns make the tiles largest.
struct TileGrid
{
    int columns = 1;
    int side = 0;
};

TileGrid largestTiles(const QSize& area, int count, int lineHeight)
{
    TileGrid best;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        const int width = (area.width() + kTileGap) / columns - kTileGap;
        const int height = (area.height() + kTileGap) / rows - kTileGap - lineHeight;
        if (const int side = std::min(width, height); side > best.side)
            best = {columns, side};
    }
    return best;
}

/// The best ones; the last place is the truth's where it comes later.
std::vector<store::RankedCandidate> tilesOf(const ShownRetrieval::Side& side, size_t most)
{
    std::vector<store::RankedCandidate> tiles(
        side.candidates.begin(), side.candidates.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                               most, side.candidates.size())));
    const auto isTrue = [](const store::RankedCandidate& each) { return each.isRelevant; };
    const auto truth = std::find_if(side.candidates.begin(), side.candidates.end(), isTrue);
    if (!tiles.empty() && truth != side.candidates.end() &&
        std::none_of(tiles.begin(), tiles.end(), isTrue))
        tiles.back() = *truth;
    return tiles;
}

class RetrievalPainter
{
public:
    RetrievalPainter(QPainter& painter, const QPalette& palette, const QFont& font,
                     const ShownRetrieval& shown, const std::map<int64_t, QImage>& images)
        : m_painter(painter)
        , m_palette(palette)
        , m_font(font)
        , m_shown(shown)
        , m_images(images)
        , m_line(QFontMetrics(font).height() + 4)
    {}

    void paint(const QSize& size)
    {
        QRect area =
            QRect(QPoint(), size)
                .adjusted(kPictureMargin, kPictureMargin, -kPictureMargin, -kPictureMargin);
        area.setTop(paintQuery(area));
        const int half = (area.height() - kTileGap) / 2;
        paintSide(QRect(area.left(), area.top(), area.width(), half), u"A"_s, m_shown.a);
        paintSide(QRect(area.left(), area.bottom() - half + 1, area.width(), half), u"B"_s,
                  m_shown.b);
    }

private:
    [[nodiscard]] const Theme& theme() const { return themeOf(m_palette); }

    void paintText(const QRect& line, const QString& text, bool isBold)
    {
        QFont font = m_font;
        font.setBold(isBold);
        m_painter.setFont(font);
        m_painter.setPen(theme().text);
        m_painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                           QFontMetrics(font).elidedText(text, Qt::ElideRight, line.width()));
    }

    /// @return where the rest begins
    int paintQuery(const QRect& area)
    {
        QRect line(area.left(), area.top(), area.width(), m_line);
        int bottom = line.bottom() + kTileGap;
        if (m_shown.queryImage) {
            const int side = std::clamp(area.height() / 5, m_line, 160);
            const auto image = m_images.find(*m_shown.queryImage);
            paintWholePicture(m_painter, QRect(area.left(), area.top(), side, side), m_palette,
                              m_font, image == m_images.end() ? QImage() : image->second, {},
                              false);
            line.setLeft(area.left() + side + kTileGap);
            bottom = area.top() + side + kTileGap;
        }
        const QString query = QString(m_shown.query).replace(u'\n', u' ');
        paintText(line, m_shown.areCaptions() ? query : u"“%1”"_s.arg(query), true);
        return bottom;
    }

    void paintSide(const QRect& area, const QString& letter, const ShownRetrieval::Side& side)
    {
        QString title = letter + u"  "_s + side.model;
        if (side.rank)
            title += RetrievalPictureText::tr(" · truth at rank %1").arg(rankText(side.rank));
        paintText(QRect(area.left(), area.top(), area.width(), m_line), title, false);
        const QRect rest = area.adjusted(0, m_line + 2, 0, 0);
        if (m_shown.areCaptions())
            paintCaptions(rest, side);
        else
            paintTiles(rest, side);
    }

    [[nodiscard]] RankedItem itemOf(const store::RankedCandidate& candidate) const
    {
        const double top = m_shown.topScore();
        RankedItem item;
        item.rank = candidate.rank + 1;
        item.score = candidate.score;
        item.share = top > 0 ? std::clamp(candidate.score / top, 0.0, 1.0) : 0;
        item.isRelevant = candidate.isRelevant;
        item.text = toQt(candidate.text);
        if (const auto image = m_images.find(candidate.imageId); image != m_images.end())
            item.image = image->second;
        return item;
    }

    void paintCaptions(const QRect& area, const ShownRetrieval::Side& side)
    {
        const int height = m_line + 4;
        const auto tiles = tilesOf(side, static_cast<size_t>(std::max(0, area.height() / height)));
        QRect line(area.left(), area.top(), area.width(), height);
        for (const store::RankedCandidate& candidate : tiles) {
            paintRankedCaption(m_painter, line, m_palette, m_font, itemOf(candidate));
            line.translate(0, height);
        }
    }

    void paintTiles(const QRect& area, const ShownRetrieval::Side& side)
    {
        const auto tiles = tilesOf(side, kMostTiles);
        if (tiles.empty())
            return;
        const int below = rankedLineHeight(m_font);
        const TileGrid grid = largestTiles(area.size(), static_cast<int>(tiles.size()), below);
        if (grid.side <= 0)
            return;
        for (size_t at = 0; at < tiles.size(); ++at) {
            const int column = static_cast<int>(at) % grid.columns;
            const int row = static_cast<int>(at) / grid.columns;
            const QRect tile(area.left() + column * (grid.side + kTileGap),
                             area.top() + row * (grid.side + below + kTileGap), grid.side,
                             grid.side + below);
            paintRankedPicture(m_painter, tile, m_palette, m_font, itemOf(tiles[at]));
        }
    }

    QPainter& m_painter;
    const QPalette& m_palette;
    const QFont& m_font;
    const ShownRetrieval& m_shown;
    const std::map<int64_t, QImage>& m_images;
    int m_line;
};

} // namespace

void paintRetrieval(QPainter& painter, const QSize& size, const QPalette& palette,
                    const QFont& font, const ShownRetrieval& shown,
                    const std::map<int64_t, QImage>& images)
{
    RetrievalPainter(painter, palette, font, shown, images).paint(size);
}

} // namespace clwb::ui
