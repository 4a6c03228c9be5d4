// SPDX-License-Identifier: GPL-3.0-or-later
// The instructions of the pickle format, protocols 2 to 4, as far as weights need them.
#include "core/weights/pickle_machine.h"

namespace clwb::weights
{
namespace
{

using Kind = PickleNode::Kind;

class Machine
{
public:
    explicit Machine(std::string_view bytes)
        : m_bytes(bytes)
    {}

    /// True when STOP was reached; otherwise the stack's `problem` says what is wrong.
    bool run();

    PickleStack stack;

private:
    bool step(uint8_t code);
    bool stepStructure(uint8_t code);
    bool stepValue(uint8_t code);
    bool stepMemo(uint8_t code);

    bool cutOff() { return stack.fails("the object description is cut off"); }
    bool take(size_t count, std::string_view& out);
    bool takeNumber(size_t bytes, uint64_t& out); ///< little-endian, up to 8 bytes
    bool takeLine(std::string_view& out);
    bool pushText(size_t lengthBytes);
    bool pushLong();

    std::string_view m_bytes;
    size_t m_at = 0;
    bool m_stopped = false;
};

bool Machine::take(size_t count, std::string_view& out)
{
    if (count > m_bytes.size() - m_at)
        return cutOff();
    out = m_bytes.substr(m_at, count);
    m_at += count;
    return true;
}

bool Machine::takeNumber(size_t bytes, uint64_t& out)
{
    std::string_view raw;
    if (!take(bytes, raw))
        return false;
    out = 0;
    for (size_t i = bytes; i-- > 0;)
        out = (out << 8) | static_cast<uint8_t>(raw[i]);
    return true;
}

bool Machine::takeLine(std::string_view& out)
{
    const size_t end = m_bytes.find('\n', m_at);
    if (end == std::string_view::npos)
        return cutOff();
    out = m_bytes.substr(m_at, end - m_at);
    m_at = end + 1;
    return true;
}

bool Machine::pushText(size_t lengthBytes)
{
    uint64_t length = 0;
    std::string_view text;
    if (!takeNumber(lengthBytes, length) || !take(length, text))
        return false;
    return stack.pushNew({.kind = Kind::Text, .text = std::string(text)});
}

bool Machine::pushLong()
{
    uint64_t length = 0;
    uint64_t value = 0;
    if (!takeNumber(1, length))
        return false;
    if (length > 8)
        return stack.fails("the object description holds a number above 64 bits");
    if (!takeNumber(length, value))
        return false;
    const bool negative = length > 0 && ((value >> (8 * length - 1)) & 1) != 0;
    if (negative && length < 8)
        value |= ~uint64_t{0} << (8 * length);
    return stack.pushNew({.kind = Kind::Int, .integer = static_cast<int64_t>(value)});
}

bool Machine::stepMemo(uint8_t code)
{
    uint64_t slot = 0;
    switch (code) {
    case 'q': // BINPUT
        return takeNumber(1, slot) && stack.memoize(slot);
    case 'r': // LONG_BINPUT
        return takeNumber(4, slot) && stack.memoize(slot);
    case 0x94: // MEMOIZE
        return stack.memoizeNext();
    case 'h': // BINGET
        return takeNumber(1, slot) && stack.recall(slot);
    default: // 'j', LONG_BINGET
        return takeNumber(4, slot) && stack.recall(slot);
    }
}

bool Machine::stepValue(uint8_t code)
{
    uint64_t value = 0;
    switch (code) {
    case 'N':
        return stack.pushKind(Kind::None);
    case 0x88: // NEWTRUE
    case 0x89: // NEWFALSE
        return stack.pushNew({.kind = Kind::Bool, .integer = code == 0x88 ? 1 : 0});
    case 'J': // BININT
        return takeNumber(4, value) &&
               stack.pushNew({.kind = Kind::Int,
                              .integer = static_cast<int32_t>(static_cast<uint32_t>(value))});
    case 'K': // BININT1
    case 'M': // BININT2
        return takeNumber(code == 'K' ? 1 : 2, value) &&
               stack.pushNew({.kind = Kind::Int, .integer = static_cast<int64_t>(value)});
    case 0x8a: // LONG1
        return pushLong();
    case 'G': // BINFLOAT; its value is never needed
        return takeNumber(8, value) && stack.pushKind(Kind::Float);
    case 'X': // BINUNICODE
    case 'T': // BINSTRING
        return pushText(4);
    default: // 0x8c SHORT_BINUNICODE, 'U' SHORT_BINSTRING
        return pushText(1);
    }
}

bool Machine::stepStructure(uint8_t code)
{
    std::vector<NodeId> items;
    switch (code) {
    case '(':
        return stack.pushKind(Kind::Mark);
    case ')':
    case ']':
        return stack.pushKind(Kind::Sequence);
    case '}':
        return stack.pushKind(Kind::Dict);
    case 't':
    case 'l':
        return stack.popToMark(items) &&
               stack.pushNew({.kind = Kind::Sequence, .items = std::move(items)});
    case 0x85: // TUPLE1, 2, 3
    case 0x86:
    case 0x87:
        return stack.tuple(code - 0x84u);
    case 'a':
    case 'e':
        return stack.appendItems(code == 'e', Kind::Sequence);
    default: // 's', 'u'
        return stack.appendItems(code == 'u', Kind::Dict);
    }
}

bool Machine::step(uint8_t code)
{
    constexpr std::string_view kMemoCodes = "qr\x94hj";
    constexpr std::string_view kValueCodes = "N\x88\x89JKM\x8aGXT\x8cU";
    constexpr std::string_view kStructureCodes = "()]}tl\x85\x86\x87"
                                                 "aesu";
    const char letter = static_cast<char>(code);
    if (kMemoCodes.find(letter) != std::string_view::npos)
        return stepMemo(code);
    if (kValueCodes.find(letter) != std::string_view::npos)
        return stepValue(code);
    if (kStructureCodes.find(letter) != std::string_view::npos)
        return stepStructure(code);
    uint64_t ignored = 0;
    std::string_view module;
    std::string_view name;
    switch (code) {
    case 0x80: // PROTO
        return takeNumber(1, ignored) &&
               (ignored <= 4 || stack.fails("unknown protocol " + std::to_string(ignored)));
    case 0x95: // FRAME: only a hint for buffering
        return takeNumber(8, ignored);
    case 'c': // GLOBAL
        return takeLine(module) && takeLine(name) && stack.pushGlobal(module, name);
    case 0x93:
        return stack.pushStackGlobal();
    case 'Q': // BINPERSID
        return stack.pushStorage();
    case 'R':
        return stack.reduce();
    case 0x81: // NEWOBJ
        return stack.newObject();
    case 'b':
        return stack.build();
    case '.':
        m_stopped = true;
        return stack.pop(stack.tree.root);
    default:
        return stack.fails("unknown instruction " + std::to_string(code) +
                           " in the object description");
    }
}

bool Machine::run()
{
    while (!m_stopped) {
        std::string_view code;
        if (!take(1, code) || !step(static_cast<uint8_t>(code[0])))
            return false;
    }
    return true;
}

} // namespace

Result<PickleTree> readPickle(std::string_view bytes, std::string_view source)
{
    Machine machine(bytes);
    if (!machine.run())
        return fail(ErrorCode::Data,
                    "refused archive: " + std::string(source) + ": " + machine.stack.problem,
                    "take weights from a source you trust, best as .safetensors");
    return std::move(machine.stack.tree);
}

} // namespace clwb::weights
