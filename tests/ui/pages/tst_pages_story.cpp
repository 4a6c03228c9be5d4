// SPDX-License-Identifier: GPL-3.0-or-later
// A story of small things on several pages: notes, star, name, copying, finding, names of files.
#include "tests/ui/pages/starter_story.h"
#include "ui/widgets/notes_edit.h"

#include <QCheckBox>
#include <QClipboard>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;
using test::Starter;
using Story = test::StarterStory;

class TestPagesStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void notesReadAsMarkdown()
    {
        const Starter starter;
        Settings settings;
        Story story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        story.select({62});
        auto* editor = story.find<QPlainTextEdit>(u"inspector.notes"_s);
        auto* view = story.find<MarkdownView>(u"inspector.notesView"_s);
        auto* place = qobject_cast<NotesEdit*>(view->parentWidget());
        QVERIFY(place);
        if (place->currentWidget() == view)
            QTest::keyClick(view, Qt::Key_Return);
        QCOMPARE(place->currentWidget(), editor);
        story.window.activateWindow();
        editor->setFocus();
        QTRY_VERIFY(editor->hasFocus());
        editor->setPlainText(u"**Keeps more** at beta 3 <b>x</b> ![p](file:///etc/hostname) "
                             "[paper](https://example.org)"_s);
        story.list()->setFocus();
        QTRY_COMPARE(place->currentWidget(), view);
        QVERIFY(view->toPlainText().contains(u"Keeps more at beta 3"_s));
        QVERIFY(view->toPlainText().contains(u"<b>x</b>"_s)); // HTML is text
        QVERIFY(!view->loadResource(2, QUrl(u"file:///etc/hostname"_s)).isValid());
        QVERIFY(MarkdownView::isAllowed(QUrl(u"https://example.org"_s)));
        QVERIFY(!MarkdownView::isAllowed(QUrl(u"file:///etc/hostname"_s)));
        QTRY_VERIFY_WITH_TIMEOUT(story.state.findRun(62)->notes.starts_with("**Keeps more**"),
                                 5000);
        QTest::keyClick(view, Qt::Key_Return);
        QCOMPARE(place->currentWidget(), editor);
    }

    void starsAndRenames()
    {
        const Starter starter;
        Settings settings;
        Story story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        story.select({62});
        story.trigger(u"runs.star"_s);
        QTRY_VERIFY(story.state.findRun(62)->starred);
        story.trigger(u"edit.undo"_s);
        QTRY_VERIFY(!story.state.findRun(62)->starred);
        story.trigger(u"runs.rename"_s);
        auto* name = story.find<QLineEdit>(u"inspector.name"_s);
        QTRY_VERIFY(name->hasFocus());
        QTest::keyClicks(name, u"the best one"_s); // over the selected text
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_COMPARE(story.state.findRun(62)->name, std::string("the best one"));
        story.trigger(u"edit.undo"_s);
        QTRY_VERIFY(story.state.findRun(62)->name != "the best one");
    }

    void copiesAndFindsWhereOneIs()
    {
        const Starter starter;
        Settings settings;
        Story story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        story.window.showPage(u"compare"_s, Json{{"runs", {59, 62}}, {"tab", "bars"}});
        QTRY_VERIFY(story.isReady() && story.compared(62).isValid());
        story.trigger(u"edit.copy"_s);
        const QMimeData* copied = QApplication::clipboard()->mimeData();
        QVERIFY(copied->hasImage() && copied->text().contains(u"VR-LwF-WM"_s));
        // Line by line what the two were asked to do.
        story.window.showPage(u"compare"_s, Json{{"tab", "parameters"}});
        QTRY_VERIFY(story.isReady());
        story.find<QCheckBox>(u"compare.textDiff"_s)->click();
        const QString diff = story.find<QPlainTextEdit>(u"compare.diff"_s)->toPlainText();
        QVERIFY2(diff.startsWith(u"--- #59"_s) && diff.contains(u"\n+++ #62"_s), qPrintable(diff));
        QVERIFY2(diff.contains(u"\n-method = \"ft\"\n+method = \"vr-lwf\"\n"_s), qPrintable(diff));
        QVERIFY(!diff.contains(u"\n setting"_s)); // the same in both
        story.click(u"compare.copyDiff"_s);
        QCOMPARE(QApplication::clipboard()->text(), diff);
        // Ctrl+F stays on a page that has a filter.
        story.window.activateWindow();
        story.window.showPage(u"tables"_s);
        story.trigger(u"edit.find"_s);
        QTRY_VERIFY(story.find<QLineEdit>(u"tables.filter"_s)->hasFocus());
        story.window.showPage(u"compare"_s, Json{{"tab", "curves"}});
        story.trigger(u"edit.find"_s);
        QCOMPARE(story.window.currentPage(), u"runs"_s);
        QTRY_VERIFY(story.find<QLineEdit>(u"runs.filter"_s)->hasFocus());
    }

    void tellsFilesOfOneNameApart()
    {
        const QStringList files{u"/a/one/runs.db"_s, u"/a/two/runs.db"_s, u"/a/two/other.db"_s};
        QCOMPARE(distinctName(files[0], files), u"runs.db — one"_s);
        QCOMPARE(distinctName(files[1], files), u"runs.db — two"_s);
        QCOMPARE(distinctName(files[2], files), u"other.db"_s);
    }
};

QTEST_MAIN(TestPagesStory)
#include "tst_pages_story.moc"
