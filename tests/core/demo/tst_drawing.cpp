// SPDX-License-Identifier: GPL-3.0-or-later
// Tests trimming, premultiplying and halving of drawings, and what is refused.
#include "core/demo/drawing.h"
#include "core/demo/glyphs.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace clwb;
using namespace clwb::demo;

namespace
{

// Transparent but for an opaque rectangle of one colour.
std::vector<uint8_t> rectangle(int side, int x0, int y0, int x1, int y1, uint8_t alpha = 255)
{
    std::vector<uint8_t> rgba(static_cast<size_t>(4 * side * side), 0);
    for (int y = y0; y < y1; ++y) {
        for (int x = x0; x < x1; ++x) {
            const auto at = static_cast<size_t>(4 * (y * side + x));
            rgba[at] = 200;
            rgba[at + 1] = 100;
            rgba[at + 2] = 50;
            rgba[at + 3] = alpha;
        }
    }
    return rgba;
}

} // namespace

class TestDrawing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void marginsAreTrimmedToACentredSquare();
    void coloursArePremultiplied();
    void halvingKeepsTheCoveredArea();
    void shadowCoversTheThing();
    void uselessInputIsRefused();
    void pngFilesAreChecked();
    void missingFontSaysWhatToInstall();
    void glyphIsDrawnFromTheFont();
};

void TestDrawing::marginsAreTrimmedToACentredSquare()
{
    const auto drawing = Drawing::fromRgba(64, 64, rectangle(64, 10, 20, 50, 40));
    QVERIFY(drawing.has_value());
    const Drawing::Level& level = drawing->levels().front();
    QCOMPARE(level.contentSide(), 40);
    QCOMPARE(level.extent, 40 * 256);
    for (int y = 0; y < level.side; ++y) {
        for (int x = 0; x < level.side; ++x) {
            const bool inside = x >= 1 && x <= 40 && y >= 11 && y <= 30;
            QCOMPARE(level.pixels[static_cast<size_t>(y * level.side + x)] >> 24,
                     inside ? 255u : 0u);
        }
    }
}

void TestDrawing::coloursArePremultiplied()
{
    const auto drawing = Drawing::fromRgba(32, 32, rectangle(32, 0, 0, 32, 32, 128));
    QVERIFY(drawing.has_value());
    const Drawing::Level& level = drawing->levels().front();
    // 200·128/255 = 100.4, 100·128/255 = 50.2, 50·128/255 = 25.1
    QCOMPARE(level.pixels[static_cast<size_t>(16 * level.side + 16)],
             100u | 50u << 8 | 25u << 16 | 128u << 24);
}

void TestDrawing::halvingKeepsTheCoveredArea()
{
    const auto drawing = Drawing::fromRgba(64, 64, rectangle(64, 3, 3, 53, 43));
    QVERIFY(drawing.has_value());
    QVERIFY(drawing->levels().size() >= 3);
    double expected = 50 * 40;
    for (const Drawing::Level& level : drawing->levels()) {
        double covered = 0;
        for (const uint32_t pixel : level.pixels)
            covered += (pixel >> 24) / 255.0;
        QVERIFY2(std::abs(covered - expected) < 0.02 * expected + 1,
                 qPrintable(QString("%1 of %2").arg(covered).arg(expected)));
        // The border stays clear, otherwise edges would be cut off hard.
        for (int i = 0; i < level.side; ++i) {
            QCOMPARE(level.pixels[static_cast<size_t>(i)], 0u);
            QCOMPARE(level.pixels[static_cast<size_t>(i * level.side)], 0u);
        }
        expected /= 4;
    }
}

void TestDrawing::shadowCoversTheThing()
{
    const auto drawing = Drawing::fromRgba(64, 64, rectangle(64, 0, 0, 64, 64));
    QVERIFY(drawing.has_value());
    constexpr int side = Drawing::kShadowSide;
    const auto& shadow = drawing->shadow();
    QCOMPARE(shadow.size(), static_cast<size_t>(side * side));
    QVERIFY(shadow[side / 2 * side + side / 2] > 240);
    QVERIFY(shadow[0] < 8);
    // Half as dark at the outline.
    QVERIFY(std::abs(shadow[side / 2 * side + side / 4] - 128) < 40);
}

void TestDrawing::uselessInputIsRefused()
{
    QCOMPARE(Drawing::fromRgba(8, 8, rectangle(8, 0, 0, 0, 0)).error().code, ErrorCode::Data);
    QCOMPARE(Drawing::fromRgba(0, 8, {}).error().code, ErrorCode::Data);
    QCOMPARE(Drawing::fromRgba(8, 8, rectangle(4, 0, 0, 4, 4)).error().code, ErrorCode::Data);
    QVERIFY(Drawing::fromRgba(1, 1, rectangle(1, 0, 0, 1, 1)).has_value());
}

void TestDrawing::pngFilesAreChecked()
{
    QTemporaryDir folder;
    const QString path = folder.filePath("broken.png");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("\x89PNG\r\n\x1a\n and then nothing of use");
    file.close();
    const auto broken = Drawing::fromPng(path.toStdString());
    QVERIFY(!broken);
    QCOMPARE(broken.error().code, ErrorCode::Data);
    QVERIFY(broken.error().message.find("broken.png") != std::string::npos);
    QVERIFY(!Drawing::fromPng(folder.filePath("absent.png").toStdString()));
}

void TestDrawing::missingFontSaysWhatToInstall()
{
    const auto font = GlyphFont::open("/nonexistent/font.ttf");
    QVERIFY(!font);
    QCOMPARE(font.error().code, ErrorCode::Data);
    QVERIFY(font.error().hint.find("fonts-noto-color-emoji") != std::string::npos);
    const auto noFont = GlyphFont::open(CLWB_SOURCE_DIR "/CMakeLists.txt");
    QVERIFY(!noFont);
    QCOMPARE(noFont.error().code, ErrorCode::Data);
}

void TestDrawing::glyphIsDrawnFromTheFont()
{
    auto font = GlyphFont::open(defaultEmojiFont());
    if (!font)
        QSKIP("the colour emoji font is not installed");
    QVERIFY(font->has(0x1f415));
    QVERIFY(!font->has(0x4e00)); // a Chinese character
    const auto dog = font->draw(0x1f415);
    QVERIFY(dog.has_value());
    QVERIFY(dog->levels().front().contentSide() > 90); // glyphs are 136×128 with a margin
    QCOMPARE(font->draw(0x4e00).error().code, ErrorCode::Data);
}

QTEST_APPLESS_MAIN(TestDrawing)
#include "tst_drawing.moc"
