// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/bench_model.h"

#include "core/methods/method.h"
#include "core/model/device.h"
#include "core/model/initialize.h"
#include "core/run/step_probe.h"
#include "core/spec/presets.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

namespace clwb::run
{
namespace
{

using Clock = std::chrono::steady_clock;

weights::TowerConfig tower(int64_t width, int64_t heads, int64_t layers)
{
    weights::TowerConfig config;
    config.width = width;
    config.heads = heads;
    config.layers = layers;
    config.mlp = 4 * width;
    return config;
}

weights::ClipConfig configOf(const std::string& size)
{
    weights::ClipConfig config;
    const bool mini = size == "mini";
    const bool large = size == "l14";
    config.vision = mini ? tower(160, 5, 4) : large ? tower(1024, 16, 24) : tower(768, 12, 12);
    config.text = mini ? tower(128, 4, 2) : large ? tower(768, 12, 12) : tower(512, 8, 12);
    config.vision.imageSize = mini ? 48 : 224;
    config.vision.patch = mini ? 8 : large ? 14 : size == "b16" ? 16 : 32;
    config.text.context = 77;
    config.text.vocabulary = mini ? 2048 : 49408;
    config.projection = mini ? 128 : large ? 768 : 512;
    return config;
}

Json measured(const ProbeResult& probe, double peak)
{
    const double rate = probe.flop / probe.seconds / 1e9;
    return Json{{"seconds", probe.seconds},
                {"gflop", probe.flop / 1e9},
                {"gflop_per_second", rate},
                {"share_of_gemm_peak", rate / peak}};
}

/// Ids in the order of the method table.
Result<std::vector<std::string>> methodsOf(const BenchRequest& request)
{
    std::vector<std::string> known;
    for (const methods::MethodInfo& info : methods::allMethods())
        known.push_back(info.id);
    if (request.methods.empty())
        return known;
    for (const std::string& id : request.methods) {
        if (!methods::findMethod(id)) {
            std::string allowed;
            for (const std::string& name : known)
                allowed += (allowed.empty() ? "" : ", ") + name;
            return fail(ErrorCode::Usage,
                        "--methods: unknown method \"" + id + "\", allowed are " + allowed);
        }
    }
    std::erase_if(known, [&](const std::string& id) {
        return std::find(request.methods.begin(), request.methods.end(), id) ==
               request.methods.end();
    });
    return known;
}

/// One row: the fast path, and the reference that computes all positions of every text.
Result<Json> benchStep(model::ClipModel& model, const spec::RunSpec& spec, int64_t batch,
                       int repeats)
{
    ProbeShape shape;
    shape.batch = batch;
    const double before = gemmPeak();
    model.contextCrop = model::ContextCrop::Longest;
    CLWB_ASSIGN(const ProbeResult fast, probeStep(model, spec, shape, repeats));
    const double peak = (before + gemmPeak()) / 2; // other programs' load changes
    model.contextCrop = model::ContextCrop::Full;
    CLWB_ASSIGN(const ProbeResult plain, probeStep(model, spec, shape, 1));
    Json row{{"method", spec.method}, {"option", spec.option}, {"batch", batch}};
    row.update(measured(fast, peak));
    row["gemm_peak_gflop_per_second"] = peak;
    row["seconds_plain_context"] = plain.seconds;
    row["factor_against_plain_context"] = plain.seconds / fast.seconds;
    return row;
}

} // namespace

Result<Json> benchSteps(const BenchRequest& request)
{
    CLWB_ASSIGN(const std::vector<std::string> ids, methodsOf(request));
    model::ClipModel model;
    model.config = configOf(request.size);
    model.preprocess.size = static_cast<int>(model.config.vision.imageSize);
    model.parameters = model::randomParameters(model.config, 0, std::log(100.0));
    Json rows = Json::array();
    for (const int64_t batch : request.batches) {
        std::map<std::string, double> fineTuning; // seconds by option
        for (const std::string& id : ids) {
            for (const char* option : {"WM", "IO", "TO"}) {
                if (request.stop.stopRequested())
                    return fail(ErrorCode::Stopped, "stopped on request");
                const spec::RunSpec spec = spec::presetSpec({}, "method", id, option, "MST");
                CLWB_ASSIGN(Json row, benchStep(model, spec, batch, request.repeats));
                const double seconds = row.at("seconds");
                if (id == "ft")
                    fineTuning[option] = seconds;
                if (fineTuning.contains(option))
                    row["seconds_relative_to_ft"] = seconds / fineTuning.at(option);
                if (request.progress)
                    request.progress(row.dump());
                rows.push_back(std::move(row));
            }
        }
    }
    return rows;
}

Result<Json> benchEncode(const BenchRequest& request)
{
    model::ClipModel model;
    model.config = configOf(request.size);
    model.parameters = model::randomParameters(model.config, 0, std::log(100.0));
    const double peak = gemmPeak();
    const at::NoGradGuard noGrad;
    Json rows = Json::array();
    for (const int64_t batch : request.batches) {
        const int64_t side = model.config.vision.imageSize;
        const at::Tensor pixels = at::randint(0, 256, {batch, side, side, 3}, at::kByte);
        double best = 1e30;
        for (int i = 0; i <= request.repeats; ++i) {
            const auto begin = Clock::now();
            (void)model.encodePictures(pixels);
            const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
            best = i > 0 ? std::min(best, seconds) : best;
        }
        const ProbeResult probe{best, static_cast<double>(batch) * imageFlop(model.config)};
        Json row{{"what", "images"}, {"batch", batch}};
        row.update(measured(probe, peak));
        row["images_per_second"] = static_cast<double>(batch) / best;
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace clwb::run
