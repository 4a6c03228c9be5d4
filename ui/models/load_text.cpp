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

} // namespace

QString loadText(const store::LoadSummary& load)
{
    QStringList parts{translated("CPU %1, peak %2")
                          .arg(percent(load.cpuPercent.median), percent(load.cpuPercent.peak)),
                      translated("memory %1, peak %2")
                          .arg(bytes(load.memoryBytes.median), bytes(load.memoryBytes.peak))};
    if (load.gpuPercent && load.gpuMemoryBytes) {
        parts << translated("GPU %1, peak %2")
                     .arg(percent(load.gpuPercent->median), percent(load.gpuPercent->peak));
        parts << translated("its memory %1, peak %2")
                     .arg(bytes(load.gpuMemoryBytes->median), bytes(load.gpuMemoryBytes->peak));
    }
    return parts.join(u" · "_s);
}

QString loadTip(const store::LoadSummary& load)
{
    QStringList lines{
        translated("What the run needed of its machine, from a value every ten seconds"),
        translated("Processor, of all cores, by the program: median %1, peak %2")
            .arg(percent(load.cpuPercent.median), percent(load.cpuPercent.peak)),
        translated("Memory of the program: median %1, peak %2")
            .arg(bytes(load.memoryBytes.median), bytes(load.memoryBytes.peak))};
    if (load.gpuPercent && load.gpuMemoryBytes) {
        lines << translated("Graphics card busy: median %1, peak %2")
                     .arg(percent(load.gpuPercent->median), percent(load.gpuPercent->peak));
        lines << translated("Memory used on the card, by all programs: median %1, peak %2 of %3")
                     .arg(bytes(load.gpuMemoryBytes->median), bytes(load.gpuMemoryBytes->peak),
                          bytesText(load.gpuTotalBytes));
    }
    return lines.join(u'\n');
}

} // namespace clwb::ui
