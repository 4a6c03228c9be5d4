// SPDX-License-Identifier: GPL-3.0-or-later
// English sentences about one or several named things.
#pragma once

#include "core/demo/dice.h"

#include <string>
#include <string_view>
#include <vector>

namespace clwb::demo
{

/// The paper's prompt; `{}` is where the name goes.
inline constexpr std::string_view kPrompt = "this is a photo of {}.";

/// "a fox", "an owl"; plural-looking names ("jeans", "socks") stay without an article.
std::string withArticle(std::string_view name);

/// One of the single-thing sentences, the prompt among them.
std::string singleCaption(std::string_view name, Dice& dice);

/// Number of sentence forms about two or three things.
inline constexpr int kSceneForms = 5;

/// Sentence `form` (0 … kSceneForms−1) about two or three things in the given order.
/// CHECK: 2 or 3 names.
std::string sceneCaption(int form, const std::vector<std::string>& names);

/// Every sentence form with "thing" as the name, for learning a vocabulary.
std::vector<std::string> captionForms();

} // namespace clwb::demo
