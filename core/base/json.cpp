// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include "core/base/check.h"
#include "core/base/file.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace clwb
{
namespace
{

struct Position
{
    size_t line = 1;
    size_t column = 1;
};

Position positionOf(std::string_view text, size_t offset)
{
    Position position;
    for (size_t i = 0; i < std::min(offset, text.size()); ++i) {
        if (text[i] == '\n') {
            ++position.line;
            position.column = 1;
        } else {
            ++position.column;
        }
    }
    return position;
}

std::string at(std::string_view source, const Position& position)
{
    return std::string(source) + ":" + std::to_string(position.line) + ":" +
           std::to_string(position.column) + ": ";
}

/// First byte past the depth limit, looking only at brackets outside strings.
std::optional<size_t> tooDeepAt(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kMaxJsonDepth)
                return i;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return std::nullopt;
}

const char* typeName(const Json& value)
{
    if (value.is_string())
        return "text";
    if (value.is_boolean())
        return "true or false";
    if (value.is_number())
        return "a number";
    if (value.is_array())
        return "a list";
    return value.is_null() ? "null" : "an object";
}

std::string shown(const Json& value)
{
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > 60)
        text = text.substr(0, 57) + "...";
    return text;
}

void addDotted(const Json& value, const std::string& key,
               std::map<std::string, std::string>& result)
{
    if (!value.is_object()) {
        result[key] = value.dump();
        return;
    }
    for (const auto& [name, child] : value.items())
        addDotted(child, key.empty() ? name : key + "." + name, result);
}

size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row.back();
}

} // namespace

Result<Json> parseJson(std::string_view text, std::string_view source)
{
    if (const auto deep = tooDeepAt(text)) {
        return fail(ErrorCode::Usage, at(source, positionOf(text, *deep)) + "nested more than " +
                                          std::to_string(kMaxJsonDepth) + " levels");
    }
    std::vector<std::set<std::string>> keys;
    std::string duplicate;
    const auto watchKeys = [&](int, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start)
            keys.emplace_back();
        else if (event == Json::parse_event_t::object_end)
            keys.pop_back();
        else if (event == Json::parse_event_t::key && duplicate.empty() &&
                 !keys.back().insert(value.get<std::string>()).second)
            duplicate = value.get<std::string>();
        return true;
    };
    try {
        Json document = Json::parse(text.begin(), text.end(), watchKeys);
        if (!duplicate.empty()) {
            return fail(ErrorCode::Usage,
                        std::string(source) + ": key '" + duplicate + "' appears twice");
        }
        return document;
    } catch (const Json::parse_error& error) {
        const size_t offset = error.byte > 0 ? error.byte - 1 : 0;
        std::string what = error.what();
        if (const size_t start = what.find("syntax error"); start != std::string::npos)
            what = what.substr(start);
        return fail(ErrorCode::Usage, at(source, positionOf(text, offset)) + what,
                    "the file must be JSON (RFC 8259, UTF-8, no comments)");
    } catch (const Json::exception& error) { // a number above every double has no position
        const std::string_view what = error.what();
        return fail(ErrorCode::Usage,
                    std::string(source) + ": " + std::string(what.substr(what.find("] ") + 2)),
                    "numbers must be within the range of double precision");
    }
}

Result<Json> readJsonFile(const std::filesystem::path& path)
{
    CLWB_ASSIGN(const std::string text, readFile(path, kMaxSpecBytes, ErrorCode::Usage));
    return parseJson(text, path.string());
}

std::map<std::string, std::string> dottedTexts(const Json& document)
{
    std::map<std::string, std::string> texts;
    if (document.is_object())
        addDotted(document, {}, texts);
    return texts;
}

JsonReader::JsonReader(const Json& object, std::string path, std::vector<std::string>& errors)
    : m_object(object)
    , m_path(std::move(path))
    , m_errors(errors)
{
    if (!m_object.is_object()) {
        m_errors.push_back((m_path.empty() ? "the document" : m_path) +
                           ": expected an object, got " + typeName(m_object));
    }
}

const Json* JsonReader::raw(std::string_view key)
{
    m_known.emplace_back(key);
    if (!m_object.is_object())
        return nullptr;
    const auto found = m_object.find(std::string(key));
    return found == m_object.end() ? nullptr : &*found;
}

bool JsonReader::has(std::string_view key)
{
    return raw(key) != nullptr;
}

const Json& JsonReader::object(std::string_view key)
{
    static const Json empty = Json::object();
    const Json* value = raw(key);
    if (!value)
        return empty;
    if (!value->is_object()) {
        addError(key, std::string("expected an object, got ") + typeName(*value));
        return empty;
    }
    return *value;
}

std::string JsonReader::pathOf(std::string_view key) const
{
    return m_path.empty() ? std::string(key) : m_path + "." + std::string(key);
}

void JsonReader::addError(std::string_view key, std::string_view problem)
{
    m_errors.push_back(pathOf(key) + ": " + std::string(problem));
}

std::string JsonReader::text(std::string_view key, std::string fallback)
{
    const Json* value = raw(key);
    if (!value)
        return fallback;
    if (!value->is_string()) {
        addError(key, std::string("expected text, got ") + typeName(*value));
        return fallback;
    }
    return value->get<std::string>();
}

double JsonReader::number(std::string_view key, double fallback, double min, double max)
{
    const Json* value = raw(key);
    if (!value)
        return fallback;
    if (!value->is_number()) {
        addError(key, "expected a number, got " + shown(*value));
        return fallback;
    }
    const double result = value->get<double>();
    if (!(result >= min && result <= max)) {
        addError(key, "is " + shown(*value) + ", allowed are " + shortestText(min) + " to " +
                          shortestText(max));
        return fallback;
    }
    return result;
}

int64_t JsonReader::integer(std::string_view key, int64_t fallback, int64_t min, int64_t max)
{
    const Json* value = raw(key);
    if (!value)
        return fallback;
    const bool whole =
        value->is_number_integer() ||
        (value->is_number_float() && std::trunc(value->get<double>()) == value->get<double>() &&
         std::abs(value->get<double>()) < 9e15);
    if (!whole) {
        addError(key, "expected a whole number, got " + shown(*value));
        return fallback;
    }
    const bool huge =
        value->is_number_unsigned() && value->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
    const int64_t result =
        huge ? INT64_MAX
             : (value->is_number_float() ? static_cast<int64_t>(value->get<double>())
                                         : value->get<int64_t>());
    if (huge || result < min || result > max) {
        addError(key, "is " + shown(*value) + ", allowed are " + std::to_string(min) + " to " +
                          std::to_string(max));
        return fallback;
    }
    return result;
}

bool JsonReader::boolean(std::string_view key, bool fallback)
{
    const Json* value = raw(key);
    if (!value)
        return fallback;
    if (!value->is_boolean()) {
        addError(key, "expected true or false, got " + shown(*value));
        return fallback;
    }
    return value->get<bool>();
}

std::string JsonReader::oneOf(std::string_view key, std::string fallback,
                              std::initializer_list<std::string_view> allowed)
{
    const std::string value = text(key, fallback);
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end())
        return value;
    std::string list;
    for (const std::string_view word : allowed)
        list += (list.empty() ? "" : ", ") + std::string(word.empty() ? "\"\"" : word);
    addError(key, "is \"" + value + "\", allowed are " + list);
    return fallback;
}

std::vector<std::string> JsonReader::texts(std::string_view key, std::vector<std::string> fallback)
{
    const Json* value = raw(key);
    if (!value)
        return fallback;
    const bool allTexts =
        value->is_array() &&
        std::all_of(value->begin(), value->end(), [](const Json& v) { return v.is_string(); });
    if (!allTexts) {
        addError(key, "expected a list of texts, got " + shown(*value));
        return fallback;
    }
    return value->get<std::vector<std::string>>();
}

void JsonReader::finish()
{
    if (!m_object.is_object())
        return;
    for (const auto& [key, value] : m_object.items()) {
        if (std::find(m_known.begin(), m_known.end(), key) != m_known.end())
            continue;
        const auto nearest = nearestWord(key, m_known);
        addError(key, nearest ? "unknown key; did you mean '" + *nearest + "'?" : "unknown key");
    }
}

Error usageErrors(std::string_view source, const std::vector<std::string>& problems)
{
    CLWB_CHECK(!problems.empty());
    std::string message;
    for (const std::string& problem : problems)
        message += (message.empty() ? "" : "\n") + std::string(source) + ": " + problem;
    return Error{ErrorCode::Usage, std::move(message), {}};
}

std::optional<std::string> nearestWord(std::string_view word,
                                       const std::vector<std::string>& candidates)
{
    std::optional<std::string> best;
    size_t bestDistance = std::min<size_t>(3, word.size() / 2 + 1) + 1;
    for (const std::string& candidate : candidates) {
        const size_t distance = editDistance(word, candidate);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace clwb
