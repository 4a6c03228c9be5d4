// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/load_text.h"

#include "ui/bridge/qt_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QString translated(const char* text)
{
    return QCoreApplication::translate("LoadText", text);
}

QString percent(double value)
{
    return translated("%1 %").arg(std::lround(value));
}

QString bytes(double value)
{
    return bytesText(static_cast<uint64_t>(value));
}

/// A text with its median for %1 and its peak for %2.
QString figureText(const char* text, const store::LoadFigure& figure, QString (*unit)(double))
{
    return translated(text).arg(unit(figure.median), unit(figure.peak));
}

} // namespace

QString loadText(const store::LoadSummary& load)
{
    QStringList parts{figureText("CPU %1, peak %2", load.cpuPercent, percent),
                      figureText("memory %1, peak %2", load.memoryBytes, bytes)};
    if (load.gpuPercent && load.gpuMemoryBytes) {
        parts << figureText("GPU %1, peak %2", *load.gpuPercent, percent)
              << figureText("its memory %1, peak %2", *load.gpuMemoryBytes, bytes);
    }
    return parts.join(u" · "_s);
}

QString loadTip(const store::LoadSummary& load)
{
    QStringList lines{
        translated("What the run needed of its machine, from a value every ten seconds"),
        figureText("Processor, of all cores, by the program: median %1, peak %2", load.cpuPercent,
                   percent),
        figureText("Memory of the program: median %1, peak %2", load.memoryBytes, bytes)};
    if (load.gpuPercent && load.gpuMemoryBytes) {
        lines << figureText("Graphics card busy: median %1, peak %2", *load.gpuPercent, percent)
              << figureText("Memory used on the card, by all programs: median %1, peak %2 of %3",
                            *load.gpuMemoryBytes, bytes)
                     .arg(bytesText(load.gpuTotalBytes));
    }
    return lines.join(u'\n');
}

} // namespace clwb::ui
