// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/folder_study_text.h"

#include "ui/bridge/qt_text.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct FolderText
{
    Q_DECLARE_TR_FUNCTIONS(FolderStudyDialog)
};

constexpr size_t kMostFolderNames = 3;
constexpr size_t kMostBadLines = 1000;

/// The folders that cannot be read, or the first of them.
QStringList unreadLines(const run::PictureFolder& found)
{
    QStringList lines;
    for (size_t i = 0; i < std::min(kMostFolderNames, found.problems.size()); ++i)
        lines << toQt(found.problems[i]);
    if (found.problems.size() > kMostFolderNames)
        lines << FolderText::tr("… and %1 more folders cannot be read")
                     .arg(found.problems.size() - kMostFolderNames);
    return lines;
}

/// "18 train and 6 test pictures: 25 % test"
QString partsText(const run::PictureFolder& found, int sharePercent)
{
    const std::vector<int64_t> counts = run::testCounts(found.classSizes, sharePercent / 100.0);
    const int64_t test = std::accumulate(counts.begin(), counts.end(), int64_t{0});
    const int64_t all =
        std::accumulate(found.classSizes.begin(), found.classSizes.end(), int64_t{0});
    const double percent = 100.0 * static_cast<double>(test) / static_cast<double>(all);
    QString text = FolderText::tr("%1 train and %2 test pictures: %3 % test")
                       .arg(countText(all - test), countText(test), numberText(percent, 0));
    if (std::abs(percent - sharePercent) >= 0.5)
        text += FolderText::tr(", as near to %1 % as such small classes allow").arg(sharePercent);
    return text;
}

/// Pictures that are worth knowing of, though runs take them.
QStringList convertedLines(const run::PictureFolder& found)
{
    QStringList lines;
    if (found.cmyk > 0)
        lines << countedText(found.cmyk,
                             FolderText::tr("%1 CMYK picture is converted as Pillow does"),
                             FolderText::tr("%1 CMYK pictures are converted as Pillow does"));
    if (found.sixteenBits > 0)
        lines << countedText(found.sixteenBits,
                             FolderText::tr("%1 picture of 16 bits is converted as Pillow does: "
                                            "the high byte counts"),
                             FolderText::tr("%1 pictures of 16 bits are converted as Pillow does: "
                                            "the high byte counts"));
    if (found.animated > 0)
        lines << countedText(found.animated,
                             FolderText::tr("Of %1 animated picture the first frame is used"),
                             FolderText::tr("Of %1 animated pictures the first frame is used"));
    return lines;
}

} // namespace

QStringList pictureFolderLines(const run::PictureFolder& found, int sessions, int sharePercent)
{
    const auto classes = static_cast<int>(found.classes.size());
    QStringList lines{FolderText::tr("%1 classes, %2 pictures")
                          .arg(countText(classes), countText(found.pictures)) +
                      (found.hasSplits ? FolderText::tr(", already split into train and test")
                                       : FolderText::tr(", a share of each class becomes test"))};
    if (!found.hasSplits)
        lines << partsText(found, sharePercent);
    if (classes % sessions != 0)
        lines
            << FolderText::tr("The first %1 sessions have one class more").arg(classes % sessions);
    if (!found.empty.empty())
        lines << FolderText::tr("%1 folders without pictures are left out, such as %2")
                     .arg(found.empty.size())
                     .arg(toQt(found.empty.front()));
    if (found.otherFiles > 0)
        lines << countedText(found.otherFiles,
                             FolderText::tr("%1 file of another kind is left out: %2"),
                             FolderText::tr("%1 files of other kinds are left out, such as %2"))
                     .arg(toQt(found.otherFile));
    if (found.outside > 0)
        lines << countedText(found.outside,
                             FolderText::tr("%1 link leads out of the folder; it is followed"),
                             FolderText::tr("%1 links lead out of the folder; they are followed"));
    if (found.turned > 0)
        lines << countedText(found.turned,
                             FolderText::tr("%1 picture is marked as turned (EXIF) and is used as "
                                            "it is stored"),
                             FolderText::tr("%1 pictures are marked as turned (EXIF) and are used "
                                            "as they are stored"));
    lines += convertedLines(found);
    return lines + unreadLines(found);
}

QString pictureFolderProblem(const run::PictureFolder& found, int sessions)
{
    const auto classes = static_cast<int>(found.classes.size());
    if (sessions > classes)
        return FolderText::tr("%1 classes cannot fill %2 sessions").arg(classes).arg(sessions);
    const auto lone = std::find(found.classSizes.begin(), found.classSizes.end(), int64_t{1});
    if (found.hasSplits || lone == found.classSizes.end())
        return {};
    const auto position = static_cast<size_t>(lone - found.classSizes.begin());
    return FolderText::tr("Class %1 has one usable picture, which cannot be both train and test: "
                          "add pictures to its folder, or take the folder away")
        .arg(toQt(found.classes[position]));
}

QString zeroShotProblem(const run::PictureFolder& found)
{
    if (!found.hasSplits)
        return {};
    return FolderText::tr("%1 holds folders train and test: choose the one of them that has the "
                          "zero-shot classes")
        .arg(toQt(found.folder));
}

QString zeroShotLine(const run::PictureFolder& found)
{
    const QString line =
        FolderText::tr("Zero-shot: %1 classes, %2 pictures")
            .arg(countText(static_cast<int64_t>(found.classes.size())), countText(found.pictures));
    return (QStringList(line) + unreadLines(found)).join(u'\n');
}

QStringList captionLines(const run::CaptionSet& found)
{
    QStringList lines{FolderText::tr("Retrieval: %1 pictures, %2 captions for test")
                          .arg(countText(found.testImages), countText(found.testCaptions))};
    for (size_t i = 0; i < std::min(kMostFolderNames, found.notes.size()); ++i)
        lines << FolderText::tr("Captions: %1").arg(toQt(found.notes[i]));
    if (found.notes.size() > kMostFolderNames)
        lines
            << FolderText::tr("Captions: … and %1 more").arg(found.notes.size() - kMostFolderNames);
    return lines;
}

QString captionFieldsProblem(bool hasFile, bool hasImages)
{
    if (hasFile == hasImages)
        return {};
    return hasFile ? FolderText::tr("Choose the folder of the captions' pictures, or leave the "
                                    "captions file empty")
                   : FolderText::tr("Choose the captions file, or leave its pictures empty");
}

QString studyFileProblem(const QString& file)
{
    if (file.isEmpty())
        return FolderText::tr("Say where the study file shall lie");
    return QFileInfo(file).isAbsolute()
               ? QString()
               : FolderText::tr("The study file needs a path that begins with /");
}

std::vector<int> unequalParts(int classes, int sessions)
{
    std::vector<int> sizes;
    for (int s = 0; classes % sessions != 0 && s < sessions; ++s)
        sizes.push_back(classes / sessions + (s < classes % sessions ? 1 : 0));
    return sizes;
}

QString lookedText(int64_t done, int64_t total)
{
    return total < done ? FolderText::tr("%1 pictures looked at").arg(countText(done))
                        : FolderText::tr("%1 of %2 pictures looked at")
                              .arg(countText(done), countText(total));
}

QString silentText()
{
    return FolderText::tr("The disk has not answered for some seconds. Where it does not come "
                          "back, cancel and open this dialog again.");
}

QString badPictureText(const std::vector<run::BadPicture>& bad)
{
    QStringList lines;
    for (size_t i = 0; i < std::min(kMostBadLines, bad.size()); ++i)
        lines << toQt(bad[i].file) + u": "_s + toQt(bad[i].reason);
    if (bad.size() > kMostBadLines)
        lines << FolderText::tr("… and %1 more").arg(bad.size() - kMostBadLines);
    return lines.join(u'\n');
}

} // namespace clwb::ui
