// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/live_retrieval.h"

#include "core/base/sha256.h"
#include "core/eval/features.h"
#include "core/eval/texts.h"
#include "core/metrics/folds.h"
#include "core/model/device.h"
#include "core/run/cache_folder.h"
#include "core/run/workspace.h"
#include "core/train/tensor_file.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <list>
#include <map>
#include <numeric>
#include <optional>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace live
{

constexpr size_t kModels = 2; // that are compared with each other
constexpr int64_t kBatch = 64;
constexpr char kImages[] = "images";
constexpr char kCaptions[] = "captions";

/// A retrieval set as it lies on disk.
struct OpenSet
{
    data::RetrievalData data;
    std::vector<std::string> captions; ///< with the set's prefix, image by image
    Pictures pictures;
    std::string hash; ///< of names, sizes and times of the files, and of the captions
};

struct Keyed
{
    OpenModel open;
    std::map<std::string, at::Tensor> embeddings; ///< by set hash and side
};

std::string stampOf(const fs::path& file)
{
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error)
        return "missing";
    const auto time = fs::last_write_time(file, error);
    return std::to_string(size) + "@" + std::to_string(time.time_since_epoch().count());
}

Result<OpenSet> openSet(const fs::path& studyFile, const std::string& name, int side,
                        const StopToken& stop)
{
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(studyFile));
    data::DataNeeds needs;
    needs.checkMemory = checkedImagesFile();
    needs.train = false;
    needs.test = false;
    needs.zeroShot = false;
    CLWB_ASSIGN(data::StudyData all, data::loadStudyData(study, needs, stop));
    const auto found = std::find_if(all.retrieval.begin(), all.retrieval.end(),
                                    [&](const auto& set) { return set.name == name; });
    if (found == all.retrieval.end()) {
        return fail(ErrorCode::Usage,
                    "study " + studyFile.string() + " has no retrieval set \"" + name + "\"",
                    "choose one of the sets that the study names");
    }
    OpenSet set;
    set.data = std::move(*found);
    CLWB_ASSIGN(set.pictures, openPictures(study, side));
    Sha256 hash;
    const auto add = [&hash](const std::string& text) {
        hash.update(text);
        hash.update(std::string_view("\0", 1));
    };
    add(study.images.exifOrientation);
    for (size_t at = 0; at < set.data.images.size(); ++at) {
        add(set.data.images[at].id);
        add(stampOf(set.data.images[at].file));
        for (const std::string& caption : set.data.captions[at]) {
            set.captions.push_back(set.data.prefix + caption);
            add(set.captions.back());
        }
    }
    set.hash = toHex(hash.finish());
    return set;
}

eval::EncodeOptions encodeOptions(const StopToken& stop,
                                  const std::function<void(int64_t, int64_t)>& progress)
{
    eval::EncodeOptions options;
    options.batchSize = kBatch;
    options.loaderThreads = 1; // a training may want the other cores
    options.stop = stop;
    options.progress = progress;
    return options;
}

/// Candidates that compete, half-open.
struct Range
{
    int64_t begin = 0;
    int64_t end = 0;
};

Result<Range> rangeOf(const OpenSet& set, bool areImages, std::optional<int> fold)
{
    const auto images = static_cast<int64_t>(set.data.images.size());
    if (fold && (*fold < 0 || *fold >= set.data.folds)) {
        return fail(ErrorCode::Usage, set.data.name + " has no fold " + std::to_string(*fold + 1),
                    "it has " + std::to_string(set.data.folds));
    }
    Range range{fold ? metrics::foldBegin(images, set.data.folds, *fold) : 0,
                fold ? metrics::foldBegin(images, set.data.folds, *fold + 1) : images};
    if (areImages)
        return range;
    const auto captionsBefore = [&set](int64_t image) {
        int64_t count = 0;
        for (int64_t at = 0; at < image; ++at)
            count += static_cast<int64_t>(set.data.captions[static_cast<size_t>(at)].size());
        return count;
    };
    return Range{captionsBefore(range.begin), captionsBefore(range.end)};
}

/// How many of the range stand before a position.
int64_t rankIn(const float* values, const Range& range, int64_t position)
{
    int64_t before = 0;
    for (int64_t at = range.begin; at < range.end; ++at) {
        const bool isTieBefore = values[at] == values[position] && at < position;
        before += values[at] > values[position] || isTieBefore ? 1 : 0;
    }
    return before;
}

LiveAnswer answerOf(const at::Tensor& scores, const Range& range, const LiveQuery& query,
                    const std::function<std::string(int64_t)>& nameOf)
{
    const at::Tensor host = scores.to(at::kCPU, at::kFloat).contiguous();
    const float* values = host.const_data_ptr<float>();
    std::vector<int64_t> order(static_cast<size_t>(range.end - range.begin));
    std::iota(order.begin(), order.end(), range.begin);
    const auto count = std::min<size_t>(order.size(), static_cast<size_t>(std::max(query.best, 0)));
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [values](int64_t a, int64_t b) {
                          return values[a] != values[b] ? values[a] > values[b] : a < b;
                      });
    LiveAnswer answer;
    const auto add = [&](int64_t position, int64_t rank) {
        answer.candidates.push_back(
            {position, values[position], nameOf(position), rank, query.truth == position});
    };
    for (size_t at = 0; at < count; ++at)
        add(order[at], static_cast<int64_t>(at));
    if (query.truth && *query.truth >= range.begin && *query.truth < range.end) {
        const int64_t rank = rankIn(values, range, *query.truth);
        if (rank >= static_cast<int64_t>(count))
            add(*query.truth, rank);
    }
    return answer;
}

} // namespace live

struct LiveRetrieval::Impl
{
    fs::path folder;
    std::list<std::pair<std::string, live::Keyed>> models; ///< by path and time, used last first
    std::map<std::string, live::OpenSet> sets; ///< by study, its time, set and picture size

    Result<live::Keyed*> modelOf(const fs::path& path)
    {
        const std::string key = path.string() + "|" + live::stampOf(path / "model.safetensors");
        const auto found = std::find_if(models.begin(), models.end(),
                                        [&](const auto& entry) { return entry.first == key; });
        if (found != models.end()) {
            models.splice(models.begin(), models, found);
            return &models.front().second;
        }
        // The memory of the one that goes is free before the next is read.
        while (models.size() >= live::kModels)
            models.pop_back();
        CLWB_ASSIGN(OpenModel open, openModel(path));
        models.emplace_front(key, live::Keyed{std::move(open), {}});
        return &models.front().second;
    }

    Result<const live::OpenSet*> setOf(const LiveQuery& query, int side, const StopToken& stop)
    {
        const std::string key = query.study.string() + "|" + live::stampOf(query.study) + "|" +
                                query.setName + "|" + std::to_string(side);
        if (const auto found = sets.find(key); found != sets.end())
            return &found->second;
        CLWB_ASSIGN(live::OpenSet set, live::openSet(query.study, query.setName, side, stop));
        sets.clear(); // one study at a time
        return &sets.emplace(key, std::move(set)).first->second;
    }

    Result<const at::Tensor*> embeddingsOf(live::Keyed& keyed, const live::OpenSet& set,
                                           const std::string& side, const StopToken& stop,
                                           const std::function<void(int64_t, int64_t)>& progress,
                                           bool& wasCached)
    {
        const std::string key = set.hash + "-" + side;
        if (const auto found = keyed.embeddings.find(key); found != keyed.embeddings.end()) {
            wasCached = true;
            return &found->second;
        }
        const auto rows = static_cast<int64_t>(side == live::kImages ? set.data.images.size()
                                                                     : set.captions.size());
        const fs::path file = folder.empty()
                                  ? fs::path()
                                  : folder / (keyed.open.sha256.substr(0, 16) + "-" +
                                              set.hash.substr(0, 16) + "-" + side + ".safetensors");
        const std::string label = keyed.open.sha256 + " " + key;
        if (auto stored = readStored(file, label, rows)) {
            wasCached = true;
            return &keyed.embeddings.emplace(key, std::move(*stored)).first->second;
        }
        const eval::EncodeOptions options = live::encodeOptions(stop, progress);
        at::Tensor embeddings;
        if (side == live::kImages) {
            CLWB_ASSIGN(embeddings, eval::encodeItems(keyed.open.model, set.data.images,
                                                      eval::allIndices(set.data.images.size()),
                                                      *set.pictures.whole, options));
        } else {
            CLWB_ASSIGN(embeddings, eval::encodeSentences(keyed.open.model,
                                                          sentences(keyed, set.captions), options));
        }
        if (!file.empty()) {
            // A cache: without it the next window encodes once more.
            std::error_code ignored;
            fs::create_directories(folder, ignored);
            static_cast<void>(train::writeTensorFile(file, {{side, embeddings}}, label));
        }
        return &keyed.embeddings.emplace(key, std::move(embeddings)).first->second;
    }

    static std::optional<at::Tensor> readStored(const fs::path& file, const std::string& label,
                                                int64_t rows)
    {
        std::error_code error;
        if (file.empty() || !fs::exists(file, error))
            return {};
        auto stored = train::readTensorFile(file);
        if (!stored || stored->text != label || stored->tensors.size() != 1)
            return {};
        at::Tensor tensor = stored->tensors.begin()->second;
        if (tensor.dim() != 2 || tensor.size(0) != rows)
            return {};
        return tensor;
    }

    static model::Sentences sentences(const live::Keyed& keyed,
                                      const std::vector<std::string>& texts, int64_t* cut = nullptr)
    {
        return eval::tokenize(keyed.open.tokenizer, texts, keyed.open.model.config.text.context,
                              cut);
    }

    Result<LiveAnswer> ask(const LiveQuery& query, const StopToken& stop,
                           const std::function<void(int64_t, int64_t)>& progress)
    {
        if (query.text.empty() && query.picture.empty())
            return fail(ErrorCode::Usage, "nothing is asked", "type a text or choose a picture");
        CLWB_ASSIGN(live::Keyed* const keyed, modelOf(query.model));
        CLWB_ASSIGN(const live::OpenSet* const set,
                    setOf(query, keyed->open.model.preprocess.size, stop));
        const bool isText = query.picture.empty();
        CLWB_ASSIGN(const live::Range range, live::rangeOf(*set, isText, query.fold));
        // What is asked first: a picture that cannot be read should not wait for a whole set.
        const eval::EncodeOptions one = live::encodeOptions(stop, {});
        at::Tensor asked;
        int64_t cut = 0;
        if (isText) {
            CLWB_ASSIGN(asked, eval::encodeSentences(
                                   keyed->open.model,
                                   sentences(*keyed, {set->data.prefix + query.text}, &cut), one));
        } else {
            const std::vector<data::Item> items{
                {query.picture.string(), fs::absolute(query.picture), {}, 0}};
            CLWB_ASSIGN(
                const auto memory,
                data::PictureCache::open({}, {keyed->open.model.preprocess.size, "clip", "apply"}));
            CLWB_ASSIGN(asked, eval::encodeItems(keyed->open.model, items, {0}, *memory, one));
        }
        bool wasCached = false;
        CLWB_ASSIGN(const at::Tensor* const rows,
                    embeddingsOf(*keyed, *set, isText ? live::kImages : live::kCaptions, stop,
                                 progress, wasCached));
        const auto nameOf = [&](int64_t position) {
            const auto at = static_cast<size_t>(position);
            return isText ? set->data.images[at].id : set->captions[at];
        };
        // Texts come second: equal captions are ties, in the order of the set.
        LiveAnswer answer = live::answerOf(
            (isText ? eval::cosines(*rows, asked) : eval::cosines(asked, *rows)).flatten(), range,
            query, nameOf);
        answer.modelSha256 = keyed->open.sha256;
        answer.setSize = rows->size(0);
        answer.wasCut = cut > 0;
        answer.wasCached = wasCached;
        return answer;
    }
};

LiveRetrieval::LiveRetrieval(fs::path embeddings)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->folder = std::move(embeddings);
}

LiveRetrieval::~LiveRetrieval() = default;

Result<LiveAnswer> LiveRetrieval::ask(const LiveQuery& query, const StopToken& stop,
                                      const std::function<void(int64_t, int64_t)>& progress)
{
    return model::guarded("retrieval", [&] { return m_impl->ask(query, stop, progress); });
}

} // namespace clwb::run
