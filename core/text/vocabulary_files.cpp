// SPDX-License-Identifier: GPL-3.0-or-later
// vocab.json is read by a streaming parser: 50 000 keys in a general JSON value would take seconds.
#include "core/text/vocabulary_files.h"

#include "core/base/file.h"
#include "core/text/byte_symbols.h"

#include <nlohmann/json.hpp>
#include <zlib.h>

#include <array>
#include <limits>
#include <memory>
#include <optional>

namespace fs = std::filesystem;

namespace clwb::text
{
namespace
{

constexpr uint64_t kMaxVocabularyBytes = 64u << 20;
constexpr int64_t kMaxTokens = 4'000'000;
/// CLIP uses only so many of the list's 262 144 merges: 49 152 − 256 − 2.
constexpr size_t kClipMerges = 48'894;

/// Receives {"token": id, …} and refuses every other form.
class VocabularySax : public nlohmann::json_sax<nlohmann::json>
{
public:
    std::vector<std::pair<std::string, int64_t>> entries;
    std::string problem;

    bool null() override { return refuse("null"); }
    bool boolean(bool) override { return refuse("true or false"); }
    bool number_integer(number_integer_t value) override { return addId(value); }
    bool number_unsigned(number_unsigned_t value) override
    {
        return addId(value > static_cast<uint64_t>(kMaxTokens) ? kMaxTokens
                                                               : static_cast<int64_t>(value));
    }
    bool number_float(number_float_t, const string_t& text) override { return refuse(text); }
    bool string(string_t&) override { return refuse("a text"); }
    bool binary(binary_t&) override { return refuse("binary data"); }
    bool start_object(std::size_t) override
    {
        return std::exchange(m_open, true) ? refuse("an object") : true;
    }
    bool key(string_t& name) override
    {
        m_key = std::move(name);
        return true;
    }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return refuse("a list"); }
    bool end_array() override { return true; }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception&) override
    {
        problem = "no valid JSON at byte " + std::to_string(position);
        return false;
    }

private:
    bool refuse(const std::string& what)
    {
        problem = m_open ? "id of \"" + m_key + "\": expected a whole number, got " + what
                         : "expected an object of token ids, got " + what;
        return false;
    }

    bool addId(int64_t id)
    {
        if (!m_open)
            return refuse("a number");
        if (id < 0 || id >= kMaxTokens) {
            problem = "id of \"" + m_key + "\": expected 0 … " + std::to_string(kMaxTokens - 1) +
                      ", got " + std::to_string(id);
            return false;
        }
        entries.emplace_back(std::move(m_key), id);
        return true;
    }

    bool m_open = false;
    std::string m_key;
};

Failure damaged(const fs::path& file, const std::string& problem)
{
    return fail(ErrorCode::Data, "cannot read vocabulary: " + file.string() + ": " + problem,
                "take vocab.json and merges.txt from the same source as the model");
}

Result<std::vector<std::string>> readTokens(const fs::path& file)
{
    CLWB_ASSIGN(const std::string text, readFile(file, kMaxVocabularyBytes));
    VocabularySax sax;
    if (!nlohmann::json::sax_parse(text, &sax))
        return damaged(file, sax.problem);
    std::vector<std::string> tokens(sax.entries.size());
    std::vector<bool> taken(sax.entries.size());
    for (auto& [token, id] : sax.entries) {
        const auto index = static_cast<size_t>(id);
        if (index >= tokens.size() || taken[index])
            return damaged(file, "ids must be 0 … " + std::to_string(tokens.size() - 1) +
                                     " once each, got " + std::to_string(id) +
                                     (index < tokens.size() ? " twice" : "") + " (\"" + token +
                                     "\")");
        taken[index] = true;
        tokens[index] = std::move(token);
    }
    return tokens;
}

/// Merge lines after an optional version line; `limit` merges at most.
Result<std::vector<std::pair<std::string, std::string>>>
parseMerges(std::string_view text, const fs::path& file, size_t limit)
{
    std::vector<std::pair<std::string, std::string>> merges;
    for (size_t line = 1; !text.empty() && merges.size() < limit; ++line) {
        const size_t end = text.find('\n');
        std::string_view words = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (words.ends_with('\r'))
            words.remove_suffix(1);
        const bool version = line == 1 && words.find("#version") != std::string_view::npos;
        if (words.empty() || version)
            continue;
        const size_t space = words.find(' ');
        if (space == 0 || space == std::string_view::npos || space + 1 == words.size() ||
            words.find(' ', space + 1) != std::string_view::npos)
            return damaged(file, "line " + std::to_string(line) +
                                     ": expected two symbols separated by one space, got \"" +
                                     std::string(words.substr(0, 80)) + "\"");
        merges.emplace_back(words.substr(0, space), words.substr(space + 1));
    }
    return merges;
}

/// Inflates gzip data; other data is returned as it is.
Result<std::string> inflateIfPacked(std::string data, const fs::path& file)
{
    if (!data.starts_with("\x1f\x8b"))
        return data;
    z_stream stream{};
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&stream, kGzipOnly) != Z_OK)
        return fail(ErrorCode::OutOfMemory, "cannot unpack vocabulary: " + file.string());
    const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
    stream.next_in = reinterpret_cast<Bytef*>(data.data());
    stream.avail_in = static_cast<uInt>(data.size());
    std::string text;
    std::array<char, 1 << 16> block{};
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        status = inflate(&stream, Z_NO_FLUSH);
        text.append(block.data(), block.size() - stream.avail_out);
        if (text.size() > kMaxVocabularyBytes)
            return damaged(file, "unpacks to more than 64 MB");
    }
    if (status != Z_STREAM_END)
        return damaged(file, status == Z_BUF_ERROR ? "the packed file is cut off"
                                                   : "the packed file is damaged");
    return text;
}

} // namespace

Result<Vocabulary> readVocabularyFolder(const fs::path& folder)
{
    Vocabulary vocabulary;
    CLWB_ASSIGN(vocabulary.tokens, readTokens(folder / "vocab.json"));
    const fs::path mergesFile = folder / "merges.txt";
    CLWB_ASSIGN(const std::string text, readFile(mergesFile, kMaxVocabularyBytes));
    CLWB_ASSIGN(vocabulary.merges,
                parseMerges(text, mergesFile, std::numeric_limits<size_t>::max()));
    return vocabulary;
}

Result<Vocabulary> readClipMergeList(const fs::path& file)
{
    CLWB_ASSIGN(std::string packed, readFile(file, kMaxVocabularyBytes));
    CLWB_ASSIGN(const std::string text, inflateIfPacked(std::move(packed), file));
    if (text.substr(0, text.find('\n')).find("#version") == std::string::npos)
        return damaged(file, "expected a line with #version first");
    Vocabulary vocabulary;
    CLWB_ASSIGN(vocabulary.merges, parseMerges(text, file, kClipMerges));
    vocabulary.tokens = baseTokens();
    for (const auto& [left, right] : vocabulary.merges)
        vocabulary.tokens.push_back(left + right);
    vocabulary.tokens.emplace_back(kStartOfText);
    vocabulary.tokens.emplace_back(kEndOfText);
    return vocabulary;
}

Result<void> writeVocabularyFolder(const Vocabulary& vocabulary, const fs::path& folder)
{
    std::string json = "{";
    for (size_t id = 0; id < vocabulary.tokens.size(); ++id)
        json += (id ? ", " : "") + nlohmann::json(vocabulary.tokens[id]).dump() + ": " +
                std::to_string(id);
    json += "}\n";
    std::string merges = "#version: 0.2\n";
    for (const auto& [left, right] : vocabulary.merges)
        merges += left + " " + right + "\n";
    CLWB_TRY(createFolders(folder));
    CLWB_TRY(writeFileAtomically(folder / "vocab.json", json));
    return writeFileAtomically(folder / "merges.txt", merges);
}

} // namespace clwb::text
