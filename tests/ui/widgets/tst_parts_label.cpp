// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of facts in narrow windows: whole facts are left out, none is cut.
#include "ui/shell/status_strip.h"
#include "ui/widgets/parts_label.h"

#include <QApplication>
#include <QHelpEvent>
#include <QTest>
#include <QTextDocumentFragment>
#include <QToolTip>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

/// What the strip paints of these facts, from one end to the other.
int paintedWidth(const StatusFacts& facts, const QFontMetrics& metrics)
{
    int width = 160; // the bar
    for (const QString& text : {facts.what, facts.position, facts.rate, facts.right})
        width += metrics.horizontalAdvance(text);
    return width;
}

} // namespace

class TestPartsLabel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastPartsAreLeftOutFirst()
    {
        PartsLabel label(u"position"_s);
        const QString all = u"session 3 of 8 · epoch 4 of 10 · 31 s left · batch 12 of 40"_s;
        const QString some = u"session 3 of 8 · epoch 4 of 10"_s;
        label.setText(all);
        const auto showAt = [&](int width) {
            label.resize(width, 20);
            return label.shownText();
        };
        QCOMPARE(showAt(label.fontMetrics().horizontalAdvance(all)), all);
        const int needed = label.fontMetrics().horizontalAdvance(some);
        QCOMPARE(showAt(needed), some);
        QCOMPARE(showAt(needed - 1), u"session 3 of 8"_s);
        QCOMPARE(showAt(1), u"session 3 of 8"_s);
        QCOMPARE(label.text(), all); // which is what is heard
    }

    void theTipHoldsWhatIsLeftOut()
    {
        PartsLabel label(u"position"_s);
        label.setText(u"session 3 of 8 · epoch 4 of 10"_s);
        label.resize(label.fontMetrics().horizontalAdvance(u"session 3 of 8"_s), 20);
        label.show();
        QHelpEvent help(QEvent::ToolTip, QPoint(3, 3), label.mapToGlobal(QPoint(3, 3)));
        QApplication::sendEvent(&label, &help);
        QCOMPARE(QTextDocumentFragment::fromHtml(QToolTip::text())
                     .toPlainText()
                     .replace(QChar::Nbsp, u' '),
                 label.text());
        QToolTip::hideText();
    }

    void theStatusLineWritesNothingOverAnother()
    {
        StatusFacts facts;
        facts.light = StatusFacts::Light::Green;
        facts.what = u"VR-LwF-WM MST"_s;
        facts.position = u"session 5 of 8 · epoch 2 of 3"_s;
        facts.fraction = 0.58;
        facts.rate = u"58 %   31 s left   1 412 img/s"_s;
        facts.right = u"62 runs · 2 queued · GPU 98 % 30.1 GB · CPU 93 % · 1.2 GB"_s;
        const QFontMetrics metrics(QApplication::font());
        const int whole = paintedWidth(facts, metrics);
        const int spaces = 22 + 3 * 16 + 14;
        const StatusFacts wide = fittingFacts(facts, metrics, whole + spaces);
        QCOMPARE(wide.right, facts.right);
        QCOMPARE(wide.rate, facts.rate);
        // The machine's load goes first.
        const StatusFacts less = fittingFacts(facts, metrics, whole + spaces - 1);
        QCOMPARE(less.right, u"62 runs · 2 queued · GPU 98 % 30.1 GB · CPU 93 %"_s);
        QCOMPARE(less.rate, facts.rate);
        for (int width = whole + spaces; width > whole / 2; width -= 7) {
            const StatusFacts fitting = fittingFacts(facts, metrics, width);
            QVERIFY(fitting.right.startsWith(u"62 runs"_s));
            QVERIFY(fitting.rate.startsWith(u"58 %"_s));
            const bool isLeast = fitting.right == u"62 runs"_s && fitting.rate == u"58 %"_s;
            QVERIFY2(isLeast || paintedWidth(fitting, metrics) <= width,
                     qPrintable(QString::number(width)));
        }
    }
};

QTEST_MAIN(TestPartsLabel)
#include "tst_parts_label.moc"
