// SPDX-License-Identifier: GPL-3.0-or-later
// Settings outside `params`: identity, schedule, optimiser, evaluation, machine.
#include "core/spec/method_params.h"

namespace clwb::spec::detail
{
namespace
{

constexpr double kMaxSeed = 9007199254740992.0; // 2^53: exact in every JSON reader

std::vector<ParamDef> scheduleParams()
{
    return {
        {.key = "schedule.epochs", .label = "Epochs", .type = ParamType::Integer, .min = 1,
         .max = 100000, .logarithmic = true,
         .help = "Passes over the training crops, in MST for each session.",
         .reason = "The paper trains 15 epochs in OST and 10 a session in MST."},
        {.key = "schedule.batch_size", .label = "Batch size", .type = ParamType::Integer, .min = 1,
         .max = 65536, .logarithmic = true, .help = "Crops in an optimiser step.",
         .reason = "The paper's value."},
        {.key = "schedule.micro_batch", .label = "Micro-batch", .type = ParamType::Integer,
         .min = 0, .max = 65536,
         .help = "Crops held in memory at once; gradients are summed exactly over a batch. 0 is "
                 "off. Not with GeoDL, whose loss needs the whole batch.",
         .reason = "Only needed where memory is short."},
        {.key = "schedule.lr", .label = "Learning rate", .type = ParamType::Number, .min = 1e-12,
         .max = 10, .logarithmic = true, .help = "Learning rate at the start of each session.",
         .reason = "The paper's value for ViT-B/32; the demo's small model needs a larger one."},
        {.key = "schedule.drop_after_epoch", .label = "Drop after epoch",
         .type = ParamType::Integer, .min = 0, .max = 100000,
         .help = "Epoch after which the rate is multiplied by the drop factor; 0 is never.",
         .reason = "The paper drops after epoch 10 in OST and never in MST."},
        {.key = "schedule.drop_factor", .label = "Drop factor", .type = ParamType::Number,
         .min = 1e-6, .max = 1, .help = "Factor of the learning rate after that epoch.",
         .reason = "The paper's value."},
        {.key = "schedule.keep_last_partial", .label = "Keep last partial batch",
         .type = ParamType::Boolean, .registerRow = "A34",
         .help = "Whether the last, smaller batch of an epoch is trained on.",
         .reason = "Dropping it would leave crops out for no stated reason."},
    };
}

std::vector<ParamDef> optimizerParams()
{
    return {
        {.key = "optimizer.name", .label = "Optimiser", .type = ParamType::Choice,
         .choices = {"adam", "adamw"}, .registerRow = "A21",
         .help = "adam adds the weight decay to the gradient, adamw shrinks the weights.",
         .reason = "The paper says Adam."},
        {.key = "optimizer.beta1", .label = "β1", .type = ParamType::Number, .min = 0,
         .max = 0.9999999, .registerRow = "A21", .help = "Decay of the first moment.",
         .reason = "The usual default; the paper names none."},
        {.key = "optimizer.beta2", .label = "β2", .type = ParamType::Number, .min = 0,
         .max = 0.9999999, .registerRow = "A21", .help = "Decay of the second moment.",
         .reason = "The usual default; the paper names none."},
        {.key = "optimizer.eps", .label = "ε", .type = ParamType::Number, .min = 1e-20, .max = 1,
         .logarithmic = true, .registerRow = "A21",
         .help = "Added to the root of the second moment.",
         .reason = "The usual default; the paper names none."},
        {.key = "optimizer.weight_decay", .label = "Weight decay", .type = ParamType::Number,
         .min = 0, .max = 10, .logarithmic = true, .registerRow = "A21",
         .help = "Pulls trained weights towards zero; 0 is off.",
         .reason = "The paper mentions none."},
        {.key = "optimizer.reset_per_session", .label = "Reset per session",
         .type = ParamType::Boolean, .registerRow = "A20",
         .help = "Whether moments start from zero in each session.",
         .reason = "The paper restarts the rate in each session."},
    };
}

std::vector<ParamDef> evaluateParams()
{
    return {
        {.key = "evaluate.after", .label = "Evaluate after", .type = ParamType::Choice,
         .choices = {"session", "run", "epoch", "never"},
         .help = "session: before training and after each; run: before and at the end; epoch: "
                 "after each epoch too; never.",
         .reason = "Tables and curves need every session."},
        {.key = "evaluate.what", .label = "Evaluate", .type = ParamType::TextList,
         .choices = {"ut", "zs", "retrieval", "shuffle"},
         .help = "Updated task, zero-shot, retrieval, retrieval with shuffled words.",
         .reason = "These three make up the paper's tables; the shuffle is a table of its own."},
        {.key = "evaluate.validation", .label = "Validation too", .type = ParamType::Boolean,
         .help = "Adds records of the validation split (updated task and zero-shot).",
         .reason = "Only a search needs it."},
        {.key = "evaluate.label_space", .label = "Label space", .type = ParamType::Choice,
         .choices = {"all", "seen"}, .registerRow = "A27",
         .help = "Classes that compete when the updated task is tested in MST: all of the study, "
                 "or those of the sessions so far.",
         .reason = "Only a fixed label space agrees with the paper's own numbers."},
        {.key = "evaluate.curve", .label = "Curve over", .type = ParamType::Choice,
         .choices = {"seen", "all"}, .registerRow = "A28",
         .help = "Test crops behind a point of the UT curve: sessions so far, or all. Plots only.",
         .reason = "The paper leaves it open; both are stored."},
        {.key = "evaluate.shuffle_seeds", .label = "Shuffle seeds",
         .type = ParamType::IntegerList, .min = 0, .max = kMaxSeed,
         .help = "Seeds of the word shuffle, one evaluation each.",
         .reason = "The paper shows one shuffle."},
    };
}

std::vector<ParamDef> machineParams()
{
    return {
        {.key = "checkpoints", .label = "Models kept", .type = ParamType::Choice,
         .choices = {"last", "all"},
         .help = "Models kept besides the final one: none, or one after every session.",
         .reason = "A model of ViT-B/32 takes 600 MB."},
        {.key = "seed", .label = "Seed", .type = ParamType::Integer, .min = 0, .max = kMaxSeed,
         .help = "Seeds every random stream: data order, pseudo sentences, augmentation.",
         .reason = "Any fixed number will do."},
        {.key = "device", .label = "Device", .type = ParamType::Text,
         .help = "auto, cpu, cuda or cuda:N; auto takes the first GPU, otherwise the CPU.",
         .reason = "Whatever is fastest here."},
        {.key = "threads", .label = "Threads", .type = ParamType::Integer, .min = 0, .max = 1024,
         .help = "CPU threads; 0 takes all cores. The resolved spec holds the number used.",
         .reason = "Results are bit-identical for equal thread counts only."},
        {.key = "precision", .label = "Precision", .type = ParamType::Choice,
         .choices = {"fp32", "bf16", "fp16"}, .registerRow = "A22",
         .help = "fp32, or autocast with fp32 master weights.",
         .reason = "Steps of 1e-6 vanish in half-precision weights."},
        {.key = "on_nan", .label = "On NaN", .type = ParamType::Choice,
         .choices = {"stop", "skip"},
         .help = "What a loss that is not finite does: stop the run, or leave the batch out.",
         .reason = "A NaN is a finding, not noise."},
    };
}

} // namespace

std::vector<ParamDef> identityParams()
{
    return {
        {.key = "name", .label = "Name", .type = ParamType::Text,
         .help = "Name of the run in lists and tables; empty takes the method's label.",
         .reason = "The label says what was run."},
        {.key = "study", .label = "Study", .type = ParamType::Text,
         .help = "study.json: which images, classes and sessions.",
         .reason = "There is no default study.", .isPath = true},
        {.key = "model", .label = "Model", .type = ParamType::Text,
         .help = "Model folder or weight file to start from.",
         .reason = "There is no default model.", .isPath = true},
        {.key = "kind", .label = "Kind", .type = ParamType::Choice,
         .choices = {"method", "original", "joint"},
         .help = "A method, the original CLIP (evaluate only), or joint training on all sessions.",
         .reason = "References are a kind of their own, not methods."},
        {.key = "method", .label = "Method", .type = ParamType::Choice,
         .choices = {"ft", "lwf", "geodl", "imm", "rkr", "vr-lwf"},
         .help = "Continual-learning method; left out for the other kinds.",
         .reason = "There is no default method."},
        {.key = "option", .label = "Option", .type = ParamType::Choice,
         .choices = {"WM", "IO", "TO"},
         .help = "What is trained: whole model, image tower only, text tower only.",
         .reason = "The paper's best results train the whole model."},
        {.key = "setting", .label = "Setting", .type = ParamType::Choice,
         .choices = {"OST", "MST"},
         .help = "All classes in one session, or the study's sessions one after another.",
         .reason = "Forgetting shows only over several sessions."},
    };
}

std::vector<ParamDef> trainingParams()
{
    std::vector<ParamDef> all;
    for (auto& part : {scheduleParams(), optimizerParams(), evaluateParams(), machineParams()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::vector<ParamDef> studyParams()
{
    return {
        {.key = "updated_task.crop.rounding", .label = "Box rounding", .type = ParamType::Choice,
         .choices = {"floor", "round", "ceil"}, .registerRow = "A26",
         .help = "How box corners become whole pixels.",
         .reason = "The paper is silent; truncation is what array indices do."},
        {.key = "updated_task.crop.min_side", .label = "Smallest side", .type = ParamType::Integer,
         .min = 1, .max = 100000, .registerRow = "A26",
         .help = "Crops with a shorter side (pixels) are left out.",
         .reason = "A box of less than one pixel holds no picture."},
        {.key = "updated_task.crop.skip_crowd", .label = "Skip crowds",
         .type = ParamType::Boolean, .registerRow = "A26",
         .help = "Leaves out boxes that COCO marks as a crowd.",
         .reason = "The paper's crop count fits single instances."},
        {.key = "updated_task.crop.context", .label = "Context", .type = ParamType::Number,
         .min = 0, .max = 10, .registerRow = "A24",
         .help = "Fraction of the side added on each side of the box.",
         .reason = "The paper speaks of crops of the boxes."},
        {.key = "updated_task.crop.geometry", .label = "Geometry", .type = ParamType::Choice,
         .choices = {"clip", "pad", "squash"}, .registerRow = "A24",
         .help = "How a crop becomes square: CLIP's centre crop, padding, or distortion.",
         .reason = "The paper is silent; CLIP's own preprocessing cuts the centre."},
        {.key = "zero_shot.name_source", .label = "Class names", .type = ParamType::Choice,
         .choices = {"first_lemma", "all"}, .registerRow = "A29",
         .help = "Name of a class: text before the first comma, or all of it.",
         .reason = "A figure of the paper shows WordNet's first lemma."},
        {.key = "zero_shot.images_per_class", .label = "Images per class",
         .type = ParamType::Integer, .min = 0, .max = 10000000, .registerRow = "A30",
         .help = "Seeded sample of the sorted files of each class; 0 takes all.",
         .reason = "The paper tests 100 images a class."},
        {.key = "zero_shot.seed", .label = "Sample seed", .type = ParamType::Integer, .min = 0,
         .max = kMaxSeed, .registerRow = "A30", .help = "Seed of that sample.",
         .reason = "Which 100 images the paper used is not stated."},
        {.key = "retrieval.prefix", .label = "Caption prefix", .type = ParamType::Text,
         .registerRow = "A31", .help = "Text put before every caption.",
         .reason = "Raw captions reproduce the public numbers."},
        {.key = "retrieval.captions_per_image", .label = "Captions per image",
         .type = ParamType::Integer, .min = 1, .max = 1000, .registerRow = "A32",
         .help = "The first so many captions of each image count.",
         .reason = "Five make exactly the paper's 25 000."},
    };
}

} // namespace clwb::spec::detail
