// SPDX-License-Identifier: GPL-3.0-or-later
// When a trainer saves its state, and what of it a session or a branch keeps.
#include "core/train/trainer.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace clwb::train
{

Result<void> Trainer::saveCheckpoint()
{
    CLWB_TRY(m_host.saveCheckpoint(m_cursor));
    m_saved = m_cursor;
    m_lastCheckpoint = std::chrono::steady_clock::now();
    return {};
}

Result<Trainer::Outcome> Trainer::stopHere()
{
    // Where nothing was trained since the last checkpoint, that one stays: it also knows how long
    // the trace was before a session or merge was announced that a resumed run announces again.
    if (m_saved != m_cursor && !m_inputs.encode.stop.stopRequestedAt(StopPoint::Now))
        CLWB_TRY(saveCheckpoint());
    return Outcome::Stopped;
}

SessionState Trainer::sessionState() const
{
    SessionState kept;
    kept.kind = m_inputs.method.stateKind(m_inputs.spec.params);
    for (const auto& [name, tensor] : state()) {
        const bool isOwn = name.starts_with("method/") || name.starts_with("student/");
        const bool isMoment = name.starts_with("adam.");
        if ((isOwn && !kept.kind.empty()) || (isMoment && !m_inputs.spec.optimizer.resetPerSession))
            kept.tensors.emplace(name, tensor);
    }
    return kept;
}

methods::SessionContext Trainer::contextOf(const SessionPlan& plan)
{
    const auto pass = [this, &plan](const methods::BatchVisitor& visit) -> Result<void> {
        CLWB_ASSIGN(const at::Tensor images,
                    eval::encodeItems(m_student, m_inputs.data.utTrain, plan.items,
                                      m_inputs.pictures, m_inputs.encode));
        at::Tensor labels = at::empty({static_cast<int64_t>(plan.items.size())}, at::kLong);
        auto* label = labels.mutable_data_ptr<int64_t>();
        for (const int64_t item : plan.items)
            *label++ = m_inputs.data.utTrain[static_cast<size_t>(item)].label;
        const int64_t size = m_inputs.spec.schedule.batchSize;
        for (int64_t begin = 0; begin < labels.size(0); begin += size) {
            const int64_t count = std::min(size, labels.size(0) - begin);
            visit(images.narrow(0, begin, count), labels.narrow(0, begin, count));
        }
        return {};
    };
    return {plan.info, m_inputs.spec.params, m_result.parameters, m_student.parameters, m_trained,
            pass};
}

std::vector<std::string> Trainer::storedNames() const
{
    std::vector<std::string> names = m_trained;
    names.insert(names.end(), m_carried.begin(), m_carried.end());
    return names;
}

Result<void> Trainer::restoreCarried(const model::Parameters& tensors)
{
    constexpr std::string_view kStudent = "student/";
    m_carried.clear();
    for (const auto& [key, tensor] : tensors) {
        const std::string name = key.starts_with(kStudent) ? key.substr(kStudent.size()) : "";
        if (name.empty() || std::binary_search(m_trained.begin(), m_trained.end(), name))
            continue;
        const auto base = m_base.parameters.find(name);
        const auto result = tensors.find("result/" + name);
        if (base == m_base.parameters.end() || result == tensors.end() ||
            tensor.sizes() != base->second.sizes() ||
            result->second.sizes() != base->second.sizes()) {
            return fail(ErrorCode::Data,
                        "the checkpoint's " + key + " does not fit this model and method",
                        "resume with the model the run was started with");
        }
        m_carried.push_back(name);
        // Copied into LibTorch's own memory: kernels may round differently at other alignments.
        m_student.parameters.at(name) = at::empty_like(base->second).copy_(tensor);
        m_result.parameters.at(name) = at::empty_like(base->second).copy_(result->second);
    }
    return {};
}

} // namespace clwb::train
