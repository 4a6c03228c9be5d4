// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of the window in light and dark, the palette and style sheet made of them.
#pragma once

#include <QColor>
#include <QCoreApplication>
#include <QList>
#include <QPalette>
#include <QString>

class QApplication;

namespace clwb::ui
{

struct ThemeText
{
    Q_DECLARE_TR_FUNCTIONS(Theme)
};

enum class ThemeChoice { System, Light, Dark };

/// Roles, not colours: widgets name what they draw. Text roles have contrast >= 4.5:1 on
/// every ground: window, card, field, hover, accentSoft and problemGround().
struct Theme
{
    bool isDark = false;
    QColor window; ///< behind the cards
    QColor card;   ///< surfaces, navigation, menus
    QColor field;  ///< inputs
    QColor text;
    QColor muted;      ///< secondary text
    QColor grid;       ///< faint lines in plots and between areas
    QColor border;     ///< of inputs and buttons
    QColor hover;      ///< row or entry under the mouse
    QColor accent;     ///< the one accent colour
    QColor accentSoft; ///< selection behind text
    QColor onAccent;   ///< text on accent
    QColor good, bad, warning;
};

const Theme& lightTheme();
const Theme& darkTheme();
/// The theme whose palette this is; widgets call it with their own palette().
const Theme& themeOf(const QPalette& palette);

QPalette paletteOf(const Theme& theme);
QString styleSheetOf(const Theme& theme);

/// Whether its text is lighter than its windows.
bool isDarkPalette(const QPalette& palette);
/// Fusion with our palette and style sheet.
void applyTheme(QApplication& application, const Theme& theme);
/// Behind messages about problems.
QColor problemGround(const Theme& theme);

ThemeChoice themeFromText(const QString& text, ThemeChoice otherwise);
QString toText(ThemeChoice choice);

/// Colour of a method in every plot and list; references are grey. A line of it can be seen on both
/// themes' cards (kLineContrast); text is drawn in readableOn() of it.
QColor methodColour(const QString& kind, const QString& method);
/// The colour's neighbour for the n-th line that would look the same; 0: itself. As bright, so that
/// it can be seen on both themes' cards too.
QColor shadeOf(const QColor& colour, int shade);
/// Colours that a run can be given, with their names.
struct NamedColour
{
    QString name;
    QColor colour;
};
const QList<NamedColour>& lineColours();
/// Line style of an option: WM solid, IO dashed, TO dotted.
Qt::PenStyle optionStyle(const QString& option);
/// Colour of a loss term ("CE", "VR", …).
QColor lossColour(const QString& name);
/// `a` with `share` of `b` mixed in, 0…1.
QColor mixed(const QColor& a, const QColor& b, double share);

/// Contrast of two colours as WCAG 2 defines it, 1 to 21.
double contrast(const QColor& a, const QColor& b);
inline constexpr double kTextContrast = 4.5;
inline constexpr double kLineContrast = 3.0;
/// The colour, moved towards black or white until it can be read on the background.
QColor readableOn(const QColor& background, const QColor& colour);

} // namespace clwb::ui
