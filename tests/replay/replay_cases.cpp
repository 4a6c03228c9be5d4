// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/replay_cases.h"

namespace clwb::test
{
namespace
{

using Words = std::vector<std::string>;

/// Settings that make a method's own part visible within a few steps.
Words methodSets(const std::string& method)
{
    if (method == "imm")
        return {"params.alpha=0.3"};
    if (method == "vr-lwf")
        return {"params.M=6", "params.Ks=8"};
    return {};
}

RunCase combination(const std::string& method, const std::string& option,
                    const std::string& setting, const Words& more = {})
{
    RunCase run;
    run.name = method + " " + option + " " + setting;
    run.sets = {"method=" + method, "option=" + option, "setting=" + setting};
    const Words own = methodSets(method);
    run.sets.insert(run.sets.end(), own.begin(), own.end());
    for (const std::string& set : more) {
        run.name += " " + set;
        run.sets.push_back(set);
    }
    return run;
}

void addCombinations(std::vector<RunCase>& cases)
{
    for (const char* method : {"ft", "lwf", "geodl", "imm", "rkr", "vr-lwf"}) {
        for (const char* option : {"WM", "IO", "TO"}) {
            for (const char* setting : {"OST", "MST"})
                cases.push_back(combination(method, option, setting));
        }
    }
}

void addReferences(std::vector<RunCase>& cases)
{
    const auto add = [&](const Words& sets) {
        RunCase run;
        for (const std::string& set : sets)
            run.name += (run.name.empty() ? "" : " ") + set;
        run.sets = sets;
        cases.push_back(run);
    };
    add({"kind=original", "setting=MST"});
    add({"kind=original", "setting=OST"});
    add({"kind=joint"});
    add({"kind=joint", "evaluate.after=epoch"});
    add({"kind=joint", "params.joint_sessions=all"});
    add({"kind=joint", "params.joint_sessions=all", "params.joint_start=continue", "option=IO"});
}

void addDistillations(std::vector<RunCase>& cases)
{
    for (const char* method : {"lwf", "vr-lwf"}) {
        for (const char* direction : {"reverse_kl", "paper_literal"}) {
            const std::string set = std::string("params.distillation=") + direction;
            cases.push_back(combination(method, "WM", "MST", {set}));
            cases.push_back(combination(method, "WM", "OST", {set, "params.temperature=2"}));
        }
        cases.push_back(combination(method, "WM", "MST", {"params.temperature=2"}));
        cases.push_back(combination(method, "WM", "MST", {"params.teacher=original"}));
        cases.push_back(combination(method, "WM", "MST", {"params.ce_classes=seen"}));
        cases.push_back(
            combination(method, "WM", "MST", {"schedule.micro_batch=2", "params.beta=3"}));
    }
}

void addVariants(std::vector<RunCase>& cases)
{
    for (const char* set :
         {"params.previous_term=joint", "params.replay=captions", "params.replay_refresh=epoch",
          "params.replay_refresh=once", "params.token_pool=whole_word"})
        cases.push_back(combination("vr-lwf", "WM", "MST", {set}));
    cases.push_back(combination("vr-lwf", "TO", "MST", {"params.previous_term=joint"}));
    cases.push_back(combination("vr-lwf", "IO", "MST", {"params.replay=captions"}));
    for (const char* set :
         {"params.geodl_dim=2", "params.geodl_centring=feature_mean",
          "params.geodl_centring=per_sample", "params.geodl_objective=mahalanobis",
          "params.geodl_gradient=full", "params.teacher=original", "params.beta=100"})
        cases.push_back(combination("geodl", "WM", "MST", {set}));
    for (const char* chaining : {"unmerged", "original_imm"}) {
        const std::string set = std::string("params.imm_chaining=") + chaining;
        cases.push_back(combination("imm", "WM", "MST", {set}));
        cases.push_back(combination("imm", "TO", "MST", {set}));
    }
    cases.push_back(combination("imm", "WM", "OST", {"params.imm_chaining=original_imm"}));
    for (const char* option : {"WM", "IO", "TO"})
        cases.push_back(combination("rkr", option, "MST", {"params.rkr_placement=sublayer"}));
    cases.push_back(combination("rkr", "WM", "MST", {"params.rkr_lr=0.02"}));
    cases.push_back(
        combination("rkr", "WM", "OST", {"optimizer.name=adamw", "optimizer.weight_decay=0.1"}));
}

void addTraining(std::vector<RunCase>& cases)
{
    const std::vector<Words> variants{
        {"optimizer.name=adamw", "optimizer.weight_decay=0.2"},
        {"optimizer.weight_decay=0.2"},
        {"optimizer.beta1=0.5", "optimizer.beta2=0.9", "optimizer.eps=1e-4"},
        {"optimizer.reset_per_session=false"},
        {"schedule.keep_last_partial=false"},
        {"schedule.micro_batch=3"},
        {"schedule.drop_after_epoch=1", "schedule.drop_factor=0.2"},
        {"params.logit_scale=frozen"},
        {"params.ce_classes=seen"},
        {"evaluate.after=epoch", "evaluate.validation=true"},
        {"evaluate.after=run", "checkpoints=last"},
        {"evaluate.after=never"},
        {"evaluate.label_space=seen"},
        {"evaluate.what=[\"zs\",\"shuffle\"]", "evaluate.shuffle_seeds=[0,3]"},
    };
    for (const Words& sets : variants)
        cases.push_back(combination("ft", "WM", "MST", sets));
    cases.push_back(combination("ft", "IO", "MST", {"params.logit_scale=trained"}));
    cases.push_back(combination("ft", "TO", "OST", {"params.logit_scale=trained"}));
    cases.push_back(combination("imm", "WM", "MST", {"optimizer.reset_per_session=false"}));
    RunCase hot = combination("ft", "WM", "MST");
    hot.scene = Scene::Hot;
    RunCase gelu = combination("vr-lwf", "WM", "OST");
    gelu.scene = Scene::Gelu;
    RunCase folders = combination("lwf", "WM", "MST");
    folders.scene = Scene::Folders;
    for (RunCase* run : {&hot, &gelu, &folders}) {
        run->name += " (another scene)";
        cases.push_back(*run);
    }
}

} // namespace

std::vector<std::string> commonSets()
{
    // Batches of 5, then one of 3: too few for GeoDL's image term.
    // Adam divides by |gradient| + eps: with the default eps, a gradient that is little but
    // rounding becomes a full step, in a direction that depends on the processor.
    return {"schedule.epochs=2",  "schedule.batch_size=5",
            "schedule.lr=1e-3",   "schedule.drop_after_epoch=0",
            "optimizer.eps=1e-6", "threads=1",
            "checkpoints=all"};
}

std::vector<RunCase> replayCases()
{
    std::vector<RunCase> cases;
    addCombinations(cases);
    addReferences(cases);
    addDistillations(cases);
    addVariants(cases);
    addTraining(cases);
    return cases;
}

} // namespace clwb::test
