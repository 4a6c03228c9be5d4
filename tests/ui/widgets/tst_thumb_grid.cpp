// SPDX-License-Identifier: GPL-3.0-or-later
// The picture grid: what it asks for and in which order, keyboard and selection, bad pictures, and
// a monkey that scrolls, changes and closes it while pictures are decoded.
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/picture_list_model.h"
#include "ui/widgets/thumb_grid.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <mutex>
#include <random>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace thumb_grid_test
{

/// Draws pictures itself, remembers which, and waits at a gate where it has one.
class DrawnPictures : public ui::PictureSource
{
public:
    Result<QImage> load(int64_t id, int side) const override
    {
        if (isGated)
            gate.acquire();
        const std::lock_guard lock(mutex);
        order.push_back(id);
        if (id == 13)
            return fail(ErrorCode::Data, "cut off after 12 of 40 rows");
        QImage image(side, side, QImage::Format_RGB32);
        image.fill(QColor::fromHsv(static_cast<int>(id % 360), 180, 200));
        return image;
    }

    void prepare() const override { ++prepared; }

    mutable std::atomic<int> prepared = 0;
    std::atomic<bool> isGated = false;
    mutable QSemaphore gate;
    mutable std::mutex mutex; // guards order
    mutable std::vector<int64_t> order;
};

ui::PictureEntry entryOf(int row)
{
    return {row, u"picture %1"_s.arg(row), {}, {}, ui::PictureMark::None};
}

struct GridDesk
{
    explicit GridDesk(int count)
        : source(std::make_shared<DrawnPictures>())
    {
        model.setEntries(count, entryOf);
        grid.resize(760, 500);
        grid.setSource(source);
    }

    ui::PictureListModel model;
    ui::ThumbGrid grid{&model, u"grid"_s, u"Pictures"_s};
    std::shared_ptr<DrawnPictures> source;
};

} // namespace thumb_grid_test

using namespace thumb_grid_test;

class TestThumbGrid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void modelKeepsItsPromises()
    {
        ui::PictureListModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEntries(1000, entryOf);
        model.setEntries(3, [](int row) {
            return ui::PictureEntry{row, u"cat"_s, {}, Qt::red, ui::PictureMark::Wrong};
        });
        QCOMPARE(model.index(2, 0).data(Qt::AccessibleTextRole).toString(), u"cat, wrong"_s);
        model.setEntries(0, entryOf);
    }

    void preparesItsSourceBeforeThereArePictures()
    {
        GridDesk desk(0);
        QCOMPARE(desk.source->prepared.load(), 0); // nobody looks
        desk.grid.show();
        QTRY_COMPARE(desk.source->prepared.load(), 1);
        desk.grid.hide();
        desk.grid.show();
        desk.model.setEntries(3, entryOf);
        QTRY_COMPARE(desk.grid.loader().decoded(), int64_t{3});
        QCOMPARE(desk.source->prepared.load(), 1);
    }

    void keepsRoomForItsLeastColumns()
    {
        GridDesk desk(10);
        desk.grid.setPictureSide(100);
        desk.grid.setLeastColumns(2);
        desk.grid.resize(10, 10);
        desk.grid.show();
        const QRect first = desk.grid.visualRect(desk.model.index(0, 0));
        const QRect second = desk.grid.visualRect(desk.model.index(1, 0));
        QCOMPARE(second.top(), first.top());
        QVERIFY(first.width() >= 100 && second.left() > first.right());
        QVERIFY(desk.grid.viewport()->rect().contains(second));
    }

    void asksOnlyForWhatIsInSight()
    {
        GridDesk desk(100000);
        desk.grid.show();
        QTRY_VERIFY(desk.grid.isComplete() && desk.grid.loader().decoded() > 0);
        QVERIFY(desk.grid.loader().decoded() < 40);
        {
            const std::lock_guard lock(desk.source->mutex);
            QVERIFY(desk.source->order.front() <= 1); // two threads begin at the upper left
        }
        desk.grid.verticalScrollBar()->setValue(desk.grid.verticalScrollBar()->maximum());
        const auto hasLast = [&] {
            const std::lock_guard lock(desk.source->mutex);
            return std::find(desk.source->order.begin(), desk.source->order.end(), 99999) !=
                   desk.source->order.end();
        };
        QTRY_VERIFY(hasLast());
        QTRY_VERIFY(desk.grid.isComplete());
        QVERIFY(desk.grid.loader().decoded() < 80);
    }

    void takesBackWhatLeftTheSight()
    {
        GridDesk desk(100000);
        desk.source->isGated = true;
        desk.grid.show();
        QTRY_VERIFY(desk.grid.loader().pending() > 10);
        desk.grid.verticalScrollBar()->setValue(500000);
        QTest::qWait(30);
        const int inSight = static_cast<int>(desk.grid.loader().pending());
        QVERIFY(inSight < 40);
        desk.source->isGated = false;
        desk.source->gate.release(2);
        QTRY_VERIFY(desk.grid.isComplete());
        // Two were being decoded when the rest was taken back.
        const std::lock_guard lock(desk.source->mutex);
        const auto early = std::count_if(desk.source->order.begin(), desk.source->order.end(),
                                         [](int64_t id) { return id < 100; });
        QVERIFY2(early <= 2, qPrintable(QString::number(early)));
    }

    void keepsWhatFits()
    {
        ui::PictureLoader loader(nullptr, 10 * 64 * 64 * 4);
        loader.setSource(std::make_shared<DrawnPictures>(), 64);
        QSignalSpy spy(&loader, &ui::PictureLoader::loaded);
        for (int64_t id = 100; id < 140; ++id)
            QVERIFY(!loader.find(id));
        QTRY_COMPARE(spy.size(), 40);
        QVERIFY(loader.cachedBytes() <= 10 * 64 * 64 * 4);
        QVERIFY(loader.cachedBytes() > 5 * 64 * 64 * 4);
        QCOMPARE(loader.pending(), size_t{0});
    }

    void movesByKeyboard()
    {
        GridDesk desk(95);
        desk.grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&desk.grid));
        ui::ThumbGrid& grid = desk.grid;
        grid.setFocus();
        const auto row = [&] { return grid.currentIndex().row(); };
        const auto selected = [&] { return grid.selectionModel()->selectedIndexes().size(); };
        QTest::keyClick(&grid, Qt::Key_Home);
        QCOMPARE(row(), 0);
        QTest::keyClick(&grid, Qt::Key_Right);
        QCOMPARE(row(), 1);
        QTest::keyClick(&grid, Qt::Key_Down);
        const int columns = row() - 1;
        QVERIFY(columns > 2);
        QTest::keyClick(&grid, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(row(), 1 + 2 * columns);
        QCOMPARE(selected(), columns + 1); // all in between, across the lines
        QTest::keyClick(&grid, Qt::Key_Left, Qt::ControlModifier);
        QCOMPARE(selected(), columns + 1);
        QTest::keyClick(&grid, Qt::Key_Space);
        QCOMPARE(selected(), columns);
        QTest::keyClick(&grid, Qt::Key_End);
        QCOMPARE(row(), 94);
        QVERIFY(grid.viewport()->rect().contains(grid.visualRect(grid.currentIndex())));
        QTest::keyClick(&grid, Qt::Key_PageUp);
        QVERIFY(row() < 94 && row() % columns == 94 % columns);
        QTest::keyClicks(&grid, u"picture 42"_s);
        QCOMPARE(row(), 42);
        QSignalSpy opened(&grid, &ui::ThumbGrid::opened);
        QTest::keyClick(&grid, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
    }

    void selectsByMouse()
    {
        GridDesk desk(95);
        desk.grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&desk.grid));
        const auto click = [&](int row, Qt::KeyboardModifiers modifiers) {
            QTest::mouseClick(desk.grid.viewport(), Qt::LeftButton, modifiers,
                              desk.grid.visualRect(desk.model.index(row, 0)).center());
        };
        const auto selected = [&] { return desk.grid.selectionModel()->selectedIndexes().size(); };
        click(1, {});
        QCOMPARE(selected(), 1);
        click(8, Qt::ShiftModifier);
        QCOMPARE(selected(), 8);
        click(3, Qt::ControlModifier);
        QCOMPARE(selected(), 7);
        click(0, {});
        QCOMPARE(selected(), 1);
    }

    void saysWhyAPictureIsMissing()
    {
        GridDesk desk(20);
        desk.grid.show();
        QTRY_VERIFY(desk.grid.isComplete() && desk.grid.loader().decoded() >= 15);
        QCOMPARE(desk.grid.problemOf(desk.model.index(13, 0)), u"cut off after 12 of 40 rows"_s);
        QCOMPARE(desk.grid.problemOf(desk.model.index(12, 0)), QString());
    }

    void readsFilesAndStoredBytes()
    {
        const QTemporaryDir folder;
        const std::filesystem::path root = ui::toPath(folder.path());
        std::vector<uint8_t> pixels(3 * 60 * 40, 10);
        for (size_t i = 0; i < pixels.size() / 2; ++i)
            pixels[i] = 250; // the upper half is light
        test::require(test::writeBmp(root / "whole.jpg", 60, 40, pixels).has_value());
        std::ofstream(root / "empty.png").flush();
        std::filesystem::create_directory(root / "folder.png");
        std::ofstream(root / "text.png") << "not a picture at all, but long enough to be read";
        const char* names[] = {"whole.jpg", "empty.png", "folder.png", "text.png", "none.png"};
        const auto source = ui::filePictures(
            [root, names](int64_t id) {
                ui::PictureFile file{root / names[id % 5], {}};
                if (id == 5)
                    file.box = {0, 0, 60, 20};
                if (id == 10)
                    file.box = {0, 0, 61, 20};
                return file;
            },
            "ignore");
        const auto whole = source->load(0, 30);
        QVERIFY(whole.has_value());
        QCOMPARE(whole->size(), QSize(30, 20));
        const auto part = source->load(5, 100);
        QVERIFY(part.has_value());
        QCOMPARE(part->size(), QSize(60, 20));
        QCOMPARE(QColor(part->pixel(59, 19)), QColor(250, 250, 250));
        for (const int64_t bad : {1, 2, 3, 4, 10})
            QVERIFY2(!source->load(bad, 30), names[bad % 5]);
        const auto stored = ui::storedPictures([](int64_t id) -> Result<std::vector<uint8_t>> {
            if (id == 1)
                return fail(ErrorCode::Data, "no thumbnail");
            QImage image(20, 10, QImage::Format_RGB32);
            image.fill(Qt::blue);
            QBuffer buffer;
            buffer.open(QIODevice::WriteOnly);
            image.save(&buffer, "JPEG");
            const QByteArray& bytes = buffer.data();
            return std::vector<uint8_t>(bytes.begin(), bytes.end());
        });
        QCOMPARE(stored->load(0, 64)->size(), QSize(20, 10));
        QCOMPARE(ui::toQt(stored->load(1, 64).error().message), u"no thumbnail"_s);
    }

    /// Corrupt, truncated, empty, huge by their header, animated, CMYK, 16-bit, turned, wrongly
    /// named: pictures or reasons, and never larger than asked for.
    void boundsWhatItDecodes()
    {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(CLWB_GOLDEN_DIR))
            files.push_back(entry.path());
        const auto source = ui::filePictures(
            [files](int64_t id) {
                return ui::PictureFile{files[static_cast<size_t>(id)], {}};
            },
            "apply");
        int read = 0;
        for (size_t i = 0; i < files.size(); ++i) {
            const auto image = source->load(static_cast<int64_t>(i), 24);
            const std::string name = files[i].filename().string();
            if (!image) {
                QVERIFY2(!image.error().message.empty(), name.c_str());
                continue;
            }
            ++read;
            QVERIFY2(std::max(image->width(), image->height()) <= 24, name.c_str());
            for (const char* bad : {"bomb.png", "cut.jpg", "cut.png", "empty.jpg", "animated.gif"})
                QVERIFY2(name != bad, bad);
        }
        QVERIFY2(read >= 20, qPrintable(QString::number(read)));
    }

    void survivesAMonkey()
    {
        std::minstd_rand random(7);
        for (int round = 0; round < 12; ++round) {
            auto desk = std::make_unique<GridDesk>(1 + static_cast<int>(random() % 1000000));
            desk->grid.show();
            for (int step = 0; step < 25; ++step) {
                QScrollBar* bar = desk->grid.verticalScrollBar();
                switch (random() % 6) {
                case 0:
                    desk->model.setEntries(static_cast<int>(random() % 5000), entryOf);
                    break;
                case 1:
                    desk->grid.setSource(std::make_shared<DrawnPictures>());
                    break;
                case 2:
                    desk->grid.resize(60 + static_cast<int>(random() % 900), 300);
                    break;
                case 3:
                    QTest::keyClick(&desk->grid, random() % 2 ? Qt::Key_End : Qt::Key_PageUp,
                                    random() % 2 ? Qt::ShiftModifier : Qt::NoModifier);
                    break;
                default:
                    bar->setValue(
                        bar->maximum() > 0
                            ? static_cast<int>(random() % static_cast<unsigned>(bar->maximum()))
                            : 0);
                }
                QCoreApplication::processEvents();
            }
            QElapsedTimer clock;
            clock.start();
            desk.reset(); // with requests open
            QVERIFY(clock.elapsed() < 1000);
        }
    }
};

QTEST_MAIN(TestThumbGrid)
#include "tst_thumb_grid.moc"
