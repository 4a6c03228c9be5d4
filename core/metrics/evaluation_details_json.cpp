// SPDX-License-Identifier: GPL-3.0-or-later
// Details as JSON: only for what waits beside a project that cannot be written just now.
#include "core/metrics/evaluation_details.h"

#include <map>

namespace clwb::metrics
{
namespace
{

constexpr char kDigits[] = "0123456789abcdef";

std::string hexOf(const std::string& bytes)
{
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        text += kDigits[value >> 4];
        text += kDigits[value & 15];
    }
    return text;
}

std::string bytesOf(const std::string& text)
{
    std::string bytes;
    bytes.reserve(text.size() / 2);
    const auto digit = [](char character) {
        return character >= 'a' ? character - 'a' + 10 : character - '0';
    };
    for (size_t i = 0; i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
    return bytes;
}

Json imageJson(const DetailImage& image)
{
    return {image.path, image.box.x0, image.box.y0, image.box.x1, image.box.y1, image.fileBytes};
}

DetailImage imageOf(const Json& json)
{
    return {json.at(0).get<std::string>(),
            {json.at(1).get<int>(), json.at(2).get<int>(), json.at(3).get<int>(),
             json.at(4).get<int>()},
            json.at(5).get<int64_t>()};
}

Json listJson(const HashedList& items)
{
    const ItemList& list = items.list;
    Json images = Json::array();
    for (const DetailImage& image : list.images)
        images.push_back(imageJson(image));
    return {{"kind", list.kind},
            {"name", list.name},
            {"folds", list.folds},
            {"images", images},
            {"classes", list.classes},
            {"labels", list.labels},
            {"counts", list.captionCounts},
            {"captions", list.captions}};
}

std::shared_ptr<const HashedList> listOf(const Json& json)
{
    HashedList items;
    ItemList& list = items.list;
    list.kind = json.at("kind").get<std::string>();
    list.name = json.at("name").get<std::string>();
    list.folds = json.at("folds").get<int>();
    for (const Json& image : json.at("images"))
        list.images.push_back(imageOf(image));
    list.classes = json.at("classes").get<std::vector<std::string>>();
    list.labels = json.at("labels").get<std::vector<int32_t>>();
    list.captionCounts = json.at("counts").get<std::vector<int32_t>>();
    list.captions = json.at("captions").get<std::vector<std::string>>();
    items.sha256 = contentHash(list);
    return std::make_shared<const HashedList>(std::move(items));
}

Json directionJson(const DirectionDetails& direction)
{
    Json top = Json::array();
    for (const ScoredCandidate& each : direction.top) {
        top.push_back(each.position);
        top.push_back(each.score);
    }
    Json truths = Json::array();
    for (const TrueCandidate& each : direction.truths) {
        truths.push_back(each.position);
        truths.push_back(each.rank);
        truths.push_back(each.score);
    }
    return {{"top_begin", direction.topBegin},
            {"top", top},
            {"truth_begin", direction.truthBegin},
            {"truths", truths}};
}

DirectionDetails directionOf(const Json& json)
{
    DirectionDetails direction;
    direction.topBegin = json.at("top_begin").get<std::vector<uint32_t>>();
    direction.truthBegin = json.at("truth_begin").get<std::vector<uint32_t>>();
    const Json& top = json.at("top");
    for (size_t i = 0; i + 1 < top.size(); i += 2)
        direction.top.push_back({top.at(i).get<int32_t>(), top.at(i + 1).get<float>()});
    const Json& truths = json.at("truths");
    for (size_t i = 0; i + 2 < truths.size(); i += 3)
        direction.truths.push_back({truths.at(i).get<int32_t>(), truths.at(i + 1).get<int32_t>(),
                                    truths.at(i + 2).get<float>()});
    return direction;
}

PredictionDetails predictionsOf(const Json& json)
{
    PredictionDetails details;
    details.items = listOf(json.at("items"));
    details.top = json.at("top").get<int>();
    details.classes = json.at("classes").get<std::vector<int32_t>>();
    details.probabilities = json.at("probabilities").get<std::vector<float>>();
    details.truthRanks = json.at("truth_ranks").get<std::vector<int32_t>>();
    details.truthProbabilities = json.at("truth_probabilities").get<std::vector<float>>();
    return details;
}

} // namespace

Json toJson(const EvaluationDetails& details)
{
    Json predictions = Json::array();
    for (const PredictionDetails& part : details.predictions)
        predictions.push_back({{"items", listJson(*part.items)},
                               {"top", part.top},
                               {"classes", part.classes},
                               {"probabilities", part.probabilities},
                               {"truth_ranks", part.truthRanks},
                               {"truth_probabilities", part.truthProbabilities}});
    Json retrieval = Json::array();
    for (const RetrievalDetails& set : details.retrieval)
        retrieval.push_back({{"items", listJson(*set.items)},
                             {"text_to_image", directionJson(set.textToImage)},
                             {"image_to_text", directionJson(set.imageToText)}});
    return {{"predictions", predictions}, {"retrieval", retrieval}};
}

Result<EvaluationDetails> evaluationDetailsFromJson(const Json& document)
{
    EvaluationDetails details;
    try {
        for (const Json& part : document.at("predictions"))
            details.predictions.push_back(predictionsOf(part));
        for (const Json& set : document.at("retrieval"))
            details.retrieval.push_back({listOf(set.at("items")),
                                         directionOf(set.at("text_to_image")),
                                         directionOf(set.at("image_to_text"))});
    } catch (const Json::exception& exception) {
        return fail(ErrorCode::Data, std::string("details of an evaluation: ") + exception.what());
    }
    for (const PredictionDetails& part : details.predictions) {
        if (!isConsistent(part))
            return fail(ErrorCode::Data, "details of an evaluation: predictions do not fit");
    }
    for (const RetrievalDetails& set : details.retrieval) {
        if (!isConsistent(set))
            return fail(ErrorCode::Data, "details of an evaluation: ranks do not fit");
    }
    return details;
}

Json toJson(const Thumbnail& thumbnail)
{
    return {{"image", imageJson(thumbnail.image)},
            {"width", thumbnail.width},
            {"height", thumbnail.height},
            {"jpeg", hexOf(thumbnail.jpeg)}};
}

Result<Thumbnail> thumbnailFromJson(const Json& document)
{
    try {
        const auto text = document.at("jpeg").get<std::string>();
        if (text.size() % 2 != 0 || text.find_first_not_of(kDigits) != std::string::npos)
            return fail(ErrorCode::Data, "thumbnail: its bytes are no hexadecimal text");
        return Thumbnail{imageOf(document.at("image")), document.at("width").get<int>(),
                         document.at("height").get<int>(), bytesOf(text)};
    } catch (const Json::exception& exception) {
        return fail(ErrorCode::Data, std::string("thumbnail: ") + exception.what());
    }
}

} // namespace clwb::metrics
