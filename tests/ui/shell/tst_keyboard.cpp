// SPDX-License-Identifier: GPL-3.0-or-later
// Every page by keyboard alone: Tab reaches all that can be used, in reading order and out again;
// access keys are unique on a page and in a menu.
#include "tests/ui/shell/desk.h"

#include <QAbstractButton>
#include <QKeySequence>
#include <QLabel>
#include <QMap>
#include <QMenu>
#include <QMenuBar>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

QString nameOf(const QWidget* widget)
{
    return widget->objectName().isEmpty() ? QString::fromLatin1(widget->metaObject()->className())
                                          : widget->objectName();
}

bool takesTab(const QWidget* widget)
{
    return widget->isVisible() && widget->isEnabled() && !widget->focusProxy() &&
           (widget->focusPolicy() & Qt::TabFocus);
}

/// Where it is seen; scrolled content counts where it would be.
QRect placeOf(const QWidget* widget, const QWidget* page)
{
    return {widget->mapTo(page, QPoint()), widget->size()};
}

/// A step back within a column, or to the left within a line.
bool isBackwards(const QRect& from, const QRect& to)
{
    const bool isAbove = to.bottom() < from.top() && to.left() < from.right();
    const int common = std::min(from.bottom(), to.bottom()) - std::max(from.top(), to.top());
    const bool isSameLine = 2 * common > std::min(from.height(), to.height());
    return isAbove || (isSameLine && to.right() < from.left());
}

} // namespace

class TestKeyboard : public QObject
{
    Q_OBJECT

    std::unique_ptr<ui::Settings> m_settings;
    std::unique_ptr<test::Desk> m_desk;

    static void addPages()
    {
        QTest::addColumn<QString>("page");
        for (const ui::PageInfo& info : ui::pageTable())
            QTest::newRow(qPrintable(info.id)) << info.id;
    }
    ui::Page* show(const QString& id)
    {
        m_desk->window.showPage(id);
        m_desk->settle();
        QTest::qWait(100); // queued layouts
        return m_desk->window.page(id);
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

    void tabReachesEverythingInOrder_data() { addPages(); }
    void tabReachesEverythingInOrder()
    {
        QFETCH(QString, page);
        const ui::Page* shown = show(page);
        QSet<const QWidget*> wanted;
        for (const QWidget* widget : shown->findChildren<QWidget*>()) {
            if (takesTab(widget))
                wanted << widget;
        }
        auto* navigation = m_desk->find<QWidget>(u"navigation"_s);
        navigation->setFocus(Qt::TabFocusReason);
        QList<const QWidget*> way;
        QStringList problems;
        constexpr int kMostSteps = 300;
        for (int step = 0; step < kMostSteps; ++step) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            const QWidget* now = QApplication::focusWidget();
            QVERIFY2(now, "the focus is lost");
            if (now == navigation)
                break; // all the way round
            if (!way.isEmpty() && way.last() == now)
                QFAIL(qPrintable(nameOf(now) + u" does not let Tab go on"_s));
            way << now;
        }
        QCOMPARE(QApplication::focusWidget(), navigation);
        for (const QWidget* widget : std::as_const(wanted)) {
            if (!way.contains(widget) && takesTab(widget))
                problems << nameOf(widget) + u" is not reached"_s;
        }
        for (qsizetype at = 1; at < way.size(); ++at) {
            const QWidget* from = way[at - 1];
            const QWidget* to = way[at];
            if (shown->isAncestorOf(from) && shown->isAncestorOf(to) &&
                isBackwards(placeOf(from, shown), placeOf(to, shown)))
                problems << u"from %1 back to %2"_s.arg(nameOf(from), nameOf(to));
        }
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
        QVERIFY(way.size() > 1);
    }

    void accessKeysOfAPageAreUnique_data() { addPages(); }
    void accessKeysOfAPageAreUnique()
    {
        QFETCH(QString, page);
        const ui::Page* shown = show(page);
        QMap<QString, QStringList> uses;
        const auto add = [&uses](const QString& text) {
            if (const QKeySequence key = QKeySequence::mnemonic(text); !key.isEmpty())
                uses[key.toString()] << text;
        };
        for (const QAction* menu : m_desk->window.menuBar()->actions())
            add(menu->text());
        for (const QWidget* widget : shown->findChildren<QWidget*>()) {
            if (!widget->isVisible())
                continue;
            if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
                add(button->text());
            if (const auto* label = qobject_cast<const QLabel*>(widget); label && label->buddy())
                add(label->text());
        }
        for (auto use = uses.cbegin(); use != uses.cend(); ++use)
            QVERIFY2(use->size() == 1, qPrintable(use.key() + u": "_s + use->join(u", "_s)));
    }

    void accessKeysOfAMenuAreUnique()
    {
        QStringList problems;
        for (const QMenu* menu : m_desk->window.menuBar()->findChildren<QMenu*>()) {
            QMap<QString, QStringList> uses;
            for (const QAction* action : menu->actions()) {
                const QKeySequence key = QKeySequence::mnemonic(action->text());
                if (!key.isEmpty())
                    uses[key.toString()] << action->text();
            }
            for (auto use = uses.cbegin(); use != uses.cend(); ++use) {
                if (use->size() > 1)
                    problems << u"%1, %2: %3"_s.arg(menu->accessibleName(), use.key(),
                                                    use->join(u", "_s));
            }
        }
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    }
};

QTEST_MAIN(TestKeyboard)
#include "tst_keyboard.moc"
