// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-level byte-pair encoding as CLIP uses it, for any vocab.json + merges.txt.
#pragma once

#include "core/base/error.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace clwb::text
{

/// A vocabulary as plain data: tokens by id, merges by rank.
struct Vocabulary
{
    std::vector<std::string> tokens;
    std::vector<std::pair<std::string, std::string>> merges;
};

/// Turns texts into token ids. Immutable after loading: any number of threads may use one.
class Tokenizer
{
public:
    /// From a folder with vocab.json + merges.txt (or with CLIP's bpe_simple_vocab_16e6.txt.gz), or
    /// from such a .txt / .txt.gz file itself.
    /// Errors: Data: files missing or damaged, ids not 0 … n−1, byte symbols or special tokens
    /// missing, merges of unknown tokens, `<|endoftext|>` not the largest id.
    static Result<Tokenizer> load(const std::filesystem::path& path);
    /// From CLIP's own vocabulary file (packed or not): 49 408 entries. Errors: Data.
    static Result<Tokenizer> loadClipVocabulary(const std::filesystem::path& txtGz);
    /// `source` names the vocabulary in errors. Errors: Data as for load().
    static Result<Tokenizer> create(Vocabulary vocabulary, std::string_view source);

    /// Ids of a text without SOT and EOT. A literal `<|endoftext|>` is ordinary characters.
    [[nodiscard]] std::vector<int32_t> encode(std::string_view text) const;

    struct Encoded
    {
        std::vector<int32_t> ids;
        bool truncated = false; ///< the text was longer than the context
    };
    /// SOT ids… EOT, not padded, at most `context` long: the text is cut, EOT stays last.
    /// @param context ≥ 2
    [[nodiscard]] Encoded encodeForModel(std::string_view text, int context) const;

    [[nodiscard]] int32_t sot() const { return m_sot; }
    [[nodiscard]] int32_t eot() const { return m_eot; }
    [[nodiscard]] int32_t vocabularySize() const
    {
        return static_cast<int32_t>(m_vocabulary.tokens.size());
    }
    /// All ids but SOT and EOT, rising (register row A9 `all_nonspecial`).
    [[nodiscard]] const std::vector<int32_t>& poolAllNonSpecial() const { return m_poolAll; }
    /// Ids of tokens that end a word (`whole_word`), rising.
    [[nodiscard]] const std::vector<int32_t>& poolWholeWord() const { return m_poolWords; }
    /// Readable text of ids: SOT and EOT left out, words separated by one space.
    /// Ids outside the vocabulary show as U+FFFD.
    [[nodiscard]] std::string decode(std::span<const int32_t> ids) const;
    [[nodiscard]] const Vocabulary& vocabulary() const { return m_vocabulary; }

    /// Writes vocab.json and merges.txt in Hugging Face's form. Errors: Data, DiskFull.
    Result<void> save(const std::filesystem::path& folder) const;

private:
    struct Merge
    {
        int32_t rank = 0;
        int32_t result = 0;
    };

    Tokenizer() = default;
    Result<void> indexTokens(std::string_view source);
    Result<void> indexMerges(std::string_view source);
    [[nodiscard]] const Merge* mergeOf(int32_t left, int32_t right) const;
    void encodePiece(std::string_view piece, std::vector<int32_t>& out) const;

    Vocabulary m_vocabulary;
    std::unordered_map<std::string_view, int32_t> m_idOfToken; ///< empty once loaded
    std::unordered_map<uint64_t, Merge> m_merges;              ///< by (left id, right id)
    std::array<int32_t, 256> m_byteIds{};                      ///< of a byte within a word
    std::array<int32_t, 256> m_lastByteIds{};                  ///< of a byte that ends a word
    std::vector<int32_t> m_poolAll;
    std::vector<int32_t> m_poolWords;
    int32_t m_sot = 0;
    int32_t m_eot = 0;
};

} // namespace clwb::text
