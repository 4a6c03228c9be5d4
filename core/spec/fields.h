// SPDX-License-Identifier: GPL-3.0-or-later
// Binds every key of the table of settings to its member of RunSpec.
#pragma once

#include "core/spec/run_spec.h"

#include <span>
#include <string_view>

namespace clwb::spec
{

/// Access to one setting; `set` expects a value that findProblem() accepts.
struct Field
{
    std::string_view key;
    Json (*get)(const RunSpec& spec);
    void (*set)(RunSpec& spec, const Json& value);
};

/// In the order of paramTable(), same keys.
std::span<const Field> fields();
const Field* findField(std::string_view key);

} // namespace clwb::spec
