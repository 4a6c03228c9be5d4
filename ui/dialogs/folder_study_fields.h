// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of the dialog "New Study from a Folder".
#pragma once

class QDialog;
class QLayout;
class QLineEdit;
class QSpinBox;

namespace clwb::ui
{

class PathEdit;

struct FolderStudyFields
{
    PathEdit* folder = nullptr;
    QLineEdit* name = nullptr;
    QSpinBox* sessions = nullptr;
    QSpinBox* share = nullptr;
    QSpinBox* seed = nullptr;
    PathEdit* zeroShot = nullptr;
    PathEdit* captions = nullptr;
    PathEdit* captionImages = nullptr;
    QLineEdit* file = nullptr;
};

/// Makes them all, each with its label.
QLayout* makeFolderStudyForm(FolderStudyFields& fields, QDialog* parent);

} // namespace clwb::ui
