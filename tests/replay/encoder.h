// SPDX-License-Identifier: GPL-3.0-or-later
// Features of whole lists by one model.
#pragma once

#include "tests/replay/evaluation.h"

#include <ATen/ATen.h>

namespace clwb::replay
{

/// Features of a list, a chunk at a time, in double.
class Encoder
{
public:
    Encoder(const Judged& judged, StudyData& study)
        : m_judged(judged)
        , m_study(study)
    {}

    Result<at::Tensor> images(const std::vector<Item>& items)
    {
        CLWB_ASSIGN(const at::Tensor pixels, m_study.pixels(items));
        return chunks(pixels, [&](const at::Tensor& part) {
            return imageFeatures(m_judged.clip, m_judged.weights, part.to(type()));
        });
    }

    Result<at::Tensor> texts(const std::vector<std::string>& texts)
    {
        CLWB_ASSIGN(const at::Tensor ids, m_study.tokens(texts));
        return chunks(ids, [&](const at::Tensor& part) {
            return textFeatures(m_judged.clip, m_judged.weights, part);
        });
    }

private:
    static constexpr int64_t kChunk = 64;

    [[nodiscard]] at::ScalarType type() const
    {
        return m_judged.weights.begin()->second.scalar_type();
    }

    template<class Encode>
    static at::Tensor chunks(const at::Tensor& rows, Encode encode)
    {
        std::vector<at::Tensor> parts;
        for (int64_t at = 0; at < rows.size(0); at += kChunk)
            parts.push_back(encode(rows.slice(0, at, at + kChunk)).to(at::kDouble));
        return at::cat(parts);
    }

    const Judged& m_judged;
    StudyData& m_study;
};

} // namespace clwb::replay
