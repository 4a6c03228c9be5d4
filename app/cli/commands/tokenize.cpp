// SPDX-License-Identifier: GPL-3.0-or-later
// clwb tokenize: texts on stdin, arrays of token ids on stdout.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/base/json.h"
#include "core/base/number_text.h"
#include "core/text/bpe_tokenizer.h"
#include "core/weights/model_files.h"

#include <iostream>

namespace clwb::cli
{
namespace
{

constexpr int kMaxContext = 65536;
constexpr size_t kOutputPiece = 1u << 16;

struct TextSide
{
    std::filesystem::path vocabulary;
    int64_t context = 0;
};

// What a complete model directory says without its weights being read; else from the weights.
Result<TextSide> readTextSide(const std::filesystem::path& model, bool needContext)
{
    const bool hasVocabulary = std::filesystem::exists(model / "vocab.json");
    if (hasVocabulary && !needContext)
        return TextSide{model, 0};
    if (hasVocabulary && std::filesystem::exists(model / "config.json")) {
        CLWB_ASSIGN(const Json config, readJsonFile(model / "config.json"));
        const Json::json_pointer key("/text_config/max_position_embeddings");
        if (config.contains(key) && config[key].is_number_integer() &&
            config[key].get<int64_t>() >= 2 && config[key].get<int64_t>() <= kMaxContext)
            return TextSide{model, config[key].get<int64_t>()};
    }
    weights::ReadOptions options;
    options.hash = false;
    CLWB_ASSIGN(const weights::ModelFiles files, weights::readModel(model, options));
    return TextSide{files.vocabulary, files.config.text.context};
}

std::string idsText(const std::vector<int32_t>& ids, int64_t context)
{
    std::string text = "[";
    for (int64_t i = 0; i < context; ++i) {
        if (i > 0)
            text += ", ";
        text += i < static_cast<int64_t>(ids.size()) ? std::to_string(ids[static_cast<size_t>(i)])
                                                     : "0";
    }
    return text + "]\n";
}

Result<int> runTokenize(const Arguments& arguments)
{
    const auto model = arguments.value("--model");
    if (!model)
        return fail(ErrorCode::Usage, "clwb tokenize: --model DIR is missing",
                    "See clwb tokenize --help");
    int64_t context = 0;
    if (const auto given = arguments.value("--context")) {
        const auto number = parseInteger(*given);
        if (!number || *number < 2 || *number > kMaxContext)
            return fail(ErrorCode::Usage, "--context: expected a whole number from 2 to " +
                                              std::to_string(kMaxContext) + ", got " + *given);
        context = *number;
    }
    CLWB_ASSIGN(const TextSide side, readTextSide(*model, context == 0));
    CLWB_ASSIGN(const text::Tokenizer tokenizer, text::Tokenizer::load(side.vocabulary));
    if (context == 0)
        context = side.context;
    std::string output;
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        if (line.ends_with('\r'))
            line.pop_back();
        output += idsText(tokenizer.encodeForModel(line, static_cast<int>(context)).ids, context);
        if (output.size() >= kOutputPiece) {
            CLWB_TRY(writeResult(output));
            output.clear();
        }
    }
    CLWB_TRY(writeResult(output));
    return 0;
}

} // namespace

Command describe_tokenize()
{
    return {200,
            "tokenize",
            "Turns each line of stdin into one JSON array of token ids",
            {},
            {{"--model", "DIR", "model whose vocabulary is used", false, {}},
             {"--context", "N", "length of every array (default: the model's context)", false, {}}},
            "Start and end tokens are included; shorter texts are padded with 0, longer ones cut.",
            "echo 'this is a photo of a cat.' | clwb tokenize --model resources/mini-clip",
            runTokenize};
}

} // namespace clwb::cli
