// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the original of a picture in the desktop's own program.
#pragma once

#include <QString>

#include <functional>

class QObject;

namespace clwb::ui
{

class AppState;

/// Only a file that is a picture by its content: a project or study from elsewhere must not make
/// the desktop open other files. It is read on a thread of its own. What fails is reported.
/// @param context lives as long as the answer is wanted
/// @param whereElse said after the place where a missing file was expected; may be empty
/// @param done called at the end, whatever came of it; may be empty
void openPicture(AppState& state, QObject* context, const QString& file,
                 const QString& whereElse = {}, std::function<void()> done = {});

} // namespace clwb::ui
