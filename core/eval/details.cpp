// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/details.h"

#include "core/base/utf8.h"
#include "core/eval/features.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace fs = std::filesystem;

namespace clwb::eval
{
namespace
{

/// File names are bytes; the project keeps text.
std::string validText(const std::string& text)
{
    if (isValidUtf8(text))
        return text;
    std::string valid;
    for (size_t at = 0; at < text.size();) {
        uint32_t code = 0;
        const size_t bytes = utf8CharacterAt(text, at, code);
        valid += bytes > 0 ? text.substr(at, bytes) : std::string("\uFFFD");
        at += std::max<size_t>(bytes, 1);
    }
    return valid;
}

std::vector<metrics::DetailImage> imagesOf(const std::vector<data::Item>& items,
                                           const fs::path& studyFolder)
{
    std::vector<metrics::DetailImage> images;
    images.reserve(items.size());
    const fs::path* last = nullptr;
    for (const data::Item& item : items) {
        // Crops of one photo come one after another.
        if (last && *last == item.file) {
            images.push_back({images.back().path, item.box, images.back().fileBytes});
            continue;
        }
        last = &item.file;
        std::string path = item.file.lexically_relative(studyFolder).generic_string();
        if (path.empty() || path.starts_with(".."))
            path = item.file.generic_string();
        std::error_code failure;
        const uintmax_t bytes = fs::file_size(item.file, failure);
        images.push_back(
            {validText(path), item.box, failure ? int64_t{-1} : static_cast<int64_t>(bytes)});
    }
    return images;
}

/// The best few of a row of scores, best first, ties by position.
class BestFew
{
public:
    explicit BestFew(size_t most) { m_best.reserve(most), m_most = most; }
    /// Positions come in rising order.
    void offer(int32_t position, float score)
    {
        if (m_best.size() == m_most) {
            if (!(score > m_best.back().score))
                return;
            m_best.pop_back();
        }
        auto place = m_best.end();
        while (place != m_best.begin() && score > std::prev(place)->score)
            --place;
        m_best.insert(place, {position, score});
    }
    [[nodiscard]] const std::vector<metrics::ScoredCandidate>& best() const { return m_best; }

private:
    size_t m_most = 0;
    std::vector<metrics::ScoredCandidate> m_best;
};

int32_t rankIn(const float* row, int64_t count, int64_t position)
{
    const float own = row[position];
    int32_t rank = 0;
    for (int64_t i = 0; i < position; ++i)
        rank += row[i] >= own ? 1 : 0;
    for (int64_t i = position + 1; i < count; ++i)
        rank += row[i] > own ? 1 : 0;
    return rank;
}

void addRow(const float* row, int64_t classCount, double scale, int32_t label,
            metrics::PredictionDetails& details)
{
    BestFew few(static_cast<size_t>(details.top));
    for (int64_t c = 0; c < classCount; ++c)
        few.offer(static_cast<int32_t>(c), row[c]);
    const double highest = few.best().front().score;
    double sum = 0;
    for (int64_t c = 0; c < classCount; ++c)
        sum += std::exp(scale * (row[c] - highest));
    const auto share = [&](float score) {
        return static_cast<float>(std::exp(scale * (score - highest)) / sum);
    };
    for (const metrics::ScoredCandidate& each : few.best()) {
        details.classes.push_back(each.position);
        details.probabilities.push_back(share(each.score));
    }
    details.truthRanks.push_back(rankIn(row, classCount, label));
    details.truthProbabilities.push_back(share(row[label]));
}

void append(metrics::DirectionDetails& direction, const BestFew& few, int64_t first)
{
    for (const metrics::ScoredCandidate& each : few.best())
        direction.top.push_back({static_cast<int32_t>(first + each.position), each.score});
    direction.topBegin.push_back(static_cast<uint32_t>(direction.top.size()));
}

void endTruths(metrics::DirectionDetails& direction)
{
    direction.truthBegin.push_back(static_cast<uint32_t>(direction.truths.size()));
}

void addImages(const float* score, int64_t images, const std::vector<int64_t>& owner,
               int64_t firstCaption, metrics::DirectionDetails& direction)
{
    const auto captions = static_cast<int64_t>(owner.size());
    int64_t next = 0; // captions lie image by image
    for (int64_t i = 0; i < images; ++i) {
        const float* row = score + i * captions;
        BestFew few(metrics::kTopCandidates);
        for (int64_t c = 0; c < captions; ++c)
            few.offer(static_cast<int32_t>(c), row[c]);
        append(direction, few, firstCaption);
        for (; next < captions && owner[static_cast<size_t>(next)] == i; ++next)
            direction.truths.push_back({static_cast<int32_t>(firstCaption + next),
                                        rankIn(row, captions, next), row[next]});
        endTruths(direction);
    }
}

void addCaptions(const float* score, int64_t images, const std::vector<int64_t>& owner,
                 int64_t firstImage, metrics::DirectionDetails& direction)
{
    // Row by row, as the scores lie in memory.
    const size_t captions = owner.size();
    std::vector<BestFew> few(captions, BestFew(metrics::kTopCandidates));
    std::vector<float> own(captions);
    std::vector<int32_t> ranks(captions, 0);
    for (size_t c = 0; c < captions; ++c)
        own[c] = score[static_cast<size_t>(owner[c]) * captions + c];
    for (int64_t i = 0; i < images; ++i) {
        const float* row = score + static_cast<size_t>(i) * captions;
        for (size_t c = 0; c < captions; ++c) {
            few[c].offer(static_cast<int32_t>(i), row[c]);
            ranks[c] += row[c] > own[c] || (row[c] == own[c] && i < owner[c]) ? 1 : 0;
        }
    }
    for (size_t c = 0; c < captions; ++c) {
        append(direction, few[c], firstImage);
        direction.truths.push_back({static_cast<int32_t>(firstImage + owner[c]), ranks[c], own[c]});
        endTruths(direction);
    }
}

} // namespace

metrics::ItemList itemListOf(const data::LabelledSet& set, const std::string& kind,
                             const fs::path& studyFolder)
{
    metrics::ItemList list;
    list.kind = kind;
    list.images = imagesOf(set.items, studyFolder);
    for (const std::string& name : set.classes)
        list.classes.push_back(validText(name));
    for (const data::Item& item : set.items)
        list.labels.push_back(item.label);
    return list;
}

metrics::ItemList itemListOf(const data::RetrievalData& set, const fs::path& studyFolder)
{
    metrics::ItemList list;
    list.kind = "retrieval";
    list.name = set.name;
    list.folds = set.folds;
    list.images = imagesOf(set.images, studyFolder);
    for (const auto& captions : set.captions) {
        list.captionCounts.push_back(static_cast<int32_t>(captions.size()));
        for (const std::string& caption : captions)
            list.captions.push_back(validText(caption));
    }
    return list;
}

metrics::PredictionDetails rankClasses(const at::Tensor& images, const at::Tensor& classes,
                                       double scale,
                                       std::shared_ptr<const metrics::HashedList> items)
{
    constexpr int64_t kRows = 4096; // as the metrics' predictions: equal blocks, equal rounding
    metrics::PredictionDetails details;
    details.items = std::move(items);
    const int64_t classCount = classes.size(0);
    details.top = static_cast<int>(std::min<int64_t>(metrics::kTopClasses, classCount));
    for (int64_t begin = 0; begin < images.size(0); begin += kRows) {
        const int64_t count = std::min(kRows, images.size(0) - begin);
        const at::Tensor scores =
            cosines(images.narrow(0, begin, count), classes).to(at::kCPU).contiguous();
        const float* score = scores.const_data_ptr<float>();
        for (int64_t i = 0; i < count; ++i)
            addRow(score + i * classCount, classCount, scale,
                   details.items->list.labels[static_cast<size_t>(begin + i)], details);
    }
    return details;
}

void addFold(const at::Tensor& scores, const std::vector<int64_t>& owner, int64_t firstImage,
             int64_t firstCaption, metrics::RetrievalDetails& details)
{
    const float* score = scores.const_data_ptr<float>();
    addImages(score, scores.size(0), owner, firstCaption, details.imageToText);
    addCaptions(score, scores.size(0), owner, firstImage, details.textToImage);
}

} // namespace clwb::eval
