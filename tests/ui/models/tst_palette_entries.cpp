// SPDX-License-Identifier: GPL-3.0-or-later
// What the command palette finds for what is typed.
#include "ui/models/palette_entries.h"

#include <QTest>

using namespace clwb;
using namespace Qt::StringLiterals;
using ui::PaletteEntry;

namespace
{

const std::vector<PaletteEntry> kEntries{
    {u"file.open"_s, u"Open Project…"_s, u"Open another project file"_s, u"Ctrl+O"_s},
    {u"view.light"_s, u"Light"_s, u"Light colours"_s, {}},
    {u"runs.rename"_s, u"Rename Run"_s, u"Select a run first"_s, u"F2"_s, false},
    {u"run.new"_s, u"New Run…"_s, u"Fill in a new run"_s, u"Ctrl+N"_s},
    {u"run:12"_s, u"Run #12  VR-LwF-WM"_s, u"MST · finished"_s, {}},
};

QStringList found(const QString& typed, const QStringList& recent = {}, size_t most = 100)
{
    QStringList ids;
    for (const PaletteEntry& entry : ui::paletteMatches(kEntries, typed, recent, most))
        ids << entry.id;
    return ids;
}

} // namespace

class TestPaletteEntries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void offersEverythingBeforeAnythingIsTyped()
    {
        QCOMPARE(found({}).size(), 5);
        QCOMPARE(found({}).last(), u"runs.rename"_s); // what can't be done now comes last
    }

    void prefersBeginningsOfWords()
    {
        // "pro" begins a word of Open Project; "ight" lies inside Light.
        QCOMPARE(found(u"pro"_s), QStringList{u"file.open"_s});
        QCOMPARE(found(u"ight"_s), QStringList{u"view.light"_s});
        QCOMPARE(found(u"run"_s), (QStringList{u"run.new"_s, u"run:12"_s, u"runs.rename"_s}));
    }

    void prefersWholeWords()
    {
        const std::vector<PaletteEntry> runs{{u"run:123"_s, u"Run #123  FT-WM"_s, {}, {}},
                                             {u"run:12"_s, u"Run #12  FT-WM"_s, {}, {}}};
        QCOMPARE(ui::paletteMatches(runs, u"#12"_s, {}, 9).front().id, u"run:12"_s);
    }

    void findsTheRunOfANumberBeforeRunsThatHaveItInTheirNames()
    {
        // The newest first, as the palette has them.
        const std::vector<PaletteEntry> runs{{u"run:301"_s, u"Run #301 batch 128"_s, {}, {}},
                                             {u"run:200"_s, u"Run #200 like #128"_s, {}, {}},
                                             {u"run:128"_s, u"Run #128 FT-WM"_s, {}, {}}};
        for (const QString& typed : {u"128"_s, u"#128"_s}) {
            const auto fitting = ui::paletteMatches(runs, typed, {u"run:301"_s}, 9);
            QCOMPARE(fitting.front().id, u"run:128"_s);
            QCOMPARE(fitting.size(), typed == u"128"_s ? size_t{3} : size_t{2});
        }
    }

    void needsEveryWordInAnyOrder()
    {
        QCOMPARE(found(u"run new"_s), QStringList{u"run.new"_s});
        QCOMPARE(found(u"LWF wm"_s), QStringList{u"run:12"_s});
        QVERIFY(found(u"new nothing"_s).isEmpty());
    }

    void findsByNumberAndByDetail()
    {
        QCOMPARE(found(u"12"_s), QStringList{u"run:12"_s});
        QCOMPARE(found(u"colours"_s), QStringList{u"view.light"_s});
        // A match in the name comes before one in the explanation.
        QVERIFY(*ui::paletteRank(kEntries[3], u"new"_s) < *ui::paletteRank(kEntries[1], u"col"_s));
    }

    void putsWhatWasUsedLastFirst()
    {
        QCOMPARE(found(u"run"_s, {u"run:12"_s}).first(), u"run:12"_s);
        QCOMPARE(found({}, {u"view.light"_s}, 2), (QStringList{u"view.light"_s, u"file.open"_s}));
    }
};

QTEST_APPLESS_MAIN(TestPaletteEntries)
#include "tst_palette_entries.moc"
