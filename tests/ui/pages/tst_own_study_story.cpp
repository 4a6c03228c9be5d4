// SPDX-License-Identifier: GPL-3.0-or-later
// Own pictures made into a study by clicks where not all is well: damaged pictures, small classes,
// zero-shot classes and captions; and the sample of COCO on the Data page.
#include "tests/ui/pages/tiny_desk.h"
#include "ui/bridge/background.h"
#include "ui/models/study_tree_model.h"
#include "ui/pages/page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTest>
#include <QTreeView>

#include <filesystem>
#include <fstream>
#include <future>

using namespace clwb;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace
{

void drawStripes(const fs::path& file, int number)
{
    constexpr int kSide = 24;
    fs::create_directories(file.parent_path());
    std::vector<uint8_t> pixels(3 * kSide * kSide, 20);
    for (size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<uint8_t>((i * static_cast<size_t>(3 + number)) % 251);
    test::require(test::writeBmp(file, kSide, kSide, pixels).has_value());
}

/// Holds all threads of looks at disks until it is released: none that is asked for later begins.
class HeldLooks
{
public:
    explicit HeldLooks(QObject* owner)
        : m_owner(owner)
        , m_gate(m_release.get_future().share())
    {
        constexpr int kMoreThanAtOnce = 16;
        for (int i = 0; i < kMoreThanAtOnce; ++i)
            add();
    }
    /// Afterwards all looks asked for so far have begun.
    void release()
    {
        m_release.set_value();
        add();
        QTRY_COMPARE(*m_waiting, 0);
    }

private:
    void add()
    {
        ++*m_waiting;
        const auto wait = [gate = m_gate] {
            gate.wait();
            return 0;
        };
        ui::Background::askAlone(m_owner, wait, [waiting = m_waiting](int) { --*waiting; });
    }

    QObject* m_owner;
    std::promise<void> m_release;
    std::shared_future<void> m_gate;
    std::shared_ptr<int> m_waiting = std::make_shared<int>(0); ///< GUI thread
};

} // namespace

class TestOwnStudyStory : public QObject, private test::TinyDesk
{
    Q_OBJECT

    [[nodiscard]] fs::path pictures() const { return ui::toPath(at(u"animals"_s)); }

    QLabel* says() { return find<QLabel>(u"folderStudy.says"_s); }
    QPushButton* make() { return find<QPushButton>(u"folderStudy.make"_s); }

    void click(QAbstractButton* button)
    {
        QVERIFY(button);
        QTRY_VERIFY(button->isEnabled() && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
    }

    void openDialog()
    {
        m_state->requestPage(u"data"_s);
        click(find<QPushButton>(u"data.newFolder"_s));
        QTRY_VERIFY(find<QLineEdit>(u"folderStudy.folder"_s));
        find<QLineEdit>(u"folderStudy.folder"_s)->setText(ui::toQt(pictures()));
        QTRY_VERIFY2(says()->text().contains(u"pictures,"_s), qPrintable(says()->text()));
    }

private Q_SLOTS:
    void initTestCase()
    {
        makeData();
        int number = 0;
        for (const char* name : {"ant", "bee", "cat", "dog"}) {
            for (int i = 0; i < 6; ++i)
                drawStripes(pictures() / name / (std::to_string(i) + ".bmp"), ++number);
        }
        std::ofstream(pictures() / "bee" / "broken.jpg") << "not a picture";
        ui::Engine engine = realEngine();
        engine.demo =
            ui::DemoFiles{ui::toPath(at(u"demo/world/study.json"_s)), ui::toPath(at(u"model"_s))};
        engine.prepareDemo = [](const StopToken&) { return Result<void>(); };
        showWindow(engine, {1200, 900});
        m_state->openProject(at(u"own.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(m_state->hasProject());
    }

    void namesTheDemoInTheListOfStudies()
    {
        m_state->requestPage(u"data"_s);
        const auto* list = find<QComboBox>(u"data.study"_s);
        QVERIFY(list->findText(u"Demo world"_s) >= 0);
        QCOMPARE(list->findText(u"world/study.json"_s), -1);
    }

    void cancelLeavesNothing()
    {
        openDialog();
        click(find<QPushButton>(u"folderStudy.cancel"_s));
        QTRY_VERIFY(!find<QDialog>(u"dialog.folder_study"_s));
        QVERIFY(!QFile::exists(at(u"studies"_s)));
    }

    void showsWhatTheShareComesTo()
    {
        openDialog();
        QCOMPARE(find<QSpinBox>(u"folderStudy.share"_s)->value(), 25);
        QVERIFY2(says()->text().contains(u"18 train and 6 test pictures: 25 % test"_s),
                 qPrintable(says()->text()));
        find<QSpinBox>(u"folderStudy.share"_s)->setValue(1);
        QVERIFY2(says()->text().contains(u"20 train and 4 test pictures: 17 % test"_s),
                 qPrintable(says()->text()));
        QVERIFY(says()->text().contains(u"as near to 1 %"_s));
        find<QSpinBox>(u"folderStudy.share"_s)->setValue(25);
    }

    void listsADamagedPictureAndLeavesItOut()
    {
        auto* leaveOut = find<QCheckBox>(u"folderStudy.leaveOut"_s);
        QTRY_VERIFY(leaveOut->isVisible());
        QVERIFY(leaveOut->isChecked());
        QCOMPARE(leaveOut->text().remove(u'&'), u"Leave out 1 damaged picture"_s);
        const QString listed = find<QPlainTextEdit>(u"folderStudy.bad"_s)->toPlainText();
        QVERIFY2(listed.contains(ui::toQt(pictures() / "bee" / "broken.jpg")) &&
                     listed.contains(u"not a JPEG"_s),
                 qPrintable(listed));
        leaveOut->click();
        QVERIFY(!make()->isEnabled());
        QVERIFY(says()->property("problem").toBool());
        leaveOut->click();
        QVERIFY(make()->isEnabled());
    }

    void checksZeroShotClassesAndCaptionsAtTheField()
    {
        auto* zeroShot = find<QLineEdit>(u"folderStudy.zeroShot"_s);
        zeroShot->setText(at(u"nowhere"_s));
        QTRY_VERIFY(zeroShot->property("invalid").toBool());
        QVERIFY(zeroShot->toolTip().contains(at(u"nowhere"_s)));
        QVERIFY(!make()->isEnabled());
        zeroShot->setText(at(u"study/zs"_s));
        QTRY_VERIFY2(says()->text().contains(u"Zero-shot: 3 classes"_s),
                     qPrintable(says()->text()));
        QVERIFY(!zeroShot->property("invalid").toBool());
        auto* captions = find<QLineEdit>(u"folderStudy.captions"_s);
        auto* images = find<QLineEdit>(u"folderStudy.captionImages"_s);
        captions->setText(at(u"study/dataset_tiny.json"_s));
        QTRY_VERIFY(images->property("invalid").toBool()); // they have none yet
        images->setText(ui::toQt(pictures()));             // which are others
        QTRY_VERIFY(captions->property("invalid").toBool());
        images->setText(at(u"study/coco"_s));
        QTRY_VERIFY2(says()->text().contains(u"Retrieval: "_s), qPrintable(says()->text()));
        QVERIFY(make()->isEnabled());
    }

    void offersAFailedStudyAgainOnlyWithAFolderThatWasRead()
    {
        auto* folder = find<QLineEdit>(u"folderStudy.folder"_s);
        auto* file = find<QLineEdit>(u"folderStudy.file"_s);
        const QString place = file->text();
        file->setText(at(u"own.db/study.json"_s)); // in a file
        QTRY_VERIFY(make()->isEnabled());
        click(make());
        QTRY_VERIFY(says()->property("problem").toBool());
        QVERIFY2(make()->isEnabled(), qPrintable(says()->text())); // after mending it elsewhere
        // Another folder is named while it is written.
        HeldLooks held(m_window.get());
        QTest::mouseClick(make(), Qt::LeftButton);
        folder->setText(at(u"study/zs"_s));
        QTRY_VERIFY(!says()->text().startsWith(u"Writing"_s));
        QVERIFY(!make()->isEnabled());
        folder->setText(ui::toQt(pictures()));
        held.release();
        file->setText(place);
        QTRY_VERIFY2(says()->text().contains(u"Retrieval: "_s), qPrintable(says()->text()));
        QTRY_VERIFY(make()->isEnabled());
    }

    void makesTheStudyWithTheRest()
    {
        click(make());
        QTRY_VERIFY(find<QTreeView>(u"data.tree"_s)->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->page(u"data"_s)->isSettled(), 20000);
        const QString summary = find<QLabel>(u"data.summary"_s)->text();
        QVERIFY2(summary.startsWith(u"4 classes · 1 session · 18 train · 6 test · "
                                    "3 zero-shot classes"_s),
                 qPrintable(summary));
        QVERIFY2(summary.contains(u"captions"_s), qPrintable(summary));
        QVERIFY(find<QPushButton>(u"data.newRun"_s)->isEnabled());
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
    }

    void endsReadingAtOnceWhenAsked()
    {
        const auto* page = m_window->page(u"data"_s);
        const auto* tree = find<QTreeView>(u"data.tree"_s);
        HeldLooks held(m_window.get()); // as where the disk does not answer
        click(find<QPushButton>(u"data.again"_s));
        QVERIFY(!page->isSettled());
        click(find<QPushButton>(u"data.cancel"_s));
        QVERIFY(page->isSettled());
        QVERIFY(!tree->isVisible());
        held.release(); // its late answer changes nothing
        QVERIFY(page->isSettled());
        QVERIFY(!tree->isVisible());
        click(find<QPushButton>(u"data.again"_s));
        QTRY_VERIFY(tree->isVisible());
    }

    void showsTheSampleOfCoco()
    {
        const fs::path sample = fs::path(CLWB_SHARED_DATA_DIR) / "coco-sample";
        if (!fs::exists(sample))
            QSKIP("no COCO sample here");
        const Json document{
            {"schema", 1},
            {"name", "sample"},
            {"updated_task",
             {{"kind", "coco"},
              {"instances",
               {(sample / "annotations/instances_train2017.json").string(),
                (sample / "annotations/instances_val2017.json").string()}},
              {"images", sample.string()},
              {"split_file", (sample / "dataset_coco.json").string()}}},
            {"retrieval", Json::array({{{"name", "COCO"},
                                        {"kind", "karpathy"},
                                        {"split_file", (sample / "dataset_coco.json").string()},
                                        {"images", sample.string()}}})}};
        const QString file = at(u"coco.json"_s);
        std::ofstream(ui::toPath(file)) << document.dump();
        m_state->requestPage(u"data"_s, Json{{"study", ui::fromQt(file)}});
        QTRY_VERIFY_WITH_TIMEOUT(m_window->page(u"data"_s)->isSettled(), 60000);
        QTRY_VERIFY(find<QTreeView>(u"data.tree"_s)->isVisible());
        // Counted by a few lines of Python over the same files: iscrowd 0, split of the Karpathy
        // file. Beside them Table I of the paper.
        const QString summary = find<QLabel>(u"data.summary"_s)->text();
        QVERIFY2(summary.startsWith(u"80 classes · 8 sessions · 401 train · 125 test"_s),
                 qPrintable(summary));
        const auto* tree = find<QTreeView>(u"data.tree"_s);
        const auto cell = [tree](int session, int column) {
            QString text = tree->model()->index(session, column).data().toString();
            text = text.section(u'(', 0, 0); // behind it stands the difference to the paper
            return text.remove(QRegularExpression(u"[^0-9]"_s)).toInt();
        };
        using Tree = ui::StudyTreeModel;
        QVERIFY(!tree->isColumnHidden(Tree::PaperTrain) && !tree->isColumnHidden(Tree::PaperTest));
        const int train[] = {143, 19, 14, 29, 50, 62, 35, 49};
        const int test[] = {46, 18, 14, 2, 4, 6, 20, 15};
        const int paperTrain[] = {258719, 41024, 45049, 49939, 62360, 65932, 36776, 37175};
        const int paperTest[] = {14886, 2678, 2643, 3048, 3801, 3947, 2127, 2230};
        for (int s = 0; s < 8; ++s) {
            QCOMPARE(cell(s + 1, Tree::Train), train[s]); // the first row is all
            QCOMPARE(cell(s + 1, Tree::Test), test[s]);
            QCOMPARE(cell(s + 1, Tree::PaperTrain), paperTrain[s]);
            QCOMPARE(cell(s + 1, Tree::PaperTest), paperTest[s]);
        }
        // These pictures are of 2017, whose splits are others than the paper's: that is told.
        const QAbstractItemModel* problems = find<QTreeView>(u"data.problems"_s)->model();
        bool isTold = false;
        for (int row = 0; row < problems->rowCount(); ++row)
            isTold = isTold || problems->index(row, 1).data().toString().contains(u"2014"_s);
        QVERIFY(isTold);
        QVERIFY(find<QPushButton>(u"data.newRun"_s)->isEnabled());
    }
};

QTEST_MAIN(TestOwnStudyStory)
#include "tst_own_study_story.moc"
