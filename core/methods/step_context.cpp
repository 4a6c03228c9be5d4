// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/losses/distillation.h"
#include "core/methods/method.h"

#include <ATen/ATen.h>

namespace clwb::methods
{

at::Tensor StepContext::classRows(ClassRange range) const
{
    CLWB_CHECK(range.first >= classRange.first && range.end() <= classRange.end());
    return classes.narrow(0, range.first - classRange.first, range.count);
}

at::Tensor StepContext::teacherClassRows(ClassRange range) const
{
    CLWB_CHECK(teacherClasses.defined() && range.end() <= teacherClasses.size(0));
    return teacherClasses.narrow(0, range.first, range.count);
}

at::Tensor StepContext::distillation(const at::Tensor& texts, const at::Tensor& teacherTexts) const
{
    return losses::distillation(scale * at::matmul(images, texts.t()),
                                teacherScale * at::matmul(teacherImages, teacherTexts.t()),
                                params->temperature,
                                losses::directionFromText(params->distillation));
}

std::string zeroWeightNote(const std::string& title)
{
    return "params.beta is 0: " + title +
           " adds nothing to the cross-entropy, and this run is plain fine-tuning (FT)";
}

const MethodInfo* findMethod(const std::string& id)
{
    for (const MethodInfo& method : allMethods()) {
        if (method.id == id)
            return &method;
    }
    return nullptr;
}

} // namespace clwb::methods
