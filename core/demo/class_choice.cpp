// SPDX-License-Identifier: GPL-3.0-or-later
// The 80 classes of the updated task and a seeded split of what is left.
#include "core/demo/class_choice.h"

#include "core/base/check.h"
#include "core/demo/concepts.h"
#include "core/demo/dice.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace clwb::demo
{
namespace
{

using SessionNames = std::array<std::string_view, kClassesPerSession>;

constexpr std::array<SessionNames, kSessions> kUpdatedTask{{
    {"dog", "cat", "horse", "cow", "pig", "elephant", "rabbit", "camel", "giraffe", "zebra"},
    {"duck", "eagle", "owl", "penguin", "turtle", "octopus", "shark", "butterfly", "snail", "crab"},
    {"grapes", "watermelon", "banana", "pineapple", "red apple", "strawberry", "carrot", "broccoli",
     "mushroom", "ear of corn"},
    {"hamburger", "pizza", "hot dog", "taco", "sushi", "doughnut", "ice cream", "birthday cake",
     "pretzel", "popcorn"},
    {"bus", "taxi", "tractor", "bicycle", "motorcycle", "locomotive", "airplane", "helicopter",
     "sailboat", "rocket"},
    {"t-shirt", "jeans", "dress", "necktie", "gloves", "socks", "top hat", "running shoe",
     "backpack", "umbrella"},
    {"soccer ball", "basketball", "tennis", "skateboard", "guitar", "violin", "trumpet", "drum",
     "kite", "bullseye"},
    {"hammer", "scissors", "key", "wrench", "light bulb", "telephone", "teddy bear", "alarm clock",
     "chair", "door"},
}};

// Words of class names that only describe; everything else in them is a noun that must not recur.
constexpr std::array<std::string_view, 12> kDescribing{
    "red", "ear",     "of",     "hot",   "ice",   "birthday",
    "top", "running", "soccer", "light", "teddy", "alarm",
};
// Nouns that also end other words: "minibus", "pancakes", "snowboard".
constexpr std::array<std::string_view, 5> kEndings{"bus", "ball", "cake", "horse", "chair"};

std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words = splitText(name, ' ');
    for (std::string& word : words) {
        const bool isPlural = word.size() > 3 && word.ends_with('s') && !word.ends_with("ss") &&
                              !word.ends_with("us") && !word.ends_with("is");
        if (isPlural)
            word.pop_back();
    }
    return words;
}

template<class Range, class Value>
bool contains(const Range& range, const Value& value)
{
    return std::find(range.begin(), range.end(), value) != range.end();
}

bool sharesNoun(const std::string& name, const std::vector<std::string>& nouns)
{
    for (const std::string& word : wordsOf(name)) {
        if (contains(nouns, word))
            return true;
        for (const std::string_view ending : kEndings) {
            if (word.size() > ending.size() && word.ends_with(ending))
                return true;
        }
    }
    return false;
}

} // namespace

std::vector<int> ClassChoice::updatedTask() const
{
    std::vector<int> all;
    for (const std::vector<int>& session : sessions)
        all.insert(all.end(), session.begin(), session.end());
    return all;
}

ClassChoice chooseClasses()
{
    ClassChoice choice;
    std::vector<std::string> nouns;
    for (const SessionNames& names : kUpdatedTask) {
        std::vector<int>& session = choice.sessions.emplace_back();
        for (const std::string_view name : names) {
            session.push_back(conceptByName(name));
            CLWB_CHECK(session.back() >= 0, "no concept is called ", name);
            for (const std::string& word : wordsOf(name)) {
                if (!contains(kDescribing, word))
                    nouns.push_back(word);
            }
        }
    }
    const std::vector<int> taken = choice.updatedTask();
    std::vector<int> others;
    const std::vector<Concept>& concepts = allConcepts();
    for (int id = 0; id < static_cast<int>(concepts.size()); ++id) {
        const Concept& item = concepts[static_cast<size_t>(id)];
        // A sequence of code points needs text shaping, which a picture of one thing can do
        // without.
        const bool isSequence = item.codePoints().size() > 1;
        if (!isSequence && !contains(taken, id) && !sharesNoun(item.name, nouns))
            others.push_back(id);
    }
    CLWB_CHECK(others.size() > kZeroShotClasses + kZeroShotValidationClasses);
    Dice(0, "demo-classes", {}).shuffle(others);
    const auto zeroShotEnd = others.begin() + kZeroShotClasses;
    const auto validationEnd = zeroShotEnd + kZeroShotValidationClasses;
    choice.zeroShot.assign(others.begin(), zeroShotEnd);
    choice.zeroShotValidation.assign(zeroShotEnd, validationEnd);
    choice.fillers.assign(validationEnd, others.end());
    // Table order: an alphabet of groups is easier to look through than a shuffle.
    for (std::vector<int>* list : {&choice.zeroShot, &choice.zeroShotValidation, &choice.fillers})
        std::sort(list->begin(), list->end());
    return choice;
}

} // namespace clwb::demo
