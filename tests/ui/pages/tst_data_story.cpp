// SPDX-License-Identifier: GPL-3.0-or-later
// The Data page through the real window: a study of one's own pictures made by clicks, a bad
// picture listed and exported, classes reordered, saved, and a run set up with the result.
#include "tests/ui/pages/tiny_desk.h"
#include "ui/models/picture_list_model.h"
#include "ui/models/study_order_model.h"
#include "ui/models/study_tree_model.h"
#include "ui/pages/page.h"
#include "ui/shell/actions.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/thumb_grid.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDesktopServices>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTest>
#include <QTreeView>

#include <filesystem>
#include <fstream>

using namespace clwb;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace
{

constexpr int kPerClass = 6;

/// Stripes of a colour, different for each number.
void drawPicture(const fs::path& file, int colour, int number)
{
    constexpr int kSide = 40;
    std::vector<uint8_t> pixels(3 * kSide * kSide, 20);
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            const bool isLight = ((x * (number + 2) + y * (colour + 1)) / 16) % 2 == 0;
            pixels[static_cast<size_t>(3 * (y * kSide + x) + colour % 3)] = isLight ? 240 : 60;
        }
    }
    test::require(test::writeBmp(file, kSide, kSide, pixels).has_value());
}

} // namespace

class TestDataStory : public QObject, private test::TinyDesk
{
    Q_OBJECT

    [[nodiscard]] fs::path pictures() const { return ui::toPath(m_folder.path()) / "animals"; }
    [[nodiscard]] QString made() const { return at(u"studies/animals/study.json"_s); }

    void click(const QString& name)
    {
        auto* button = find<QAbstractButton>(name);
        QVERIFY2(button, qPrintable(name));
        QTRY_VERIFY2(button->isEnabled() && button->isVisible(), qPrintable(name));
        QTest::mouseClick(button, Qt::LeftButton);
    }

    void settle() { QTRY_VERIFY_WITH_TIMEOUT(m_window->page(u"data"_s)->isSettled(), 20000); }

    void chooseFile(const QString& dialogName, const QString& file)
    {
        QTRY_VERIFY(find<QFileDialog>(dialogName));
        auto* dialog = find<QFileDialog>(dialogName);
        dialog->selectFile(file);
        Q_EMIT dialog->fileSelected(file);
        dialog->close();
    }

    ui::StudyOrderModel* order()
    {
        return qobject_cast<ui::StudyOrderModel*>(find<QTreeView>(u"data.order"_s)->model());
    }

    QStringList names()
    {
        QStringList names;
        for (int row = 0; row < order()->rowCount(); ++row)
            names << order()->index(row, ui::StudyOrderModel::Name).data().toString();
        return names;
    }

    QStringList problems()
    {
        const QAbstractItemModel* model = find<QTreeView>(u"data.problems"_s)->model();
        QStringList lines;
        for (int row = 0; row < model->rowCount(); ++row) {
            lines << model->index(row, 0).data().toString() + u": "_s +
                         model->index(row, 1).data().toString() + u" | "_s +
                         model->index(row, 2).data().toString();
        }
        return lines;
    }

private Q_SLOTS:
    void initTestCase()
    {
        makeData();
        int colour = 0;
        for (const char* name : {"ant", "bee", "cat", "dog"}) {
            fs::create_directories(pictures() / name);
            for (int i = 0; i < kPerClass; ++i)
                drawPicture(pictures() / name / (std::to_string(i) + ".bmp"), colour, i);
            ++colour;
        }
        fs::create_directories(pictures() / "empty class");
        showWindow(realEngine(), {1200, 800});
        m_state->openProject(at(u"data.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(m_state->hasProject());
    }

    void opensByItsNumber()
    {
        QCOMPARE(m_window->actions().action(u"page.data"_s)->shortcut(), QKeySequence(u"Ctrl+8"_s));
        QCOMPARE(m_window->actions().action(u"page.sweeps"_s)->shortcut(),
                 QKeySequence(u"Ctrl+9"_s));
        m_window->actions().action(u"page.data"_s)->trigger();
        QCOMPARE(m_window->currentPage(), u"data"_s);
        QTRY_VERIFY(find<QPushButton>(u"data.emptyNew"_s)->isVisible());
    }

    void tellsWhyAFolderIsNone()
    {
        click(u"data.emptyNew"_s);
        auto* folder = find<QLineEdit>(u"folderStudy.folder"_s);
        QTRY_VERIFY(folder);
        folder->setText(at(u"study"_s)); // holds no class folders with pictures
        auto* says = find<QLabel>(u"folderStudy.says"_s);
        QTRY_VERIFY2(says->text().contains(at(u"study"_s)) && says->property("problem").toBool(),
                     qPrintable(says->text()));
        QVERIFY(!find<QPushButton>(u"folderStudy.make"_s)->isEnabled());
    }

    void makesAStudyOfAFolder()
    {
        find<QLineEdit>(u"folderStudy.folder"_s)->setText(ui::toQt(pictures()));
        auto* says = find<QLabel>(u"folderStudy.says"_s);
        QTRY_VERIFY(says->text().contains(u"4 classes, 24 pictures"_s));
        QVERIFY(says->text().contains(u"empty class"_s));
        QCOMPARE(find<QLineEdit>(u"folderStudy.file"_s)->text(), made());
        find<QSpinBox>(u"folderStudy.sessions"_s)->setValue(2);
        find<QSpinBox>(u"folderStudy.share"_s)->setValue(34);
        click(u"folderStudy.make"_s);
        QTRY_VERIFY(find<QTreeView>(u"data.tree"_s)->isVisible());
        settle();
        QCOMPARE(find<QLabel>(u"data.summary"_s)->text(),
                 u"4 classes · 2 sessions · 16 train · 8 test"_s);
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
        // Nothing was moved or copied.
        QVERIFY(fs::is_symlink(fs::path(ui::toPath(made())).parent_path() / "study-split" /
                               "train" / "ant" / "0.bmp") ||
                fs::is_symlink(fs::path(ui::toPath(made())).parent_path() / "study-split" / "test" /
                               "ant" / "0.bmp"));
        QVERIFY(fs::is_regular_file(pictures() / "ant" / "0.bmp"));
    }

    void showsThePicturesOfAClass()
    {
        auto* tree = find<QTreeView>(u"data.tree"_s);
        const QAbstractItemModelTester tester(tree->model());
        const auto* grid = find<ui::ThumbGrid>(u"data.grid"_s);
        QCOMPARE(grid->model()->rowCount(), 24);
        const QModelIndex session = tree->model()->index(2, 0);
        QCOMPARE(session.data().toString(), u"Session 2"_s);
        tree->expand(session);
        const QModelIndex dog = tree->model()->index(1, 0, session);
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(dog).center());
        QCOMPARE(grid->model()->rowCount(), kPerClass);
        QTRY_VERIFY(grid->isComplete());
        QCOMPARE(grid->problemOf(grid->model()->index(0, 0)), QString());
        const QString file = grid->model()->index(0, 0).data().toString();
        QVERIFY2(file.endsWith(u".bmp"_s), qPrintable(file));
    }

    void listsABadPictureAndLeakage()
    {
        {
            std::ofstream(pictures() / "dog" / "0.bmp", std::ios::trunc) << "not a picture";
        }
        const fs::path split = ui::toPath(made()).parent_path() / "study-split";
        // A training picture once more, among the test pictures of another class.
        const fs::path original = fs::directory_iterator(split / "train" / "ant")->path();
        fs::copy_file(original, split / "test" / "bee" / "copy.bmp");
        click(u"data.again"_s);
        QTRY_VERIFY(find<QTreeView>(u"data.tree"_s)->isVisible());
        settle();
        const QStringList lines = problems();
        const auto has = [&](const QString& kind, const QString& what, const QString& where) {
            return std::any_of(lines.begin(), lines.end(), [&](const QString& line) {
                return line.startsWith(kind) && line.contains(what) && line.contains(where);
            });
        };
        const QString all = lines.join(u'\n');
        QVERIFY2(has(u"error"_s, {}, u"dog/0.bmp"_s), qPrintable(all));
        QVERIFY2(has(u"warning"_s, u"leakage between splits"_s, u"copy.bmp"_s) ||
                     has(u"warning"_s, u"copy.bmp"_s, u"/ant/"_s),
                 qPrintable(all));
        QVERIFY(!find<QPushButton>(u"data.newRun"_s)->isEnabled());
        QVERIFY(find<QPushButton>(u"data.newRun"_s)->toolTip().contains(u"problems"_s));
    }

    void exportsTheProblems()
    {
        m_window->page(u"data"_s)->showView(u"problems"_s);
        auto* filter = find<QLineEdit>(u"data.filter"_s);
        QTest::keyClicks(filter, u"leakage"_s);
        QVERIFY(problems().size() >= 1 &&
                problems().filter(u"leakage"_s).size() == problems().size());
        filter->clear();
        click(u"data.exportProblems"_s);
        chooseFile(u"data.exportDialog"_s, at(u"problems.csv"_s));
        QTRY_VERIFY(QFile::exists(at(u"problems.csv"_s)));
        QFile file(at(u"problems.csv"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray csv = file.readAll();
        QVERIFY2(csv.startsWith("severity,what,where\r\n"), csv.constData());
        QVERIFY(csv.contains("dog/0.bmp"));
        QCOMPARE(csv.count("\r\n"), problems().size() + 1);
    }

    void findsPicturesThatLookAlike()
    {
        drawPicture(pictures() / "dog" / "0.bmp", 3, 0); // mended
        const fs::path split = ui::toPath(made()).parent_path() / "study-split";
        fs::remove(split / "test" / "bee" / "copy.bmp");
        // The same picture with one other byte.
        const fs::path alike = split / "test" / "bee" / "alike.bmp";
        drawPicture(alike, 0, 0);
        {
            std::fstream file(alike, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(-3, std::ios::end);
            file.put('\x30');
        }
        click(u"data.again"_s);
        QTRY_VERIFY(find<QTreeView>(u"data.tree"_s)->isVisible());
        settle();
        QVERIFY2(problems().filter(u"error"_s).isEmpty(), qPrintable(problems().join(u'\n')));
        const auto before = problems().size();
        click(u"data.similar"_s);
        settle();
        QTRY_VERIFY2(problems().size() > before &&
                         !problems().filter(u"alike.bmp"_s).filter(u"looks the same"_s).isEmpty(),
                     qPrintable(problems().join(u'\n')));
        QVERIFY(!find<QPushButton>(u"data.similar"_s)->isEnabled());
    }

    void reordersClassesByKeyAndDrop()
    {
        m_window->page(u"data"_s)->showView(u"order"_s);
        auto* list = find<QTreeView>(u"data.order"_s);
        const QAbstractItemModelTester tester(list->model());
        QCOMPARE(names(), (QStringList{u"ant"_s, u"bee"_s, u"cat"_s, u"dog"_s}));
        QVERIFY(!find<QPushButton>(u"data.saveOrder"_s)->isEnabled());
        const auto place = [&] { return list->visualRect(list->model()->index(3, 1)).center(); };
        QTRY_VERIFY(list->isVisible() && list->viewport()->rect().contains(place()));
        m_window->activateWindow(); // the file dialog had been in front
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, place());
        QCOMPARE(list->selectionModel()->selectedRows().size(), 1);
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(names(), (QStringList{u"ant"_s, u"bee"_s, u"dog"_s, u"cat"_s}));
        click(u"data.up"_s);
        QCOMPARE(names(), (QStringList{u"ant"_s, u"dog"_s, u"bee"_s, u"cat"_s}));
        // What a drop between the rows hands to the model.
        const std::unique_ptr<QMimeData> dragged(
            order()->mimeData({order()->index(3, 0), order()->index(3, 1)}));
        QVERIFY(order()->dropMimeData(dragged.get(), Qt::MoveAction, 0, 0, {}));
        QCOMPARE(names(), (QStringList{u"cat"_s, u"ant"_s, u"dog"_s, u"bee"_s}));
        m_window->actions().action(u"edit.undo"_s)->trigger();
        QCOMPARE(names(), (QStringList{u"ant"_s, u"dog"_s, u"bee"_s, u"cat"_s}));
        m_window->actions().action(u"edit.redo"_s)->trigger();
        QCOMPARE(names(), (QStringList{u"cat"_s, u"ant"_s, u"dog"_s, u"bee"_s}));
    }

    void resizesSessions()
    {
        auto* sizes = find<QLineEdit>(u"data.sizes"_s);
        QCOMPARE(sizes->text(), u"2, 2"_s);
        sizes->selectAll();
        QTest::keyClicks(sizes, u"1, 2"_s);
        QTest::keyClick(sizes, Qt::Key_Return);
        QVERIFY(find<QLabel>(u"data.orderSays"_s)->text().contains(u"4"_s));
        QVERIFY(!find<QPushButton>(u"data.saveOrder"_s)->isEnabled());
        sizes->selectAll();
        QTest::keyClicks(sizes, u"1, 3"_s);
        QTest::keyClick(sizes, Qt::Key_Return);
        QCOMPARE(order()->sessions(),
                 (std::vector<std::vector<std::string>>{{"cat"}, {"ant", "dog", "bee"}}));
        QCOMPARE(find<QSpinBox>(u"data.sessions"_s)->value(), 2);
    }

    void savesANewStudyThatRunsAccept()
    {
        const QString file = at(u"other/reordered.json"_s);
        click(u"data.saveOrder"_s);
        chooseFile(u"data.saveDialog"_s, file);
        QTRY_VERIFY2(QFile::exists(file), qPrintable(m_problems.join(u'\n')));
        settle();
        QTRY_COMPARE(names(), (QStringList{u"cat"_s, u"ant"_s, u"dog"_s, u"bee"_s}));
        const auto study = spec::readStudy(ui::toPath(file));
        QVERIFY(study.has_value());
        QCOMPARE(study->updatedTask->sessions.classes.size(), size_t{2});
        QVERIFY(QFile::exists(made())); // the first one is as it was
        QVERIFY(spec::readStudy(ui::toPath(made()))->updatedTask->sessions.classes.empty());
        click(u"data.newRun"_s);
        QTRY_COMPARE(m_window->currentPage(), u"new_run"_s);
        auto* study2 = find<QLineEdit>(u"new_run.study"_s);
        QVERIFY(study2);
        QTRY_COMPARE(study2->text(), file);
        find<QLineEdit>(u"new_run.model"_s)->setText(at(u"model"_s));
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>(u"new_run.start"_s)->isEnabled(), 20000);
    }

    void saysWhereAStudyFileIsWrong()
    {
        const fs::path file = ui::toPath(at(u"broken.json"_s));
        std::ofstream(file) << "{\"schema\": 1,\n \"nonsense\": ]}";
        m_state->requestPage(u"data"_s, Json{{"study", file.string()}});
        settle();
        const auto labels = find<ui::EmptyState>(u"data.empty"_s)->findChildren<QLabel*>();
        const bool isTold = std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text().contains(u"broken.json:2"_s);
        });
        QTRY_VERIFY(isTold);
        QVERIFY(!find<QPushButton>(u"data.newRun"_s)->isEnabled());
    }
};

QTEST_MAIN(TestDataStory)
#include "tst_data_story.moc"
