// SPDX-License-Identifier: GPL-3.0-or-later
// clwb model inspect: what a model file or directory holds.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/weights/model_directory.h"

namespace clwb::cli
{
namespace
{

Result<int> runInspect(const Arguments& arguments)
{
    CLWB_ASSIGN(const Json summary, weights::inspectModel(arguments.positionals()[0]));
    CLWB_TRY(writeResult(summary.dump(2) + "\n"));
    return 0;
}

} // namespace

Command describe_model_inspect()
{
    return {230,
            "model inspect",
            "Prints sizes, activation, format, unknown tensors and SHA-256 of a model",
            {{"FILE|DIR"}},
            {},
            "Accepts everything a run accepts: model directories, .safetensors and OpenAI's .pt.\n"
            "Nothing inside the file is executed.",
            "clwb model inspect resources/mini-clip",
            runInspect};
}

} // namespace clwb::cli
