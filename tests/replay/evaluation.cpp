// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/evaluation.h"

#include "tests/replay/encoder.h"
#include "tests/replay/retrieval_check.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <set>

namespace clwb::replay
{
namespace
{

/// What a classification of one image came to.
struct Prediction
{
    size_t best = 0;
    std::set<size_t> near; ///< classes within the margin of the best, itself included
};

std::vector<Prediction> predict(const at::Tensor& images, const at::Tensor& texts,
                                const std::vector<size_t>& candidates, double margin)
{
    const at::Tensor cosines = at::matmul(images, texts.t()).contiguous();
    std::vector<Prediction> predictions;
    for (int64_t i = 0; i < cosines.size(0); ++i) {
        const double* row = cosines.const_data_ptr<double>() + i * cosines.size(1);
        Prediction prediction;
        prediction.best = candidates.front();
        // Ties: the lowest index wins.
        for (const size_t c : candidates)
            prediction.best = row[c] > row[prediction.best] ? c : prediction.best;
        for (const size_t c : candidates) {
            if (row[c] >= row[prediction.best] - margin)
                prediction.near.insert(c);
        }
        predictions.push_back(std::move(prediction));
    }
    return predictions;
}

/// Whether `recorded` counts can come from these predictions: each image goes to one of its near
/// classes. Exact for images with one, a bound for the others.
bool fits(const std::vector<int64_t>& recorded, const std::vector<const Prediction*>& predictions)
{
    int64_t sum = 0;
    for (size_t c = 0; c < recorded.size(); ++c) {
        int64_t least = 0;
        int64_t most = 0;
        for (const Prediction* p : predictions) {
            most += p->near.contains(c) ? 1 : 0;
            least += p->near.contains(c) && p->near.size() == 1 ? 1 : 0;
        }
        if (recorded[c] < least || recorded[c] > most)
            return false;
        sum += recorded[c];
    }
    return sum == static_cast<int64_t>(predictions.size());
}

std::vector<std::string> promptsOf(const std::vector<std::string>& classes, const StudyData& study)
{
    std::vector<std::string> prompts;
    for (const std::string& name : classes)
        prompts.push_back(study.prompt(name));
    return prompts;
}

std::vector<size_t> upTo(size_t count)
{
    std::vector<size_t> all(count);
    for (size_t i = 0; i < count; ++i)
        all[i] = i;
    return all;
}

/// Images of a classification and what they were taken for.
struct Classified
{
    std::vector<size_t> truth;
    std::vector<Prediction> predictions;

    [[nodiscard]] std::vector<const Prediction*> ofClass(size_t c) const
    {
        std::vector<const Prediction*> chosen;
        for (size_t i = 0; i < truth.size(); ++i) {
            if (truth[i] == c)
                chosen.push_back(&predictions[i]);
        }
        return chosen;
    }
};

/// Hits among `predictions` of class c: the certain ones and the possible ones.
std::pair<int64_t, int64_t> hitRange(const std::vector<const Prediction*>& predictions, size_t c)
{
    std::pair<int64_t, int64_t> range{0, 0};
    for (const Prediction* p : predictions) {
        range.second += p->near.contains(c) ? 1 : 0;
        range.first += p->near.contains(c) && p->near.size() == 1 ? 1 : 0;
    }
    return range;
}

Result<Classified> classify(const std::vector<Item>& items, const std::vector<std::string>& classes,
                            const std::vector<size_t>& candidates, const Judged& judged,
                            StudyData& study)
{
    Encoder encoder(judged, study);
    CLWB_ASSIGN(const at::Tensor images, encoder.images(items));
    CLWB_ASSIGN(const at::Tensor texts, encoder.texts(promptsOf(classes, study)));
    Classified classified;
    classified.predictions = predict(images, texts, candidates, judged.margin);
    for (const Item& item : items) {
        const auto place = std::find(classes.begin(), classes.end(), item.className);
        if (place == classes.end())
            return fail(ErrorCode::Data, "the record lacks the class " + item.className);
        classified.truth.push_back(static_cast<size_t>(place - classes.begin()));
    }
    return classified;
}

Result<void> checkUt(const EvalLine& line, const Judged& judged, StudyData& study,
                     Findings& findings)
{
    const Json& ut = line.record.at("ut");
    const std::vector<std::string> classes = ut.at("classes");
    CLWB_ASSIGN(const std::vector<Item> items,
                study.items(line.split == "val" ? "ut-val" : "ut-test"));
    CLWB_ASSIGN(const Classified all,
                classify(items, classes, upTo(classes.size()), judged, study));
    for (size_t c = 0; c < classes.size(); ++c) {
        if (!fits(ut.at("confusion").at(c), all.ofClass(c)))
            findings.add("confusion", line.place() + ": row of " + classes[c]);
    }
    // The smaller label space of A27 is not in interfaces.md; a record that has it must be right.
    if (!ut.contains("seen_hits") || line.session == 0)
        return {};
    std::vector<size_t> seen;
    for (size_t c = 0; c < classes.size(); ++c) {
        if (line.record.at("setting") == "OST" || ut.at("session_of_class").at(c) <= line.session)
            seen.push_back(c);
    }
    CLWB_ASSIGN(const Classified some, classify(items, classes, seen, judged, study));
    for (const size_t c : seen) {
        const auto [least, most] = hitRange(some.ofClass(c), c);
        const int64_t hits = ut.at("seen_hits").at(c);
        if (hits < least || hits > most)
            findings.add("seen hits", line.place() + ": class " + classes[c]);
    }
    return {};
}

Result<void> checkZeroShot(const EvalLine& line, const Judged& judged, StudyData& study,
                           Findings& findings)
{
    const Json& zs = line.record.at("zs");
    const std::vector<std::string> classes = zs.at("classes");
    CLWB_ASSIGN(const std::vector<Item> items, study.items(line.split == "val" ? "zs-val" : "zs"));
    CLWB_ASSIGN(const Classified all,
                classify(items, classes, upTo(classes.size()), judged, study));
    for (size_t c = 0; c < classes.size(); ++c) {
        const auto predictions = all.ofClass(c);
        const auto [least, most] = hitRange(predictions, c);
        const int64_t hits = zs.at("hits").at(c);
        if (hits < least || hits > most)
            findings.add("zero-shot hits", line.place() + ": class " + classes[c]);
        if (zs.at("totals").at(c) != static_cast<int64_t>(predictions.size()))
            findings.add("zero-shot totals", line.place() + ": class " + classes[c]);
    }
    return {};
}

} // namespace

Result<void> checkCounts(const EvalLine& line, const Judged& judged,
                         const std::vector<std::string>& what,
                         const std::vector<int64_t>& shuffleSeeds, StudyData& study,
                         Findings& findings)
{
    const c10::NoGradGuard noGradient;
    const auto isAsked = [&](const char* part) {
        return std::find(what.begin(), what.end(), part) != what.end();
    };
    for (const char* part : {"ut", "zs"}) {
        if (line.record.contains(part) != isAsked(part))
            findings.add("record parts", line.place() + ": " + part +
                                             (isAsked(part) ? " is absent" : " was not asked for"));
    }
    try {
        if (line.record.contains("ut"))
            CLWB_TRY(checkUt(line, judged, study, findings));
        if (line.record.contains("zs"))
            CLWB_TRY(checkZeroShot(line, judged, study, findings));
        const bool isShuffled = isAsked("shuffle") && line.split == "test";
        return checkRetrieval(line, judged, isAsked("retrieval"),
                              isShuffled ? shuffleSeeds : std::vector<int64_t>(), study, findings);
    } catch (const Json::exception& problem) {
        findings.add("record", line.place() + ": " + problem.what());
    }
    return {};
}

} // namespace clwb::replay
