// SPDX-License-Identifier: GPL-3.0-or-later
// clwb convert-weights: any accepted model as safetensors or as a model directory.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/text/bpe_tokenizer.h"
#include "core/weights/model_directory.h"

namespace clwb::cli
{
namespace
{

Result<void> writeVocabulary(const std::filesystem::path& source,
                             const std::filesystem::path& folder)
{
    CLWB_ASSIGN(const text::Tokenizer tokenizer, text::Tokenizer::load(source));
    return tokenizer.save(folder);
}

Result<int> runConvert(const Arguments& arguments)
{
    CLWB_ASSIGN(const Json summary,
                weights::convertWeights(arguments.positionals()[0], arguments.positionals()[1],
                                        writeVocabulary));
    CLWB_TRY(writeResult(summary.dump(2) + "\n"));
    return 0;
}

} // namespace

Command describe_convert_weights()
{
    return {240,
            "convert-weights",
            "Converts a model to safetensors without executing anything in it",
            {{"IN"}, {"OUT.safetensors|DIR"}},
            {},
            "OUT ending in .safetensors is one file; otherwise a model directory is made.\n"
            "Sublayer scales of RKR are folded into the weights.",
            "clwb convert-weights ViT-B-32.pt models/vit-b-32",
            runConvert};
}

} // namespace clwb::cli
