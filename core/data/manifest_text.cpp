// SPDX-License-Identifier: GPL-3.0-or-later
// A manifest as text, and how two of them differ.
#include "core/base/number_text.h"
#include "core/base/sha256.h"
#include "core/data/manifest.h"
#include "core/data/printable.h"

#include <algorithm>
#include <map>
#include <set>

namespace clwb::data
{
namespace
{

/// Fields of a line. A name's own tabs are escaped.
std::vector<std::string_view> fieldsOf(std::string_view text)
{
    std::vector<std::string_view> fields;
    for (size_t from = 0; from <= text.size();) {
        const size_t end = std::min(text.find('\t', from), text.size());
        fields.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return fields;
}

/// "812 bytes", "missing".
std::string sizeText(const std::vector<std::string_view>& fields)
{
    return std::string(fields[2]) + (fields[2] == kMissingList ? "" : " bytes");
}

/// What the first line that only one side has means. The other side may have the same file in
/// another form.
std::string firstText(const std::string* then, const std::string* now)
{
    const auto fields = fieldsOf(then ? *then : *now);
    const std::string part(fields[0]);
    if (fields[1].empty()) {
        const auto count = [](const std::string* text) {
            return text ? std::string(fieldsOf(*text)[2]) : std::string("none");
        };
        return part + " selects others: " + count(then) + " then, " + count(now) + " now";
    }
    const std::string place = part + " " + printable(std::string(fields[1]), 300);
    if (!now)
        return place + ", " + sizeText(fields) + ", is gone";
    if (!then)
        return place + ", " + sizeText(fields) + ", is new";
    const std::string before = sizeText(fields);
    const std::string after = sizeText(fieldsOf(*now));
    return before == after ? place + ", " + before + " then and now with other content"
                           : place + ", " + before + " then, " + after + " now";
}

/// A file's identity in a line: part and path.
std::string_view keyOf(std::string_view text)
{
    return text.substr(0, text.find('\t', text.find('\t') + 1));
}

struct Difference
{
    std::map<std::string_view, std::pair<const std::string*, const std::string*>> lines;
    int64_t filesThen = 0, filesNow = 0;
    uint64_t bytesThen = 0, bytesNow = 0;
};

void compareParts(const ManifestPart& then, const ManifestPart& now, Difference& difference)
{
    difference.filesThen += then.files;
    difference.bytesThen += then.bytes;
    difference.filesNow += now.files;
    difference.bytesNow += now.bytes;
    size_t a = 0;
    size_t b = 0;
    while (a < then.lines.size() || b < now.lines.size()) {
        const bool hasBoth = a < then.lines.size() && b < now.lines.size();
        if (hasBoth && then.lines[a] == now.lines[b]) {
            ++a;
            ++b;
        } else if (b == now.lines.size() || (hasBoth && then.lines[a] < now.lines[b])) {
            difference.lines[keyOf(then.lines[a])].first = &then.lines[a];
            ++a;
        } else {
            difference.lines[keyOf(now.lines[b])].second = &now.lines[b];
            ++b;
        }
    }
}

} // namespace

std::string Manifest::text() const
{
    std::string text;
    for (const ManifestPart& part : parts) {
        for (const std::string& entry : part.lines)
            (text += entry) += '\n';
    }
    return text;
}

int64_t Manifest::files() const
{
    int64_t sum = 0;
    for (const ManifestPart& part : parts)
        sum += part.files;
    return sum;
}

uint64_t Manifest::bytes() const
{
    uint64_t sum = 0;
    for (const ManifestPart& part : parts)
        sum += part.bytes;
    return sum;
}

Json summaryOf(const Manifest& manifest)
{
    Json parts = Json::object();
    for (const ManifestPart& part : manifest.parts)
        parts[part.name] = sha256Hex(Manifest{{part}}.text());
    return Json{{"sha256", sha256Hex(manifest.text())},
                {"files", manifest.files()},
                {"bytes", manifest.bytes()},
                {"parts", std::move(parts)}};
}

Result<Manifest> manifestFromText(std::string_view text)
{
    Manifest manifest;
    std::set<std::string_view> names;
    while (!text.empty()) {
        const size_t end = text.find('\n');
        const std::string_view entry = text.substr(0, end);
        const auto fields = fieldsOf(entry);
        const auto size = fields.size() == 4 ? parseInteger(fields[2]) : std::nullopt;
        if (end == std::string_view::npos || fields.size() != 4 || fields[0].empty() ||
            (!size && fields[2] != kMissingList) || (size && *size < 0))
            return fail(ErrorCode::Data,
                        "not a line of a data manifest: " + printable(std::string(entry), 200));
        text.remove_prefix(end + 1);
        const bool isNewPart = manifest.parts.empty() || manifest.parts.back().name != fields[0];
        // What is compared line by line must be in order.
        if (isNewPart ? !names.insert(fields[0]).second
                      : entry < std::string_view(manifest.parts.back().lines.back()))
            return fail(ErrorCode::Data, "a line of the data manifest is out of order: " +
                                             printable(std::string(entry), 200));
        if (isNewPart)
            manifest.parts.push_back({std::string(fields[0]), 0, 0, {}});
        ManifestPart& part = manifest.parts.back();
        part.lines.emplace_back(entry);
        if (!fields[1].empty() && size) {
            ++part.files;
            part.bytes += static_cast<uint64_t>(*size);
        }
    }
    return manifest;
}

std::optional<std::string> differenceOf(const Manifest& then, const Manifest& now)
{
    Difference difference;
    for (const ManifestPart& part : then.parts) {
        const auto same = std::find_if(now.parts.begin(), now.parts.end(),
                                       [&](const auto& other) { return other.name == part.name; });
        if (same != now.parts.end())
            compareParts(part, *same, difference);
    }
    if (difference.lines.empty())
        return std::nullopt;
    // A list that changed explains more than what it selects; what is selected comes last.
    const auto first = std::find_if(difference.lines.begin(), difference.lines.end(),
                                    [](const auto& entry) { return !entry.first.ends_with('\t'); });
    const auto& [before, after] =
        (first == difference.lines.end() ? difference.lines.begin() : first)->second;
    const auto count =
        std::count_if(difference.lines.begin(), difference.lines.end(),
                      [](const auto& entry) { return !entry.first.ends_with('\t'); });
    const std::string differing =
        count > 0 ? " (" + std::to_string(count) + (count == 1 ? " differs)" : " differ)") : "";
    return std::to_string(difference.filesThen) + " files of " +
           std::to_string(difference.bytesThen) + " bytes then, " +
           std::to_string(difference.filesNow) + " files of " +
           std::to_string(difference.bytesNow) + " bytes now" + differing +
           "; the first: " + firstText(before, after);
}

} // namespace clwb::data
