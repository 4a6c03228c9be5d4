// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/retrieval_check.h"

#include "tests/replay/encoder.h"

#include <algorithm>
#include <set>

namespace clwb::replay
{
namespace
{

/// The ranks that a query may have: true candidates against all others of the fold.
struct RankRange
{
    int64_t least = 0;
    int64_t most = 0;
};

RankRange rankRange(const std::vector<double>& scores, const std::vector<bool>& isTrue,
                    const std::vector<bool>& isTwin, double margin)
{
    double best = -2;
    for (size_t i = 0; i < scores.size(); ++i)
        best = isTrue[i] ? std::max(best, scores[i]) : best;
    RankRange range;
    for (size_t i = 0; i < scores.size(); ++i) {
        if (isTrue[i])
            continue;
        range.least += scores[i] > best + margin ? 1 : 0;
        // The same text as a true one scores the same: it is not strictly better.
        range.most += scores[i] > best - margin && !isTwin[i] ? 1 : 0;
    }
    return range;
}

/// One fold: its images, and its captions image by image.
struct Fold
{
    at::Tensor cosines;                    ///< [captions, images], double
    std::vector<size_t> owner;             ///< image of each caption
    std::vector<std::vector<int64_t>> ids; ///< tokens of each caption
};

void checkRank(const Json& recorded, const RankRange& range, const std::string& place,
               Findings& findings)
{
    const bool isGood = recorded.is_number_integer() && recorded.get<int64_t>() >= range.least &&
                        recorded.get<int64_t>() <= range.most;
    if (!isGood)
        findings.add("retrieval ranks",
                     place + ": is " + recorded.dump() + ", expected " +
                         std::to_string(range.least) +
                         (range.most > range.least ? " to " + std::to_string(range.most) : ""));
}

void checkFold(const Fold& fold, const Json& set, size_t firstImage, size_t firstCaption,
               double margin, const std::string& place, Findings& findings)
{
    const auto captions = static_cast<size_t>(fold.cosines.size(0));
    const auto images = static_cast<size_t>(fold.cosines.size(1));
    const double* cosines = fold.cosines.const_data_ptr<double>();
    for (size_t c = 0; c < captions; ++c) {
        const std::vector<double> scores(cosines + c * images, cosines + (c + 1) * images);
        std::vector<bool> isTrue(images, false);
        isTrue[fold.owner[c]] = true;
        const RankRange range = rankRange(scores, isTrue, std::vector<bool>(images, false), margin);
        checkRank(set.at("caption_ranks").at(firstCaption + c), range,
                  place + " caption " + std::to_string(firstCaption + c), findings);
    }
    for (size_t i = 0; i < images; ++i) {
        std::vector<double> scores;
        std::vector<bool> isTrue;
        std::set<std::vector<int64_t>> own;
        for (size_t c = 0; c < captions; ++c) {
            scores.push_back(cosines[c * images + i]);
            isTrue.push_back(fold.owner[c] == i);
            if (fold.owner[c] == i)
                own.insert(fold.ids[c]);
        }
        std::vector<bool> isTwin;
        for (size_t c = 0; c < captions; ++c)
            isTwin.push_back(own.contains(fold.ids[c]));
        const Json& recorded = set.at("image_ranks").at(firstImage + i);
        const std::string image = place + " image " + std::to_string(firstImage + i);
        if (own.empty() && !recorded.is_null())
            findings.add("retrieval ranks", image + ": has no caption, so no rank");
        else if (!own.empty())
            checkRank(recorded, rankRange(scores, isTrue, isTwin, margin), image, findings);
    }
}

/// All folds of one set. @param captions in place of the set's own, image by image
Result<void> checkSet(const Json& set, const RetrievalSet& expected,
                      const std::vector<std::string>& captions, const Judged& judged,
                      StudyData& study, const std::string& place, Findings& findings)
{
    const size_t images = expected.images.size();
    if (set.at("images") != images || set.at("captions") != captions.size() ||
        set.at("folds") != expected.folds || set.at("image_ranks").size() != images ||
        set.at("caption_ranks").size() != captions.size()) {
        findings.add("retrieval size", place + ": images, captions or folds differ");
        return {};
    }
    Encoder encoder(judged, study);
    CLWB_ASSIGN(const at::Tensor views, encoder.images(expected.images));
    CLWB_ASSIGN(const at::Tensor texts, encoder.texts(captions));
    CLWB_ASSIGN(const at::Tensor ids, study.tokens(captions));
    const auto folds = static_cast<size_t>(expected.folds);
    size_t caption = 0;
    for (size_t j = 0; j < folds; ++j) {
        const size_t first = j * images / folds;
        const size_t last = (j + 1) * images / folds;
        const size_t firstCaption = caption;
        Fold fold;
        for (size_t i = first; i < last; ++i) {
            for (size_t k = 0; k < expected.captions[i].size(); ++k) {
                fold.owner.push_back(i - first);
                const at::Tensor row = ids[static_cast<int64_t>(caption++)].contiguous();
                fold.ids.emplace_back(row.const_data_ptr<int64_t>(),
                                      row.const_data_ptr<int64_t>() + row.numel());
            }
        }
        const auto slice = [](const at::Tensor& rows, size_t from, size_t to) {
            return rows.slice(0, static_cast<int64_t>(from), static_cast<int64_t>(to));
        };
        fold.cosines =
            at::matmul(slice(texts, firstCaption, caption), slice(views, first, last).t())
                .contiguous();
        checkFold(fold, set, first, firstCaption, judged.margin, place, findings);
    }
    return {};
}

} // namespace

Result<void> checkRetrieval(const EvalLine& line, const Judged& judged, bool withPlain,
                            const std::vector<int64_t>& seeds, StudyData& study, Findings& findings)
{
    CLWB_ASSIGN(const std::vector<RetrievalSet> sets, study.retrieval(line.split));
    const Json recorded = line.record.value("retrieval", Json::array());
    std::set<std::string> expected;
    for (const RetrievalSet& set : sets) {
        if (withPlain)
            expected.insert(set.name);
        for (const int64_t seed : seeds)
            expected.insert(set.name + " shuffle " + std::to_string(seed));
    }
    for (const Json& entry : recorded) {
        const std::string name = entry.at("name");
        const bool isShuffle = entry.contains("shuffle_seed");
        const int64_t seed = entry.value("shuffle_seed", int64_t{0});
        const std::string label = name + (isShuffle ? " shuffle " + std::to_string(seed) : "");
        const std::string place = line.place() + ": " + label;
        // A shuffle is a further entry: the plain one may come with it.
        const bool isExtra = !isShuffle && !withPlain && !seeds.empty();
        if (expected.erase(label) == 0 && !isExtra) {
            findings.add("retrieval sets", place + " was not asked for, or comes twice");
            continue;
        }
        std::vector<std::string> shuffled;
        if (isShuffle) {
            CLWB_ASSIGN(shuffled, study.shuffledCaptions(seed));
        }
        size_t before = 0;
        for (const RetrievalSet& set : sets) {
            std::vector<std::string> captions;
            for (const std::vector<std::string>& own : set.captions)
                captions.insert(captions.end(), own.begin(), own.end());
            const size_t count = captions.size();
            for (size_t i = 0; i < count; ++i)
                captions[i] = set.prefix + (isShuffle ? shuffled.at(before + i) : captions[i]);
            before += count;
            if (set.name == name)
                CLWB_TRY(checkSet(entry, set, captions, judged, study, place, findings));
        }
    }
    for (const std::string& label : expected)
        findings.add("retrieval sets", line.place() + ": " + label + " is absent");
    return {};
}

} // namespace clwb::replay
