// SPDX-License-Identifier: GPL-3.0-or-later
// Every page and dialog by keyboard alone and by ear: what takes the focus has a name; Tab reaches
// all that can be used, group by group, and comes back; no keys mean two things. First, that each
// checker finds what is wrong with a dialog made for it.
#include "tests/ui/shell/desk.h"
#include "tests/ui/shell/keyboard_walk.h"
#include "ui/dialogs/dialog.h"
#include "ui/shell/access_keys.h"
#include "ui/shell/actions.h"

#include <QDialog>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

/// Two boxes of two fields each, without fault until one is planted.
class FakeDialog : public QDialog
{
public:
    FakeDialog()
    {
        auto* layout = new QVBoxLayout(this);
        for (const QString& box : {u"one"_s, u"two"_s}) {
            auto* group = new QGroupBox(u"Group %1"_s.arg(box), this);
            group->setObjectName(box);
            auto* inner = new QVBoxLayout(group);
            for (const QString& field : {u"first"_s, u"second"_s}) {
                auto* edit = new QLineEdit(group);
                edit->setObjectName(box + u'.' + field);
                edit->setAccessibleName(field + u" of "_s + box);
                inner->addWidget(edit);
            }
            layout->addWidget(group);
        }
        show();
        activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(this));
    }
    [[nodiscard]] QLineEdit* field(const QString& name) const
    {
        return findChild<QLineEdit*>(name);
    }
    QList<QWidget*> way(QStringList& problems) const
    {
        QList<QWidget*> way;
        problems = test::tabProblems(*this, field(u"one.first"_s), way);
        return way;
    }
    void add(QWidget* widget)
    {
        layout()->addWidget(widget);
        widget->show(); // the layout would show it later
    }
};

QStringList orderProblems(const QWidget& root, QWidget* start)
{
    QList<QWidget*> way;
    QStringList problems = test::tabProblems(root, start, way);
    if (!way.isEmpty())
        problems << test::splitContainers(root, way) << test::backwardSteps(root, way);
    return problems;
}

} // namespace

class TestKeyboard : public QObject
{
    Q_OBJECT

    std::unique_ptr<ui::Settings> m_settings;
    std::unique_ptr<test::Desk> m_desk;

    /// Shows it and waits for its data and its layout.
    ui::Page* show(const QString& id)
    {
        m_desk->window.showPage(id);
        m_desk->rest(m_desk->window);
        m_desk->settle();
        m_desk->rest(m_desk->window);
        return m_desk->window.page(id);
    }
    /// Runs `check` on every page, in every view it has.
    void onEveryView(const std::function<QStringList()>& check)
    {
        QStringList problems;
        for (const QString& id : m_desk->window.pageIds()) {
            ui::Page* page = show(id);
            QStringList views = page->views();
            if (views.isEmpty())
                views << QString();
            for (const QString& view : std::as_const(views)) {
                if (!view.isEmpty()) {
                    page->showView(view);
                    m_desk->rest(m_desk->window);
                    m_desk->settle();
                    m_desk->rest(m_desk->window);
                }
                for (const QString& problem : check())
                    problems << u"%1 %2: %3"_s.arg(id, view, problem);
            }
        }
        for (const QString& problem : std::as_const(problems))
            qInfo().noquote() << problem; // Qt Test cuts long messages
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    }
    void onEveryDialog(const std::function<QStringList(QDialog&)>& check)
    {
        QStringList problems;
        for (const ui::DialogInfo& info : ui::dialogTable()) {
            QDialog* dialog = ui::openDialog(info.id, m_desk->state, &m_desk->window);
            QVERIFY2(dialog, qPrintable(info.id));
            QVERIFY2(QTest::qWaitForWindowActive(dialog), qPrintable(info.id));
            m_desk->rest(*dialog); // has what it reads
            for (const QString& problem : check(*dialog))
                problems << u"%1: %2"_s.arg(info.id, problem);
            delete dialog;
            m_desk->window.activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(&m_desk->window));
        }
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_settings = std::make_unique<ui::Settings>();
        m_desk = std::make_unique<test::Desk>(*m_settings);
        m_desk->settle();
        m_desk->window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_desk->window));
    }
    void cleanupTestCase() { m_desk.reset(); }
    void init()
    {
        // Qt says "Ambiguous shortcut overload" as a warning.
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
        m_desk->window.activateWindow(); // dialogs of the test before have gone
        QVERIFY(QTest::qWaitForWindowActive(&m_desk->window));
    }

    void accessKeysAreGivenOnce()
    {
        QCOMPARE(ui::withAccessKeys(
                     {u"&Save"_s, u"&Stop Now"_s, u"Sa&ve"_s, u"R && D"_s, u"a"_s, u"A"_s, u""_s}),
                 (QStringList{u"&Save"_s, u"Stop &Now"_s, u"Sa&ve"_s, u"&R && D"_s, u"&a"_s, u"A"_s,
                              u""_s}));
    }

    void findsNothingWrongWithAGoodDialog()
    {
        const FakeDialog dialog;
        QCOMPARE(orderProblems(dialog, dialog.field(u"one.first"_s)), QStringList());
        QCOMPARE(test::unnamedWidgets(dialog), QStringList());
        QCOMPARE(test::sharedMnemonics(dialog), QStringList());
        QCOMPARE(test::sharedShortcuts(dialog), QStringList());
        QStringList none;
        QCOMPARE(dialog.way(none).size(), 4);
    }

    void findsAMissingName()
    {
        FakeDialog dialog;
        auto* label = new QLabel(u"&Third:"_s, &dialog);
        auto* edit = new QLineEdit(&dialog);
        edit->setObjectName(u"third"_s);
        dialog.add(label);
        dialog.add(edit);
        QCOMPARE(test::unnamedWidgets(dialog), QStringList{u"third has no accessible name"_s});
        label->setBuddy(edit);
        QCOMPARE(test::unnamedWidgets(dialog), QStringList());
    }

    void findsATrap()
    {
        FakeDialog dialog;
        auto* text = new QPlainTextEdit(&dialog);
        text->setObjectName(u"notes"_s);
        dialog.add(text);
        QStringList problems;
        dialog.way(problems);
        QCOMPARE(problems, QStringList{u"notes does not let Tab go on"_s});
        text->clear();
        text->setTabChangesFocus(true);
        dialog.way(problems);
        QCOMPARE(problems, QStringList());
    }

    void findsWhatTabDoesNotReach()
    {
        /// Sends one direction on by itself, as some forms do.
        class Skipping : public QLineEdit
        {
        public:
            bool isForward = true;

        protected:
            bool focusNextPrevChild(bool next) override
            {
                if (next != isForward)
                    return QLineEdit::focusNextPrevChild(next);
                window()->findChild<QLineEdit*>(u"two.first"_s)->setFocus();
                return true;
            }
        };
        FakeDialog dialog;
        auto* skipping = new Skipping;
        skipping->setObjectName(u"skipping"_s);
        qobject_cast<QVBoxLayout*>(dialog.layout())->insertWidget(0, skipping);
        skipping->show();
        QWidget::setTabOrder(skipping, dialog.field(u"one.first"_s));
        QList<QWidget*> way;
        QCOMPARE(
            test::tabProblems(dialog, skipping, way),
            (QStringList{u"Tab does not reach one.first"_s, u"Tab does not reach one.second"_s}));
        skipping->isForward = false;
        QCOMPARE(test::tabProblems(dialog, skipping, way),
                 QStringList{u"Shift+Tab does not come to two.second where Tab does"_s});
    }

    void findsAJumpOutOfABox()
    {
        FakeDialog dialog;
        // one.first, two.first, one.second, two.second
        QWidget::setTabOrder(dialog.field(u"one.first"_s), dialog.field(u"two.first"_s));
        QWidget::setTabOrder(dialog.field(u"two.first"_s), dialog.field(u"one.second"_s));
        QWidget::setTabOrder(dialog.field(u"one.second"_s), dialog.field(u"two.second"_s));
        QStringList problems;
        const QList<QWidget*> way = dialog.way(problems);
        QCOMPARE(problems, QStringList());
        const QStringList split = test::splitContainers(dialog, way);
        QCOMPARE(split.size(), 2);
        QCOMPARE(split.front(), u"one is left and entered again, at one.second"_s);
        QCOMPARE(test::backwardSteps(dialog, way),
                 QStringList{u"Tab goes back from two.first to one.second"_s});
    }

    void findsSharedKeys()
    {
        FakeDialog dialog;
        dialog.add(new QPushButton(u"&Save"_s, &dialog));
        dialog.add(new QPushButton(u"Save && &Close"_s, &dialog));
        QCOMPARE(test::sharedMnemonics(dialog), QStringList());
        dialog.add(new QPushButton(u"&Stop"_s, &dialog));
        QCOMPARE(test::sharedMnemonics(dialog).size(), 1);
        QMenu menu(&dialog);
        menu.addAction(u"&Copy"_s);
        menu.addAction(u"Cu&t"_s);
        QCOMPARE(test::sharedMenuMnemonics(dialog), QStringList());
        menu.addAction(u"&Clear"_s);
        QCOMPARE(test::sharedMenuMnemonics(dialog).size(), 1);
        auto* one = new QAction(u"One"_s, &dialog);
        one->setShortcut(u"Ctrl+J"_s);
        auto* other = new QShortcut(QKeySequence(u"Ctrl+J"_s), dialog.field(u"one.first"_s));
        QCOMPARE(test::sharedShortcuts(dialog).size(), 1);
        // In two boxes that do not lie in each other there is no doubt.
        one->setParent(dialog.findChild<QGroupBox*>(u"two"_s));
        one->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        other->setContext(Qt::WidgetShortcut);
        QCOMPARE(test::sharedShortcuts(dialog), QStringList());
    }

    void pagesAreNamed()
    {
        onEveryView([this] { return test::unnamedWidgets(m_desk->window); });
    }

    void tabGoesThroughEveryPage()
    {
        onEveryView([this] {
            return orderProblems(m_desk->window, m_desk->find<QWidget>(u"navigation"_s));
        });
    }

    void accessKeysOfPagesAreTheirOwn()
    {
        onEveryView([this] { return test::sharedMnemonics(m_desk->window); });
    }

    void keysOfMenusAndActionsAreTheirOwn()
    {
        onEveryView([this] {
            return test::sharedMenuMnemonics(m_desk->window) +
                   test::sharedShortcuts(m_desk->window);
        });
    }

    void dialogsAreNamed()
    {
        onEveryDialog([](const QDialog& dialog) { return test::unnamedWidgets(dialog); });
    }

    void tabGoesThroughEveryDialog()
    {
        onEveryDialog([](QDialog& dialog) {
            QWidget* first = dialog.focusWidget();
            for (QWidget* at = &dialog; !first; at = at->nextInFocusChain()) {
                if (test::takesTab(at))
                    first = at;
            }
            return orderProblems(dialog, first);
        });
    }

    void keysOfDialogsAreTheirOwn()
    {
        onEveryDialog([](const QDialog& dialog) {
            return test::sharedMnemonics(dialog) + test::sharedMenuMnemonics(dialog) +
                   test::sharedShortcuts(dialog);
        });
    }

    void everyPageHasItsNumber()
    {
        const QStringList ids = m_desk->window.pageIds();
        QCOMPARE(ids.size(), 9);
        for (const QString& id : ids) {
            const QKeySequence keys = m_desk->window.actions().action(u"page."_s + id)->shortcut();
            show(id == ids.front() ? ids.back() : ids.front());
            QTest::keySequence(&m_desk->window, keys);
            QTRY_COMPARE(m_desk->window.currentPage(), id);
            QVERIFY(keys.toString(QKeySequence::PortableText).startsWith(u"Ctrl+"_s));
        }
    }

    void numbersOfPagesTakeTheFocusAlong()
    {
        for (const QString& id : m_desk->window.pageIds()) {
            const ui::Page* page = show(id);
            show(id == u"runs"_s ? u"tables"_s : u"runs"_s);
            m_desk->state.reportDone(u"Something was done"_s);
            auto* dismiss = m_desk->find<QPushButton>(u"window.problem.close"_s);
            QTRY_VERIFY(dismiss->isVisible());
            dismiss->setFocus();
            QCOMPARE(QApplication::focusWidget(), dismiss);
            QTest::keySequence(dismiss,
                               m_desk->window.actions().action(u"page."_s + id)->shortcut());
            QTRY_COMPARE(m_desk->window.currentPage(), id);
            QVERIFY2(page->isAncestorOf(QApplication::focusWidget()), qPrintable(id));
            dismiss->click();
        }
        // The list of runs fills its page.
        QTest::keySequence(&m_desk->window,
                           m_desk->window.actions().action(u"page.runs"_s)->shortcut());
        QTRY_COMPARE(m_desk->window.currentPage(), u"runs"_s);
        m_desk->find<QWidget>(u"navigation"_s)->setFocus();
        QTest::keySequence(&m_desk->window,
                           m_desk->window.actions().action(u"page.runs"_s)->shortcut());
        QTRY_VERIFY(qobject_cast<QAbstractItemView*>(QApplication::focusWidget()));
        QVERIFY(m_desk->window.page(u"runs"_s)->isAncestorOf(QApplication::focusWidget()));
    }

    void thePaletteKnowsEveryEntryOfTheMenus()
    {
        QStringList wanted;
        const std::function<void(const QMenu*)> collect = [&](const QMenu* menu) {
            for (const QAction* action : menu->actions()) {
                if (action->menu() && action->menu()->objectName().startsWith(u"menu."_s))
                    collect(action->menu());
                else if (!action->menu() && !action->isSeparator())
                    wanted << QString(action->text()).remove(u'&');
            }
        };
        for (const QAction* action : m_desk->window.menuBar()->actions())
            collect(action->menu());
        QVERIFY(wanted.size() > 40);
        std::unique_ptr<QDialog> palette(
            ui::openDialog(u"palette"_s, m_desk->state, &m_desk->window));
        QVERIFY(palette);
        auto* search = palette->findChild<QLineEdit*>(u"palette.search"_s);
        const auto* list = palette->findChild<QListView*>(u"palette.list"_s);
        for (const QString& text : std::as_const(wanted)) {
            if (text.startsWith(u"Command Palette"_s))
                continue; // it is open
            search->setText(text);
            QStringList found;
            for (int row = 0; row < list->model()->rowCount(); ++row)
                found << list->model()->index(row, 0).data().toString();
            QVERIFY2(found.contains(text), qPrintable(text));
        }
    }
};

QTEST_MAIN(TestKeyboard)
#include "tst_keyboard.moc"
