// SPDX-License-Identifier: GPL-3.0-or-later
// Rendering of plots into files.
#include "ui/plots/plot_export.h"

#include "core/base/file.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/qcp.h"

#include <QBuffer>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QMessageBox>
#include <QSvgGenerator>
#include <QTemporaryDir>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QByteArray svgOf(QCustomPlot& plot)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(plot.size());
    generator.setViewBox(QRect(QPoint(), plot.size()));
    QCPPainter painter;
    painter.begin(&generator);
    plot.toPainter(&painter);
    painter.end();
    return bytes;
}

Result<QByteArray> pdfOf(QCustomPlot& plot)
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"plot.pdf"_s);
    if (!folder.isValid() || !plot.savePdf(file))
        return fail(ErrorCode::Data, "PDF could not be rendered: no room for a temporary file");
    CLWB_ASSIGN(std::string content, readFile(toPath(file), 256u << 20));
    return QByteArray::fromStdString(content);
}

} // namespace

Result<void> savePlot(QCustomPlot& plot, const QString& file)
{
    const QString extension = file.section(u'.', -1).toLower();
    QByteArray content;
    if (extension == "svg"_L1) {
        content = svgOf(plot);
    } else if (extension == "pdf"_L1) {
        CLWB_ASSIGN(content, pdfOf(plot));
    } else if (extension == "png"_L1) {
        QBuffer buffer(&content);
        buffer.open(QIODevice::WriteOnly);
        plot.toPixmap(0, 0, 3.0).save(&buffer, "PNG");
    } else {
        return fail(ErrorCode::Usage, "plot not saved: " + fromQt(file) + ": unknown extension",
                    "use .png, .svg or .pdf");
    }
    return writeFileAtomically(toPath(file), content.toStdString());
}

void showPlotMenu(QCustomPlot& plot, const QPoint& globalPos, const QString& name,
                  const QString& csv)
{
    auto* menu = new QMenu(&plot);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(QMenu::tr("Copy Picture"), &plot,
                    [&plot] { QGuiApplication::clipboard()->setPixmap(plot.toPixmap(0, 0, 2.0)); });
    menu->addAction(QMenu::tr("Copy Data as CSV"), &plot,
                    [csv] { QGuiApplication::clipboard()->setText(csv); });
    menu->addAction(QMenu::tr("Save As…"), &plot, [&plot, name] {
        auto* dialog = new QFileDialog(&plot, QFileDialog::tr("Save Plot"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setNameFilters({u"PNG (*.png)"_s, u"SVG (*.svg)"_s, u"PDF (*.pdf)"_s});
        dialog->setDefaultSuffix(u"png"_s);
        dialog->selectFile(name);
        QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& f) {
            dialog->setDefaultSuffix(f.left(3).toLower());
        });
        QObject::connect(dialog, &QFileDialog::fileSelected, &plot, [&plot](const QString& file) {
            if (auto saved = savePlot(plot, file); !saved) {
                auto* box = new QMessageBox(QMessageBox::Warning, QFileDialog::tr("Plot Not Saved"),
                                            errorText(saved.error()), QMessageBox::Close, &plot);
                box->setAttribute(Qt::WA_DeleteOnClose);
                box->open();
            }
        });
        dialog->open();
    });
    menu->popup(globalPos);
}

} // namespace clwb::ui
