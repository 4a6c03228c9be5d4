// SPDX-License-Identifier: GPL-3.0-or-later
// clwb encode: embeddings of pictures or texts as an array file.
#include "core/run/encode.h"

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/signals.h"

namespace clwb::cli
{
namespace
{

Result<int> runEncode(const Arguments& arguments)
{
    const auto model = arguments.value("--model");
    const auto out = arguments.value("--out");
    const auto images = arguments.value("--images");
    const auto texts = arguments.value("--texts");
    if (!model || !out || images.has_value() == texts.has_value())
        return fail(ErrorCode::Usage,
                    "clwb encode needs --model, --out and one of --images and --texts",
                    "See clwb encode --help");
    const StopToken stop = stopOnSignals();
    CLWB_TRY(images ? run::encodeImages(*model, *images, *out, stop)
                    : run::encodeTexts(*model, *texts, *out, stop));
    return 0;
}

} // namespace

Command describe_encode()
{
    return {220,
            "encode",
            "Writes embeddings of pictures or texts as float32 [N, D], rows of length 1",
            {},
            {{"--model", "DIR", "model that encodes", false, {}},
             {"--images", "LIST.txt", "lines `path` or `path<TAB>x0 y0 x1 y1`", false, {}},
             {"--texts", "FILE", "one text a line", false, {}},
             {"--out", "X.npy", "file to write", false, {}}},
            "Paths in LIST.txt are relative to the working directory; boxes are half-open.",
            "clwb encode --model resources/mini-clip --texts captions.txt --out captions.npy",
            runEncode};
}

} // namespace clwb::cli
