// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/features.h"

#include "core/base/check.h"
#include "core/model/device.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>

namespace clwb::eval
{
namespace
{

constexpr const char* kStoppedMessage = "stopped on request";

/// Names the first row that is not a finite direction.
Result<void> checkRows(const at::Tensor& rows, const std::string& what)
{
    const at::Tensor bad = at::isfinite(rows).all(1).logical_not();
    if (!bad.any().item<bool>())
        return {};
    return fail(ErrorCode::RunFailed,
                what + " gave a zero or non-finite embedding (item " +
                    std::to_string(bad.to(at::kInt).argmax().item<int64_t>()) + " of its batch)",
                "the model may be damaged or training diverged: lower schedule.lr");
}

/// For each value the place of its first equal among the distinct ones, int64.
template<class T>
at::Tensor placesOf(const std::vector<T>& values, std::vector<const T*>& distinct)
{
    const auto isLess = [](const T* a, const T* b) { return *a < *b; };
    std::map<const T*, int64_t, decltype(isLess)> known;
    std::vector<int64_t> places;
    for (const T& value : values) {
        const auto [entry, isNew] = known.emplace(&value, static_cast<int64_t>(distinct.size()));
        if (isNew)
            distinct.push_back(&value);
        places.push_back(entry->second);
    }
    return at::tensor(places);
}

} // namespace

Error stoppedError()
{
    return {ErrorCode::Stopped, kStoppedMessage, {}};
}

bool isStopped(const Error& error)
{
    return error.code == ErrorCode::Stopped;
}

Result<at::Tensor> encodeItems(const model::ClipModel& model, const std::vector<data::Item>& items,
                               const std::vector<int64_t>& order, data::PictureCache& pictures,
                               const EncodeOptions& options)
{
    const at::NoGradGuard noGrad;
    const auto total = static_cast<int64_t>(order.size());
    at::Tensor features = at::empty({total, model.config.projection},
                                    at::TensorOptions().dtype(at::kFloat).device(model.device()));
    data::BatchLoader loader(
        items, order, pictures,
        {.batchSize = options.batchSize, .threads = options.loaderThreads, .augmentation = {}});
    int64_t done = 0;
    while (done < total) {
        if (options.stop.stopRequested())
            return Failure(stoppedError());
        CLWB_ASSIGN(std::optional<data::Batch> batch, loader.next());
        CLWB_CHECK(batch.has_value());
        const auto count = static_cast<int64_t>(batch->indices.size());
        const int64_t side = pictures.side();
        const at::Tensor pixels =
            at::from_blob(batch->pixels.data(), {count, side, side, 3}, at::kByte);
        const model::AutocastScope autocast(options.precision, model.device());
        const at::Tensor rows = model.encodePictures(pixels);
        CLWB_TRY(checkRows(rows, "picture " + items[static_cast<size_t>(batch->indices[0])].id));
        features.narrow(0, done, count).copy_(rows);
        done += count;
        if (options.progress)
            options.progress(done, total);
    }
    return features;
}

Result<at::Tensor> encodeSentences(const model::ClipModel& model, const model::Sentences& sentences,
                                   const EncodeOptions& options)
{
    const at::NoGradGuard noGrad;
    std::vector<const model::Sentences::value_type*> distinct;
    const at::Tensor place = placesOf(sentences, distinct);
    const auto total = static_cast<int64_t>(distinct.size());
    std::vector<int64_t> order = allIndices(distinct.size());
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        return distinct[static_cast<size_t>(a)]->size() < distinct[static_cast<size_t>(b)]->size();
    });
    at::Tensor features = at::empty({total, model.config.projection},
                                    at::TensorOptions().dtype(at::kFloat).device(model.device()));
    for (int64_t begin = 0; begin < total; begin += options.batchSize) {
        if (options.stop.stopRequested())
            return Failure(stoppedError());
        const int64_t count = std::min(options.batchSize, total - begin);
        model::Sentences batch;
        for (int64_t i = begin; i < begin + count; ++i)
            batch.push_back(*distinct[static_cast<size_t>(order[static_cast<size_t>(i)])]);
        const model::AutocastScope autocast(options.precision, model.device());
        const at::Tensor rows = model.encodeText(batch);
        CLWB_TRY(checkRows(rows, "a text"));
        const at::Tensor target =
            at::tensor(at::ArrayRef<int64_t>(order.data() + begin, static_cast<size_t>(count)))
                .to(model.device());
        features.index_copy_(0, target, rows);
        if (options.progress)
            options.progress(begin + count, total);
    }
    return features.index_select(0, place.to(model.device()));
}

at::Tensor cosines(const at::Tensor& images, const at::Tensor& texts)
{
    const at::Tensor rows = texts.to(at::kCPU).contiguous();
    const auto bytes = static_cast<size_t>(rows.size(1)) * rows.element_size();
    std::vector<std::string_view> contents;
    for (int64_t i = 0; i < rows.size(0); ++i)
        contents.emplace_back(static_cast<const char*>(rows.const_data_ptr()) +
                                  static_cast<size_t>(i) * bytes,
                              bytes);
    std::vector<const std::string_view*> distinct;
    const at::Tensor place = placesOf(contents, distinct).to(texts.device());
    std::vector<int64_t> first;
    for (const std::string_view* content : distinct)
        first.push_back(content - contents.data());
    const at::Tensor chosen = texts.index_select(0, at::tensor(first).to(texts.device()));
    return at::matmul(images, chosen.t()).index_select(1, place);
}

std::vector<int64_t> allIndices(size_t count)
{
    std::vector<int64_t> indices(count);
    std::iota(indices.begin(), indices.end(), int64_t{0});
    return indices;
}

} // namespace clwb::eval
