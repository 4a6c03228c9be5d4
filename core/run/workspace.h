// SPDX-License-Identifier: GPL-3.0-or-later
// Opens what a run, an evaluation or an export works on: study, data, model, tokenizer, pictures.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/data/batch_loader.h"
#include "core/data/dataset.h"
#include "core/model/clip_model.h"
#include "core/spec/run_spec.h"
#include "core/spec/study.h"
#include "core/text/bpe_tokenizer.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace clwb::run
{

struct OpenModel
{
    model::ClipModel model;
    text::Tokenizer tokenizer;
    std::filesystem::path path;
    std::string sha256;
    std::string configText; ///< copied unchanged into models written from this one
    std::string preprocessorText;
    std::filesystem::path vocabulary;
    std::string rkrPlacement;
    std::vector<std::string> notes;
};

/// Errors: Data.
Result<OpenModel> openModel(const std::filesystem::path& path);

/// Writes a model directory in the layout of the model it came from.
/// @return SHA-256 of model.safetensors. Errors: DiskFull, Data.
Result<std::string> writeModel(const std::filesystem::path& folder,
                               const model::Parameters& parameters, const OpenModel& from);

/// The parts of its study that a run reads.
data::DataNeeds needsOf(const spec::RunSpec& spec);

/// Pictures of crops and of whole images share a folder; the geometry differs.
struct Pictures
{
    std::shared_ptr<data::PictureCache> crops;
    std::shared_ptr<data::PictureCache> whole;
};

/// In cacheFolder(); in memory where there is none.
Result<Pictures> openPictures(const spec::Study& study, int side);

/// Threads for decoding: cores − 1, at least 1.
int loaderThreads();

} // namespace clwb::run
