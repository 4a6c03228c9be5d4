// SPDX-License-Identifier: GPL-3.0-or-later
// The study of a run: its keys, and what the program lists, cuts and tokenizes for it.
#pragma once

#include "core/base/json.h"
#include "tests/replay/tensor_file.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace clwb::replay
{

/// One picture: a line of `clwb data list`, or a retrieval image (then the whole picture).
struct Item
{
    std::string id;
    std::filesystem::path file;
    std::string box; ///< "x0 y0 x1 y1", half-open; empty: the whole picture
    std::string className;
    int session = 0; ///< 1-based; 0: none
};

/// A Karpathy file's images of one split, in file order.
struct RetrievalSet
{
    std::string name;
    int folds = 1;
    std::vector<Item> images;
    std::string prefix;
    std::vector<std::vector<std::string>> captions; ///< of each image, without the prefix
};

/// Pictures, texts and lists of one study as one model sees them. Everything is asked for once:
/// replays of many runs share one.
class StudyData
{
public:
    /// Errors: Usage, Data: study or vocabulary unreadable, picture geometry not `clip`.
    static Result<StudyData> open(const std::filesystem::path& clwb,
                                  const std::filesystem::path& model,
                                  const std::filesystem::path& study);

    /// `clwb data list`. @param what ut-train, ut-test, ut-val, zs, zs-val
    Result<std::vector<Item>> items(const std::string& what);
    /// Session (1-based) of each of `classes` classes: equal parts or as listed.
    Result<std::vector<int>> sessionsOfClasses(const std::vector<std::string>& classes) const;
    [[nodiscard]] std::string prompt(const std::string& className) const;
    /// @param split test or val
    Result<std::vector<RetrievalSet>> retrieval(const std::string& split) const;
    /// Test captions of all retrieval sets one after the other, words shuffled by the program,
    /// without prefixes.
    Result<std::vector<std::string>> shuffledCaptions(int64_t seed) const;
    /// Corpus of caption replay: all captions of split `train`.
    Result<std::vector<std::string>> captionCorpus() const;

    /// `clwb preprocess`. @return [N, 3, H, W] float32
    Result<at::Tensor> pixels(const std::vector<Item>& items);
    /// Cuts what is not there yet in one call of the program.
    Result<void> prepare(const std::vector<Item>& items);
    /// `clwb tokenize`. @return [N, context] int64
    Result<at::Tensor> tokens(const std::vector<std::string>& texts);

    /// The vocabulary: string of each token id.
    [[nodiscard]] const std::vector<std::string>& vocabulary() const { return m_vocabulary; }
    /// A sentence as the text tower reads it: start, ids, end, zeros up to the context.
    [[nodiscard]] std::vector<int64_t> sequence(std::vector<int64_t> ids) const;

private:
    Result<std::string> program(std::vector<std::string> words,
                                const std::string& input = {}) const;
    Result<void> preprocess(const std::vector<Item>& items);
    [[nodiscard]] std::filesystem::path pathOf(const Json& value) const;

    std::filesystem::path m_clwb;
    std::filesystem::path m_model;
    std::filesystem::path m_file;
    Json m_study;
    size_t m_context = 0;
    int64_t m_startId = 0;
    int64_t m_endId = 0;
    std::vector<std::string> m_vocabulary;
    std::map<std::string, std::vector<Item>> m_items;
    std::map<std::string, at::Tensor> m_pixels; ///< by file and box
    std::map<std::string, at::Tensor> m_tokens; ///< by text
};

} // namespace clwb::replay
