// SPDX-License-Identifier: GPL-3.0-or-later
// bench_grid [FOLDER]: frames a second and memory of the picture grid with 100 000 items that are
// scrolled through; the pictures are those of a folder, over and over, or 480×360 BMPs made for it.
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/picture_list_model.h"
#include "ui/widgets/thumb_grid.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QScrollBar>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

constexpr int kItems = 100000;

double residentMb()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / 1e6;
}

std::vector<std::filesystem::path> picturesOf(const QString& folder)
{
    std::vector<std::filesystem::path> files;
    for (const QFileInfo& info : QDir(folder).entryInfoList(QDir::Files))
        files.push_back(ui::toPath(info.filePath()));
    return files;
}

void makePictures(const QString& folder)
{
    for (int i = 0; i < 200; ++i) {
        QImage image(480, 360, QImage::Format_RGB32);
        image.fill(QColor::fromHsv(i * 7 % 360, 160, 200));
        image.save(folder + u"/%1.jpg"_s.arg(i), "JPEG");
    }
}

double firstPicture(ui::ThumbGrid& grid)
{
    QElapsedTimer clock;
    clock.start();
    grid.show();
    while (grid.loader().decoded() == 0)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    grid.repaint();
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

/// Milliseconds of each frame, the slowest last, while scrolling by so many pixels a frame.
std::vector<double> frames(ui::ThumbGrid& grid, int pixels, int count)
{
    std::vector<double> times;
    QScrollBar* bar = grid.verticalScrollBar();
    bar->setValue(0);
    for (int frame = 0; frame < count; ++frame) {
        QElapsedTimer clock;
        clock.start();
        bar->setValue((bar->value() + pixels) % std::max(1, bar->maximum()));
        grid.viewport()->repaint();
        QApplication::processEvents();
        times.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    return times;
}

void tell(const char* what, const std::vector<double>& times)
{
    double sum = 0;
    for (const double time : times)
        sum += time;
    std::printf("%s, %.0f frames/s, median %.2f ms, 99 %% %.2f ms\n", what,
                1000.0 * static_cast<double>(times.size()) / sum, times[times.size() / 2],
                times[times.size() * 99 / 100]);
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const QTemporaryDir made;
    QString folder = QApplication::arguments().value(1);
    if (folder.isEmpty()) {
        makePictures(made.path());
        folder = made.path();
    }
    const auto files = picturesOf(folder);
    if (files.empty()) {
        std::fputs("bench_grid [FOLDER]: the folder holds no files\n", stderr);
        return 2;
    }
    const double before = residentMb();
    ui::PictureListModel model;
    model.setEntries(kItems, [](int row) {
        return ui::PictureEntry{row, u"picture %1"_s.arg(row), {}, {}, ui::PictureMark::None};
    });
    ui::ThumbGrid grid(&model, u"grid"_s, u"Pictures"_s);
    grid.resize(1200, 800);
    grid.setSource(ui::filePictures(
        [files](int64_t id) {
            return ui::PictureFile{files[static_cast<size_t>(id) % files.size()], {}};
        },
        "ignore"));
    std::printf("first picture, %.1f ms\n", firstPicture(grid));
    tell("slowly (20 pixels a frame)", frames(grid, 20, 3000));
    tell("a line a frame", frames(grid, 160, 2000));
    tell("a page a frame", frames(grid, 800, 1000));
    while (!grid.isComplete())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    std::printf("memory of the grid, %.0f MB (%lld pictures decoded, %.0f MB kept)\n",
                residentMb() - before, static_cast<long long>(grid.loader().decoded()),
                static_cast<double>(grid.loader().cachedBytes()) / 1e6);
    return 0;
}
