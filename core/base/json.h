// SPDX-License-Identifier: GPL-3.0-or-later
// Strict JSON: bounded size and depth, no duplicate keys, errors with line and column, and a reader
// that turns unknown keys, wrong types and values out of range into one list of errors.
#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clwb
{

using Json = nlohmann::ordered_json;

inline constexpr uint64_t kMaxSpecBytes = 16u << 20;
inline constexpr int kMaxJsonDepth = 64;

/// Parses a document of one of our own formats.
/// Errors: Usage with `source:line:column`; depth > 64, duplicate keys, NaN literals and numbers
/// beyond double precision are refused.
Result<Json> parseJson(std::string_view text, std::string_view source);
/// readFile + parseJson, ≤ 16 MB. Errors: Usage, also when the file is missing.
Result<Json> readJsonFile(const std::filesystem::path& path);

/// Leaves of nested objects by dotted key, as JSON text: {"params":{"M":10}} → "params.M" → "10".
/// Lists stay whole. @param document an object
std::map<std::string, std::string> dottedTexts(const Json& document);

/// Reads one object's keys with checks; every problem is collected, none stops the reading.
/// Keys that were never asked for are reported by finish() with the nearest known key.
class JsonReader
{
public:
    /// @param path   dotted path of this object in messages, "" for the document
    /// @param errors receives one line per problem; must outlive the reader
    JsonReader(const Json& object, std::string path, std::vector<std::string>& errors);

    [[nodiscard]] bool has(std::string_view key);
    /// Value or `fallback` when absent or wrong (the problem is then recorded).
    std::string text(std::string_view key, std::string fallback);
    double number(std::string_view key, double fallback, double min, double max);
    int64_t integer(std::string_view key, int64_t fallback, int64_t min, int64_t max);
    bool boolean(std::string_view key, bool fallback);
    std::string oneOf(std::string_view key, std::string fallback,
                      std::initializer_list<std::string_view> allowed);
    std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback);
    /// The value of a key as it is, nullptr when absent; marks the key as known.
    const Json* raw(std::string_view key);
    /// The object under a key (an empty one when absent), marked as known.
    const Json& object(std::string_view key);
    [[nodiscard]] std::string pathOf(std::string_view key) const;
    void addError(std::string_view key, std::string_view problem);
    /// Records every unknown key.
    void finish();

private:
    const Json& m_object;
    std::string m_path;
    std::vector<std::string>& m_errors;
    std::vector<std::string> m_known;
};

/// One Usage error out of a list of problems (CHECK: not empty).
Error usageErrors(std::string_view source, const std::vector<std::string>& problems);

/// The candidate with the smallest edit distance ≤ 3 (or ≤ half the length), if any.
std::optional<std::string> nearestWord(std::string_view word,
                                       const std::vector<std::string>& candidates);

} // namespace clwb
