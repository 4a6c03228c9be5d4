// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of folders for a new study: nothing that was left out goes unmentioned.
#include "ui/dialogs/folder_study_text.h"

#include <QTest>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestFolderStudyText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatItDoesNotList()
    {
        run::CaptionSet captions;
        captions.notes = {"one", "two", "three"};
        QCOMPARE(ui::captionLines(captions).size(), 4); // after what there is
        QCOMPARE(ui::captionLines(captions).back(), u"Captions: three"_s);
        captions.notes.insert(captions.notes.end(), {"four", "five"});
        QCOMPARE(ui::captionLines(captions).size(), 5);
        QCOMPARE(ui::captionLines(captions).back(), u"Captions: … and 2 more"_s);
        run::PictureFolder zeroShot;
        zeroShot.problems = {"a", "b", "c", "d"};
        QVERIFY(ui::zeroShotLine(zeroShot).endsWith(u"c\n… and 1 more folders cannot be read"_s));
    }

    void tellsOfPicturesThatAreConverted()
    {
        run::PictureFolder found;
        found.classes = {"cat"};
        found.classSizes = {8};
        found.pictures = 8;
        const qsizetype usual = ui::pictureFolderLines(found, 1, 25).size();
        found.cmyk = 12;
        found.sixteenBits = 3;
        found.animated = 1;
        const QStringList lines = ui::pictureFolderLines(found, 1, 25);
        QCOMPARE(lines.size(), usual + 3);
        QCOMPARE(lines[usual], u"12 CMYK pictures are converted as Pillow does"_s);
        QVERIFY(lines[usual + 1].startsWith(u"3 pictures of 16 bits"_s));
        QCOMPARE(lines[usual + 2], u"Of 1 animated picture the first frame is used"_s);
    }

    void partsClassesThatDoNotDivide()
    {
        QCOMPARE(ui::unequalParts(6, 3), std::vector<int>());
        QCOMPARE(ui::unequalParts(8, 3), (std::vector<int>{3, 3, 2}));
    }
};

QTEST_GUILESS_MAIN(TestFolderStudyText)
#include "tst_folder_study_text.moc"
