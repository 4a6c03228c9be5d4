// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a CLIP model from whatever it lies in: model directory, safetensors file or .pt archive.
#pragma once

#include "core/weights/clip_config.h"
#include "core/weights/preprocess_config.h"
#include "core/weights/tensor_map.h"

#include <filesystem>
#include <string>
#include <vector>

namespace clwb::weights
{

struct ReadOptions
{
    bool needVocabulary = true;       ///< a missing vocabulary is an error
    bool allowUnknownTensors = false; ///< unknown tensors are only listed (inspection)
    bool hash = true;                 ///< fill modelSha256 and look up the file's origin
    /// Vocabulary from the settings: a folder or a .txt.gz; used when none lies beside the model
    /// and CLWB_VOCABULARY is not set. May be empty.
    std::filesystem::path vocabulary;
};

/// A model in memory and where it came from.
struct ModelFiles
{
    ClipConfig config;
    PreprocessConfig preprocess;
    TensorMap tensors;   ///< Hugging Face names, float32
    TensorMap rkrScales; ///< `….rkr_scale`, `….rkr_attn_scale`, `….rkr_mlp_scale`; may be empty
    std::string rkrPlacement; ///< `block_output`, `sublayer`, or empty
    /// Folder with vocab.json + merges.txt, or a merge list .txt.gz: what Tokenizer::load takes.
    /// Empty when there is none.
    std::filesystem::path vocabulary;
    std::string configText;       ///< config.json as read or as generated
    std::string preprocessorText; ///< preprocessor_config.json as read or as generated
    std::string sourceFormat;     ///< "Hugging Face directory", "OpenAI TorchScript archive", …
    std::string modelSha256;      ///< interfaces: over tensors (and RKR scales)
    std::filesystem::path weightsFile; ///< the file that held the tensors (of RKR: the base's)
    std::vector<std::string> unknownTensors; ///< as named in the file
    std::vector<std::string> notes;          ///< what the user should know, a sentence each
};

/// Reads a model directory (Hugging Face layout, RKR directories included), a single .safetensors
/// (Hugging Face, open_clip or OpenAI names) or a .pt archive. Peak memory is the float32 weights
/// plus one tensor. Errors: Data: missing or damaged files, names or shapes that do not fit, NaN or
/// infinity in a tensor, no vocabulary, an RKR base that is not the one the scales were trained on.
Result<ModelFiles> readModel(const std::filesystem::path& path, const ReadOptions& options = {});

/// SHA-256 of a file. Errors: Data.
Result<std::string> fileSha256(const std::filesystem::path& file);

} // namespace clwb::weights
