// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/calibrate.h"

#include "core/base/number_text.h"
#include "core/eval/evaluator.h"
#include "core/model/device.h"
#include "core/run/workspace.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>

namespace clwb::run
{
namespace
{

using report::CalibrationReport;
using report::Verdict;

constexpr int64_t kClipVocabulary = 49408;
constexpr size_t kSample = 32; // pictures of each part for the checks of single embeddings

void addSelfCheck(CalibrationReport& report, std::string name, bool passed, std::string cause,
                  std::optional<double> expected = {}, std::optional<double> measured = {})
{
    report.checks.push_back({"self", std::move(name), passed ? Verdict::Passed : Verdict::Failed,
                             expected, measured, passed ? std::string() : std::move(cause)});
}

/// The rows are finite and of unit length, up to float32.
void checkLengths(CalibrationReport& report, const std::string& what, const at::Tensor& rows)
{
    const at::Tensor lengths = rows.to(at::kDouble).norm(2, 1);
    const bool isUnit = at::isfinite(lengths).all().item<bool>() &&
                        (lengths - 1).abs().max().item<double>() <= 1e-5;
    addSelfCheck(report, what + ": finite, of unit length", isUnit,
                 "damaged weights: compare model_sha256 with the publisher's file");
}

/// No two rows point in the same direction.
void checkDistinct(CalibrationReport& report, const std::string& what, const at::Tensor& rows,
                   const std::string& cause)
{
    if (rows.size(0) < 2)
        return;
    const at::Tensor wide = rows.to(at::kDouble);
    at::Tensor cosines = at::matmul(wide, wide.t());
    cosines.fill_diagonal_(-1);
    addSelfCheck(report, what + ": all different", cosines.max().item<double>() < 1 - 1e-9, cause);
}

Result<void> checkPrompts(CalibrationReport& report, const std::string& what, const OpenModel& open,
                          const std::string& prompt, const std::vector<std::string>& classes,
                          const eval::EncodeOptions& options)
{
    if (classes.empty())
        return {};
    const model::Sentences sentences = eval::tokenize(
        open.tokenizer, eval::classPrompts(prompt, classes), open.model.config.text.context);
    CLWB_ASSIGN(const at::Tensor rows, eval::encodeSentences(open.model, sentences, options));
    checkLengths(report, what, rows);
    std::map<std::vector<int32_t>, std::string> known;
    std::string twins;
    for (size_t i = 0; i < classes.size(); ++i) {
        const std::vector<int32_t> ids(sentences[i].begin(), sentences[i].end());
        const auto [twin, isNew] = known.emplace(ids, classes[i]);
        if (!isNew)
            twins += (twins.empty() ? "" : ", ") + twin->second + " = " + classes[i];
    }
    checkDistinct(report, what, rows,
                  twins.empty()
                      ? "the text tower gives one answer to different prompts: its weights"
                      : "classes of one prompt: " + twins);
    return {};
}

/// A picture's embedding must not depend on its neighbours in the batch.
Result<void> checkPictures(CalibrationReport& report, const std::string& what,
                           const OpenModel& open, const std::vector<data::Item>& items,
                           data::PictureCache& pictures, eval::EncodeOptions options)
{
    if (items.empty())
        return {};
    // Spread over the list: neighbours are often of one class.
    std::vector<data::Item> sample;
    const size_t count = std::min(kSample, items.size());
    for (size_t i = 0; i < count; ++i)
        sample.push_back(items[i * items.size() / count]);
    const std::vector<int64_t> order = eval::allIndices(count);
    CLWB_ASSIGN(const at::Tensor rows,
                eval::encodeItems(open.model, sample, order, pictures, options));
    checkLengths(report, what, rows);
    checkDistinct(report, what, rows, "the image tower gives one answer to different pictures");
    options.batchSize = 1;
    CLWB_ASSIGN(const at::Tensor single,
                eval::encodeItems(open.model, sample, order, pictures, options));
    addSelfCheck(report, what + ": alone as in a batch",
                 (single - rows).abs().max().item<double>() <= 1e-4,
                 "the device computes batches differently: try --device cpu");
    return {};
}

/// Token ids that OpenAI's tokenizer gives.
void checkTokenizer(CalibrationReport& report, const text::Tokenizer& tokenizer)
{
    const std::map<std::string, std::vector<int32_t>> golden{
        {"this is a photo of fire hydrant.", {589, 533, 320, 1125, 539, 1769, 8031, 773, 269}},
        {"a man's 12 dogs!! don't", {320, 786, 568, 272, 273, 3255, 748, 847, 713}}};
    if (tokenizer.vocabularySize() != kClipVocabulary) {
        report.checks.push_back({"self",
                                 "tokens of CLIP's vocabulary",
                                 Verdict::Skipped,
                                 {},
                                 {},
                                 "the model has a vocabulary of its own"});
        return;
    }
    const bool isEqual = std::all_of(golden.begin(), golden.end(), [&](const auto& entry) {
        return tokenizer.encode(entry.first) == entry.second;
    });
    addSelfCheck(report, "tokens of CLIP's vocabulary", isEqual,
                 "vocab.json or merges.txt is not CLIP's");
}

bool isViTB32(const weights::ClipConfig& config)
{
    return config.projection == 512 && config.vision.width == 768 && config.vision.layers == 12 &&
           config.vision.patch == 32 && config.vision.imageSize == 224 &&
           config.text.width == 512 && config.text.layers == 12 && config.text.context == 77 &&
           config.text.vocabulary == kClipVocabulary;
}

std::string sizesText(const weights::ClipConfig& config)
{
    return "image " + std::to_string(config.vision.imageSize) + ", patch " +
           std::to_string(config.vision.patch) + ", widths " + std::to_string(config.vision.width) +
           " and " + std::to_string(config.text.width) + ", " +
           std::string(weights::nameOf(config.vision.activation)) + ", " +
           fixedText(static_cast<double>(weights::parameterCount(config)) / 1e6, 1) +
           " million parameters";
}

int64_t captionsOf(const data::RetrievalData& set)
{
    int64_t captions = 0;
    for (const auto& ofImage : set.captions)
        captions += static_cast<int64_t>(ofImage.size());
    return captions;
}

bool isNamedFlickr(const spec::RetrievalSet& set)
{
    std::string text = set.name + " " + set.splitFile.filename().string();
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text.find("flickr") != std::string::npos;
}

report::CalibrationFacts factsOf(const spec::Study& study, const data::StudyData& data,
                                 const weights::ClipConfig& config)
{
    report::CalibrationFacts facts;
    facts.isViTB32 = isViTB32(config);
    facts.isTrainingSampled = study.updatedTask && study.updatedTask->maxPerClass > 0;
    for (int session = 1; session <= data.sessions; ++session)
        facts.sessions.push_back({session, {}, int64_t{0}, int64_t{0}});
    for (size_t c = 0; c < data.classes.size(); ++c)
        facts.sessions[static_cast<size_t>(data.sessionOfClass[c]) - 1].classes.push_back(
            data.classes[c]);
    const auto sessionOf = [&](const data::Item& item) -> report::SessionCrops& {
        const int session = data.sessionOfClass[static_cast<size_t>(item.label)];
        return facts.sessions[static_cast<size_t>(session) - 1];
    };
    for (const data::Item& item : data.utTrain)
        ++*sessionOf(item).train;
    for (const data::Item& item : data.utTest)
        ++*sessionOf(item).test;
    for (size_t i = 0; i < data.retrieval.size(); ++i) {
        const data::RetrievalData& set = data.retrieval[i];
        const size_t images = set.images.size();
        if (isNamedFlickr(study.retrieval[i]) && images == 1000 && captionsOf(set) == 5000)
            facts.flickrSet = set.name;
        else if (images == 5000 && captionsOf(set) == 25000)
            facts.cocoSet = set.name;
    }
    return facts;
}

/// Folds as the published numbers have them: COCO 5, Flickr30k 1; other sets as the study says.
void setPublishedFolds(data::StudyData& data, const report::CalibrationFacts& facts)
{
    for (data::RetrievalData& set : data.retrieval) {
        if (set.name == facts.cocoSet)
            set.folds = 5;
        else if (set.name == facts.flickrSet)
            set.folds = 1;
    }
}

eval::EncodeOptions encodeOptions(const CalibrateRequest& request)
{
    eval::EncodeOptions options;
    options.batchSize = request.batchSize;
    options.loaderThreads = loaderThreads();
    options.stop = request.stop;
    return options;
}

Result<void> checkEmbeddings(CalibrationReport& report, const OpenModel& open,
                             const spec::Study& study, const data::StudyData& data,
                             const Pictures& pictures, const eval::EncodeOptions& options)
{
    checkTokenizer(report, open.tokenizer);
    CLWB_TRY(checkPrompts(report, "prompts of the updated task", open, study.prompt, data.classes,
                          options));
    CLWB_TRY(checkPrompts(report, "prompts of zero_shot", open, study.prompt, data.zeroShot.classes,
                          options));
    CLWB_TRY(checkPictures(report, "test crops", open, data.utTest, *pictures.crops, options));
    return checkPictures(report, "pictures of zero_shot", open, data.zeroShot.items,
                         *pictures.whole, options);
}

Result<void> compareAll(Calibration& result, const CalibrateRequest& request, const OpenModel& open,
                        const spec::Study& study, data::StudyData& data)
{
    CLWB_ASSIGN(const Pictures pictures, openPictures(study, open.model.preprocess.size));
    eval::EncodeOptions options = encodeOptions(request);
    CLWB_TRY(checkEmbeddings(result.report, open, study, data, pictures, options));

    eval::EvaluatorOptions evaluation;
    evaluation.encode = options;
    eval::Evaluator* counter = nullptr;
    evaluation.encode.progress = [&, sum = int64_t{0}, last = int64_t{0}](int64_t done,
                                                                          int64_t) mutable {
        // Every list counts from 0 again.
        sum += done > last ? done - last : done;
        last = done;
        if (request.progress)
            request.progress(sum, counter->itemCount(eval::Split::Test));
    };
    eval::Evaluator evaluator(study, data, open.tokenizer, *pictures.crops, *pictures.whole,
                              std::move(evaluation));
    counter = &evaluator;
    const report::CalibrationFacts facts = factsOf(study, data, open.model.config);
    report::checkCounts(result.report, facts);
    setPublishedFolds(data, facts);
    CLWB_ASSIGN(const auto folded, evaluator.evaluate(open.model, "MST", 0, eval::Split::Test, {}));
    // The embeddings are kept: only the ranks are counted again.
    for (data::RetrievalData& set : data.retrieval)
        set.folds = 1;
    CLWB_ASSIGN(const auto whole,
                evaluator.evaluate(open.model, "MST", 0, eval::Split::Test, {true, true}));
    report::checkAnchors(result.report, facts, folded, whole);
    report::checkConsistency(result.report, folded, whole);
    report::explainFailures(result.report);
    CLWB_TRY(pictures.whole->flush());
    return pictures.crops->flush();
}

} // namespace

Result<Calibration> calibrateModel(const CalibrateRequest& request)
{
    model::useThreads(request.threads);
    CLWB_ASSIGN(const at::Device device, model::chooseDevice(request.device));
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(request.study));
    CLWB_ASSIGN(OpenModel open, openModel(request.model));
    open.model.moveTo(device);
    CLWB_ASSIGN(data::StudyData data, data::loadStudyData(study, {}, request.stop));
    Calibration result;
    result.report.model = open.path.string();
    result.report.modelText = sizesText(open.model.config);
    result.report.study = study.name + " (" + study.file.string() + ")";
    result.warnings = open.notes;
    for (const data::Problem& problem : data.problems) {
        if (problem.severity != data::Problem::Severity::Note)
            result.warnings.push_back(problem.what + ": " + problem.where);
    }
    CLWB_TRY(model::guarded("calibration",
                            [&] { return compareAll(result, request, open, study, data); }));
    return result;
}

} // namespace clwb::run
