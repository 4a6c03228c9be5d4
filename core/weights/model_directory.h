// SPDX-License-Identifier: GPL-3.0-or-later
// Writing model directories, conversion between formats, and the summary of `clwb model inspect`.
#pragma once

#include "core/base/json.h"
#include "core/weights/model_files.h"
#include "core/weights/model_hash.h"
#include "core/weights/rkr_files.h"
#include "core/weights/safetensors.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace clwb::weights
{

/// Writes vocab.json and merges.txt for a vocabulary source into a folder; wired to the tokenizer
/// by the caller, because this library knows no tokenizer.
using VocabularyWriter = std::function<Result<void>(const std::filesystem::path& source,
                                                    const std::filesystem::path& folder)>;

/// What goes into a model directory besides its tensors.
struct DirectoryContent
{
    std::string configText;           ///< written unchanged
    std::string preprocessorText;     ///< written unchanged; none when empty
    std::filesystem::path vocabulary; ///< ModelFiles::vocabulary; none when empty
    VocabularyWriter writeVocabulary; ///< for a .txt.gz source; without it the file is copied
};

/// Everything but the tensors of a model that was read.
DirectoryContent contentOf(const ModelFiles& model, VocabularyWriter writer = {});

/// Writes config.json, model.safetensors (float32, metadata {"format":"pt"}), vocabulary and
/// preprocessor files. The folder appears complete or not at all; an older one of that name is
/// replaced. @return SHA-256 of model.safetensors. Errors: Data, DiskFull.
Result<std::string> writeModelDirectory(const std::filesystem::path& folder,
                                        const DirectoryContent& content,
                                        std::vector<TensorView> tensors);
Result<std::string> writeModelDirectory(const std::filesystem::path& folder,
                                        const DirectoryContent& content, const TensorMap& tensors);

/// Writes config, vocabulary, base.json and rkr.safetensors (metadata `placement`), no
/// model.safetensors. @return SHA-256 of rkr.safetensors. Errors: Data, DiskFull.
Result<std::string> writeRkrDirectory(const std::filesystem::path& folder,
                                      const DirectoryContent& content, const RkrBase& base,
                                      std::string_view placement, std::vector<TensorView> scales);

/// The summary of `clwb model inspect`: format, sizes, activation, parameters, hashes, unknown
/// tensors, notes, and of RKR scales their number and max |s − 1|. Errors: as readModel, but
/// unknown tensors and a missing vocabulary are no errors.
Result<Json> inspectModel(const std::filesystem::path& path);

/// Reads any accepted model and writes `out`: a file when it ends in .safetensors, otherwise a
/// model directory. `sublayer` RKR scales are folded in. @return inspection of the result's source
/// with the written file's hash. Errors: as readModel; Usage when `out` exists and is not empty.
Result<Json> convertWeights(const std::filesystem::path& in, const std::filesystem::path& out,
                            const VocabularyWriter& writer = {});

} // namespace clwb::weights
