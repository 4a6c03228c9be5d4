// SPDX-License-Identifier: GPL-3.0-or-later
// The New run page through the real window and engine on a tiny study: a setting varied into a
// sweep that trains, presets of one's own with undo, and the form as file and command line.
#include "tests/ui/pages/tiny_desk.h"
#include "ui/models/form_presets.h"
#include "ui/pages/page.h"
#include "ui/shell/actions.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <fstream>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

constexpr int kLongMs = 90000;

} // namespace

class TestNewRunStory : public QObject, private test::TinyDesk
{
    Q_OBJECT

private:
    void click(const QString& name)
    {
        auto* button = find<QPushButton>(name);
        QVERIFY2(button && button->isEnabled(), qPrintable(name));
        QTest::mouseClick(button, Qt::LeftButton);
    }

    QAction* presetAction(const QString& name)
    {
        auto* menu = find<QToolButton>(u"new_run.presetMenu"_s)->menu();
        Q_EMIT menu->aboutToShow();
        return menu->findChild<QAction*>(name);
    }

    void answerName(const QString& name)
    {
        QTRY_VERIFY(find<QInputDialog>(u"new_run.presetName"_s));
        auto* dialog = find<QInputDialog>(u"new_run.presetName"_s);
        dialog->setTextValue(name);
        dialog->accept();
        QTRY_VERIFY(!find<QInputDialog>(u"new_run.presetName"_s));
    }

    QStringList presets()
    {
        const auto* box = find<QComboBox>(u"new_run.preset"_s);
        QStringList names;
        for (int i = 0; i < box->count(); ++i) {
            if (!box->itemText(i).isEmpty()) // the line between
                names << box->itemText(i);
        }
        return names;
    }

private Q_SLOTS:
    void initTestCase()
    {
        makeData();
        showWindow(realEngine(), {1200, 900});
        m_state->openProject(m_folder.filePath(u"runs.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(m_state->hasProject());
        m_window->showPage(u"new_run"_s);
        type(u"new_run.study"_s, m_folder.filePath(u"study/study.json"_s));
        type(u"new_run.model"_s, m_folder.filePath(u"model"_s));
        click(u"new_run.method.ft"_s);
        type(u"value.schedule.epochs"_s, u"1"_s);
        type(u"value.schedule.batch_size"_s, u"4"_s);
        QTRY_VERIFY(find<QPushButton>(u"new_run.start"_s)->isEnabled());
    }
    void cleanup() { QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n'))); }

    void keepsPresetsOfOnesOwn()
    {
        QCOMPARE(presets(), (QStringList{u"paper"_s, u"demo"_s, u"quick look"_s}));
        QVERIFY(!presetAction(u"new_run.renamePreset"_s)->isEnabled()); // the program's
        QVERIFY(!presetAction(u"new_run.renamePreset"_s)->toolTip().isEmpty());
        presetAction(u"new_run.savePreset"_s)->trigger();
        answerName(u"four at once"_s);
        QTRY_COMPARE(presets().last(), u"four at once"_s);
        auto* box = find<QComboBox>(u"new_run.preset"_s);
        QCOMPARE(box->currentText(), u"four at once"_s);
        QVERIFY(!find<QPushButton>(u"reset.schedule.batch_size"_s)->isVisible()); // no change now

        presetAction(u"new_run.renamePreset"_s)->trigger();
        answerName(u"batches of 4"_s);
        QTRY_COMPARE(presets().last(), u"batches of 4"_s);
        QCOMPARE(presets().size(), 4);
        presetAction(u"new_run.deletePreset"_s)->trigger();
        QTRY_COMPARE(presets().size(), 3);
        QCOMPARE(find<QLineEdit>(u"value.schedule.batch_size"_s)->text(), u"4"_s); // stays
        m_window->actions().action(u"edit.undo"_s)->trigger();
        QTRY_COMPARE(presets().last(), u"batches of 4"_s);

        // Another page of the program finds it.
        const std::filesystem::path file = ui::toPath(m_folder.path()) / "presets.json";
        QTRY_COMPARE(ui::readFormPresets(file)->size(), size_t{1}); // written in the background
        const auto stored = ui::readFormPresets(file);
        QCOMPARE(stored->front().settings.at("schedule.batch_size"), Json(4));
    }

    void suggestsThePresetOfAStudyOnce()
    {
        const auto study = [this](const QString& preset) {
            Json document = *readJsonFile(ui::toPath(m_folder.filePath(u"study/study.json"_s)));
            document["preset"] = ui::fromQt(preset);
            const QString file = m_folder.filePath(u"study/%1.json"_s.arg(preset));
            std::ofstream(ui::toPath(file)) << document.dump();
            return file;
        };
        auto* box = find<QComboBox>(u"new_run.preset"_s);
        const QString before = box->currentText();
        // Chosen by the user: it stays, whatever the study says.
        box->setCurrentText(u"paper"_s);
        Q_EMIT box->textActivated(u"paper"_s);
        type(u"new_run.study"_s, study(u"demo"_s));
        QTRY_VERIFY(find<QLabel>(u"new_run.studyInfo"_s)->isVisible());
        QTest::qWait(200);
        QCOMPARE(box->currentText(), u"paper"_s);
        // And one that says "paper" is settled, too.
        type(u"new_run.study"_s, study(u"paper"_s));
        QTRY_VERIFY(m_window->page(u"new_run"_s)->isSettled());
        QTRY_VERIFY_WITH_TIMEOUT(
            !find<QLabel>(u"new_run.estimate"_s)->text().contains(u"measuring"_s), 30000);
        type(u"new_run.study"_s, m_folder.filePath(u"study/study.json"_s));
        Q_EMIT box->textActivated(before);
        QTRY_COMPARE(box->currentText(), before);
    }

    void refusesANameOfTheProgram()
    {
        presetAction(u"new_run.savePreset"_s)->trigger();
        answerName(u"Demo"_s);
        QTRY_COMPARE(m_problems.size(), 1);
        m_problems.clear();
        QCOMPARE(presets().size(), 4);
    }

    void writesAFileThatItReads()
    {
        click(u"new_run.save"_s);
        QTRY_VERIFY(find<QFileDialog>(u"new_run.saveDialog"_s));
        auto* dialog = find<QFileDialog>(u"new_run.saveDialog"_s);
        const QString file = m_folder.filePath(u"spec.json"_s);
        dialog->selectFile(file);
        static_cast<QDialog*>(dialog)->accept();
        QTRY_VERIFY(QFile::exists(file));
        const auto document = readJsonFile(ui::toPath(file));
        QVERIFY(document && spec::runSpecFromJson(*document));
        QCOMPARE(document->at("schedule").at("batch_size"), Json(4));
        QTRY_VERIFY(!find<QFileDialog>(u"new_run.saveDialog"_s));
        click(u"new_run.copy"_s);
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"--set schedule.batch_size=4"_s));
    }

    void trainsASweepOfAVariedSetting()
    {
        click(u"vary.schedule.lr"_s);
        auto* rate = find<QLineEdit>(u"value.schedule.lr"_s);
        type(u"value.schedule.lr"_s, u"1e-4..1e-3 in x"_s);
        QVERIFY(!find<QPushButton>(u"new_run.start"_s)->isEnabled()); // and says why
        QVERIFY(find<QLabel>(u"new_run.reason"_s)->text().contains(u"Learning rate"_s));
        type(u"value.schedule.lr"_s, u"1e-4..1e-3 in 2"_s);
        auto* start = find<QPushButton>(u"new_run.start"_s);
        QTRY_VERIFY2(start->isEnabled(), qPrintable(find<QLabel>(u"new_run.reason"_s)->text()));
        QVERIFY(start->text().contains(u"Sweep"_s));
        QVERIFY(!find<QPushButton>(u"new_run.copy"_s)->isEnabled());
        QVERIFY(find<QPushButton>(u"new_run.copy"_s)->toolTip().contains(u"clwb sweep"_s));
        QVERIFY(rate->isVisible());
        click(u"new_run.start"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_state->queue().state() == ui::RunQueue::State::Idle &&
                                     m_state->queue().waiting().empty() &&
                                     m_state->runs().size() == 2,
                                 kLongMs);
        // The list is read anew a moment after the queue is idle.
        QTRY_VERIFY(std::all_of(m_state->runs().begin(), m_state->runs().end(),
                                [](const store::RunRow& run) { return run.status == "finished"; }));
        m_window->showPage(u"sweeps"_s);
        QTRY_COMPARE(find<QLabel>(u"sweeps.progress"_s)->text(), u"Sweep · 2 of 2 done"_s);
        m_window->showPage(u"new_run"_s);
        // Every value is looked for, not the first only.
        auto* same = find<QPushButton>(u"new_run.same"_s);
        type(u"value.schedule.lr"_s, u"5e-3, 1e-4, 1e-3"_s);
        QTRY_VERIFY(same->isVisible());
        const int startAt = start->mapTo(m_window.get(), QPoint()).y();
        QTRY_COMPARE(same->text(), u"2 of 3 runs have the same settings as #1, #2: open them"_s);
        type(u"value.schedule.lr"_s, u"5e-3, 7e-3"_s);
        QTRY_VERIFY(!same->isVisible());
        // Start does not move away under the mouse. What such runs took is known now.
        QTRY_VERIFY_WITH_TIMEOUT(
            find<QLabel>(u"new_run.estimate"_s)->text().contains(u"from 2 earlier runs like it"_s),
            30000);
        QCOMPARE(start->mapTo(m_window.get(), QPoint()).y(), startAt);
        type(u"value.schedule.lr"_s, u"1e-4..1e-3 in 2"_s);
        click(u"vary.schedule.lr"_s); // one value again: the first
        QCOMPARE(rate->text(), u"1e-04"_s);
        QVERIFY(!start->text().contains(u"Sweep"_s));
    }

    void aCloneTellsWhatDiffersFromItsSource()
    {
        const int64_t source = m_state->runs().front().runId;
        m_window->showPage(u"runs"_s, Json{{"run", source}});
        QTRY_VERIFY(m_window->actions().action(u"runs.clone"_s)->isEnabled());
        m_window->actions().action(u"runs.clone"_s)->trigger();
        auto* told = find<QLabel>(u"new_run.changes"_s);
        QTRY_COMPARE(told->text(), u"Same settings as #%1"_s.arg(source));
        type(u"value.schedule.batch_size"_s, u"6"_s);
        QTRY_VERIFY2(told->text().endsWith(u"schedule.batch_size 6 instead of 4"_s),
                     qPrintable(told->text()));
        type(u"value.schedule.batch_size"_s, u"4"_s);
        QTRY_COMPARE(told->text(), u"Same settings as #%1"_s.arg(source));
    }
};

QTEST_MAIN(TestNewRunStory)
#include "tst_new_run_story.moc"
