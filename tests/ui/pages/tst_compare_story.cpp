// SPDX-License-Identifier: GPL-3.0-or-later
// A story through the Compare page on the starter project: choose, look, hide, export, come back.
#include "core/report/csv.h"
#include "tests/ui/pages/starter_story.h"
#include "tests/ui/shell/stored_branch.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/compared_list_model.h"
#include "ui/plots/bars_plot.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/matrix_view.h"
#include "ui/plots/trade_off_plot.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/compared_list.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <algorithm>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

struct Story : test::OwnStarterStory
{
    using OwnStarterStory::OwnStarterStory;
    [[nodiscard]] bool isReady() const
    {
        return state.hasProject() && window.page(u"compare"_s)->isSettled();
    }
    [[nodiscard]] QStringList labels() const
    {
        QStringList result;
        const QAbstractItemModel* model = find<ComparedList>(u"compare.list"_s)->model();
        for (int row = 0; row < model->rowCount(); ++row)
            result << model->index(row, 0).data().toString();
        return result;
    }
    [[nodiscard]] QPoint rowOf(const QString& label) const
    {
        auto* list = find<ComparedList>(u"compare.list"_s);
        return list->visualRect(list->model()->index(static_cast<int>(labels().indexOf(label)), 0))
            .center();
    }
    [[nodiscard]] int shownLines(const QString& plot) const
    {
        int shown = 0;
        for (const CurveSeries& series : find<CurvePlot>(plot)->data().series)
            shown += series.isHidden ? 0 : 1;
        return shown;
    }
    /// Picks an entry of the menu that is open now.
    static void choose(const QString& text)
    {
        OwnStarterStory::choose(qobject_cast<QMenu*>(QApplication::activePopupWidget()), text);
    }
};

} // namespace

class TestCompareStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void beginsWithOneStudy()
    {
        Settings settings;
        const Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        const_cast<Story&>(story).window.showPage(u"compare"_s);
        QTRY_VERIFY(story.isReady() && !story.labels().isEmpty());
        QCOMPARE(story.labels(),
                 (QStringList{u"Original CLIP"_s, u"Joint-FT"_s, u"FT-WM"_s, u"LwF-WM"_s,
                              u"GeoDL-WM"_s, u"IMM-WM"_s, u"RKR-WM"_s, u"VR-LwF-WM"_s}));
        QCOMPARE(story.shownLines(u"compare.zs"_s), 6);
        QCOMPARE(story.find<CurvePlot>(u"compare.zs"_s)->data().references.size(), size_t{2});
    }

    void comparesHidesExportsAndRemembers()
    {
        Settings settings;
        QString project;
        {
            Story story(settings);
            QTRY_VERIFY(story.state.hasProject());
            project = story.state.projectFile();
            // FT-WM and VR-LwF-WM, MST, three seeds each.
            story.window.showPage(u"compare"_s, Json{{"runs", {59, 60, 61, 62, 63, 64}}});
            QTRY_COMPARE(story.labels(), (QStringList{u"FT-WM"_s, u"VR-LwF-WM"_s}));
            QTRY_VERIFY(story.isReady());
            const CurveData& zs = story.find<CurvePlot>(u"compare.zs"_s)->data();
            QCOMPARE(zs.series[0].points.size(), size_t{9});
            QCOMPARE(zs.series[0].counts[8], 3);
            double sum = 0;
            for (const int64_t id : {59, 60, 61})
                sum += story.state.findRun(id)->metrics.at("ZS-Acc");
            QVERIFY(std::abs(zs.series[0].points[8].value - sum / 3) < 1e-9);

            for (const QString& tab : {u"tradeoff"_s, u"bars"_s, u"matrix"_s, u"classes"_s,
                                       u"parameters"_s, u"curves"_s}) {
                story.click(u"compare.tabs."_s + tab);
                QTRY_VERIFY(story.isReady());
            }
            auto* list = story.find<ComparedList>(u"compare.list"_s);
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, story.rowOf(u"FT-WM"_s));
            QCOMPARE(story.shownLines(u"compare.zs"_s), 1);
            story.click(u"compare.tabs.bars"_s);
            const auto* bars = story.find<BarsPlot>(u"compare.bars"_s);
            QCOMPARE(bars->data().series.size(), size_t{1}); // hidden in all views
            story.click(u"compare.tabs.curves"_s);

            const QString csv = story.folder.filePath(u"zs.csv"_s);
            story.click(u"compare.export.zs"_s);
            Story::choose(u"Save Data as CSV"_s);
            QTRY_VERIFY(story.window.findChild<QFileDialog*>(u"figure.file"_s));
            auto* dialog = story.window.findChild<QFileDialog*>(u"figure.file"_s);
            dialog->selectFile(csv);
            static_cast<QDialog*>(dialog)->accept();
            QTRY_VERIFY(QFile::exists(csv));
            QFile file(csv);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto table = report::readCsv(file.readAll().toStdString(), "zs.csv");
            QVERIFY(table);
            // Only what is shown: three seeds of VR-LwF-WM at nine sessions, in full.
            QCOMPARE(table->rows.size(), size_t{27});
            QCOMPARE(table->header.back(), std::string("value"));
            bool isFound = false;
            for (const auto& row : table->rows) {
                QCOMPARE(row[1], std::string("VR-LwF-WM"));
                isFound |= row[0] == "62" && row[4] == "8" && row[5] == "ZS-Acc" &&
                           std::abs(std::stod(row[6]) - 38.5185185185185) < 1e-12;
            }
            QVERIFY(isFound);
            settings.setValue(u"test/project"_s, project);
        }
        // The same project again: the choice and what is hidden are remembered.
        QCOMPARE(settings.value(u"test/project"_s).toString(), project);
    }

    void remembersChoiceByProject()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        story.window.showPage(u"compare"_s, Json{{"runs", {59, 62, 65}}});
        QTRY_COMPARE(story.labels().size(), 3);
        auto* list = story.find<ComparedList>(u"compare.list"_s);
        QVERIFY(story.labels().contains(u"FT-WM MST"_s)); // told apart by what differs
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, story.rowOf(u"FT-WM MST"_s));
        QCOMPARE(story.shownLines(u"compare.zs"_s), 1);
        // Another project and back.
        const QString first = story.state.projectFile();
        story.state.openProject(story.folder.filePath(u"other.db"_s),
                                store::OpenMode::CreateIfMissing);
        QTRY_COMPARE(story.state.projectName(), u"other"_s);
        QVERIFY(story.labels().isEmpty());
        QTRY_VERIFY(story.find<QWidget>(u"compare.noRuns"_s)->isVisible());
        story.state.openProject(first);
        QTRY_COMPARE(story.labels().size(), 3);
        QTRY_COMPARE(story.shownLines(u"compare.zs"_s), 1);
        // Keyboard: Space toggles, Del takes out, Return shows only one.
        list->setFocus();
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::keyClick(list, Qt::Key_Space);
        // It was the only one: the page says so instead of drawing nothing.
        QVERIFY(story.find<QWidget>(u"compare.hidden"_s)->isVisible());
        QVERIFY(!story.find<CurvePlot>(u"compare.zs"_s)->isVisible());
        story.click(u"compare.showAll"_s);
        QCOMPARE(story.shownLines(u"compare.zs"_s), 3);
        QTest::keyClick(list, Qt::Key_Delete);
        QTRY_COMPARE(story.labels().size(), 2);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::ControlModifier,
                          list->visualRect(list->model()->index(1, 0)).center());
        QCOMPARE(story.shownLines(u"compare.zs"_s), 1);
    }

    void comparesTheSelectionOfRunsAndThePicker()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        story.window.showPage(u"runs"_s, Json{{"run", 73}});
        QAction* compare = story.window.actions().action(u"runs.compare"_s);
        QTRY_VERIFY(compare->isEnabled());
        compare->trigger();
        QCOMPARE(story.window.currentPage(), u"compare"_s);
        QTRY_COMPARE(story.labels(), QStringList{u"LwF-WM"_s});
        QTRY_VERIFY(story.isReady());
        story.click(u"compare.add"_s);
        auto* filter = story.window.findChild<QLineEdit*>(u"picker.filter"_s);
        QVERIFY(filter);
        QTest::keyClicks(filter, u"origin:paper setting:mst method:rkr option:wm"_s);
        auto* runs = story.window.findChild<QListView*>(u"picker.list"_s);
        QTRY_COMPARE(runs->model()->rowCount(), 1);
        const QString tip = runs->model()->index(0, 0).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.startsWith(u"#36 RKR-WM MST (paper)"_s), qPrintable(tip));
        QTest::mouseClick(runs->viewport(), Qt::LeftButton, {},
                          runs->visualRect(runs->model()->index(0, 0)).center());
        QTRY_COMPARE(story.labels(), (QStringList{u"LwF-WM"_s, u"RKR-WM (paper)"_s}));
        story.click(u"picker.close"_s);
        // A reported row has one point, and no matrix.
        QTRY_VERIFY(story.isReady());
        const CurveData& zs = story.find<CurvePlot>(u"compare.zs"_s)->data();
        QCOMPARE(zs.series[1].points.size(), size_t{1});
        QVERIFY(zs.series[1].isHollow);
        story.click(u"compare.tabs.matrix"_s);
        QCOMPARE(story.find<QComboBox>(u"compare.matrixA"_s)->count(), 1);
    }

    void tellsBranchesApart()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        const int64_t branch = test::addBranch(toPath(story.state.projectFile()), 59, 3);
        story.state.refresh();
        QTRY_VERIFY(story.state.findRun(branch));
        story.window.showPage(u"compare"_s, Json{{"runs", {59, 60, 61, branch}}});
        QTRY_COMPARE(story.labels(), (QStringList{u"FT-WM"_s, u"FT-WM from #59, session 3"_s}));
        QTRY_VERIFY(story.isReady());
        QCOMPARE(story.find<CurvePlot>(u"compare.zs"_s)->data().series[0].counts[8], 3);
        story.click(u"compare.add"_s);
        auto* filter = story.window.findChild<QLineEdit*>(u"picker.filter"_s);
        QTest::keyClicks(filter, u"origin:local setting:mst method:ft option:wm"_s);
        const auto* runs = story.window.findChild<QListView*>(u"picker.list"_s);
        QTRY_COMPARE(runs->model()->rowCount(), 2);
        const auto text = [runs](int row) {
            return runs->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
        };
        QCOMPARE(text(1),
                 u"FT-WM, MST, FT-WM · MST · seeds 0, 1, 2 · Demo world · #59, #60, #61"_s);
        QCOMPARE(text(0), u"#%1 FT-WM, MST, seed 0, FT-WM · MST · from #59, session 3 · seed 0 "
                          "· Demo world"_s.arg(branch));
        story.click(u"picker.close"_s);
    }

    void showsMatricesClassesAndParameters()
    {
        Settings settings;
        Story story(settings, ThemeChoice::Dark);
        QTRY_VERIFY(story.state.hasProject());
        story.window.showPage(u"compare"_s,
                              Json{{"runs", {59, 60, 61, 62, 63, 64}}, {"tab", "matrix"}});
        QTRY_VERIFY(story.isReady() && story.labels().size() == 2);
        const MatrixData& difference =
            story.find<MatrixView>(u"compare.matrix.difference"_s)->data();
        QCOMPARE(difference.sessions, 8);
        const MatrixData& a = story.find<MatrixView>(u"compare.matrix.a"_s)->data();
        const MatrixData& b = story.find<MatrixView>(u"compare.matrix.b"_s)->data();
        QVERIFY(std::abs(*difference.rows.at(8)[3] - (*b.rows.at(8)[3] - *a.rows.at(8)[3])) < 1e-9);
        story.click(u"compare.tabs.classes"_s);
        auto* classes = story.find<QTreeView>(u"compare.classes"_s);
        QTRY_VERIFY(story.isReady() && classes->model()->rowCount() > 20);
        auto* search = story.find<QLineEdit>(u"compare.search"_s);
        const QString name = classes->model()->index(0, 0).data().toString();
        QTest::keyClicks(search, name);
        QTRY_VERIFY(classes->model()->rowCount() >= 1 && classes->model()->rowCount() < 20);
        story.click(u"compare.tabs.parameters"_s);
        auto* parameters = story.find<QTreeView>(u"compare.parameters"_s);
        QTRY_COMPARE(parameters->model()->columnCount(), 3);
        QStringList names;
        for (int row = 0; row < parameters->model()->rowCount(); ++row)
            names << parameters->model()->index(row, 0).data().toString();
        QVERIFY(names.contains(u"Method"_s) && names.contains(u"Bwt"_s));
        QVERIFY(!names.contains(u"Setting"_s));
    }

    void showsTheOriginalBeforeAnyTraining()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        story.window.showPage(u"compare"_s);
        QTRY_VERIFY(story.isReady() && !story.labels().isEmpty());
        // It has seen no class: in place of UT-Acc over seen ones stands what is stored of it.
        const double stored = story.state.findRun(71)->metrics.at("UT-Acc (overall)");
        const QModelIndex ut = story.find<QTreeView>(u"compare.values"_s)->model()->index(0, 1);
        QCOMPARE(ut.siblingAtColumn(0).data().toString(), u"Original CLIP"_s);
        QCOMPARE(ut.data().toString(), QString::number(stored, 'f', 2));
        QVERIFY(ut.data(Qt::ToolTipRole).toString().contains(u"has seen no class"_s));
        const auto& references = story.find<CurvePlot>(u"compare.ut"_s)->data().references;
        QCOMPARE(references.size(), size_t{2});
        QCOMPARE(references[0].label, u"Original CLIP (all crops)"_s);
        QCOMPARE(references[0].value, stored);
    }

    void saysWhatClassesAreMeasuredBy()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        story.window.showPage(u"compare"_s, Json{{"runs", {59, 60, 61, 62}}, {"tab", "classes"}});
        auto* table = story.find<QTreeView>(u"compare.classes"_s);
        QTRY_VERIFY(story.isReady() && table->model()->rowCount() > 20);
        const auto says = [](const QWidget* where, const QString& words) {
            const auto labels = where->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [&](const QLabel* label) { return label->text().contains(words); });
        };
        const QWidget* card = table->parentWidget();
        QVERIFY(says(card, u"A: mean of 3 seeds, B: seed 0 · change since original CLIP"_s));
        const auto* strip = story.find<QWidget>(u"compare.classStripA"_s);
        QTRY_VERIFY(strip->isVisible());
        QVERIFY(says(strip, u"A #59, only seed 0"_s));
        QVERIFY(says(strip, u"forgot since learned"_s));
        auto* since = story.find<QComboBox>(u"compare.since"_s);
        since->setCurrentIndex(1);
        Q_EMIT since->activated(1);
        QTRY_VERIFY(story.isReady());
        QVERIFY(says(card, u"change since the class was learned"_s));
    }

    void showsEveryColumnOfTheClasses()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        story.window.showPage(u"compare"_s,
                              Json{{"runs", {59, 60, 61, 62, 63, 64}}, {"tab", "classes"}});
        auto* table = story.find<QTreeView>(u"compare.classes"_s);
        QTRY_VERIFY(story.isReady() && table->model()->rowCount() > 20);
        QTRY_COMPARE(table->horizontalScrollBar()->maximum(), 0);
        // Wide names give way first; other columns keep what they need.
        const int change = table->columnWidth(table->model()->columnCount() - 1);
        const int whole = table->viewport()->width();
        table->header()->resizeSection(0, whole);
        QTRY_VERIFY(table->horizontalScrollBar()->maximum() > 0); // as the user has it
        story.window.resize(1400, 900);
        QTRY_VERIFY(table->viewport()->width() < whole);
        QTRY_COMPARE(table->horizontalScrollBar()->maximum(), 0);
        QCOMPARE(table->columnWidth(table->model()->columnCount() - 1), change);
    }

    void fitsASmallWindow()
    {
        Settings settings;
        Story story(settings);
        story.window.resize(1024, 768);
        QTRY_VERIFY(story.state.hasProject());
        story.window.showPage(u"compare"_s);
        QTRY_VERIFY(story.isReady() && !story.labels().isEmpty());
        for (const QString& tab : {u"curves"_s, u"options"_s, u"tradeoff"_s, u"bars"_s, u"matrix"_s,
                                   u"classes"_s, u"parameters"_s}) {
            story.click(u"compare.tabs."_s + tab);
            QTRY_VERIFY(story.isReady());
            QCOMPARE(story.window.size(), QSize(1024, 768)); // nothing pushes it wider
            const auto* frame = story.find<QScrollArea>(u"frame.compare"_s);
            QTRY_COMPARE(story.window.page(u"compare"_s)->width(), frame->viewport()->width());
            // What takes focus has a name, and no two have the same.
            QSet<QString> names;
            for (const QWidget* widget :
                 story.window.page(u"compare"_s)->findChildren<QWidget*>()) {
                const bool isInner = widget->objectName().startsWith("qt_"_L1) ||
                                     widget->inherits("QHeaderView") ||
                                     widget->inherits("QScrollBar");
                if (widget->focusPolicy() == Qt::NoFocus || isInner || !widget->isVisible())
                    continue;
                const QString name = widget->accessibleName();
                QVERIFY2(!name.isEmpty(), qPrintable(widget->objectName()));
                QVERIFY2(!names.contains(name), qPrintable(name));
                names.insert(name);
            }
        }
    }
};

QTEST_MAIN(TestCompareStory)
#include "tst_compare_story.moc"
