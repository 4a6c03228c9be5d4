// SPDX-License-Identifier: GPL-3.0-or-later
// Undo and redo over the fields of the New run page, by the keys and the menu.
#include "core/base/file.h"
#include "tests/ui/pages/tiny_desk.h"
#include "ui/pages/page.h"
#include "ui/shell/actions.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QUndoStack>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestNewRunUndo : public QObject, private test::TinyDesk
{
    Q_OBJECT

private:
    QLineEdit* edit(const QString& name) { return find<QLineEdit>(name); }
    void click(const QString& name)
    {
        auto* button = find<QPushButton>(name);
        QVERIFY2(button && button->isEnabled(), qPrintable(name));
        QTest::mouseClick(button, Qt::LeftButton);
    }
    /// In the widget that has the focus, as the keyboard does.
    void press(Qt::KeyboardModifiers modifiers)
    {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Z, modifiers);
    }
    void undo() { press(Qt::ControlModifier); }
    void redo() { press(Qt::ControlModifier | Qt::ShiftModifier); }
    QUndoStack& steps() { return *m_window->page(u"new_run"_s)->undoStack(); }
    QAction* action(const QString& id) { return m_window->actions().action(id); }

private Q_SLOTS:
    void initTestCase()
    {
        makeData();
        showWindow(realEngine(), {1200, 1000});
        m_state->openProject(m_folder.filePath(u"runs.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(m_state->hasProject());
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->showPage(u"new_run"_s);
    }
    void init()
    {
        QTRY_VERIFY(m_window->page(u"new_run"_s)->isSettled());
        steps().clear();
    }
    void cleanup() { QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n'))); }

    void typingIsUndoneInItsFieldAndThenTheForm()
    {
        type(u"new_run.name"_s, u"first"_s);
        type(u"new_run.seeds"_s, u"0,1"_s);
        QCOMPARE(steps().count(), 2); // one a field, whatever the number of letters
        QCOMPARE(steps().undoText(), u"Change of Seeds"_s);
        auto* seeds = edit(u"new_run.seeds"_s);
        seeds->setFocus();
        while (seeds->isUndoAvailable())
            undo(); // what the field itself remembers
        QCOMPARE(seeds->text(), u"0"_s);
        QCOMPARE(steps().count(), 1); // and the form knows that nothing is left of it
        undo();
        QCOMPARE(edit(u"new_run.name"_s)->text(), QString());
        QCOMPARE(steps().index(), 0);
        redo();
        QCOMPARE(edit(u"new_run.name"_s)->text(), u"first"_s);
        // The menu does the same.
        QVERIFY(action(u"edit.undo"_s)->text().contains(u"Change of Name"_s));
        action(u"edit.undo"_s)->trigger();
        QCOMPARE(edit(u"new_run.name"_s)->text(), QString());
    }

    void choicesAreStepsOfTheirOwn()
    {
        click(u"new_run.method.ft"_s);
        click(u"new_run.option.IO"_s);
        auto* retrieval = find<QCheckBox>(u"new_run.what.retrieval"_s);
        const bool wasOn = retrieval->isChecked();
        retrieval->click();
        type(u"value.schedule.batch_size"_s, u"7"_s);
        type(u"value.schedule.epochs"_s, u"3"_s);
        type(u"value.schedule.batch_size"_s, u"9"_s);
        QCOMPARE(steps().count(), 6);
        click(u"reset.schedule.batch_size"_s);
        QCOMPARE(steps().count(), 7);
        auto* batch = edit(u"value.schedule.batch_size"_s);
        const QString preset = batch->text();
        QVERIFY(preset != u"9"_s);
        action(u"edit.undo"_s)->trigger();
        QCOMPARE(batch->text(), u"9"_s);
        batch->setFocus(); // a field that is being looked at shows it, too
        action(u"edit.undo"_s)->trigger();
        QCOMPARE(batch->text(), u"7"_s);
        for (int step = 0; step < 3; ++step)
            action(u"edit.undo"_s)->trigger();
        QCOMPARE(batch->text(), preset);
        QCOMPARE(retrieval->isChecked(), wasOn);
        QVERIFY(find<QPushButton>(u"new_run.option.IO"_s)->isChecked());
        action(u"edit.undo"_s)->trigger();
        QVERIFY(find<QPushButton>(u"new_run.option.WM"_s)->isChecked());
        action(u"edit.undo"_s)->trigger();
        QVERIFY(find<QPushButton>(u"new_run.method.vr-lwf"_s)->isChecked());
        QCOMPARE(steps().index(), 0);
        while (steps().canRedo())
            action(u"edit.redo"_s)->trigger();
        QVERIFY(find<QPushButton>(u"new_run.method.ft"_s)->isChecked());
        QVERIFY(retrieval->isChecked() != wasOn);
        QCOMPARE(edit(u"value.schedule.epochs"_s)->text(), u"3"_s);
    }

    void aPresetIsOneStep()
    {
        auto* box = find<QComboBox>(u"new_run.preset"_s);
        const QString before = box->currentText();
        const QString other = before == u"demo"_s ? u"paper"_s : u"demo"_s;
        box->setCurrentText(other);
        Q_EMIT box->textActivated(other);
        QCOMPARE(steps().count(), 1);
        const QString rate = edit(u"value.schedule.lr"_s)->text();
        action(u"edit.undo"_s)->trigger();
        QCOMPARE(box->currentText(), before);
        QVERIFY(edit(u"value.schedule.lr"_s)->text() != rate);
        action(u"edit.redo"_s)->trigger();
        QCOMPARE(box->currentText(), other);
        QCOMPARE(edit(u"value.schedule.lr"_s)->text(), rate);
    }

    void whatAStudySuggestsBelongsToItsStep()
    {
        action(u"edit.undo"_s)->trigger();
        Json document = *readJsonFile(ui::toPath(at(u"study/study.json"_s)));
        document["preset"] = "paper"; // the mini model alone would suggest `demo`
        QVERIFY(writeFileAtomically(ui::toPath(at(u"study/small.json"_s)), document.dump()));
        auto* box = find<QComboBox>(u"new_run.preset"_s);
        box->setCurrentText(u"quick look"_s); // starts from what suits the study
        Q_EMIT box->textActivated(u"quick look"_s);
        const QString rate = edit(u"value.schedule.lr"_s)->text();
        QTRY_VERIFY(m_window->page(u"new_run"_s)->isSettled());
        type(u"new_run.study"_s, at(u"study/small.json"_s));
        QTRY_VERIFY(edit(u"value.schedule.lr"_s)->text() != rate);
        QCOMPARE(steps().undoText(), u"Change of Study"_s);
        action(u"edit.undo"_s)->trigger();
        QVERIFY(!edit(u"new_run.study"_s)->text().endsWith(u"small.json"_s));
        QCOMPARE(edit(u"value.schedule.lr"_s)->text(), rate);
    }

    void aCloneIsOneStepAndAnotherProjectForgets()
    {
        Json document = *readJsonFile(ui::toPath(at(u"study/study.json"_s)));
        type(u"new_run.study"_s, at(u"study/study.json"_s));
        type(u"new_run.model"_s, at(u"model"_s));
        click(u"new_run.method.ft"_s);
        QTRY_VERIFY(find<QPushButton>(u"new_run.save"_s)->isEnabled());
        const std::filesystem::path file = ui::toPath(at(u"spec.json"_s));
        const Json spec{{"study", ui::fromQt(at(u"study/study.json"_s))},
                        {"model", ui::fromQt(at(u"model"_s))},
                        {"method", "lwf"},
                        {"option", "TO"},
                        {"setting", "OST"}};
        QVERIFY(writeFileAtomically(file, spec.dump()));
        const int count = steps().count();
        m_window->showPage(u"new_run"_s, Json{{"file", file.string()}});
        QTRY_VERIFY(find<QPushButton>(u"new_run.method.lwf"_s)->isChecked());
        QVERIFY(find<QPushButton>(u"new_run.option.TO"_s)->isChecked());
        QCOMPARE(steps().count(), count + 1);
        action(u"edit.undo"_s)->trigger();
        QVERIFY(find<QPushButton>(u"new_run.method.ft"_s)->isChecked());
        QCOMPARE(edit(u"new_run.model"_s)->text(), at(u"model"_s));

        m_state->openProject(at(u"other.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_COMPARE(m_state->projectFile(), at(u"other.db"_s));
        QCOMPARE(steps().count(), 0);
        QVERIFY(!action(u"edit.undo"_s)->isEnabled());
    }
};

QTEST_MAIN(TestNewRunUndo)
#include "tst_new_run_undo.moc"
