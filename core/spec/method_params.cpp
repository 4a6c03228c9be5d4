// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of the methods: the keys below `params`, rows A1 to A19 and A23 of the register.
#include "core/spec/method_params.h"

namespace clwb::spec::detail
{
namespace
{

const std::vector<std::string_view> kDistilling{"lwf", "vr-lwf"};
const std::vector<std::string_view> kWithBeta{"lwf", "geodl", "vr-lwf"};
const std::vector<std::string_view> kSequential{"ft", "lwf", "geodl", "imm", "rkr", "vr-lwf"};

std::vector<ParamDef> lossParams()
{
    return {
        {.key = "params.beta",
         .label = "β",
         .type = ParamType::Number,
         .min = 0,
         .max = 1e6,
         .logarithmic = true,
         .methods = kWithBeta,
         .help = "Weight of the extra loss against the classification loss; 0 is plain "
                 "fine-tuning, large values keep the old model and learn little.",
         .reason = "The paper searched it on the validation split and does not print the value; "
                   "GeoDL's loss is one to two orders smaller, hence 10 there."},
        {.key = "params.alpha",
         .label = "α",
         .type = ParamType::Number,
         .min = 0,
         .max = 1,
         .methods = {"imm"},
         .help = "Share of the new weights in the merged model: 0 keeps the old model, 1 is plain "
                 "fine-tuning.",
         .reason = "The paper searched it and does not print the value; one half is IMM's own "
                   "default for two models."},
        {.key = "params.distillation",
         .label = "Distillation",
         .type = ParamType::Choice,
         .choices = {"teacher_to_student", "reverse_kl", "paper_literal"},
         .methods = kDistilling,
         .registerRow = "A1",
         .help = "Direction: cross-entropy of the student under the teacher's probabilities, "
                 "KL of student from teacher, or the formula exactly as printed.",
         .reason = "The printed formula has its minimum at a one-hot answer instead of the "
                   "teacher's, so it sharpens rather than preserves."},
        {.key = "params.temperature",
         .label = "Temperature",
         .type = ParamType::Number,
         .min = 1,
         .max = 1000,
         .logarithmic = true,
         .methods = kDistilling,
         .registerRow = "A2",
         .help = "Divides the logits of teacher and student; the loss is multiplied by T². Higher "
                 "values weigh unlikely answers more.",
         .reason = "The paper's equations have no temperature besides CLIP's own logit scale."},
        {.key = "params.logit_scale",
         .label = "Logit scale",
         .type = ParamType::Choice,
         .choices = {"auto", "frozen", "trained"},
         .methods = {"ft", "lwf", "geodl", "imm", "vr-lwf", "joint"},
         .registerRow = "A3",
         .help = "Whether CLIP's ln τ is trained (clamped at ln 100); auto trains it in WM and "
                 "freezes it in IO and TO.",
         .reason = "The paper writes an old and a new τ, so it is trained somewhere; it belongs to "
                   "neither tower alone."},
        {.key = "params.teacher",
         .label = "Teacher",
         .type = ParamType::Choice,
         .choices = {"previous_session", "original"},
         .methods = kWithBeta,
         .registerRow = "A4",
         .help = "Which frozen model is imitated in MST: the one after the session before, or the "
                 "original CLIP throughout.",
         .reason = "The paper's figures show the previous encoders as teacher; only one sentence "
                   "says original."},
        {.key = "params.ce_classes",
         .label = "Classes of the CE loss",
         .type = ParamType::Choice,
         .choices = {"current", "seen"},
         .methods = kSequential,
         .registerRow = "A5",
         .help = "Classes that compete in the classification loss of an MST session: its own, or "
                 "all up to now.",
         .reason = "The paper states ten classes in each session's classification."},
    };
}

std::vector<ParamDef> replayParams()
{
    return {
        {.key = "params.previous_term",
         .label = "Previous-class term",
         .type = ParamType::Choice,
         .choices = {"separate", "joint"},
         .methods = {"vr-lwf"},
         .registerRow = "A7",
         .help = "Classes of earlier sessions get a softmax of their own, or share one with the "
                 "pseudo sentences.",
         .reason = "The formula has two terms although the prose speaks of appending."},
        {.key = "params.replay_refresh",
         .label = "New pseudo sentences",
         .type = ParamType::Choice,
         .choices = {"step", "epoch", "once"},
         .methods = {"vr-lwf"},
         .registerRow = "A8",
         .help = "How often pseudo sentences are drawn: each step, each epoch, or once for the "
                 "whole run.",
         .reason = "The paper draws 100 of them for each batch."},
        {.key = "params.token_pool",
         .label = "Token pool",
         .type = ParamType::Choice,
         .choices = {"all_nonspecial", "whole_word"},
         .methods = {"vr-lwf"},
         .registerRow = "A9",
         .help = "Tokens that pseudo sentences are drawn from: all but start and end of text, or "
                 "only those that end a word.",
         .reason = "The paper chooses tokens randomly from the vocabulary and names no exception."},
        {.key = "params.M",
         .label = "M",
         .type = ParamType::Integer,
         .min = 1,
         .max = 75,
         .methods = {"vr-lwf"},
         .registerRow = "A11",
         .help = "Tokens in a pseudo sentence, start and end of text not counted; at most the "
                 "model's context − 2.",
         .reason = "The paper's headline results use 10, although 20 to 70 give equal or higher "
                   "A-Acc.",
         .rangeNote = "CLIP's context of 77 tokens holds 75 besides start and end of text"},
        {.key = "params.Ks",
         .label = "Ks",
         .type = ParamType::Integer,
         .min = 1,
         .max = 100000,
         .logarithmic = true,
         .methods = {"vr-lwf"},
         .help = "Pseudo sentences (or captions) replayed with each batch; memory and time of the "
                 "text tower grow with it.",
         .reason =
             "The paper's headline results use 100; 50 to 400 differ by less than 0.2 points."},
        {.key = "params.replay",
         .label = "Replay source",
         .type = ParamType::Choice,
         .choices = {"random_tokens", "captions"},
         .methods = {"vr-lwf"},
         .help = "What is replayed: random token sequences, or captions of the training split.",
         .reason = "Random tokens are the paper's method; captions are its ablation."},
    };
}

std::vector<ParamDef> geodesicParams()
{
    const std::vector<std::string_view> geodl{"geodl"};
    return {
        {.key = "params.geodl_dim",
         .label = "Subspace dimension",
         .type = ParamType::Integer,
         .min = 1,
         .max = 65536,
         .methods = geodl,
         .registerRow = "A12",
         .help = "Dimension of the subspaces between which the geodesic runs; auto is "
                 "min(rows, D) − 2, always lowered to the numerical rank.",
         .reason = "The authors of GeoDL use min(n, D) − 2.",
         .special = "auto"},
        {.key = "params.geodl_centring",
         .label = "Centring",
         .type = ParamType::Choice,
         .choices = {"none", "feature_mean", "per_sample"},
         .methods = geodl,
         .registerRow = "A13",
         .help = "What is subtracted before the subspaces are found: nothing, each feature's mean, "
                 "or each sample's own mean.",
         .reason = "GeoDL's code subtracts each sample's own mean, which changes next to nothing."},
        {.key = "params.geodl_objective",
         .label = "Objective",
         .type = ParamType::Choice,
         .choices = {"cosine", "mahalanobis"},
         .methods = geodl,
         .registerRow = "A14",
         .help = "Cosine along the geodesic, or the squared difference under the same kernel.",
         .reason = "The paper's equations 9 and 10 are cosines."},
        {.key = "params.geodl_gradient",
         .label = "Gradient through the kernel",
         .type = ParamType::Choice,
         .choices = {"stop", "full"},
         .methods = geodl,
         .registerRow = "A15",
         .help = "Whether the loss also changes the subspaces; full is slower and can be unstable "
                 "where singular values are close.",
         .reason = "GeoDL's code detaches the kernel, and the derivative of an SVD is badly "
                   "conditioned here."},
    };
}

std::vector<ParamDef> otherParams()
{
    return {
        {.key = "params.imm_chaining",
         .label = "Chaining",
         .type = ParamType::Choice,
         .choices = {"merged", "unmerged", "original_imm"},
         .methods = {"imm"},
         .registerRow = "A16",
         .help = "Next session starts from the merged model, from the raw one (merge only to "
                 "evaluate), or all raw models are averaged.",
         .reason =
             "The paper's old model is the one of the previous session, hence the merged one."},
        {.key = "params.rkr_placement",
         .label = "Placement of scales",
         .type = ParamType::Choice,
         .choices = {"block_output", "sublayer"},
         .methods = {"rkr"},
         .registerRow = "A17",
         .help = "Scales act on the output of each block, or on attention and MLP before they are "
                 "added; only the latter folds into a plain model.",
         .reason = "The paper scales the output of each block."},
        {.key = "params.rkr_lr",
         .label = "Learning rate of scales",
         .type = ParamType::Number,
         .min = 1e-12,
         .max = 10,
         .logarithmic = true,
         .methods = {"rkr"},
         .registerRow = "A18",
         .help = "Learning rate of the scales; null takes schedule.lr. Adam moves a scale by about "
                 "this much a step, ± 6 % in all at 1e-6.",
         .reason = "The paper names one rate for everything.",
         .special = "null"},
        {.key = "params.joint_start",
         .label = "Joint start",
         .type = ParamType::Choice,
         .choices = {"from_original", "continue"},
         .methods = {"joint"},
         .registerRow = "A19",
         .help = "Joint training at session s starts from the original model, or goes on from "
                 "session s − 1.",
         .reason = "An upper bound must not carry an earlier session's order."},
        {.key = "params.joint_sessions",
         .label = "Joint sessions",
         .type = ParamType::Choice,
         .choices = {"final", "all"},
         .methods = {"joint"},
         .registerRow = "A19",
         .help = "Train only on all sessions together, or also on every prefix for a whole curve "
                 "(5.75 × the time in the paper's study).",
         .reason = "The paper's table needs only the last one."},
        {.key = "params.augmentation",
         .label = "Augmentation",
         .type = ParamType::Choice,
         .choices = {"none", "rrc"},
         .registerRow = "A23",
         .help = "Training pictures as in evaluation, or a random crop of 90 to 100 % of the area; "
                 "the latter switches embedding caches off.",
         .reason = "The paper mentions no augmentation."},
    };
}

} // namespace

std::vector<ParamDef> methodParams()
{
    std::vector<ParamDef> all;
    for (auto& part : {lossParams(), replayParams(), geodesicParams(), otherParams()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

} // namespace clwb::spec::detail
