// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that are replayed: every method, option and setting, and every variant of a register
// row.
#pragma once

#include <string>
#include <vector>

namespace clwb::test
{

/// Which model and study a run uses.
enum class Scene {
    Usual,   ///< six classes in three sessions, COCO's form
    Folders, ///< the same with a folder a class
    Hot,     ///< a model whose logit scale stands at its limit
    Gelu,    ///< a model with the other activation
};

/// One run: its settings besides those that all share.
struct RunCase
{
    std::string name;
    std::vector<std::string> sets; ///< KEY=VALUE
    Scene scene = Scene::Usual;
};

/// What all runs share, and what a case overrides.
std::vector<std::string> commonSets();
std::vector<RunCase> replayCases();

} // namespace clwb::test
