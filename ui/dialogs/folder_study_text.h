// SPDX-License-Identifier: GPL-3.0-or-later
// What the dialog "New Study from a Folder" says of the folders that it was given.
#pragma once

#include "core/run/folder_study.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace clwb::ui
{

/// Classes, pictures, what is left out and how the pictures are parted.
/// @param sharePercent asked for; shown is what it comes to
QStringList pictureFolderLines(const run::PictureFolder& found, int sessions, int sharePercent);
/// Why no study of so many sessions can be made of it; empty when one can.
QString pictureFolderProblem(const run::PictureFolder& found, int sessions);
/// Why it is no zero-shot set; empty when it is one.
QString zeroShotProblem(const run::PictureFolder& found);
QString zeroShotLine(const run::PictureFolder& found);
QStringList captionLines(const run::CaptionSet& found);
/// Of the two fields for captions, which go together; empty: both are filled in, or neither.
QString captionFieldsProblem(bool hasFile, bool hasImages);
/// Of the name of the study's file.
QString studyFileProblem(const QString& file);
/// Classes of each session, the first ones with one more; empty where all have equally many.
std::vector<int> unequalParts(int classes, int sessions);
/// "1 200 of 5 000 pictures looked at". @param total 0: not known
QString lookedText(int64_t done, int64_t total);
/// That a disk seems to be away.
QString silentText();
/// A line a picture, "path: reason"; of very many the first ones.
QString badPictureText(const std::vector<run::BadPicture>& bad);

} // namespace clwb::ui
