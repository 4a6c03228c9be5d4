// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/evaluator.h"

#include "core/base/check.h"
#include "core/data/caption_shuffle.h"
#include "core/eval/retrieval.h"
#include "core/model/device.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace clwb::eval
{
namespace
{

/// Row-wise arg-max of τ-free cosines; the lowest index wins ties (§6.2). Labels on the CPU.
std::vector<int64_t> predict(const at::Tensor& images, const at::Tensor& classes)
{
    constexpr int64_t kRows = 4096;
    std::vector<int64_t> predictions;
    predictions.reserve(static_cast<size_t>(images.size(0)));
    for (int64_t begin = 0; begin < images.size(0); begin += kRows) {
        const int64_t count = std::min(kRows, images.size(0) - begin);
        const at::Tensor best =
            cosines(images.narrow(0, begin, count), classes).argmax(1).to(at::kCPU).contiguous();
        const auto* values = best.const_data_ptr<int64_t>();
        predictions.insert(predictions.end(), values, values + count);
    }
    return predictions;
}

double temperatureOf(const model::ClipModel& model)
{
    return std::exp(model.logitScale().item<double>());
}

std::vector<std::string> allCaptions(const data::RetrievalData& set)
{
    std::vector<std::string> captions;
    for (const auto& ofImage : set.captions)
        for (const std::string& caption : ofImage)
            captions.push_back(set.prefix + caption);
    return captions;
}

metrics::RetrievalRecord emptyRecord(const data::RetrievalData& set)
{
    metrics::RetrievalRecord record;
    record.name = set.name;
    record.folds = set.folds;
    record.images = static_cast<int64_t>(set.images.size());
    for (const auto& captions : set.captions) {
        record.captionCounts.push_back(static_cast<int>(captions.size()));
        record.captions += static_cast<int64_t>(captions.size());
    }
    return record;
}

/// A part of an evaluation and where its data would come from.
struct Source
{
    std::string key;      ///< of the study
    bool isNamed = false; ///< by the study
    bool isEmpty = false; ///< in this split
};

Source sourceOf(const std::string& part, const spec::Study& study, const data::StudyData& data,
                Split split)
{
    const bool test = split == Split::Test;
    if (part == "ut")
        return {"updated_task", study.updatedTask.has_value(),
                (test ? data.utTest : data.utVal).empty()};
    if (part == "zs" && test)
        return {"zero_shot", study.zeroShot.has_value(), data.zeroShot.items.empty()};
    if (part == "zs")
        return {"zero_shot_validation", study.zeroShotValidation.has_value(),
                data.zeroShotValidation.items.empty()};
    const auto& sets = test ? data.retrieval : data.retrievalValidation;
    const auto isEmpty = [](const data::RetrievalData& set) { return set.images.empty(); };
    return {"retrieval", !study.retrieval.empty(), std::all_of(sets.begin(), sets.end(), isEmpty)};
}

} // namespace

Result<std::vector<std::string>> checkParts(const spec::Study& study, const data::StudyData& data,
                                            const std::vector<std::string>& what, Split split,
                                            Parts required)
{
    std::vector<std::string> missing;
    std::string list;
    ErrorCode code = ErrorCode::Data;
    for (const std::string& part : what) {
        const Source source = sourceOf(part, study, data, split);
        if (!source.isEmpty)
            continue;
        missing.push_back(part + ": " +
                          (source.isNamed ? source.key + " has nothing of this split"
                                          : "the study has no " + source.key));
        list += "\n  " + missing.back();
        if (!source.isNamed)
            code = ErrorCode::Usage;
    }
    if (missing.empty() || (required == Parts::Any && missing.size() < what.size()))
        return missing;
    return fail(code,
                "study " + study.file.string() + " cannot be evaluated on its " +
                    (split == Split::Test ? "test" : "validation") + " split:" + list,
                "complete the study, or do not ask for these parts");
}

Evaluator::Evaluator(const spec::Study& study, const data::StudyData& data,
                     const text::Tokenizer& tokenizer, data::PictureCache& cropPictures,
                     data::PictureCache& wholePictures, EvaluatorOptions options)
    : m_study(study)
    , m_data(data)
    , m_tokenizer(tokenizer)
    , m_cropPictures(cropPictures)
    , m_wholePictures(wholePictures)
    , m_options(std::move(options))
{}

bool Evaluator::wants(const std::string& part) const
{
    return std::find(m_options.what.begin(), m_options.what.end(), part) != m_options.what.end();
}

int64_t Evaluator::itemCount(Split split) const
{
    const bool test = split == Split::Test;
    size_t count = 0;
    if (wants("ut"))
        count += (test ? m_data.utTest : m_data.utVal).size();
    if (wants("zs"))
        count += (test ? m_data.zeroShot : m_data.zeroShotValidation).items.size();
    if (wants("retrieval") || wants("shuffle")) {
        for (const auto& set : test ? m_data.retrieval : m_data.retrievalValidation)
            count += set.images.size();
    }
    return static_cast<int64_t>(count);
}

int64_t Evaluator::truncatedCaptions() const
{
    int64_t count = 0;
    for (const auto& [set, cut] : m_cutCaptions)
        count += cut;
    return count;
}

Result<Evaluator::Kept> Evaluator::encodePart(const std::string& key, const model::ClipModel& model,
                                              const std::vector<data::Item>& items,
                                              data::PictureCache& pictures,
                                              const std::vector<std::string>& texts,
                                              Unchanged unchanged)
{
    Kept& kept = m_kept[key];
    Kept result = kept;
    if (!unchanged.image || !result.images.defined()) {
        CLWB_ASSIGN(result.images, encodeItems(model, items, allIndices(items.size()), pictures,
                                               m_options.encode));
    }
    if (!unchanged.text || !result.texts.defined()) {
        EncodeOptions quiet = m_options.encode;
        quiet.progress = {};
        int64_t truncated = 0;
        const model::Sentences sentences =
            tokenize(m_tokenizer, texts, model.config.text.context, &truncated);
        if (key.starts_with("retrieval"))
            m_cutCaptions[key] = truncated;
        CLWB_ASSIGN(result.texts, encodeSentences(model, sentences, quiet));
    }
    kept = result;
    return result;
}

template<class Make>
std::shared_ptr<const metrics::HashedList> Evaluator::listOf(const std::string& key, Make make)
{
    auto& list = m_lists[key];
    if (!list) {
        metrics::HashedList made{make(m_study.file.parent_path()), {}};
        made.sha256 = metrics::contentHash(made.list);
        list = std::make_shared<const metrics::HashedList>(std::move(made));
    }
    return list;
}

Result<metrics::UtRecord> Evaluator::evaluateUt(const model::ClipModel& model, int finishedSessions,
                                                const std::string& setting, Split split,
                                                Unchanged unchanged,
                                                metrics::EvaluationDetails* details)
{
    const auto& items = split == Split::Test ? m_data.utTest : m_data.utVal;
    CLWB_ASSIGN(const Kept kept,
                encodePart(split == Split::Test ? "ut" : "ut-val", model, items, m_cropPictures,
                           classPrompts(m_study.prompt, m_data.classes), unchanged));
    const size_t classes = m_data.classes.size();
    metrics::UtRecord record;
    record.classes = m_data.classes;
    record.sessionOfClass = m_data.sessionOfClass;
    record.confusion.assign(classes, std::vector<int64_t>(classes, 0));
    record.seenHits.assign(classes, 0);

    const std::vector<int64_t> all = predict(kept.images, kept.texts);
    const bool everything = setting == "OST" && finishedSessions > 0;
    const auto seen = static_cast<int64_t>(
        std::count_if(record.sessionOfClass.begin(), record.sessionOfClass.end(),
                      [&](int session) { return everything || session <= finishedSessions; }));
    std::vector<int64_t> among;
    if (seen > 0)
        among = predict(kept.images, kept.texts.narrow(0, 0, seen));
    for (size_t i = 0; i < items.size(); ++i) {
        const auto label = static_cast<size_t>(items[i].label);
        ++record.confusion[label][static_cast<size_t>(all[i])];
        if (static_cast<int64_t>(label) < seen && among[i] == static_cast<int64_t>(label))
            ++record.seenHits[label];
    }
    if (seen > 0)
        record.labelSpace = m_options.labelSpace;
    if (details) {
        const auto list = listOf(split == Split::Test ? "ut" : "ut-val", [&](const auto& folder) {
            return itemListOf({m_data.classes, items}, "ut", folder);
        });
        details->predictions.push_back(
            rankClasses(kept.images, kept.texts, temperatureOf(model), list));
    }
    return record;
}

Result<metrics::ZsRecord> Evaluator::evaluateZs(const model::ClipModel& model, Split split,
                                                Unchanged unchanged,
                                                metrics::EvaluationDetails* details)
{
    const auto& set = split == Split::Test ? m_data.zeroShot : m_data.zeroShotValidation;
    CLWB_ASSIGN(const Kept kept,
                encodePart(split == Split::Test ? "zs" : "zs-val", model, set.items,
                           m_wholePictures, classPrompts(m_study.prompt, set.classes), unchanged));
    metrics::ZsRecord record;
    record.classes = set.classes;
    record.hits.assign(set.classes.size(), 0);
    record.totals.assign(set.classes.size(), 0);
    const std::vector<int64_t> predictions = predict(kept.images, kept.texts);
    for (size_t i = 0; i < set.items.size(); ++i) {
        const auto label = static_cast<size_t>(set.items[i].label);
        ++record.totals[label];
        if (predictions[i] == set.items[i].label)
            ++record.hits[label];
    }
    if (details) {
        const auto list = listOf(split == Split::Test ? "zs" : "zs-val",
                                 [&](const auto& folder) { return itemListOf(set, "zs", folder); });
        details->predictions.push_back(
            rankClasses(kept.images, kept.texts, temperatureOf(model), list));
    }
    return record;
}

Result<void> Evaluator::evaluateRetrieval(const model::ClipModel& model, Split split,
                                          Unchanged unchanged,
                                          std::vector<metrics::RetrievalRecord>& records,
                                          metrics::EvaluationDetails* details)
{
    const bool test = split == Split::Test;
    const auto& sets = test ? m_data.retrieval : m_data.retrievalValidation;
    const auto isEmpty = [](const data::RetrievalData& set) { return set.images.empty(); };
    if (std::all_of(sets.begin(), sets.end(), isEmpty))
        return {};
    for (const data::RetrievalData& set : sets) {
        if (isEmpty(set)) {
            // Stays in its place: the names of metrics follow the order of the study's sets.
            records.push_back(emptyRecord(set));
            continue;
        }
        const std::string key = (test ? "retrieval/" : "retrieval-val/") + set.name;
        CLWB_ASSIGN(const Kept kept, encodePart(key, model, set.images, m_wholePictures,
                                                allCaptions(set), unchanged));
        metrics::RetrievalRecord record = emptyRecord(set);
        metrics::RetrievalDetails* ranked = nullptr;
        if (details) {
            ranked = &details->retrieval.emplace_back();
            ranked->items =
                listOf(key, [&](const auto& folder) { return itemListOf(set, folder); });
        }
        rankFolds(kept.images, kept.texts, record, ranked);
        records.push_back(std::move(record));
        if (wants("shuffle"))
            CLWB_TRY(evaluateShuffles(model, set, kept.images, records));
    }
    return {};
}

Result<void> Evaluator::evaluateShuffles(const model::ClipModel& model,
                                         const data::RetrievalData& set, const at::Tensor& images,
                                         std::vector<metrics::RetrievalRecord>& records)
{
    EncodeOptions quiet = m_options.encode;
    quiet.progress = {};
    for (const int64_t seed : m_options.shuffleSeeds) {
        std::vector<std::string> captions;
        size_t index = 0;
        for (const auto& ofImage : set.captions) {
            for (const std::string& caption : ofImage)
                captions.push_back(set.prefix + data::shuffledCaption(
                                                    caption, static_cast<uint64_t>(seed), index++));
        }
        CLWB_ASSIGN(const at::Tensor texts,
                    encodeSentences(
                        model, tokenize(m_tokenizer, captions, model.config.text.context), quiet));
        metrics::RetrievalRecord record = emptyRecord(set);
        record.shuffleSeed = seed;
        rankFolds(images, texts, record);
        records.push_back(std::move(record));
    }
    return {};
}

Result<metrics::EvaluationRecord> Evaluator::evaluate(const model::ClipModel& model,
                                                      const std::string& setting,
                                                      int finishedSessions, Split split,
                                                      Unchanged unchanged, const DetailWish& wish,
                                                      metrics::EvaluationDetails* details)
{
    metrics::EvaluationDetails* const predictions = wish.predictions ? details : nullptr;
    return model::guarded("evaluation", [&]() -> Result<metrics::EvaluationRecord> {
        metrics::EvaluationRecord record;
        record.modelSha256 = model::modelSha256(model.parameters);
        record.session = finishedSessions;
        record.setting = setting;
        record.split = split == Split::Test ? "test" : "val";
        const auto& utItems = split == Split::Test ? m_data.utTest : m_data.utVal;
        if (wants("ut") && !utItems.empty()) {
            CLWB_ASSIGN(record.ut, evaluateUt(model, finishedSessions, setting, split, unchanged,
                                              predictions));
        }
        const auto& zeroShot = split == Split::Test ? m_data.zeroShot : m_data.zeroShotValidation;
        if (wants("zs") && !zeroShot.items.empty()) {
            CLWB_ASSIGN(record.zs, evaluateZs(model, split, unchanged, predictions));
        }
        if (!m_study.retrieval.empty())
            record.firstRetrievalSet = m_study.retrieval.front().name;
        if (wants("retrieval") || wants("shuffle"))
            CLWB_TRY(evaluateRetrieval(model, split, unchanged, record.retrieval,
                                       wish.retrieval ? details : nullptr));
        return record;
    });
}

} // namespace clwb::eval
