// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/encode.h"

#include "core/base/file.h"
#include "core/base/npy.h"
#include "core/base/number_text.h"
#include "core/eval/features.h"
#include "core/eval/texts.h"
#include "core/model/device.h"
#include "core/run/workspace.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <sstream>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

constexpr uint64_t kMaxListBytes = uint64_t{1} << 30;
constexpr int64_t kBatch = 64;

Result<PixelBox> parseBox(const std::string& text, const std::string& where)
{
    std::istringstream words(text);
    std::vector<int> numbers;
    std::string word;
    while (words >> word) {
        const auto value = parseInteger(word);
        numbers.push_back(value && *value >= 0 && *value <= INT32_MAX ? static_cast<int>(*value)
                                                                      : -1);
    }
    const bool valid = numbers.size() == 4 &&
                       *std::min_element(numbers.begin(), numbers.end()) >= 0 &&
                       numbers[2] > numbers[0] && numbers[3] > numbers[1];
    if (!valid) {
        return fail(ErrorCode::Usage,
                    where + ": expected `path<TAB>x0 y0 x1 y1`, got box \"" + text + "\"",
                    "four whole numbers, half-open, x1 > x0 and y1 > y0");
    }
    return PixelBox{numbers[0], numbers[1], numbers[2], numbers[3]};
}

Result<std::vector<data::Item>> readList(const fs::path& list)
{
    CLWB_ASSIGN(const std::string content, readFile(list, kMaxListBytes, ErrorCode::Usage));
    std::vector<data::Item> items;
    size_t number = 0;
    for (const std::string& line : textLines(content)) {
        ++number;
        const std::string where = list.string() + ":" + std::to_string(number);
        const size_t tab = line.find('\t');
        data::Item item;
        item.file = fs::absolute(line.substr(0, tab));
        item.id = line.substr(0, tab);
        if (item.id.empty())
            return fail(ErrorCode::Usage, where + ": empty path");
        if (tab != std::string::npos) {
            CLWB_ASSIGN(item.box, parseBox(line.substr(tab + 1), where));
        }
        items.push_back(std::move(item));
    }
    return items;
}

Result<std::shared_ptr<data::PictureCache>> memoryCache(const OpenModel& model)
{
    return data::PictureCache::open({}, {model.model.preprocess.size, "clip", "ignore"});
}

Result<void> writeRows(const at::Tensor& rows, const fs::path& out)
{
    const at::Tensor host = rows.to(at::kCPU).contiguous();
    CLWB_ASSIGN(NpyWriter writer, NpyWriter::create(out, host.sizes().vec()));
    CLWB_TRY(writer.append({host.const_data_ptr<float>(), static_cast<size_t>(host.numel())}));
    return writer.commit();
}

eval::EncodeOptions optionsOf(const StopToken& stop)
{
    eval::EncodeOptions options;
    options.batchSize = kBatch;
    options.loaderThreads = loaderThreads();
    options.stop = stop;
    return options;
}

} // namespace

std::vector<std::string> textLines(const std::string& content)
{
    std::vector<std::string> lines;
    size_t begin = 0;
    while (begin < content.size()) {
        const size_t end = std::min(content.find('\n', begin), content.size());
        std::string line = content.substr(begin, end - begin);
        if (line.ends_with('\r') && end < content.size())
            line.pop_back();
        lines.push_back(std::move(line));
        begin = end + 1;
    }
    return lines;
}

Result<void> preprocessImages(const fs::path& modelPath, const fs::path& list, const fs::path& out,
                              const StopToken& stop)
{
    CLWB_ASSIGN(const OpenModel model, openModel(modelPath));
    CLWB_ASSIGN(const std::vector<data::Item> items, readList(list));
    CLWB_ASSIGN(const auto pictures, memoryCache(model));
    const int side = pictures->side();
    const auto count = static_cast<int64_t>(items.size());
    const auto floats = size_t{3} * static_cast<size_t>(side) * static_cast<size_t>(side);
    CLWB_ASSIGN(NpyWriter writer, NpyWriter::create(out, {count, 3, side, side}));
    data::BatchLoader loader(items, eval::allIndices(items.size()), *pictures,
                             {.batchSize = kBatch, .threads = loaderThreads(), .augmentation = {}});
    for (int64_t done = 0; done < count;) {
        if (stop.stopRequested())
            return Failure(eval::stoppedError());
        CLWB_ASSIGN(const std::optional<data::Batch> batch, loader.next());
        const auto size = static_cast<int64_t>(batch->indices.size());
        std::vector<float> values(static_cast<size_t>(size) * floats);
        data::normalizePictures(batch->pixels, size, side, model.model.preprocess.mean,
                                model.model.preprocess.std, values.data());
        CLWB_TRY(writer.append(values));
        done += size;
    }
    return writer.commit();
}

Result<void> encodeImages(const fs::path& modelPath, const fs::path& list, const fs::path& out,
                          const StopToken& stop)
{
    CLWB_ASSIGN(const OpenModel model, openModel(modelPath));
    CLWB_ASSIGN(const std::vector<data::Item> items, readList(list));
    CLWB_ASSIGN(const auto pictures, memoryCache(model));
    model::useThreads(0);
    return model::guarded("encoding", [&]() -> Result<void> {
        CLWB_ASSIGN(const at::Tensor rows,
                    eval::encodeItems(model.model, items, eval::allIndices(items.size()), *pictures,
                                      optionsOf(stop)));
        return writeRows(rows, out);
    });
}

Result<void> encodeTexts(const fs::path& modelPath, const fs::path& texts, const fs::path& out,
                         const StopToken& stop)
{
    CLWB_ASSIGN(const OpenModel model, openModel(modelPath));
    CLWB_ASSIGN(const std::string content, readFile(texts, kMaxListBytes, ErrorCode::Usage));
    model::useThreads(0);
    return model::guarded("encoding", [&]() -> Result<void> {
        CLWB_ASSIGN(const at::Tensor rows,
                    eval::encodeSentences(model.model,
                                          eval::tokenize(model.tokenizer, textLines(content),
                                                         model.model.config.text.context),
                                          optionsOf(stop)));
        return writeRows(rows, out);
    });
}

} // namespace clwb::run
