// SPDX-License-Identifier: GPL-3.0-or-later
// The two colour sets and the colours of methods, options and loss terms.
#include "ui/shell/theme.h"

#include <QApplication>
#include <QHash>
#include <QStyleFactory>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Relative luminance of WCAG 2, 0 to 1.
double luminance(const QColor& colour)
{
    const auto linear = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

} // namespace

const Theme& lightTheme()
{
    static const Theme theme{.isDark = false,
                             .window = QColor(0xf3, 0xf5, 0xf7),
                             .card = QColor(0xff, 0xff, 0xff),
                             .field = QColor(0xff, 0xff, 0xff),
                             .text = QColor(0x1c, 0x20, 0x26),
                             .muted = QColor(0x5f, 0x67, 0x73),
                             .grid = QColor(0xe6, 0xe8, 0xec),
                             .border = QColor(0xdb, 0xdf, 0xe5),
                             .hover = QColor(0xf2, 0xf5, 0xf9),
                             .accent = QColor(0x23, 0x62, 0xbd),
                             .accentSoft = QColor(0xe0, 0xeb, 0xf9),
                             .onAccent = QColor(0xff, 0xff, 0xff),
                             .good = QColor(0x1a, 0x74, 0x44),
                             .bad = QColor(0xb9, 0x32, 0x32),
                             .warning = QColor(0xa0, 0x4e, 0x0c)};
    return theme;
}

const Theme& darkTheme()
{
    static const Theme theme{.isDark = true,
                             .window = QColor(0x1d, 0x1f, 0x23),
                             .card = QColor(0x26, 0x29, 0x2e),
                             .field = QColor(0x2c, 0x2f, 0x35),
                             .text = QColor(0xea, 0xec, 0xef),
                             .muted = QColor(0x9f, 0xa7, 0xb2),
                             .grid = QColor(0x37, 0x3b, 0x42),
                             .border = QColor(0x3e, 0x43, 0x4b),
                             .hover = QColor(0x2d, 0x31, 0x37),
                             .accent = QColor(0x64, 0xa8, 0xf7),
                             .accentSoft = QColor(0x2b, 0x3b, 0x50),
                             .onAccent = QColor(0x10, 0x16, 0x1e),
                             .good = QColor(0x5c, 0xbf, 0x89),
                             .bad = QColor(0xf5, 0x86, 0x82),
                             .warning = QColor(0xe8, 0x9a, 0x55)};
    return theme;
}

const Theme& themeOf(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? darkTheme() : lightTheme();
}

QPalette paletteOf(const Theme& theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.window);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.card);
    palette.setColor(QPalette::AlternateBase, theme.window);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.muted);
    palette.setColor(QPalette::Button, theme.card);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.bad);
    palette.setColor(QPalette::Highlight, theme.accentSoft);
    palette.setColor(QPalette::HighlightedText, theme.text);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::ToolTipBase, theme.card);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::Light, mixed(theme.card, Qt::white, 0.2));
    palette.setColor(QPalette::Midlight, theme.grid);
    palette.setColor(QPalette::Mid, theme.border);
    palette.setColor(QPalette::Dark, mixed(theme.border, theme.text, 0.2));
    palette.setColor(QPalette::Shadow, mixed(theme.border, Qt::black, 0.4));
    const QColor faint = mixed(theme.muted, theme.card, 0.45);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faint);
    return palette;
}

bool isDarkPalette(const QPalette& palette)
{
    return palette.color(QPalette::WindowText).lightness() >
           palette.color(QPalette::Window).lightness();
}

void applyTheme(QApplication& application, const Theme& theme)
{
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    QApplication::setPalette(paletteOf(theme));
    application.setStyleSheet(styleSheetOf(theme));
}

QColor problemGround(const Theme& theme)
{
    return mixed(theme.card, theme.bad, 0.14);
}

ThemeChoice themeFromText(const QString& text, ThemeChoice otherwise)
{
    if (text == "light"_L1)
        return ThemeChoice::Light;
    if (text == "dark"_L1)
        return ThemeChoice::Dark;
    return text == "system"_L1 ? ThemeChoice::System : otherwise;
}

QString toText(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::Light:
        return u"light"_s;
    case ThemeChoice::Dark:
        return u"dark"_s;
    case ThemeChoice::System:
        break;
    }
    return u"system"_s;
}

QColor methodColour(const QString& kind, const QString& method)
{
    static const QHash<QString, QColor> colours{
        {u"vr-lwf"_s, QColor(0x3d, 0x8b, 0xdd)}, {u"lwf"_s, QColor(0x91, 0x6b, 0xd0)},
        {u"ft"_s, QColor(0xe0, 0x74, 0x2f)},     {u"geodl"_s, QColor(0x2f, 0x9c, 0x93)},
        {u"imm"_s, QColor(0xb3, 0x8c, 0x14)},    {u"rkr"_s, QColor(0xc4, 0x59, 0x96)}};
    const QColor grey(0x86, 0x8e, 0x9a);
    return kind == "method"_L1 || kind.isEmpty() ? colours.value(method, grey) : grey;
}

QColor shadeOf(const QColor& colour, int shade)
{
    if (shade <= 0)
        return colour;
    constexpr double kTurns[] = {0.036, -0.036, 0.066, -0.066}; // of the colour circle
    constexpr double kSaturations[] = {0.55, 0.8, 0.4, 0.95};
    const auto at = static_cast<size_t>(shade - 1) % std::size(kTurns);
    const double hue = std::fmod(std::max(0.0F, colour.hslHueF()) + 1 + kTurns[at], 1.0);
    const double saturation = colour.hslSaturationF() * kSaturations[at];
    // The lightness that gives the contrast of the colour itself.
    const double wanted = contrast(colour, Qt::black);
    double low = 0;
    double high = 1;
    for (int step = 0; step < 16; ++step) {
        const double middle = (low + high) / 2;
        const QColor tried = QColor::fromHslF(
            static_cast<float>(hue), static_cast<float>(saturation), static_cast<float>(middle));
        (contrast(tried, Qt::black) < wanted ? low : high) = middle;
    }
    return QColor::fromHslF(static_cast<float>(hue), static_cast<float>(saturation),
                            static_cast<float>(high));
}

const QList<NamedColour>& lineColours()
{
    static const QList<NamedColour> colours{{ThemeText::tr("Blue"), QColor(0x3d, 0x8b, 0xdd)},
                                            {ThemeText::tr("Violet"), QColor(0x91, 0x6b, 0xd0)},
                                            {ThemeText::tr("Pink"), QColor(0xc4, 0x59, 0x96)},
                                            {ThemeText::tr("Red"), QColor(0xd6, 0x50, 0x4f)},
                                            {ThemeText::tr("Orange"), QColor(0xe0, 0x74, 0x2f)},
                                            {ThemeText::tr("Gold"), QColor(0xb3, 0x8c, 0x14)},
                                            {ThemeText::tr("Green"), QColor(0x38, 0x99, 0x5f)},
                                            {ThemeText::tr("Teal"), QColor(0x2f, 0x9c, 0x93)},
                                            {ThemeText::tr("Brown"), QColor(0xa0, 0x71, 0x4f)},
                                            {ThemeText::tr("Grey"), QColor(0x86, 0x8e, 0x9a)}};
    return colours;
}

Qt::PenStyle optionStyle(const QString& option)
{
    if (option == "IO"_L1)
        return Qt::DashLine;
    return option == "TO"_L1 ? Qt::DotLine : Qt::SolidLine;
}

QColor lossColour(const QString& name)
{
    static const QHash<QString, QColor> colours{
        {u"CE"_s, QColor(0xe0, 0x74, 0x2f)},       {u"VR"_s, QColor(0x3d, 0x8b, 0xdd)},
        {u"Pre"_s, QColor(0x38, 0x99, 0x5f)},      {u"LwF"_s, QColor(0x91, 0x6b, 0xd0)},
        {u"GeoImage"_s, QColor(0x2f, 0x9c, 0x93)}, {u"GeoText"_s, QColor(0xb3, 0x8c, 0x14)}};
    return colours.value(name, QColor(0x86, 0x8e, 0x9a));
}

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto blend = [share](int x, int y) {
        return static_cast<int>(x + (y - x) * share + 0.5);
    };
    return QColor(blend(a.red(), b.red()), blend(a.green(), b.green()), blend(a.blue(), b.blue()));
}

double contrast(const QColor& a, const QColor& b)
{
    const double first = luminance(a) + 0.05;
    const double second = luminance(b) + 0.05;
    return std::max(first, second) / std::min(first, second);
}

QColor readableOn(const QColor& background, const QColor& colour)
{
    const QColor end =
        contrast(background, Qt::black) > contrast(background, Qt::white) ? Qt::black : Qt::white;
    for (int step = 0; step < 20; ++step) {
        const QColor moved = mixed(colour, end, step / 20.0);
        if (contrast(background, moved) >= kTextContrast)
            return moved;
    }
    return end;
}

} // namespace clwb::ui
