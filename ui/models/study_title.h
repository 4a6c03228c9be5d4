// SPDX-License-Identifier: GPL-3.0-or-later
// What the window calls a study wherever one is chosen: one name for the same thing.
#pragma once

#include <QString>

#include <string>

namespace clwb::ui
{

/// The study that comes with the program, whatever its folder is called.
QString demoWorldTitle();
/// The study's own name, else the folder of a study.json, else the file; the demo's study has one
/// title, whether its file could be read or not.
/// @param ownName what the file says; empty: not known
QString studyTitle(const std::string& path, const std::string& ownName = {});

} // namespace clwb::ui
