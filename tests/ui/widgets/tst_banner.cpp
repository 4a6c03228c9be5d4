// SPDX-License-Identifier: GPL-3.0-or-later
// Messages above a page: one line each, none lost behind another, what only informs goes by itself.
#include "ui/widgets/banner.h"
#include "ui/widgets/banner_guard.h"

#include <QApplication>
#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QWindow>

#include <chrono>
#include <memory>

using namespace clwb::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestBanner : public QObject
{
    Q_OBJECT

    std::unique_ptr<QWidget> m_window;
    Banner* m_banner = nullptr;
    QLineEdit* m_other = nullptr;

    QPushButton* button(const QString& name) const
    {
        return m_window->findChild<QPushButton*>(u"told."_s + name);
    }
    void click(const QString& name) const
    {
        QVERIFY2(button(name)->isVisible(), qPrintable(name));
        QTest::mouseClick(button(name), Qt::LeftButton);
    }
    static constexpr int kShortMs = 150;

    /// Two buttons below the banner: when that comes, the upper one lies where the lower one was.
    struct Moved
    {
        QWidget* page = nullptr;
        QPushButton* upper = nullptr;
        QPushButton* lower = nullptr;
        QPoint place; ///< of the lower one in the window, without a banner
    };
    void addPage(Moved& moved) const
    {
        moved.page = new QWidget(m_window.get());
        auto* column = new QVBoxLayout(moved.page);
        moved.upper = new QPushButton(u"upper"_s, moved.page);
        moved.upper->setFixedHeight(150);
        moved.lower = new QPushButton(u"lower"_s, moved.page);
        moved.lower->setFixedHeight(24);
        column->addWidget(moved.upper);
        column->addWidget(moved.lower);
        qobject_cast<QVBoxLayout*>(m_window->layout())->insertWidget(1, moved.page);
        m_window->resize(700, 500);
        QTRY_VERIFY(moved.lower->isVisible() && moved.lower->y() > 150);
        QCoreApplication::processEvents();
        moved.place = moved.lower->mapTo(m_window.get(), moved.lower->rect().center());
    }
    /// As the mouse does: on whatever lies there.
    void clickAt(const QPoint& place) const
    {
        QTest::mouseClick(m_window->windowHandle(), Qt::LeftButton, {}, place);
    }

private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<QWidget>();
        auto* column = new QVBoxLayout(m_window.get());
        m_banner = new Banner(u"told"_s, m_window.get());
        m_banner->setLifetime(kShortMs);
        m_other = new QLineEdit(m_window.get());
        column->addWidget(m_banner);
        column->addStretch(1);
        column->addWidget(m_other);
        m_window->resize(700, 300);
        m_window->show();
        m_window->activateWindow();
        m_other->setFocus();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QCursor::setPos(m_window->mapToGlobal(QPoint(690, 290)));
    }

    void isOneLineAndFoldsDetailsOut()
    {
        m_banner->tell(Banner::Tone::Problem, u"study.json could not be read"_s,
                       u"line 3: a comma is missing\nSet it, and open the file again."_s);
        QCoreApplication::processEvents();
        const int low = m_banner->height();
        QVERIFY2(low < 3 * m_banner->fontMetrics().height(), qPrintable(QString::number(low)));
        QVERIFY(m_banner->accessibleDescription().contains(u"open the file again"_s));
        click(u"details"_s);
        QTRY_VERIFY(m_banner->height() > low + m_banner->fontMetrics().height());
        click(u"details"_s);
        QTRY_COMPARE(m_banner->height(), low);
    }

    void whatInformsGoesByItself()
    {
        m_banner->tell(Banner::Tone::Invitation, u"Saved as copy.db"_s);
        QVERIFY(m_banner->isVisible());
        QTRY_VERIFY(!m_banner->isVisible());
    }

    void staysWhileItIsLookedAt()
    {
        m_banner->tell(Banner::Tone::Invitation, u"Saved as copy.db"_s);
        button(u"close"_s)->setFocus(Qt::TabFocusReason);
        QTest::qWait(4 * kShortMs);
        QVERIFY(m_banner->isVisible());
        m_other->setFocus();
        QTRY_VERIFY(!m_banner->isVisible());
        m_banner->tell(Banner::Tone::Invitation, u"Saved as copy.db"_s, u"The runs stay."_s);
        click(u"details"_s);
        m_other->setFocus();
        QTest::qWait(4 * kShortMs);
        QVERIFY(m_banner->isVisible());
    }

    void problemsAndOffersStay()
    {
        m_banner->tell(Banner::Tone::Problem, u"The run failed"_s);
        QTest::qWait(4 * kShortMs);
        QVERIFY(m_banner->isVisible());
        click(u"close"_s);
        QVERIFY(!m_banner->isVisible());
        int undone = 0;
        m_banner->tell(Banner::Tone::Invitation, u"2 runs are in the trash"_s);
        m_banner->offer(u"Undo"_s, [&undone] { ++undone; });
        QTest::qWait(4 * kShortMs);
        QVERIFY(m_banner->isVisible());
        click(u"offer"_s);
        QCOMPARE(undone, 1);
        QVERIFY(!m_banner->isVisible());
    }

    void severalWaitBehindOneLine()
    {
        QSignalSpy closed(m_banner, &Banner::closed);
        int undone = 0;
        m_banner->tell(Banner::Tone::Problem, u"first"_s, u"its details"_s);
        m_banner->tell(Banner::Tone::Invitation, u"second"_s);
        m_banner->offer(u"Undo"_s, [&undone] { ++undone; });
        m_banner->tell(Banner::Tone::Problem, u"third"_s);
        QCOMPARE(m_banner->message(), u"third"_s);
        QCOMPARE(m_banner->waiting(), 2);
        QCOMPARE(button(u"more"_s)->text(), u"2 more"_s);
        QCoreApplication::processEvents();
        QVERIFY(m_banner->height() < 3 * m_banner->fontMetrics().height());
        click(u"more"_s);
        QCOMPARE(m_banner->message(), u"second"_s);
        QCOMPARE(button(u"offer"_s)->text(), u"Undo"_s);
        click(u"offer"_s);
        QCOMPARE(undone, 1);
        QCOMPARE(m_banner->message(), u"first"_s);
        QVERIFY(!button(u"offer"_s)->isVisible());
        QVERIFY(button(u"details"_s)->isVisible());
        click(u"close"_s);
        QCOMPARE(m_banner->message(), u"third"_s);
        QVERIFY(!button(u"more"_s)->isVisible());
        QCOMPARE(closed.size(), 0);
        click(u"close"_s);
        QVERIFY(!m_banner->isVisible());
        QCOMPARE(closed.size(), 1);
    }

    void anInformationLeavesAProblemBehindIt()
    {
        m_banner->tell(Banner::Tone::Problem, u"The disk is full"_s);
        m_banner->tell(Banner::Tone::Invitation, u"Saved"_s);
        QCOMPARE(m_banner->message(), u"Saved"_s);
        QTRY_COMPARE(m_banner->message(), u"The disk is full"_s);
        QVERIFY(m_banner->isVisible());
        // The same again is no second message.
        m_banner->tell(Banner::Tone::Problem, u"The disk is full"_s, u"2 MB are left"_s);
        QCOMPARE(m_banner->waiting(), 0);
    }

    void whatIsSolvedIsTakenBackWhereverItWaits()
    {
        m_banner->tell(Banner::Tone::Problem, u"first"_s);
        m_banner->tell(Banner::Tone::Problem, u"second"_s);
        m_banner->retract(u"first"_s);
        QVERIFY(!button(u"more"_s)->isVisible());
        QCOMPARE(m_banner->message(), u"second"_s);
        m_banner->retract(u"second"_s);
        QVERIFY(!m_banner->isVisible());
        m_banner->retract(u"second"_s); // nothing happens
    }

    void aClickIsNotTakenByWhatAMessagePushedUnderIt()
    {
        Moved moved;
        addPage(moved);
        BannerGuard guard(moved.page, m_window.get());
        guard.setTimes(1h, 0ms);
        const QSignalSpy pressed(moved.upper, &QPushButton::pressed);
        const QSignalSpy clicked(moved.upper, &QPushButton::clicked);
        m_banner->tell(Banner::Tone::Problem, u"The run failed"_s);
        QTRY_COMPARE(m_window->childAt(moved.place), moved.upper);
        QVERIFY(guard.isResting());
        clickAt(moved.place);
        QCOMPARE(pressed.size(), 0);
        QCOMPARE(QApplication::focusWidget(), m_other); // or Space would press the button
        // Keys mean what has the focus, and the message itself stays where it came.
        QTest::keyClick(moved.upper, Qt::Key_Space);
        QCOMPARE(clicked.size(), 1);
        const QPushButton* close = button(u"close"_s);
        clickAt(close->mapTo(m_window.get(), close->rect().center()));
        QVERIFY(!m_banner->isVisible());
    }

    void clicksAreTakenAgainAfterAMoment()
    {
        Moved moved;
        addPage(moved);
        BannerGuard guard(moved.page, m_window.get());
        guard.setTimes(50ms, 0ms);
        const QSignalSpy clicked(moved.upper, &QPushButton::clicked);
        m_banner->tell(Banner::Tone::Problem, u"The run failed"_s);
        QTRY_COMPARE(m_window->childAt(moved.place), moved.upper);
        QTRY_VERIFY(!guard.isResting());
        clickAt(moved.place);
        QCOMPARE(clicked.size(), 1);
        // The same where it goes by itself.
        guard.setTimes(1h, 0ms);
        m_banner->retract(u"The run failed"_s);
        QTRY_COMPARE(m_window->childAt(moved.place), moved.lower);
        QVERIFY(guard.isResting());
    }

    void theSecondHalfOfASwallowedDoubleClickIsSwallowed()
    {
        Moved moved;
        addPage(moved);
        BannerGuard guard(moved.page, m_window.get());
        guard.setTimes(1h, 0ms);
        const QSignalSpy pressed(moved.upper, &QPushButton::pressed); // by double clicks too
        const QSignalSpy released(moved.upper, &QPushButton::released);
        m_banner->tell(Banner::Tone::Problem, u"The run failed"_s);
        QTRY_COMPARE(m_window->childAt(moved.place), moved.upper);
        clickAt(moved.place);
        guard.setTimes(0ms, 0ms);
        QVERIFY(!guard.isResting());
        QTest::lastMouseTimestamp -= QTest::mouseDoubleClickInterval; // soon after the first
        clickAt(moved.place);
        QCOMPARE(pressed.size(), 0);
        QCOMPARE(released.size(), 0);
        clickAt(moved.place);
        QCOMPARE(pressed.size(), 1);
        QCOMPARE(released.size(), 1);
    }

    void aPressThatWasDeliveredIsLedToItsEnd()
    {
        Moved moved;
        addPage(moved);
        BannerGuard guard(moved.page, m_window.get());
        guard.setTimes(1h, 0ms);
        QWindow* window = m_window->windowHandle();
        const QPoint start = moved.upper->mapTo(m_window.get(), moved.upper->rect().center());
        QTest::mousePress(window, Qt::LeftButton, {}, start);
        QVERIFY(moved.upper->isDown());
        m_banner->tell(Banner::Tone::Problem, u"The run failed"_s);
        QTRY_COMPARE(m_window->childAt(moved.place), moved.upper);
        QVERIFY(guard.isResting());
        QTest::mousePress(window, Qt::RightButton, {}, moved.place);
        QTest::mouseRelease(window, Qt::LeftButton, {}, moved.place);
        QVERIFY(!moved.upper->isDown());
        QTest::mouseRelease(window, Qt::RightButton, {}, moved.place);
        // The next press begins anew.
        const QSignalSpy pressed(moved.upper, &QPushButton::pressed);
        clickAt(moved.place);
        QCOMPARE(pressed.size(), 0);
    }

    void whatAClickDoesHoldsNoOtherUp()
    {
        Moved moved;
        addPage(moved);
        BannerGuard guard(moved.page, m_window.get());
        guard.setTimes(1h, 1h);
        const QSignalSpy clicked(moved.upper, &QPushButton::clicked);
        connect(moved.lower, &QPushButton::clicked, m_banner,
                [this] { m_banner->tell(Banner::Tone::Problem, u"Not done"_s); });
        clickAt(moved.place);
        QTRY_COMPARE(m_window->childAt(moved.place), moved.upper);
        clickAt(moved.place);
        QCOMPARE(clicked.size(), 1);
    }
};

QTEST_MAIN(TestBanner)
#include "tst_banner.moc"
