// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-pair encoding: bytes become symbols, then the pair of lowest rank is merged until none is.
#include "core/text/bpe_tokenizer.h"

#include "core/base/check.h"
#include "core/text/byte_symbols.h"
#include "core/text/clean_text.h"
#include "core/text/vocabulary_files.h"

#include <queue>

#include <algorithm>
#include <functional>

namespace fs = std::filesystem;

namespace clwb::text
{
namespace
{

Failure unfit(std::string_view source, const std::string& problem)
{
    return fail(ErrorCode::Data, "vocabulary does not fit: " + std::string(source) + ": " + problem,
                "take vocab.json and merges.txt from the same source as the model");
}

uint64_t keyOf(int32_t left, int32_t right)
{
    return (static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32) |
           static_cast<uint32_t>(right);
}

/// The symbols of one piece as a linked list, so that a merge costs no copying.
struct Symbols
{
    std::vector<int32_t> id, next, previous;

    explicit Symbols(size_t count)
        : id(count)
        , next(count)
        , previous(count)
    {
        for (size_t i = 0; i < count; ++i) {
            next[i] = i + 1 < count ? static_cast<int32_t>(i + 1) : -1;
            previous[i] = static_cast<int32_t>(i) - 1;
        }
    }

    /// Puts `result` at `at` and drops the symbol after it.
    void merge(int32_t at, int32_t result)
    {
        const auto left = static_cast<size_t>(at);
        const auto right = static_cast<size_t>(next[left]);
        id[left] = result;
        id[right] = -1;
        next[left] = next[right];
        if (next[left] >= 0)
            previous[static_cast<size_t>(next[left])] = at;
    }
};

} // namespace

Result<Tokenizer> Tokenizer::load(const fs::path& path)
{
    std::error_code ignored;
    if (!fs::is_directory(path, ignored))
        return loadClipVocabulary(path);
    if (fs::exists(path / "vocab.json", ignored)) {
        CLWB_ASSIGN(Vocabulary vocabulary, readVocabularyFolder(path));
        return create(std::move(vocabulary), path.string());
    }
    for (const char* name : {"bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt"}) {
        if (fs::exists(path / name, ignored))
            return loadClipVocabulary(path / name);
    }
    return fail(ErrorCode::Data,
                "no vocabulary: " + path.string() +
                    ": expected vocab.json and merges.txt, got neither",
                "copy them from the model's source, or set CLWB_VOCABULARY to the vocabulary");
}

Result<Tokenizer> Tokenizer::loadClipVocabulary(const fs::path& txtGz)
{
    CLWB_ASSIGN(Vocabulary vocabulary, readClipMergeList(txtGz));
    return create(std::move(vocabulary), txtGz.string());
}

Result<Tokenizer> Tokenizer::create(Vocabulary vocabulary, std::string_view source)
{
    Tokenizer tokenizer;
    tokenizer.m_vocabulary = std::move(vocabulary);
    CLWB_TRY(tokenizer.indexTokens(source));
    CLWB_TRY(tokenizer.indexMerges(source));
    tokenizer.m_idOfToken.clear(); // its keys would dangle when the tokenizer is copied
    return tokenizer;
}

Result<void> Tokenizer::indexTokens(std::string_view source)
{
    const std::vector<std::string>& tokens = m_vocabulary.tokens;
    m_idOfToken.reserve(tokens.size());
    for (size_t id = 0; id < tokens.size(); ++id) {
        if (!m_idOfToken.emplace(tokens[id], static_cast<int32_t>(id)).second)
            return unfit(source, "the token \"" + tokens[id] + "\" has two ids");
    }
    std::vector<std::string> missing;
    const auto idOf = [&](const std::string& token) {
        const auto found = m_idOfToken.find(token);
        if (found == m_idOfToken.end())
            missing.push_back(token);
        return found == m_idOfToken.end() ? -1 : found->second;
    };
    m_sot = idOf(std::string(kStartOfText));
    m_eot = idOf(std::string(kEndOfText));
    for (size_t byte = 0; byte < 256; ++byte) {
        m_byteIds[byte] = idOf(byteSymbols()[byte]);
        m_lastByteIds[byte] = idOf(byteSymbols()[byte] + std::string(kWordEnd));
    }
    if (!missing.empty())
        return unfit(source,
                     std::to_string(missing.size()) +
                         " of the special tokens and 512 byte symbols are missing, first \"" +
                         missing.front() + "\"");
    if (m_eot != vocabularySize() - 1)
        return unfit(source, "<|endoftext|> must have the largest id: expected " +
                                 std::to_string(vocabularySize() - 1) + ", got " +
                                 std::to_string(m_eot));
    for (int32_t id = 0; id < vocabularySize(); ++id) {
        if (id == m_sot || id == m_eot)
            continue;
        m_poolAll.push_back(id);
        if (tokens[static_cast<size_t>(id)].ends_with(kWordEnd))
            m_poolWords.push_back(id);
    }
    return {};
}

Result<void> Tokenizer::indexMerges(std::string_view source)
{
    m_merges.reserve(m_vocabulary.merges.size());
    for (size_t rank = 0; rank < m_vocabulary.merges.size(); ++rank) {
        const auto& [left, right] = m_vocabulary.merges[rank];
        std::array<int32_t, 3> ids{};
        const std::array<std::string, 3> names{left, right, left + right};
        for (size_t i = 0; i < 3; ++i) {
            const auto found = m_idOfToken.find(names[i]);
            if (found == m_idOfToken.end())
                return unfit(source, "merge " + std::to_string(rank + 1) + " (\"" + left + " " +
                                         right + "\"): the vocabulary has no token \"" + names[i] +
                                         "\"");
            ids[i] = found->second;
        }
        if (!m_merges.emplace(keyOf(ids[0], ids[1]), Merge{static_cast<int32_t>(rank), ids[2]})
                 .second)
            return unfit(source, "merge " + std::to_string(rank + 1) + " (\"" + left + " " + right +
                                     "\") stands twice");
    }
    return {};
}

const Tokenizer::Merge* Tokenizer::mergeOf(int32_t left, int32_t right) const
{
    if (left < 0 || right < 0)
        return nullptr;
    const auto found = m_merges.find(keyOf(left, right));
    return found == m_merges.end() ? nullptr : &found->second;
}

/// All places of the lowest rank are merged from left to right before the next rank is looked for;
/// a queue keeps that O(n log n), so a megabyte without a space does not hang.
void Tokenizer::encodePiece(std::string_view piece, std::vector<int32_t>& out) const
{
    Symbols symbols(piece.size());
    for (size_t i = 0; i < piece.size(); ++i) {
        const auto byte = static_cast<uint8_t>(piece[i]);
        symbols.id[i] = i + 1 < piece.size() ? m_byteIds[byte] : m_lastByteIds[byte];
    }
    using Place = std::pair<int32_t, int32_t>; // rank, position
    std::priority_queue<Place, std::vector<Place>, std::greater<>> queue;
    const auto mergeAt = [&](int32_t at) -> const Merge* {
        if (at < 0 || symbols.next[static_cast<size_t>(at)] < 0)
            return nullptr;
        return mergeOf(symbols.id[static_cast<size_t>(at)],
                       symbols.id[static_cast<size_t>(symbols.next[static_cast<size_t>(at)])]);
    };
    const auto enqueue = [&](int32_t at) {
        if (const Merge* merge = mergeAt(at))
            queue.emplace(merge->rank, at);
    };
    for (size_t i = 0; i + 1 < piece.size(); ++i)
        enqueue(static_cast<int32_t>(i));
    std::vector<int32_t> merged;
    while (!queue.empty()) {
        const int32_t rank = queue.top().first;
        merged.clear();
        for (; !queue.empty() && queue.top().first == rank; queue.pop()) {
            const int32_t at = queue.top().second;
            const Merge* merge = mergeAt(at); // none or another one when a neighbour was merged
            if (!merge || merge->rank != rank)
                continue;
            symbols.merge(at, merge->result);
            merged.push_back(at);
        }
        for (const int32_t at : merged) {
            enqueue(symbols.previous[static_cast<size_t>(at)]);
            enqueue(at);
        }
    }
    for (const int32_t id : symbols.id) {
        if (id >= 0)
            out.push_back(id);
    }
}

std::vector<int32_t> Tokenizer::encode(std::string_view text) const
{
    std::vector<int32_t> ids;
    for (const std::string& piece : splitPieces(cleanText(text)))
        encodePiece(piece, ids);
    return ids;
}

Tokenizer::Encoded Tokenizer::encodeForModel(std::string_view text, int context) const
{
    CLWB_CHECK(context >= 2, "context ", context);
    std::vector<int32_t> ids = encode(text);
    const auto room = static_cast<size_t>(context - 2);
    Encoded encoded;
    encoded.truncated = ids.size() > room;
    ids.resize(std::min(ids.size(), room));
    encoded.ids.reserve(ids.size() + 2);
    encoded.ids.push_back(m_sot);
    encoded.ids.insert(encoded.ids.end(), ids.begin(), ids.end());
    encoded.ids.push_back(m_eot);
    return encoded;
}

std::string Tokenizer::decode(std::span<const int32_t> ids) const
{
    std::string bytes;
    for (const int32_t id : ids) {
        if (id == m_sot || id == m_eot)
            continue;
        if (id < 0 || id >= vocabularySize()) {
            bytes += "\xEF\xBF\xBD";
            continue;
        }
        std::string_view token = m_vocabulary.tokens[static_cast<size_t>(id)];
        const bool last = token.ends_with(kWordEnd);
        if (last)
            token.remove_suffix(kWordEnd.size());
        bytes += bytesOfToken(token).value_or(std::string(token));
        if (last)
            bytes += ' ';
    }
    if (bytes.ends_with(' '))
        bytes.pop_back();
    return encodeUtf8(decodeUtf8(bytes)); // tokens may split a character: then U+FFFD
}

Result<void> Tokenizer::save(const fs::path& folder) const
{
    return writeVocabularyFolder(m_vocabulary, folder);
}

} // namespace clwb::text
