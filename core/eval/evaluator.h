// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluates a model on a study: updated task, zero-shot classes and retrieval sets (§6).
#pragma once

#include "core/eval/details.h"
#include "core/eval/features.h"
#include "core/eval/texts.h"
#include "core/metrics/evaluation_record.h"
#include "core/spec/study.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace clwb::eval
{

enum class Split { Test, Validation };

struct EvaluatorOptions
{
    std::vector<std::string> what{"ut", "zs", "retrieval"}; ///< also "shuffle"
    std::vector<int64_t> shuffleSeeds{0};
    std::string labelSpace = "all"; ///< A27: all | seen; before training everything is `all`
    EncodeOptions encode;
};

enum class Parts { All, Any };

/// What a record would lack, one line a part with its reason: "zs: the study has no
/// zero_shot_validation". Needs the data of that split loaded.
/// @param required All: a part that is missing is an error; Any: only when none is left
/// Errors: Usage (the study lacks the key), Data (its files hold nothing of the split).
Result<std::vector<std::string>> checkParts(const spec::Study& study, const data::StudyData& data,
                                            const std::vector<std::string>& what, Split split,
                                            Parts required);

/// Which towers are the same as in the evaluator's last call: their embeddings are kept.
struct Unchanged
{
    bool image = false;
    bool text = false;
};

/// Holds tokenised prompts and captions, and embeddings of towers that do not change.
class Evaluator
{
public:
    /// All references must outlive the evaluator.
    Evaluator(const spec::Study& study, const data::StudyData& data,
              const text::Tokenizer& tokenizer, data::PictureCache& cropPictures,
              data::PictureCache& wholePictures, EvaluatorOptions options);

    /// @param finishedSessions 0 before training; decides the `seen` label space
    /// @param details receives what `wish` asks for; null: nothing
    /// Errors: Data, RunFailed, OutOfMemory; stoppedError().
    Result<metrics::EvaluationRecord> evaluate(const model::ClipModel& model,
                                               const std::string& setting, int finishedSessions,
                                               Split split, Unchanged unchanged,
                                               const DetailWish& wish = {},
                                               metrics::EvaluationDetails* details = nullptr);

    /// Pictures and texts that one full evaluation of a split encodes.
    [[nodiscard]] int64_t itemCount(Split split) const;
    /// Captions longer than the model's context, cut as CLIP does; known after evaluate().
    [[nodiscard]] int64_t truncatedCaptions() const;

private:
    struct Kept
    {
        at::Tensor images;
        at::Tensor texts;
    };
    Result<Kept> encodePart(const std::string& key, const model::ClipModel& model,
                            const std::vector<data::Item>& items, data::PictureCache& pictures,
                            const std::vector<std::string>& texts, Unchanged unchanged);
    Result<metrics::UtRecord> evaluateUt(const model::ClipModel& model, int finishedSessions,
                                         const std::string& setting, Split split,
                                         Unchanged unchanged, metrics::EvaluationDetails* details);
    Result<metrics::ZsRecord> evaluateZs(const model::ClipModel& model, Split split,
                                         Unchanged unchanged, metrics::EvaluationDetails* details);
    Result<void> evaluateRetrieval(const model::ClipModel& model, Split split, Unchanged unchanged,
                                   std::vector<metrics::RetrievalRecord>& records,
                                   metrics::EvaluationDetails* details);
    template<class Make>
    std::shared_ptr<const metrics::HashedList> listOf(const std::string& key, Make make);
    Result<void> evaluateShuffles(const model::ClipModel& model, const data::RetrievalData& set,
                                  const at::Tensor& images,
                                  std::vector<metrics::RetrievalRecord>& records);
    [[nodiscard]] bool wants(const std::string& part) const;

    const spec::Study& m_study;
    const data::StudyData& m_data;
    const text::Tokenizer& m_tokenizer;
    data::PictureCache& m_cropPictures;
    data::PictureCache& m_wholePictures;
    EvaluatorOptions m_options;
    std::map<std::string, Kept> m_kept;           ///< by part and split
    std::map<std::string, int64_t> m_cutCaptions; ///< by retrieval set and split
    std::map<std::string, std::shared_ptr<const metrics::HashedList>> m_lists; ///< like m_kept
};

} // namespace clwb::eval
