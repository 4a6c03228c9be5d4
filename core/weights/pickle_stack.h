// SPDX-License-Identifier: GPL-3.0-or-later
// Values of a pickled object tree, and the stack that its instructions build them on.
#pragma once

#include "core/weights/tensor_map.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clwb::weights
{

using NodeId = uint32_t;

/// A value of the described object tree; nodes refer to each other by number.
struct PickleNode
{
    enum class Kind {
        None,
        Bool,
        Int,
        Float,
        Text,
        Sequence, ///< tuple or list: `items`
        Dict,     ///< `items`: key, value, key, value, …
        Global,   ///< `text`: "module name"
        Storage,  ///< `dtype`, `text` = key of the archive's entry, `integer` = number of elements
        Tensor,   ///< `items[0]` = storage, `integer` = offset, `shape`, `strides`
        Object,   ///< a TorchScript module or class; `items` as in a Dict
        Mark,
    };
    Kind kind = Kind::None;
    DType dtype = DType::F32;
    int64_t integer = 0;
    std::string text{};
    std::vector<NodeId> items{};
    Shape shape{};
    Shape strides{};
};

struct PickleTree
{
    std::vector<PickleNode> nodes;
    NodeId root = 0;

    [[nodiscard]] const PickleNode& at(NodeId id) const { return nodes[id]; }
};

/// The stack operations behind the instructions, without any input. Every operation returns false
/// and sets `problem` when it cannot be done; sizes are bounded.
class PickleStack
{
public:
    PickleTree tree;
    std::string problem;

    /// Records the first problem. @return false
    bool fails(std::string text);

    bool push(NodeId id);
    bool pushNew(PickleNode node);
    bool pushKind(PickleNode::Kind kind) { return pushNew({.kind = kind}); }
    bool pop(NodeId& id);
    bool popToMark(std::vector<NodeId>& items);

    bool pushGlobal(std::string_view module, std::string_view name);
    bool pushStackGlobal();
    bool pushStorage();
    bool tuple(size_t count);
    bool appendItems(bool many, PickleNode::Kind kind);
    bool reduce();
    bool newObject();
    bool build();
    bool memoize(uint64_t slot);
    bool memoizeNext() { return memoize(m_memo.size()); }
    bool recall(uint64_t slot);

private:
    /// Counts what is copied out of values that instructions may use again and again: a short
    /// description must not become a large tree.
    bool mayCopy(size_t bytes);
    PickleNode* top(PickleNode::Kind kind);
    bool rebuildTensor(const std::vector<NodeId>& args);
    bool readSizes(NodeId id, Shape& out);
    [[nodiscard]] const PickleNode& node(NodeId id) const { return tree.nodes[id]; }

    size_t m_copied = 0;
    std::vector<NodeId> m_stack;
    std::unordered_map<uint64_t, NodeId> m_memo;
};

} // namespace clwb::weights
