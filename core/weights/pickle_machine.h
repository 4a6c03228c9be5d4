// SPDX-License-Identifier: GPL-3.0-or-later
// Interprets the object description inside PyTorch archives as data; nothing can be executed by it.
#pragma once

#include "core/weights/pickle_stack.h"

#include <string_view>

namespace clwb::weights
{

/// Runs the instructions that describe dictionaries, lists, numbers, texts, storages and tensors.
/// At most 1 000 000 values. `source` names the file in errors.
/// Errors: Data: any other instruction, any name but those of tensors, storages, ordered
/// dictionaries and TorchScript classes, damaged or cut-off data.
Result<PickleTree> readPickle(std::string_view bytes, std::string_view source);

} // namespace clwb::weights
