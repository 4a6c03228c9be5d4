// SPDX-License-Identifier: GPL-3.0-or-later
// Tests placing, camera effects and resizing against closed forms and plain loops.
#include "core/base/sha256.h"
#include "core/demo/backgrounds.h"
#include "core/demo/compositor.h"
#include "core/demo/fixed_point.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace clwb;
using namespace clwb::demo;

namespace
{

// A square of one colour, opaque.
Drawing squareDrawing()
{
    std::vector<uint8_t> rgba;
    for (int i = 0; i < 64 * 64; ++i)
        rgba.insert(rgba.end(), {40, 80, 120, 255});
    return *Drawing::fromRgba(64, 64, rgba);
}

// Left half red, right half blue.
Drawing twoColours()
{
    std::vector<uint8_t> rgba;
    for (int i = 0; i < 64 * 64; ++i) {
        const bool left = i % 64 < 32;
        rgba.insert(rgba.end(), {static_cast<uint8_t>(left ? 255 : 0), 0,
                                 static_cast<uint8_t>(left ? 0 : 255), 255});
    }
    return *Drawing::fromRgba(64, 64, rgba);
}

Placement centred(int side, int size)
{
    Placement placement;
    placement.centreX = placement.centreY = 128 * side;
    placement.size = 256 * size;
    return placement;
}

double mitchell(double t)
{
    t = std::abs(t);
    if (t < 1)
        return (7 * t * t * t - 12 * t * t + 16.0 / 3) / 6;
    if (t < 2)
        return (-7.0 / 3 * t * t * t + 12 * t * t - 20 * t + 32.0 / 3) / 6;
    return 0;
}

// One row of single values, in floating point.
std::vector<double> plainResize(const std::vector<double>& row, int to)
{
    const double ratio = static_cast<double>(row.size()) / to;
    const double widening = std::max(1.0, ratio);
    std::vector<double> result;
    for (int position = 0; position < to; ++position) {
        double sum = 0;
        double weights = 0;
        for (size_t source = 0; source < row.size(); ++source) {
            const double distance =
                (static_cast<double>(source) + 0.5 - (position + 0.5) * ratio) / widening;
            weights += mitchell(distance);
            sum += mitchell(distance) * row[source];
        }
        result.push_back(sum / weights);
    }
    return result;
}

} // namespace

class TestCompositor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void squareCoversItsPlaceExactly();
    void turnedSquareKeepsItsAreaAndMiddle_data();
    void turnedSquareKeepsItsAreaAndMiddle();
    void mirroringAndHalfATurnSwapSides();
    void placingOutsideOrTinyChangesNothing();
    void neutralCameraChangesNothing();
    void contrastAndBrightnessFollowTheFormula();
    void resizingAgreesWithAPlainLoop_data();
    void resizingAgreesWithAPlainLoop();
    void evenPicturesStayEven();
    void shadowsOnlyDarken();
    void snapshotOfAComposedPicture();
};

void TestCompositor::squareCoversItsPlaceExactly()
{
    Image image = blankImage(48, 48);
    place(image, squareDrawing(), centred(48, 32));
    for (int y = 0; y < 48; ++y) {
        for (int x = 0; x < 48; ++x) {
            const bool inside = x >= 8 && x < 40 && y >= 8 && y < 40;
            const bool atEdge =
                (x == 7 || x == 40 || y == 7 || y == 40) && x >= 7 && x <= 40 && y >= 7 && y <= 40;
            if (!atEdge)
                QVERIFY(std::abs(image.at(x, y)[0] - (inside ? 40 : 255)) <= 1 || x == 8 ||
                        x == 39 || y == 8 || y == 39);
        }
    }
    QVERIFY(std::abs(image.at(24, 24)[2] - 120) <= 1);
}

void TestCompositor::turnedSquareKeepsItsAreaAndMiddle_data()
{
    QTest::addColumn<int>("angle");
    for (const int angle : {0, 1000, 8192, -8192, 16384, 30000})
        QTest::addRow("%d", angle) << angle;
}

void TestCompositor::turnedSquareKeepsItsAreaAndMiddle()
{
    QFETCH(int, angle);
    Image image = blankImage(96, 96);
    Placement placement = centred(96, 50);
    placement.angle = angle;
    place(image, squareDrawing(), placement);
    double area = 0;
    double momentX = 0;
    double momentY = 0;
    for (int y = 0; y < 96; ++y) {
        for (int x = 0; x < 96; ++x) {
            const double cover = (255 - image.at(x, y)[0]) / 215.0;
            area += cover;
            momentX += cover * (x + 0.5);
            momentY += cover * (y + 0.5);
        }
    }
    QVERIFY2(std::abs(area - 2500) < 50, qPrintable(QString::number(area)));
    QVERIFY2(std::abs(momentX / area - 48) < 0.05, qPrintable(QString::number(momentX / area)));
    QVERIFY2(std::abs(momentY / area - 48) < 0.05, qPrintable(QString::number(momentY / area)));
}

void TestCompositor::mirroringAndHalfATurnSwapSides()
{
    const Drawing drawing = twoColours();
    const auto leftIsRed = [&](bool mirrored, int angle) {
        Image image = blankImage(48, 48);
        Placement placement = centred(48, 40);
        placement.mirrored = mirrored;
        placement.angle = angle;
        place(image, drawing, placement);
        return image.at(12, 24)[0] > 200;
    };
    QVERIFY(leftIsRed(false, 0));
    QVERIFY(!leftIsRed(true, 0));
    QVERIFY(!leftIsRed(false, kTurn / 2));
    QVERIFY(leftIsRed(true, kTurn / 2));
}

void TestCompositor::placingOutsideOrTinyChangesNothing()
{
    const Image blank = blankImage(32, 32);
    for (const int centre : {-100 * 256, 500 * 256}) {
        Image image = blank;
        Placement placement = centred(32, 20);
        placement.centreX = centre;
        place(image, squareDrawing(), placement);
        QVERIFY(image.pixels == blank.pixels);
    }
    Image image = blank;
    Placement placement = centred(32, 20);
    placement.size = 0;
    place(image, squareDrawing(), placement);
    placeShadow(image, squareDrawing(), placement, 0, 0, 200);
    QVERIFY(image.pixels == blank.pixels);
}

void TestCompositor::neutralCameraChangesNothing()
{
    Image image = blankImage(20, 10);
    Dice dice(0, "test", {});
    paintGround(image, Ground::ColourField, 256, dice);
    const Image before = image;
    applyCamera(image, {});
    QVERIFY(image.pixels == before.pixels);
}

void TestCompositor::contrastAndBrightnessFollowTheFormula()
{
    Image image = blankImage(4, 1);
    for (size_t i = 0; i < 12; ++i)
        image.pixels[i] = static_cast<uint8_t>(20 * i);
    const Image before = image;
    CameraEffects effects;
    effects.contrast = 128;
    effects.brightness = 10;
    applyCamera(image, effects);
    for (size_t i = 0; i < 12; ++i) {
        const double expected = (before.pixels[i] - 128.0) / 2 + 128 + 10;
        QVERIFY(std::abs(image.pixels[i] - expected) <= 1);
    }
}

void TestCompositor::resizingAgreesWithAPlainLoop_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::newRow("enlarge") << 14 << 48;
    QTest::newRow("enlarge a little") << 40 << 48;
    QTest::newRow("shrink") << 96 << 48;
    QTest::newRow("shrink a lot") << 100 << 7;
    QTest::newRow("one to many") << 1 << 9;
    QTest::newRow("many to one") << 9 << 1;
}

void TestCompositor::resizingAgreesWithAPlainLoop()
{
    QFETCH(int, from);
    QFETCH(int, to);
    Image image = blankImage(from, 1);
    Dice dice(3, "test", {});
    std::vector<double> row;
    for (int x = 0; x < from; ++x) {
        const int value = dice.between(60, 200);
        row.push_back(value);
        std::fill_n(image.pixels.begin() + 3 * x, 3, static_cast<uint8_t>(value));
    }
    const Image result = resized(image, to, 1);
    const std::vector<double> expected = plainResize(row, to);
    for (int x = 0; x < to; ++x) {
        // Distances are in 1/256 pixel and sums are rounded twice: two levels at most.
        QVERIFY2(std::abs(result.at(x, 0)[1] - expected[static_cast<size_t>(x)]) <= 2.0,
                 qPrintable(QString("%1: %2 and %3")
                                .arg(x)
                                .arg(result.at(x, 0)[1])
                                .arg(expected[static_cast<size_t>(x)])));
    }
}

void TestCompositor::evenPicturesStayEven()
{
    Image image = blankImage(13, 29);
    std::fill(image.pixels.begin(), image.pixels.end(), uint8_t{77});
    for (const auto& [width, height] : {std::pair{48, 48}, {5, 60}, {1, 1}, {200, 3}}) {
        const Image result = resized(image, width, height);
        QCOMPARE(result.width, width);
        QCOMPARE(result.height, height);
        QVERIFY(std::all_of(result.pixels.begin(), result.pixels.end(),
                            [](uint8_t value) { return value == 77; }));
    }
}

void TestCompositor::shadowsOnlyDarken()
{
    Image image = blankImage(64, 64);
    placeShadow(image, squareDrawing(), centred(64, 30), 2000, 2000, 128);
    darkenEllipse(image, {20 * 256, 50 * 256, 15 * 256, 5 * 256}, 200);
    QVERIFY(image.at(40, 40)[0] < 150);
    QVERIFY(image.at(20, 50)[0] < 100);
    QCOMPARE(image.at(2, 2)[0], uint8_t{255});
    QCOMPARE(image.at(62, 2)[0], uint8_t{255});
}

// Guards "the same bytes on every machine": our own output, so it says nothing about beauty.
void TestCompositor::snapshotOfAComposedPicture()
{
    Image image = blankImage(80, 60);
    Dice dice(42, "snapshot", {});
    for (const Ground ground : {Ground::Bokeh, Ground::Room}) {
        paintGround(image, ground, 220, dice);
        addTexture(image, 9, 20, dice);
        Placement placement = centred(60, 37);
        placement.angle = 3333;
        placement.shear = 20;
        placement.stretch = 290;
        placement.greyness = 70;
        placement.gain = {300, 256, 200};
        placeShadow(image, twoColours(), placement, 500, 900, 140);
        place(image, twoColours(), placement);
        CameraEffects effects;
        effects.lightX = 60;
        effects.vignette = 50;
        effects.noise = 12;
        effects.noiseSeed = dice.bits();
        applyCamera(image, effects);
        image = resized(image, 50, 70);
    }
    const std::string hash =
        sha256Hex({reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size()});
    QCOMPARE(QString::fromStdString(hash),
             QString("db9f13f129d7a52c4f41772c1dc503c3f6de6ab2b411926d62c91109e881a2f4"));
}

QTEST_APPLESS_MAIN(TestCompositor)
#include "tst_compositor.moc"
