// SPDX-License-Identifier: GPL-3.0-or-later
// The only names that the object description of a PyTorch archive may refer to.
#pragma once

#include "core/weights/tensor_map.h"

#include <optional>
#include <string_view>

namespace clwb::weights
{

/// What a name stands for when the machine meets it; none of it is ever called.
enum class GlobalMeaning {
    OrderedDict,
    RebuildTensor,
    FirstArgument, ///< a wrapper whose first argument is the value: parameters, typed lists
    Ignored,       ///< torch.device
    Class,         ///< a TorchScript class
    Storage,
};

bool isAllowedGlobal(std::string_view module, std::string_view name);

/// @param global "module name". CHECK: an allowed one.
GlobalMeaning meaningOf(std::string_view global);

/// Element type of "torch HalfStorage" and its like; nothing for other names.
std::optional<DType> storageType(std::string_view global);

} // namespace clwb::weights
