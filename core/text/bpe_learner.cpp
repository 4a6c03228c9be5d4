// SPDX-License-Identifier: GPL-3.0-or-later
// BPE learning with pair counts kept up to date and a queue whose stale entries are skipped.
#include "core/text/bpe_learner.h"

#include "core/text/byte_symbols.h"
#include "core/text/clean_text.h"

#include <queue>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_set>

namespace clwb::text
{
namespace
{

using Pair = std::pair<int32_t, int32_t>;

struct Word
{
    std::vector<int32_t> symbols;
    int64_t count = 0;
};

struct PairUse
{
    int64_t count = 0;
    std::set<size_t> words; ///< where the pair stands or once stood
};

/// Learning state: words as symbols, and where each pair stands.
class Learner
{
public:
    explicit Learner(const std::map<std::string, int64_t>& wordCounts)
        : m_tokens(baseTokens())
        , m_known(m_tokens.begin(), m_tokens.end())
        , m_queue(Later{&m_tokens})
    {
        std::array<int32_t, 256> idOfByte{};
        for (size_t i = 0; i < 256; ++i)
            idOfByte[byteOrder()[i]] = static_cast<int32_t>(i);
        for (const auto& [text, count] : wordCounts) {
            Word word{{}, count};
            for (const char c : text)
                word.symbols.push_back(idOfByte[static_cast<uint8_t>(c)]);
            word.symbols.back() += 256; // the symbol with </w>
            m_words.push_back(std::move(word));
        }
        for (size_t i = 0; i < m_words.size(); ++i)
            countWord(i, 1);
        for (const auto& [pair, use] : m_pairs)
            m_queue.push({use.count, pair});
    }

    /// Adds the best pair; false when no pair is left.
    bool addMerge()
    {
        while (!m_queue.empty()) {
            const Candidate best = m_queue.top();
            m_queue.pop();
            const auto found = m_pairs.find(best.pair);
            if (found == m_pairs.end() || found->second.count != best.count || best.count <= 0)
                continue;
            std::string merged = nameOf(best.pair.first) + nameOf(best.pair.second);
            if (!m_known.insert(merged).second)
                continue; // the same token from other parts: a second way to it has no use
            m_merges.emplace_back(nameOf(best.pair.first), nameOf(best.pair.second));
            m_tokens.push_back(std::move(merged));
            apply(best.pair, static_cast<int32_t>(m_tokens.size()) - 1);
            return true;
        }
        return false;
    }

    [[nodiscard]] size_t size() const { return m_tokens.size(); }

    Vocabulary finish()
    {
        m_tokens.emplace_back(kStartOfText);
        m_tokens.emplace_back(kEndOfText);
        return {std::move(m_tokens), std::move(m_merges)};
    }

private:
    struct Candidate
    {
        int64_t count = 0;
        Pair pair;
    };

    /// Orders the queue: higher count first, then bytewise by the two symbols.
    struct Later
    {
        const std::vector<std::string>* tokens;
        bool operator()(const Candidate& a, const Candidate& b) const
        {
            if (a.count != b.count)
                return a.count < b.count;
            const auto name = [&](int32_t id) -> const std::string& {
                return (*tokens)[static_cast<size_t>(id)];
            };
            if (a.pair.first != b.pair.first)
                return name(a.pair.first) > name(b.pair.first);
            return name(a.pair.second) > name(b.pair.second);
        }
    };

    const std::string& nameOf(int32_t id) const { return m_tokens[static_cast<size_t>(id)]; }

    void countWord(size_t index, int sign)
    {
        const Word& word = m_words[index];
        for (size_t i = 0; i + 1 < word.symbols.size(); ++i) {
            const Pair pair{word.symbols[i], word.symbols[i + 1]};
            PairUse& use = m_pairs[pair];
            use.count += sign * word.count;
            use.words.insert(index);
            m_changed.insert(pair);
        }
    }

    void apply(const Pair& pair, int32_t id)
    {
        m_changed.clear();
        const std::set<size_t> words = std::move(m_pairs[pair].words);
        for (const size_t index : words) {
            countWord(index, -1);
            std::vector<int32_t>& symbols = m_words[index].symbols;
            size_t kept = 0;
            for (size_t i = 0; i < symbols.size(); ++i) {
                const bool here = i + 1 < symbols.size() && symbols[i] == pair.first &&
                                  symbols[i + 1] == pair.second;
                symbols[kept++] = here ? id : symbols[i];
                i += here ? 1 : 0;
            }
            symbols.resize(kept);
            countWord(index, 1);
        }
        m_pairs.erase(pair);
        for (const Pair& changed : m_changed) {
            const auto found = m_pairs.find(changed);
            if (found == m_pairs.end())
                continue;
            if (found->second.count > 0)
                m_queue.push({found->second.count, changed});
            else
                m_pairs.erase(found);
        }
    }

    std::vector<std::string> m_tokens;
    std::unordered_set<std::string> m_known;
    std::vector<std::pair<std::string, std::string>> m_merges;
    std::vector<Word> m_words;
    std::map<Pair, PairUse> m_pairs;
    std::set<Pair> m_changed;
    std::priority_queue<Candidate, std::vector<Candidate>, Later> m_queue;
};

} // namespace

Result<Tokenizer> learnVocabulary(const std::vector<std::string>& texts, int size)
{
    constexpr int kSpecialTokens = 2;
    constexpr int kSmallest = 512 + kSpecialTokens;
    if (size < kSmallest)
        return fail(ErrorCode::Data, "cannot learn a vocabulary: size: expected at least " +
                                         std::to_string(kSmallest) + ", got " +
                                         std::to_string(size));
    std::map<std::string, int64_t> wordCounts;
    for (const std::string& text : texts) {
        for (const std::string& piece : splitPieces(cleanText(text)))
            ++wordCounts[piece];
    }
    if (wordCounts.empty())
        return fail(ErrorCode::Data, "cannot learn a vocabulary: the texts hold no words");
    Learner learner(wordCounts);
    while (learner.size() + kSpecialTokens < static_cast<size_t>(size) && learner.addMerge()) {
    }
    return Tokenizer::create(learner.finish(), "learnt vocabulary");
}

} // namespace clwb::text
