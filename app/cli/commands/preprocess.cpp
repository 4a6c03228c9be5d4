// SPDX-License-Identifier: GPL-3.0-or-later
// clwb preprocess: pictures exactly as the image tower gets them.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/signals.h"
#include "core/run/encode.h"

namespace clwb::cli
{
namespace
{

Result<int> runPreprocess(const Arguments& arguments)
{
    const auto model = arguments.value("--model");
    const auto images = arguments.value("--images");
    const auto out = arguments.value("--out");
    if (!model || !images || !out)
        return fail(ErrorCode::Usage, "clwb preprocess needs --model, --images and --out",
                    "See clwb preprocess --help");
    CLWB_TRY(run::preprocessImages(*model, *images, *out, stopOnSignals()));
    return 0;
}

} // namespace

Command describe_preprocess()
{
    return {210,
            "preprocess",
            "Writes pictures as the image tower gets them, float32 [N, 3, H, W]",
            {},
            {{"--model", "DIR", "model whose size, mean and deviation are used", false, {}},
             {"--images", "LIST.txt", "lines `path` or `path<TAB>x0 y0 x1 y1`", false, {}},
             {"--out", "X.npy", "file to write", false, {}}},
            "Paths in LIST.txt are relative to the working directory; boxes are half-open.",
            "clwb preprocess --model resources/mini-clip --images list.txt --out pixels.npy",
            runPreprocess};
}

} // namespace clwb::cli
