// SPDX-License-Identifier: GPL-3.0-or-later
// Colours: contrast of all texts, a switch while the window runs, and the desktop's own choice.
#include "tests/ui/shell/desk.h"
#include "ui/shell/actions.h"
#include "ui/shell/theme.h"

#include <QAction>
#include <QMenu>

#include <cmath>
#include <map>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

bool windowIsDark()
{
    return ui::themeOf(QApplication::palette()).isDark;
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT

    static std::map<QString, QImage> picturesOf(test::Desk& desk)
    {
        std::map<QString, QImage> pictures;
        for (const QString& id : desk.window.pageIds()) {
            desk.window.showPage(id);
            desk.settle();
            desk.window.page(id)->setFocus(); // no cursor blinks
            QTest::qWait(400);                // queued redraws
            pictures[id] = desk.window.page(id)->grab().toImage();
        }
        return pictures;
    }

    static double shareOfOther(const QImage& a, const QImage& b)
    {
        if (a.size() != b.size() || a.isNull())
            return 1;
        qint64 others = 0;
        for (int y = 0; y < a.height(); ++y) {
            for (int x = 0; x < a.width(); ++x)
                others += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
        }
        return double(others) / (double(a.width()) * a.height());
    }

    static QPalette paletteOf(const QColor& window, const QColor& text)
    {
        QPalette palette;
        palette.setColor(QPalette::Window, window);
        palette.setColor(QPalette::WindowText, text);
        return palette;
    }

private Q_SLOTS:
    void textsCanBeReadOnEveryGround_data()
    {
        QTest::addColumn<bool>("isDark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void textsCanBeReadOnEveryGround()
    {
        QFETCH(bool, isDark);
        const ui::Theme& theme = isDark ? ui::darkTheme() : ui::lightTheme();
        const std::pair<const char*, QColor> texts[] = {
            {"text", theme.text}, {"muted", theme.muted}, {"accent", theme.accent},
            {"good", theme.good}, {"bad", theme.bad},     {"warning", theme.warning}};
        const std::pair<const char*, QColor> grounds[] = {
            {"window", theme.window},   {"card", theme.card},
            {"field", theme.field},     {"hover", theme.hover},
            {"soft", theme.accentSoft}, {"problem", ui::problemGround(theme)}};
        for (const auto& [text, colour] : texts) {
            for (const auto& [ground, behind] : grounds) {
                const double contrast = ui::contrast(colour, behind);
                QVERIFY2(contrast >= ui::kTextContrast,
                         qPrintable(u"%1 on %2: %3"_s
                                        .arg(QLatin1StringView(text), QLatin1StringView(ground))
                                        .arg(contrast)));
            }
        }
        QVERIFY(ui::contrast(theme.onAccent, theme.accent) >= ui::kTextContrast);
    }

    void aSwitchLeavesNothingBehind()
    {
        std::map<QString, QImage> switched;
        {
            ui::Settings settings;
            test::Desk desk(settings);
            desk.settle();
            picturesOf(desk); // everything has been drawn in light colours
            QVERIFY(!windowIsDark());
            const QAction* dark = desk.window.actions().action(u"view.dark"_s);
            const QMenu* menu = desk.find<QMenu>(u"menu.theme"_s);
            QVERIFY(menu->actions().contains(dark));
            QVERIFY(desk.find<QMenu>(u"menu.view"_s)->actions().contains(menu->menuAction()));
            desk.window.actions().action(u"view.dark"_s)->trigger();
            QVERIFY(windowIsDark());
            QVERIFY(dark->isChecked());
            switched = picturesOf(desk);
        }
        ui::Settings settings;
        test::Desk desk(settings);
        desk.window.setTheme(ui::ThemeChoice::Dark); // before anything is drawn
        desk.settle();
        for (const auto& [id, picture] : picturesOf(desk)) {
            const double share = shareOfOther(picture, switched[id]);
            // A heading may stand a pixel higher after the plots were laid out twice.
            QVERIFY2(share < 0.03,
                     qPrintable(u"%1: %2 % of the page differ"_s.arg(id).arg(100 * share)));
            qint64 light = 0;
            for (int y = 0; y < picture.height(); y += 4) {
                for (int x = 0; x < picture.width(); x += 4)
                    light += qGray(picture.pixel(x, y)) > 200 ? 1 : 0;
            }
            QVERIFY2(double(light) * 16 / (double(picture.width()) * picture.height()) < 0.1,
                     qPrintable(id));
        }
    }

    void followsTheDesktopsPalette()
    {
        // The window before this one was dark: the desktop is not.
        QApplication::setPalette(paletteOf(QColor(240, 240, 240), QColor(30, 30, 30)));
        ui::Settings settings;
        test::Desk desk(settings);
        desk.settle();
        desk.window.actions().action(u"view.system"_s)->trigger();
        QVERIFY(!windowIsDark());
        // As a desktop's plugin does when the user turns to dark colours.
        QApplication::setPalette(paletteOf(QColor(30, 30, 30), QColor(240, 240, 240)));
        QTRY_VERIFY(windowIsDark());
        QTRY_COMPARE(QApplication::palette().color(QPalette::Window), ui::darkTheme().window);
        QApplication::setPalette(paletteOf(QColor(240, 240, 240), QColor(30, 30, 30)));
        QTRY_VERIFY(!windowIsDark());
        QTRY_COMPARE(QApplication::palette().color(QPalette::Window), ui::lightTheme().window);
        // Chosen colours stay.
        desk.window.actions().action(u"view.dark"_s)->trigger();
        QApplication::setPalette(paletteOf(QColor(240, 240, 240), QColor(30, 30, 30)));
        QTRY_COMPARE(QApplication::palette().color(QPalette::Window), ui::darkTheme().window);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
