// SPDX-License-Identifier: GPL-3.0-or-later
// Sentence forms; `{}` takes the name, `{a}` the name with its article.
#include "core/demo/captions.h"

#include "core/base/check.h"

#include <array>

namespace clwb::demo
{
namespace
{

constexpr std::array<std::string_view, 8> kSingleForms{
    kPrompt,           "a photo of {a}",    "{a}", "a picture of {a}", "{}", "there is {a}",
    "an image of {a}", "a photo of one {}",
};
// The prompt is what the model is asked later: it gets a fair share.
constexpr int kPromptPercent = 25;

constexpr std::array<std::string_view, kSceneForms> kPairForms{
    "{a} next to {a}",          "there is {a} beside {a}",          "a photo of {a} and {a}",
    "{a} with {a} at its side", "a picture with {a} and {a} in it",
};
constexpr std::array<std::string_view, kSceneForms> kTripleForms{
    "{a}, {a} and {a} side by side",         "there is {a} beside {a} and {a}",
    "a photo of {a}, {a} and {a}",           "{a} with {a} and {a} at its side",
    "a picture with {a}, {a} and {a} in it",
};

std::string filled(std::string_view form, const std::vector<std::string>& names)
{
    std::string text;
    size_t used = 0;
    for (size_t at = 0; at < form.size();) {
        const bool bare = form.substr(at, 2) == "{}";
        const bool article = form.substr(at, 3) == "{a}";
        if (bare || article) {
            const std::string& name = names.at(used++);
            text += bare ? name : withArticle(name);
            at += bare ? 2 : 3;
        } else {
            text += form[at++];
        }
    }
    return text;
}

} // namespace

std::string withArticle(std::string_view name)
{
    // CLDR's names are singular but for a few things that come in pairs or heaps; what counts is
    // the head: "nest with eggs" is one nest.
    std::string_view head = name;
    for (const std::string_view word : {" with ", " of ", " over ", " in ", " on ", " showing "})
        head = head.substr(0, head.find(word));
    const bool plural =
        head.size() > 2 && head.back() == 's' &&
        std::string_view("suo").find(head[head.size() - 2]) == std::string_view::npos;
    if (plural)
        return std::string(name);
    // "unicorn" and "one-piece" sound with a consonant, "hourglass" and "x-ray" with a vowel.
    const bool consonant = name.starts_with("uni") || name.starts_with("one") ||
                           name.starts_with("eu") || name.starts_with("use");
    const bool vowel =
        name.starts_with("hour") || name.starts_with("x-") ||
        (!name.empty() && std::string_view("aeiou").find(name.front()) != std::string_view::npos);
    return (vowel && !consonant ? "an " : "a ") + std::string(name);
}

std::string singleCaption(std::string_view name, Dice& dice)
{
    const auto last = static_cast<int>(kSingleForms.size()) - 1;
    const int form = dice.chance(kPromptPercent) ? 0 : dice.between(1, last);
    return filled(kSingleForms[static_cast<size_t>(form)], {std::string(name)});
}

std::string sceneCaption(int form, const std::vector<std::string>& names)
{
    CLWB_CHECK(form >= 0 && form < kSceneForms && (names.size() == 2 || names.size() == 3));
    const auto index = static_cast<size_t>(form);
    return filled(names.size() == 2 ? kPairForms[index] : kTripleForms[index], names);
}

std::vector<std::string> captionForms()
{
    const std::vector<std::string> things(3, "thing");
    std::vector<std::string> forms;
    for (const std::string_view form : kSingleForms)
        forms.push_back(filled(form, things));
    for (const std::string_view form : kPairForms)
        forms.push_back(filled(form, things));
    for (const std::string_view form : kTripleForms)
        forms.push_back(filled(form, things));
    return forms;
}

} // namespace clwb::demo
