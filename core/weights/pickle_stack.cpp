// SPDX-License-Identifier: GPL-3.0-or-later
// Stack operations of the pickle format; names are checked against the white list when they appear.
#include "core/weights/pickle_stack.h"

#include "core/weights/pickle_names.h"

namespace clwb::weights
{
namespace
{

using Kind = PickleNode::Kind;

constexpr size_t kMaxNodes = 1'000'000;
constexpr size_t kMaxStack = 4'000'000;
constexpr size_t kMaxCopied = size_t(64) << 20;

} // namespace

bool PickleStack::fails(std::string text)
{
    if (problem.empty())
        problem = std::move(text);
    return false;
}

bool PickleStack::push(NodeId id)
{
    if (m_stack.size() >= kMaxStack)
        return fails("the object description is too large");
    m_stack.push_back(id);
    return true;
}

bool PickleStack::pushNew(PickleNode node)
{
    if (tree.nodes.size() >= kMaxNodes)
        return fails("the object description holds more than 1 000 000 values");
    tree.nodes.push_back(std::move(node));
    return push(static_cast<NodeId>(tree.nodes.size() - 1));
}

bool PickleStack::mayCopy(size_t bytes)
{
    m_copied += bytes;
    return m_copied <= kMaxCopied || fails("the object description uses its parts too often");
}

bool PickleStack::pop(NodeId& id)
{
    if (m_stack.empty() || node(m_stack.back()).kind == Kind::Mark)
        return fails("the object description takes a value that is not there");
    id = m_stack.back();
    m_stack.pop_back();
    return true;
}

bool PickleStack::popToMark(std::vector<NodeId>& items)
{
    size_t start = m_stack.size();
    while (start > 0 && node(m_stack[start - 1]).kind != Kind::Mark)
        --start;
    if (start == 0)
        return fails("the object description ends a list that was not begun");
    items.assign(m_stack.begin() + static_cast<std::ptrdiff_t>(start), m_stack.end());
    m_stack.resize(start - 1);
    return true;
}

PickleNode* PickleStack::top(Kind kind)
{
    if (m_stack.empty() || node(m_stack.back()).kind != kind) {
        fails("the object description adds items to something that takes none");
        return nullptr;
    }
    return &tree.nodes[m_stack.back()];
}

bool PickleStack::pushGlobal(std::string_view module, std::string_view name)
{
    if (!isAllowedGlobal(module, name))
        return fails("it refers to \"" + std::string(module.substr(0, 80)) + "." +
                     std::string(name.substr(0, 80)) +
                     "\", which does not belong in weights; nothing was executed");
    if (!mayCopy(module.size() + name.size()))
        return false;
    return pushNew({.kind = Kind::Global, .text = std::string(module) + " " + std::string(name)});
}

bool PickleStack::pushStackGlobal()
{
    NodeId name = 0;
    NodeId module = 0;
    if (!pop(name) || !pop(module))
        return false;
    if (node(name).kind != Kind::Text || node(module).kind != Kind::Text)
        return fails("the object description names something by no text");
    if (!mayCopy(node(name).text.size() + node(module).text.size()))
        return false;
    return pushGlobal(std::string(node(module).text), std::string(node(name).text));
}

/// The persistent id ("storage", type, key, device, number of elements).
bool PickleStack::pushStorage()
{
    NodeId id = 0;
    if (!pop(id))
        return false;
    const PickleNode& tuple = node(id);
    const bool shaped = tuple.kind == Kind::Sequence && tuple.items.size() >= 5 &&
                        node(tuple.items[0]).text == "storage" &&
                        node(tuple.items[1]).kind == Kind::Global &&
                        node(tuple.items[2]).kind == Kind::Text &&
                        node(tuple.items[4]).kind == Kind::Int && node(tuple.items[4]).integer >= 0;
    if (!shaped)
        return fails("the object description refers to storage in an unknown way");
    const auto type = storageType(node(tuple.items[1]).text);
    if (!type)
        return fails("unknown storage type \"" + node(tuple.items[1]).text + "\"");
    if (!mayCopy(node(tuple.items[2]).text.size()))
        return false;
    return pushNew({.kind = Kind::Storage,
                    .dtype = *type,
                    .integer = node(tuple.items[4]).integer,
                    .text = node(tuple.items[2]).text});
}

bool PickleStack::tuple(size_t count)
{
    PickleNode sequence{.kind = Kind::Sequence};
    sequence.items.resize(count);
    for (size_t i = count; i-- > 0;) {
        if (!pop(sequence.items[i]))
            return false;
    }
    return pushNew(std::move(sequence));
}

/// APPEND(S) on lists, SETITEM(S) on dictionaries.
bool PickleStack::appendItems(bool many, Kind kind)
{
    std::vector<NodeId> items;
    if (many) {
        if (!popToMark(items))
            return false;
    } else {
        items.resize(kind == Kind::Dict ? 2 : 1);
        for (size_t i = items.size(); i-- > 0;) {
            if (!pop(items[i]))
                return false;
        }
    }
    if (kind == Kind::Dict && items.size() % 2 != 0)
        return fails("the object description gives a key without a value");
    PickleNode* target = top(kind);
    if (!target)
        return false;
    target->items.insert(target->items.end(), items.begin(), items.end());
    return true;
}

bool PickleStack::readSizes(NodeId id, Shape& out)
{
    constexpr size_t kMaxDimensions = 32;
    if (node(id).kind != Kind::Sequence || node(id).items.size() > kMaxDimensions)
        return fails("a tensor's shape is no list of numbers");
    if (!mayCopy(node(id).items.size() * sizeof(int64_t)))
        return false;
    for (const NodeId item : node(id).items) {
        if (node(item).kind != Kind::Int || node(item).integer < 0)
            return fails("a tensor's shape is no list of numbers from 0 on");
        out.push_back(node(item).integer);
    }
    return true;
}

/// _rebuild_tensor_v2(storage, offset, size, stride, …).
bool PickleStack::rebuildTensor(const std::vector<NodeId>& args)
{
    if (args.size() < 4 || node(args[0]).kind != Kind::Storage || node(args[1]).kind != Kind::Int ||
        node(args[1]).integer < 0)
        return fails("a tensor is described in an unknown way");
    PickleNode tensor{.kind = Kind::Tensor, .dtype = node(args[0]).dtype};
    tensor.integer = node(args[1]).integer;
    tensor.items = {args[0]};
    if (!readSizes(args[2], tensor.shape) || !readSizes(args[3], tensor.strides))
        return false;
    if (tensor.shape.size() != tensor.strides.size())
        return fails("a tensor's shape and strides differ in length");
    return pushNew(std::move(tensor));
}

bool PickleStack::reduce()
{
    NodeId argsId = 0;
    NodeId callable = 0;
    if (!pop(argsId) || !pop(callable))
        return false;
    if (node(callable).kind != Kind::Global || node(argsId).kind != Kind::Sequence)
        return fails("the object description calls something that is no known name");
    const std::vector<NodeId>& args = node(argsId).items; // until the first push
    switch (meaningOf(node(callable).text)) {
    case GlobalMeaning::OrderedDict:
        return args.empty() ? pushKind(Kind::Dict)
                            : fails("an ordered dictionary is described in an unknown way");
    case GlobalMeaning::RebuildTensor:
        return rebuildTensor(args);
    case GlobalMeaning::FirstArgument:
        return args.empty() ? fails("a value is described in an unknown way") : push(args[0]);
    case GlobalMeaning::Ignored:
        return pushKind(Kind::None);
    case GlobalMeaning::Class:
    case GlobalMeaning::Storage:
        break;
    }
    return fails("the object description calls \"" + node(callable).text +
                 "\"; nothing was executed");
}

bool PickleStack::newObject()
{
    NodeId args = 0;
    NodeId callable = 0;
    if (!pop(args) || !pop(callable))
        return false;
    if (node(callable).kind != Kind::Global ||
        meaningOf(node(callable).text) != GlobalMeaning::Class)
        return fails("the object description makes an object of an unknown class");
    return pushKind(Kind::Object);
}

/// State of an object; extra state of dictionaries (OrderedDict's _metadata) carries no weights.
bool PickleStack::build()
{
    NodeId state = 0;
    if (!pop(state))
        return false;
    if (m_stack.empty())
        return fails("the object description gives a state to nothing");
    PickleNode& target = tree.nodes[m_stack.back()];
    if (target.kind == Kind::Dict)
        return true;
    if (target.kind != Kind::Object)
        return fails("the object description gives a state to something that has none");
    if (node(state).kind != Kind::Dict)
        return true;
    if (!mayCopy(node(state).items.size() * sizeof(NodeId)))
        return false;
    target.items = node(state).items;
    return true;
}

bool PickleStack::memoize(uint64_t slot)
{
    if (m_stack.empty())
        return fails("the object description remembers nothing");
    m_memo[slot] = m_stack.back();
    return true;
}

bool PickleStack::recall(uint64_t slot)
{
    const auto found = m_memo.find(slot);
    if (found == m_memo.end() || node(found->second).kind == Kind::Mark)
        return fails("the object description recalls what was never there");
    return push(found->second);
}

} // namespace clwb::weights
