// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of the table of settings; only param.cpp puts them together.
#pragma once

#include "core/spec/param.h"

#include <vector>

namespace clwb::spec::detail
{

/// Keys below `params`.
std::vector<ParamDef> methodParams();
/// Keys outside `params`, those before (top level) and those after it.
std::vector<ParamDef> identityParams();
std::vector<ParamDef> trainingParams();
/// Keys of the study file that stand in the register.
std::vector<ParamDef> studyParams();

} // namespace clwb::spec::detail
