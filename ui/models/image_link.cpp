// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/image_link.h"

#include <algorithm>

namespace clwb::ui
{
namespace
{

Json pointToJson(const PredictionPoint& point)
{
    return Json{{"run", point.run}, {"session", point.session}};
}

std::optional<PredictionPoint> pointOf(const Json& argument, const char* key)
{
    const auto point = argument.find(key);
    if (point == argument.end() || !point->is_object() || !point->contains("run") ||
        !point->at("run").is_number_integer() || !point->contains("session") ||
        !point->at("session").is_number_integer())
        return std::nullopt;
    return PredictionPoint{point->at("run").get<int64_t>(), point->at("session").get<int>()};
}

std::string linkText(const Json& argument, const char* key)
{
    const auto text = argument.find(key);
    return text != argument.end() && text->is_string() ? text->get<std::string>() : std::string();
}

} // namespace

Json toJson(const ImageLink& link)
{
    Json argument{{"run", link.run}, {"part", link.part}};
    if (link.a)
        argument["a"] = pointToJson(*link.a);
    if (link.b)
        argument["b"] = pointToJson(*link.b);
    if (link.classNumber)
        argument["class"] = *link.classNumber;
    if (!link.className.empty())
        argument["class_name"] = link.className;
    if (link.outcome)
        argument["show"] = outcomeId(*link.outcome);
    return argument;
}

std::optional<ImageLink> imageLinkFromJson(const Json& argument)
{
    if (!argument.is_object())
        return std::nullopt;
    ImageLink link;
    link.a = pointOf(argument, "a");
    link.b = pointOf(argument, "b");
    if (const auto run = argument.find("run"); run != argument.end() && run->is_number_integer())
        link.run = run->get<int64_t>();
    else if (link.b)
        link.run = link.b->run;
    else
        return std::nullopt;
    link.part = linkText(argument, "part") == "zs" ? "zs" : "ut";
    if (const auto number = argument.find("class");
        number != argument.end() && number->is_number_integer())
        link.classNumber = number->get<int>();
    link.className = linkText(argument, "class_name");
    link.outcome = outcomeOfId(linkText(argument, "show"));
    return link;
}

std::optional<int> classOfLink(const ImageLink& link, const std::vector<std::string>& classes)
{
    if (link.classNumber && *link.classNumber >= 0 &&
        static_cast<size_t>(*link.classNumber) < classes.size() &&
        (link.className.empty() ||
         classes[static_cast<size_t>(*link.classNumber)] == link.className))
        return link.classNumber;
    const auto found = std::find(classes.begin(), classes.end(), link.className);
    if (link.className.empty() || found == classes.end())
        return std::nullopt;
    return static_cast<int>(found - classes.begin());
}

std::string outcomeId(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Forgotten:
        return "forgotten";
    case Outcome::Learned:
        return "learned";
    case Outcome::Never:
        return "never";
    case Outcome::Always:
        break;
    }
    return "always";
}

std::optional<Outcome> outcomeOfId(const std::string& id)
{
    for (const Outcome outcome : kOutcomes) {
        if (outcomeId(outcome) == id)
            return outcome;
    }
    return std::nullopt;
}

} // namespace clwb::ui
