// SPDX-License-Identifier: GPL-3.0-or-later
// Rendering of figures into files and the clipboard.
#include "ui/plots/plot_export.h"

#include "core/base/file.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/figure_dialog.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"

#include <QBuffer>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr double kLogicalDpi = 96;
constexpr double kMillimetresPerInch = 25.4;
constexpr double kSmallest = 20; // mm
constexpr double kLargest = 1000;

/// Texts have sizes in points: a device of another resolution would enlarge them once more, beside
/// the painter's scale.
int dotsPerMetre(double dotsPerInch)
{
    return static_cast<int>(std::lround(dotsPerInch * 1000 / kMillimetresPerInch));
}

/// The widget in print colours for as long as this lives.
class PaletteFor
{
public:
    PaletteFor(QWidget& widget, FigureLook look)
        : m_widget(widget)
        , m_isChanged(look == FigureLook::Print && themeOf(widget.palette()).isDark)
    {
        if (m_isChanged)
            m_widget.setPalette(paletteOf(lightTheme()));
    }
    ~PaletteFor()
    {
        if (m_isChanged)
            m_widget.setPalette(QPalette()); // the window's again
    }
    Q_DISABLE_COPY_MOVE(PaletteFor)

private:
    QWidget& m_widget;
    bool m_isChanged;
};

QSize logicalSize(const QSizeF& millimetres)
{
    return (millimetres * (kLogicalDpi / kMillimetresPerInch)).toSize();
}

void paintOn(QPaintDevice& device, const Figure& figure, const QSize& size, double scale)
{
    QCPPainter painter;
    painter.begin(&device);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::TextAntialiasing);
    painter.scale(scale, scale);
    figure.paint(painter, size);
    painter.end();
}

QByteArray svgOf(const Figure& figure, const QSize& size)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(static_cast<int>(kLogicalDpi)); // pixels become millimetres by it
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    generator.setTitle(figure.name);
    paintOn(generator, figure, size, 1);
    return bytes;
}

QByteArray pdfOf(const Figure& figure, const FigureFormat& format)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(static_cast<int>(kLogicalDpi)); // vectors: places keep their fractions
    writer.setPageSize(
        QPageSize(format.millimetres, QPageSize::Millimeter, {}, QPageSize::ExactMatch));
    writer.setPageMargins({});
    writer.setTitle(figure.name);
    paintOn(writer, figure, logicalSize(format.millimetres), 1);
    return bytes;
}

QByteArray pngOf(const Figure& figure, const FigureFormat& format)
{
    const double scale = format.dotsPerInch / kLogicalDpi;
    const QSize size = logicalSize(format.millimetres);
    QImage image((QSizeF(size) * scale).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        return {};
    image.setDotsPerMeterX(dotsPerMetre(kLogicalDpi));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    image.fill(themeOf(figure.widget->palette()).card);
    paintOn(image, figure, size, scale);
    image.setDotsPerMeterX(dotsPerMetre(format.dotsPerInch));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

/// As it is shown, twice as fine.
QPixmap pictureOf(const Figure& figure)
{
    constexpr double kScale = 2;
    const QSize size = figure.widget->size();
    QPixmap picture(size * kScale);
    picture.fill(themeOf(figure.widget->palette()).card);
    paintOn(picture, figure, size, kScale);
    return picture;
}

} // namespace

Figure figureOf(QCustomPlot& plot, QWidget& widget, const QString& name)
{
    Figure figure{.name = name, .widget = &widget};
    figure.paint = [shown = QPointer<QCustomPlot>(&plot)](QCPPainter& painter, const QSize& size) {
        if (!shown)
            return;
        shown->toPainter(&painter, size.width(), size.height());
        shown->replot(QCustomPlot::rpQueuedReplot); // labels were moved for the picture
    };
    return figure;
}

Result<QByteArray> renderFigure(const Figure& figure, const FigureFormat& format)
{
    if (!figure.isPicture())
        return fail(ErrorCode::Usage,
                    "figure not saved: " + fromQt(figure.name) + ": there is no picture of it");
    for (const double length : {format.millimetres.width(), format.millimetres.height()}) {
        if (!(length >= kSmallest && length <= kLargest))
            return fail(ErrorCode::Usage,
                        "figure not saved: a side of " + fromQt(QString::number(length)) + " mm",
                        "choose 20 to 1000 mm");
    }
    const PaletteFor palette(*figure.widget, format.look);
    QByteArray content;
    if (format.type == "svg"_L1)
        content = svgOf(figure, logicalSize(format.millimetres));
    else if (format.type == "pdf"_L1)
        content = pdfOf(figure, format);
    else if (format.type == "png"_L1)
        content = pngOf(figure, format);
    else
        return fail(ErrorCode::Usage,
                    "figure not saved: unknown type '" + fromQt(format.type) + "'",
                    "use png, svg or pdf");
    if (content.isEmpty())
        return fail(ErrorCode::Data,
                    "figure not saved: " + fromQt(figure.name) +
                        ": it could not be painted at this size",
                    "choose a smaller size or fewer dots per inch");
    return content;
}

Result<void> saveFigure(const Figure& figure, const FigureFormat& format, const QString& file)
{
    CLWB_ASSIGN(const QByteArray content, renderFigure(figure, format));
    return writeFileAtomically(toPath(file), content.toStdString());
}

Result<void> saveFigureData(const Figure& figure, const QString& file)
{
    return writeFileAtomically(toPath(file), fromQt(figure.csvText()));
}

void copyPicture(const Figure& figure)
{
    if (figure.isPicture())
        QGuiApplication::clipboard()->setPixmap(pictureOf(figure));
}

void copyFigure(const Figure& figure)
{
    copyFigureData(figure);
    if (!figure.isPicture())
        return;
    const QMimeData* table = QGuiApplication::clipboard()->mimeData();
    auto* both = new QMimeData;
    both->setText(table->text());
    if (table->hasHtml())
        both->setHtml(table->html());
    both->setImageData(pictureOf(figure).toImage());
    QGuiApplication::clipboard()->setMimeData(both);
}

void copyFigureData(const Figure& figure)
{
    if (figure.table)
        copyTable(*figure.table);
    else
        QGuiApplication::clipboard()->setText(figure.csv);
}

void fillFigureMenu(QMenu& menu, const std::function<Figure()>& make, Settings* settings,
                    QWidget* parent)
{
    const Figure shown = make();
    if (shown.isPicture()) {
        menu.addAction(QMenu::tr("Save as PNG, SVG or PDF…"), parent,
                       [make, settings, parent] { openFigureDialog(make, settings, parent); });
    }
    menu.addAction(QMenu::tr("Save Data as CSV…"), parent,
                   [make, settings, parent] { askAndSaveData(make(), settings, parent); });
    menu.addSeparator();
    if (shown.isPicture())
        menu.addAction(QMenu::tr("Copy Picture"), parent, [make] { copyPicture(make()); });
    menu.addAction(QMenu::tr("Copy Table"), parent, [make] { copyFigureData(make()); });
}

void showPlotMenu(const std::function<Figure()>& make, const QPoint& globalPos, Settings* settings,
                  QWidget* parent)
{
    auto* menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillFigureMenu(*menu, make, settings, parent);
    menu->popup(globalPos);
}

} // namespace clwb::ui
