// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensors an option trains (algorithms.md §3.4, §4.2).
#pragma once

#include "core/model/parameters.h"

#include <string>
#include <vector>

namespace clwb::model
{

enum class Option { WholeModel, ImageOnly, TextOnly };

/// "WM", "IO", "TO". CHECK: one of these.
Option optionFromText(const std::string& text);

inline bool trainsImage(Option option)
{
    return option != Option::TextOnly;
}
inline bool trainsText(Option option)
{
    return option != Option::ImageOnly;
}

bool isImageTensor(const std::string& name);
bool isTextTensor(const std::string& name);
inline const std::string kLogitScale = "logit_scale";

/// Whether ln τ is trained (register row A3): `auto` trains it in WM only.
bool trainsLogitScale(Option option, const std::string& logitScaleSetting);

/// Names of the trained tensors in bytewise order, without method-specific extras.
std::vector<std::string> trainedNames(const Parameters& parameters, Option option,
                                      bool withLogitScale);

} // namespace clwb::model
