// SPDX-License-Identifier: GPL-3.0-or-later
// What shall be run, as values. Every field is a key of spec.json and of `--set`.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clwb::spec
{

/// Hyper-parameters of the methods; names in comments are the JSON keys below `params`.
struct MethodParams
{
    double beta = 1.0;                               ///< beta (default 10 for GeoDL)
    double alpha = 0.5;                              ///< alpha
    std::string distillation = "teacher_to_student"; ///< A1 | reverse_kl | paper_literal
    double temperature = 1.0;                        ///< A2
    std::string logitScale = "auto";                 ///< A3 logit_scale: auto | frozen | trained
    std::string teacher = "previous_session";        ///< A4 | original
    std::string ceClasses = "current";               ///< A5 ce_classes: current | seen
    std::string previousTerm = "separate";           ///< A7 previous_term: separate | joint
    std::string replayRefresh = "step";              ///< A8 replay_refresh: step | epoch | once
    std::string tokenPool = "all_nonspecial";        ///< A9 token_pool | whole_word
    int64_t M = 10;                                  ///< tokens per pseudo sentence
    int64_t Ks = 100;                                ///< pseudo sentences per batch
    std::string replay = "random_tokens";            ///< random_tokens | captions
    int64_t geodlDim = 0;                            ///< A12 geodl_dim: 0 = auto
    std::string geodlCentring = "none";              ///< A13
    std::string geodlObjective = "cosine";           ///< A14
    std::string geodlGradient = "stop";              ///< A15
    std::string immChaining = "merged";              ///< A16
    std::string rkrPlacement = "block_output";       ///< A17
    std::optional<double> rkrLr;                     ///< A18 rkr_lr: null = lr
    std::string jointStart = "from_original";        ///< A19 joint_start
    std::string jointSessions = "final";             ///< A19 joint_sessions
    std::string augmentation = "none";               ///< A23: none | rrc
};

struct Schedule
{
    int64_t epochs = 10;
    int64_t batchSize = 100;
    int64_t microBatch = 0; ///< 0 = off
    double lr = 1e-6;
    int64_t dropAfterEpoch = 0; ///< 0 = never
    double dropFactor = 0.1;
    bool keepLastPartial = true; ///< A34
};

struct OptimizerSpec
{
    std::string name = "adam"; ///< adam | adamw
    double beta1 = 0.9;
    double beta2 = 0.999;
    double eps = 1e-8;
    double weightDecay = 0.0;
    bool resetPerSession = true; ///< A20
};

struct EvaluateSpec
{
    std::string after = "session";                          ///< session | run | epoch | never
    std::vector<std::string> what{"ut", "zs", "retrieval"}; ///< also "shuffle"
    bool test = true; ///< false: the test split is not even loaded
    bool validation = false;
    std::string labelSpace = "all"; ///< A27: all | seen
    std::string curve = "seen";     ///< A28: seen | all
    std::vector<int64_t> shuffleSeeds{0};
    std::string details = "last"; ///< kept in the project: none | last | all
};

/// Where a run started that did not begin with the start model (`clwb branch`).
struct BranchOrigin
{
    std::string uid;           ///< v_run.uid of the run whose state it took
    int session = 0;           ///< that run's finished sessions
    std::string configuration; ///< that run's configurationHash()
};

struct RunSpec
{
    std::string name;
    std::filesystem::path study; ///< absolute once resolved
    std::filesystem::path model; ///< absolute once resolved
    std::string kind = "method"; ///< method | original | joint
    std::string method;          ///< ft | lwf | geodl | imm | rkr | vr-lwf; "" for other kinds
    std::string option;          ///< WM | IO | TO
    std::string setting = "MST"; ///< OST | MST
    MethodParams params;
    Schedule schedule;
    OptimizerSpec optimizer;
    EvaluateSpec evaluate;
    std::string checkpoints = "last"; ///< last | all
    uint64_t seed = 0;
    std::string device = "auto";    ///< auto | cpu | cuda[:N]
    int64_t threads = 0;            ///< 0 = all; resolved to the number used
    std::string precision = "fp32"; ///< fp32 | bf16 | fp16
    std::string onNan = "stop";     ///< on_nan: stop | skip
    /// No setting: kept with the resolved spec (key `branched_from`), ignored in a spec to be run.
    std::optional<BranchOrigin> branchedFrom;

    bool isMultiSession() const { return setting == "MST"; }
};

struct ResolveResult
{
    RunSpec spec;
    std::vector<std::string> warnings; ///< dropped parameters, renamed keys
};

/// Builds a spec: preset defaults of its (method, setting), then the document, then `sets`.
/// @param document  content of spec.json, or an empty object
/// @param base      folder against which `study` and `model` inside the document are relative
/// @param sets      `--set` items "dotted.key=value" (value JSON if it parses, else text; paths
///                  relative to the working directory)
/// @param preset    "", "paper" or "demo"
/// Errors: Usage listing every problem: unknown keys (with the nearest known), types, ranges,
///         combinations (RKR with lwf parameters are dropped with a warning, micro_batch with GeoDL
///         refused)
Result<ResolveResult> resolveRunSpec(const Json& document, const std::filesystem::path& base,
                                     const std::vector<std::string>& sets,
                                     const std::string& preset = {});

/// A document like spec.json, and the folder against which its paths are relative. Keys may also be
/// dotted ("params.beta").
struct SpecLayer
{
    Json document;
    std::filesystem::path folder;
};
/// resolveRunSpec() of several documents, later ones over earlier ones. Nothing when something is
/// wrong: then `errors` has received a line a problem.
std::optional<ResolveResult> resolveLayers(const std::vector<SpecLayer>& layers,
                                           const std::vector<std::string>& sets,
                                           const std::string& preset,
                                           std::vector<std::string>& errors);

/// The resolved spec with all keys of interfaces.md §3, parameters of other methods left out.
Json toJson(const RunSpec& spec);
/// Reads a resolved spec back (paths absolute). Errors: Usage.
Result<RunSpec> runSpecFromJson(const Json& document);
/// SHA-256 of the canonical JSON without name, seed, device, threads: equal configuration. Branches
/// are equal when they left runs of equal configuration after the same session.
std::string configurationHash(const RunSpec& spec);
/// "VR-LwF-WM", "Original CLIP", "Joint-FT", "FT-IO": the paper's label.
std::string displayLabel(const std::string& kind, const std::string& method,
                         const std::string& option);

/// What a resolved specification says of the files that the run used.
struct DataSummary
{
    std::string sha256; ///< of the list of all files; empty: a run of an older program
    int64_t files = 0;
    uint64_t bytes = 0;
};
/// Never fails: what is not there, or of another type, is left as it is.
DataSummary dataSummary(const Json& resolvedSpec);

} // namespace clwb::spec
