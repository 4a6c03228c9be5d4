// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/trajectory.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>

namespace clwb::replay
{
namespace
{

const float kLargestLogitScale = std::log(100.0f);

at::Tensor gather(const std::map<int64_t, at::Tensor>& rows, const std::vector<int64_t>& classes)
{
    std::vector<at::Tensor> chosen;
    for (const int64_t c : classes)
        chosen.push_back(rows.at(c));
    return at::cat(chosen);
}

} // namespace

Trajectory::Trajectory(TrajectorySetting setting, const Tensors& start, StudyData& study)
    : m_setting(std::move(setting))
    , m_study(study)
    , m_optimizer(m_setting.settings.optimizer)
{
    for (const auto& [name, tensor] : start)
        m_student[name] = tensor.to(m_setting.type);
    for (const std::string& name : m_setting.trained) {
        // RKR's scales are as wide as the block's norm, and begin at 1.
        if (!start.contains(name)) {
            const std::string layer = name.substr(0, name.rfind('.'));
            m_student[name] = at::ones_like(m_student.at(layer + ".layer_norm1.weight"));
        }
        m_student[name] = m_student[name].clone().requires_grad_(true);
    }
    m_start = copyOfTrained(at::kFloat);
    m_raw.push_back(m_start);
}

bool Trajectory::hasTeacher() const
{
    const std::string& method = m_setting.settings.method;
    return method == "lwf" || method == "vr-lwf" || method == "geodl";
}

std::vector<int64_t> Trajectory::classesUpTo(int session) const
{
    std::vector<int64_t> classes;
    for (size_t c = 0; c < m_setting.sessionOfClass.size(); ++c) {
        if (m_setting.sessionOfClass[c] <= session)
            classes.push_back(static_cast<int64_t>(c));
    }
    return classes;
}

Tensors Trajectory::copyOfTrained(at::ScalarType type) const
{
    Tensors copy;
    for (const std::string& name : m_setting.trained)
        copy[name] = m_student.at(name).detach().to(type, false, true);
    return copy;
}

void Trajectory::setTrained(const Tensors& values)
{
    const c10::NoGradGuard noGradient;
    for (const auto& [name, value] : values)
        m_student.at(name).copy_(value);
}

Result<void> Trajectory::beginSession(const SessionPlan& plan)
{
    const Settings& s = m_setting.settings;
    const bool isFirst = m_plan.session == 0;
    m_plan = plan;
    m_seen = s.isOneSession() ? plan.classes : classesUpTo(plan.session);
    m_previous = s.isOneSession() ? std::vector<int64_t>() : classesUpTo(plan.session - 1);
    if (s.optimizer.isResetPerSession)
        m_optimizer.reset();
    if (s.kind == "joint" && s.jointStart == "from_original")
        setTrained(m_start);
    // A merged model is trained on; the other chainings go on from the raw one.
    if (m_isMerged && s.immChaining == "merged")
        setTrained(m_merged);
    m_isMerged = false;
    if (hasTeacher() && (isFirst || s.teacher == "previous_session")) {
        m_teacher = m_student;
        for (const std::string& name : m_setting.trained)
            m_teacher[name] = m_student.at(name).detach().clone();
    }
    return {};
}

Result<Trajectory::Views> Trajectory::viewsOf(const Tensors& weights, const StepLine& line,
                                              const std::vector<int64_t>& classes)
{
    Views views;
    std::vector<Item> items;
    for (const std::string& id : line.items) {
        const auto known = m_setting.items.find(id);
        if (known == m_setting.items.end())
            return fail(ErrorCode::Data, line.place() + ": unknown item " + id);
        items.push_back(known->second);
    }
    CLWB_ASSIGN(const at::Tensor pixels, m_study.pixels(items));
    views.images = imageFeatures(m_setting.clip, weights, pixels.to(m_setting.type));
    std::vector<std::string> prompts;
    for (const int64_t c : classes)
        prompts.push_back(m_setting.prompts.at(static_cast<size_t>(c)));
    CLWB_ASSIGN(const at::Tensor ids, m_study.tokens(prompts));
    const at::Tensor texts = textFeatures(m_setting.clip, weights, ids);
    for (size_t i = 0; i < classes.size(); ++i)
        views.classes[classes[i]] =
            texts.slice(0, static_cast<int64_t>(i), static_cast<int64_t>(i) + 1);
    if (!line.pseudo.empty()) {
        std::vector<at::Tensor> rows;
        for (const std::vector<int64_t>& sentence : line.pseudo)
            rows.push_back(at::tensor(m_study.sequence(sentence), at::kLong));
        views.pseudo = textFeatures(m_setting.clip, weights, at::stack(rows));
    }
    views.scale = weights.at("logit_scale").exp();
    return views;
}

at::Tensor Trajectory::distil(const Views& teacher, const Views& student,
                              const std::vector<int64_t>& classes, bool withPseudo) const
{
    const auto logits = [&](const Views& views) {
        std::vector<at::Tensor> texts;
        if (withPseudo)
            texts.push_back(views.pseudo);
        if (!classes.empty())
            texts.push_back(gather(views.classes, classes));
        return views.scale * at::matmul(views.images, at::cat(texts).t());
    };
    return distillation(logits(teacher), logits(student), m_setting.settings.distillation,
                        m_setting.settings.temperature);
}

void Trajectory::addDistillation(const Views& teacher, const Views& student, Terms& terms) const
{
    terms["LwF"] = distil(teacher, student, m_seen, false);
}

void Trajectory::addReplay(const Views& teacher, const Views& student, Terms& terms) const
{
    if (m_setting.settings.previousTerm == "joint") {
        terms["VR"] = distil(teacher, student, m_previous, true);
        return;
    }
    terms["VR"] = distil(teacher, student, {}, true);
    if (!m_previous.empty())
        terms["Pre"] = distil(teacher, student, m_previous, false);
}

void Trajectory::addGeodesic(const Views& teacher, const Views& student, Terms& terms) const
{
    const Settings& s = m_setting.settings;
    if (s.trainsImages() && student.images.size(0) >= kGeodesicRows)
        terms["GeoImage"] = geodesic(teacher.images, student.images, s.geodesic);
    if (s.trainsTexts() && static_cast<int64_t>(m_seen.size()) >= kGeodesicRows)
        terms["GeoText"] =
            geodesic(gather(teacher.classes, m_seen), gather(student.classes, m_seen), s.geodesic);
}

Result<Trajectory::Terms> Trajectory::termsOf(const StepLine& line)
{
    const Settings& s = m_setting.settings;
    const std::vector<int64_t>& candidates = s.ceClasses == "seen" ? m_seen : m_plan.classes;
    // Texts of all classes seen serve every term.
    CLWB_ASSIGN(const Views student, viewsOf(m_student, line, hasTeacher() ? m_seen : candidates));
    std::vector<int64_t> labels;
    for (const int64_t label : line.labels) {
        const auto place = std::find(candidates.begin(), candidates.end(), label);
        if (place == candidates.end())
            return fail(ErrorCode::Data, line.place() + ": label " + std::to_string(label) +
                                             " does not compete in this session");
        labels.push_back(place - candidates.begin());
    }
    if (labels.empty() || labels.size() != line.items.size())
        return fail(ErrorCode::Data, line.place() + ": items and labels differ in number");
    Terms terms;
    const at::Tensor logits =
        student.scale * at::matmul(student.images, gather(student.classes, candidates).t());
    terms["CE"] = crossEntropy(logits, at::tensor(labels, at::kLong));
    if (!hasTeacher())
        return terms;
    Views teacher;
    {
        const c10::NoGradGuard noGradient;
        CLWB_ASSIGN(teacher, viewsOf(m_teacher, line, m_seen));
    }
    if (s.method == "lwf")
        addDistillation(teacher, student, terms);
    else if (s.method == "vr-lwf")
        addReplay(teacher, student, terms);
    else
        addGeodesic(teacher, student, terms);
    return terms;
}

Result<void> Trajectory::step(const StepLine& line, Findings& findings)
{
    const Settings& s = m_setting.settings;
    checkLogitScale(line, findings);
    CLWB_ASSIGN(const Terms terms, termsOf(line));
    checkLosses(line, terms, findings);
    at::Tensor total;
    for (const auto& [name, value] : terms) {
        const at::Tensor weighted = name == "CE" ? value : s.beta * value;
        total = total.defined() ? total + weighted : weighted;
    }
    total.backward();
    const double rate = s.rateOf(line.epoch);
    m_optimizer.step(m_student, rate);
    m_rateSum += rate;
    if (s.trainsLogitScale()) {
        const c10::NoGradGuard noGradient;
        m_student.at("logit_scale").clamp_max_(static_cast<double>(kLargestLogitScale));
    }
    return {};
}

void Trajectory::endSession()
{
    const Settings& s = m_setting.settings;
    if (s.method != "imm")
        return;
    const Tensors mine = copyOfTrained(at::kDouble);
    // Raw predecessors: the start model, then the model after each session.
    const auto before = static_cast<double>(m_raw.size());
    m_merged = m_student;
    for (const auto& [name, value] : mine) {
        at::Tensor old = m_raw.back().at(name).to(at::kDouble);
        if (s.immChaining == "original_imm") {
            old = at::zeros_like(value);
            for (const Tensors& raw : m_raw)
                old = old + raw.at(name).to(at::kDouble) / before;
        }
        m_merged[name] = ((1 - s.alpha) * old + s.alpha * value).to(at::kFloat).to(m_setting.type);
    }
    m_isMerged = true;
    Tensors next;
    for (const auto& [name, value] : mine)
        next[name] = (s.immChaining == "merged" ? m_merged.at(name) : value).to(at::kFloat);
    m_raw.push_back(std::move(next));
}

void Trajectory::continueFrom(const Tensors& written)
{
    const Settings& s = m_setting.settings;
    if (s.method == "imm" && s.immChaining != "merged")
        return;
    Tensors values;
    for (const std::string& name : m_setting.trained) {
        const auto found = written.find(name);
        if (found == written.end() || found->second.sizes() != m_student.at(name).sizes())
            return; // compareModels() has said so
        values[name] = found->second;
    }
    setTrained(values);
    if (!m_isMerged)
        return;
    for (const auto& [name, value] : values) {
        m_merged[name] = value.to(m_setting.type);
        m_raw.back()[name] = value.to(at::kFloat);
    }
}

} // namespace clwb::replay
