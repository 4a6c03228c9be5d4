// SPDX-License-Identifier: GPL-3.0-or-later
// clwb bench: the program measures itself.
#include "core/run/bench.h"

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "app/cli/signals.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <array>

namespace clwb::cli
{
namespace
{

Result<std::vector<int64_t>> readBatches(const std::string& text)
{
    std::vector<int64_t> batches;
    for (const std::string& word : splitList(text)) {
        const auto number = parseInteger(word);
        if (!number || *number < 1 || *number > 10000)
            return fail(ErrorCode::Usage, "--batches: expected whole numbers from 1, got " + word);
        batches.push_back(*number);
    }
    return batches;
}

Result<void> checkParts(const std::vector<std::string>& parts)
{
    static constexpr std::array<std::string_view, 4> kParts{"step", "encode", "preprocess",
                                                            "store"};
    for (const std::string& part : parts) {
        if (std::find(kParts.begin(), kParts.end(), part) == kParts.end())
            return fail(ErrorCode::Usage,
                        "--what: is \"" + part + "\", allowed are step, encode, preprocess, store");
    }
    return {};
}

// One figure a line: "step.ft-wm-16.seconds  1.25".
void addLines(const Json& value, const std::string& key, std::string& text)
{
    if (!value.is_structured()) {
        text += key + "  " +
                (value.is_number_float() ? shortestText(value.get<double>())
                 : value.is_string()     ? value.get<std::string>()
                                         : value.dump()) +
                "\n";
        return;
    }
    size_t index = 0;
    for (const auto& item : value.items()) {
        const std::string name = value.is_array() ? std::to_string(index++) : item.key();
        addLines(item.value(), key.empty() ? name : key + "." + name, text);
    }
}

Result<int> runBenchCommand(const Arguments& arguments)
{
    run::BenchRequest request;
    if (const auto what = arguments.value("--what"))
        request.what = splitList(*what);
    CLWB_TRY(checkParts(request.what));
    request.size = arguments.valueOr("--size", request.size);
    if (const auto batches = arguments.value("--batches")) {
        CLWB_ASSIGN(request.batches, readBatches(*batches));
    }
    if (const auto methods = arguments.value("--methods"))
        request.methods = splitList(*methods);
    request.photos = arguments.valueOr("--photos", "");
    if (const auto threads = arguments.value("--threads")) {
        const auto number = parseInteger(*threads);
        if (!number || *number < 0 || *number > 1024)
            return fail(ErrorCode::Usage,
                        "--threads: expected a whole number from 0, got " + *threads);
        request.threads = *number;
    }
    request.stop = stopOnSignals();
    request.progress = [](const std::string& line) { writeNote(line); };
    CLWB_ASSIGN(const Json figures, run::runBench(request));
    std::string text;
    if (arguments.has("--json"))
        text = figures.dump(2) + "\n";
    else
        addLines(figures, "", text);
    CLWB_TRY(writeResult(text));
    return 0;
}

} // namespace

Command describe_bench()
{
    return {
        260,
        "bench",
        "Measures training steps, encoders, preprocessing and the project file",
        {},
        {{"--json", "", "figures as one JSON object", false, {}},
         {"--what", "LIST", "parts: step,encode,preprocess,store (default: all)", false, {}},
         {"--size",
          "SIZE",
          "size of the random model (default: b32)",
          false,
          {"mini", "b32", "b16", "l14"}},
         {"--batches", "LIST", "batch sizes (default: 16,100)", false, {}},
         {"--methods", "LIST", "methods whose steps are measured (default: all)", false, {}},
         {"--photos", "DIR", "JPEG photos for preprocessing (default: generated ones)", false, {}},
         {"--threads", "N", "0 = all cores", false, {}}},
        "Speeds are also given as a share of the matrix product's peak measured in the same run.",
        "clwb bench --json --what step,preprocess",
        runBenchCommand};
}

} // namespace clwb::cli
