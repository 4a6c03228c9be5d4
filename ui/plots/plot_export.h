// SPDX-License-Identifier: GPL-3.0-or-later
// A figure as PNG, SVG, PDF or CSV at a size of paper, on the clipboard, and the menu that offers
// it.
#pragma once

#include "core/base/error.h"
#include "ui/models/data_table.h"

#include <QByteArray>
#include <QPointer>
#include <QSize>
#include <QSizeF>
#include <QString>

#include <functional>
#include <optional>

class QCPPainter;
class QCustomPlot;
class QMenu;
class QPoint;
class QWidget;

namespace clwb::ui
{

class Settings;

/// What can be exported: a picture of a widget, painted at any size, and the numbers behind it.
/// A value, taken when the user asks: it holds what is shown then.
struct Figure
{
    QString name; ///< of files, without extension: "zs-acc-by-session"
    QPointer<QWidget> widget =
        {}; ///< follows the palette it is given; a figure without one is a table
    /// Paints into a rectangle from (0, 0) of logical pixels, 96 to an inch.
    std::function<void(QCPPainter&, const QSize&)> paint = {};
    std::optional<DataTable> table = {};
    QString csv = {}; ///< where there is no table

    [[nodiscard]] QString csvText() const { return table ? csvOf(*table) : csv; }
    [[nodiscard]] bool isPicture() const { return paint && widget; }
};
/// The plot as it is zoomed; `widget` is what rebuilds it for another palette.
Figure figureOf(QCustomPlot& plot, QWidget& widget, const QString& name);

enum class FigureLook {
    AsShown,
    Print ///< light, also where the window is dark
};

struct FigureFormat
{
    QString type = QStringLiteral("pdf"); ///< png svg pdf
    QSizeF millimetres{85, 60};           ///< 85 mm is one column of a two-column paper
    int dotsPerInch = 300;                ///< of PNG
    FigureLook look = FigureLook::Print;
};

/// Texts keep their size in points whatever the size of the figure.
/// Errors: Usage (no picture, unknown type, a size outside 20…1000 mm), Data.
Result<QByteArray> renderFigure(const Figure& figure, const FigureFormat& format);
/// An old file stays untouched when writing fails. Errors: as renderFigure(), DiskFull.
Result<void> saveFigure(const Figure& figure, const FigureFormat& format, const QString& file);
Result<void> saveFigureData(const Figure& figure, const QString& file);

/// At twice the resolution of the screen, in the colours shown.
void copyPicture(const Figure& figure);
/// As a picture for slides and, in the same copy, as a table for documents.
void copyFigure(const Figure& figure);
/// As a table for word processors and spreadsheets, with CSV where there is none.
void copyFigureData(const Figure& figure);

/// Entries for copying and saving. @param make what is shown at the time of the click
/// @param settings remember folder, size and type; null: defaults
void fillFigureMenu(QMenu& menu, const std::function<Figure()>& make, Settings* settings,
                    QWidget* parent);
/// A context menu of these entries.
void showPlotMenu(const std::function<Figure()>& make, const QPoint& globalPos, Settings* settings,
                  QWidget* parent);

} // namespace clwb::ui
