// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/methods/method.h"

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

const MethodInfo* findMethod(const std::string& id)
{
    for (const MethodInfo& method : allMethods()) {
        if (method.id == id)
            return &method;
    }
    return nullptr;
}

} // namespace clwb::methods
