// SPDX-License-Identifier: GPL-3.0-or-later
// Records, checksums and the few fields of protocol buffers that scalars need.
#include "core/report/event_file.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <unordered_map>

namespace clwb::report
{
namespace
{

constexpr size_t kHeaderBytes = 12; ///< length and its checksum
constexpr size_t kMaxTags = 10'000;
constexpr size_t kMaxTagBytes = 1000;
constexpr int64_t kMaxPoints = 20'000'000;

constexpr std::array<uint32_t, 256> makeCrcTable()
{
    std::array<uint32_t, 256> table{};
    for (uint32_t byte = 0; byte < 256; ++byte) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78u : 0u); // reversed polynomial
        table[byte] = value;
    }
    return table;
}

uint32_t maskedCrc(std::string_view bytes)
{
    return std::rotr(crc32c(bytes), 15) + 0xA282EAD8u;
}

template<class T>
T littleEndian(std::string_view bytes)
{
    static_assert(std::endian::native == std::endian::little);
    T value{};
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
}

template<class T>
void append(std::string& out, T value)
{
    out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

/// One field of a protocol buffer.
struct Field
{
    uint64_t number = 0;
    uint32_t wire = 0;      ///< 0 varint, 1 eight bytes, 2 bytes, 5 four bytes
    uint64_t varint = 0;    ///< wire 0
    std::string_view bytes; ///< the others
};

/// Walks over the fields of one message; never reads beyond it.
class Fields
{
public:
    explicit Fields(std::string_view message)
        : m_rest(message)
    {}

    /// Nothing at the end, or where the message is damaged.
    std::optional<Field> next()
    {
        if (m_rest.empty() || m_isDamaged)
            return std::nullopt;
        const uint64_t key = varint();
        Field field{key >> 3, static_cast<uint32_t>(key & 7), 0, {}};
        if (field.wire == 0)
            field.varint = varint();
        else if (field.wire == 1)
            field.bytes = take(8);
        else if (field.wire == 5)
            field.bytes = take(4);
        else if (field.wire == 2)
            field.bytes = take(varint());
        else
            m_isDamaged = true;
        return m_isDamaged ? std::nullopt : std::optional<Field>(field);
    }
    [[nodiscard]] bool isDamaged() const { return m_isDamaged; }

private:
    uint64_t varint()
    {
        uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (m_rest.empty())
                break;
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= static_cast<uint64_t>(byte & 0x7F) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        m_isDamaged = true;
        return 0;
    }

    std::string_view take(uint64_t count)
    {
        if (count > m_rest.size()) {
            m_isDamaged = true;
            return {};
        }
        const std::string_view taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }

    std::string_view m_rest;
    bool m_isDamaged = false;
};

/// The number in a tensor of one element; nothing for other tensors.
std::optional<double> scalarOfTensor(std::string_view tensor)
{
    constexpr uint64_t kFloat = 1;
    constexpr uint64_t kDouble = 2;
    uint64_t type = 0;
    std::string_view content;
    Fields fields(tensor);
    while (const auto field = fields.next()) {
        if (field->number == 1 && field->wire == 0)
            type = field->varint;
        else if ((field->number == 4 || field->number == 5 || field->number == 6) &&
                 field->wire != 0)
            content = field->bytes; // raw bytes, or a list of one float or double
    }
    if (type == kFloat && content.size() == sizeof(float))
        return littleEndian<float>(content);
    if (type == kDouble && content.size() == sizeof(double))
        return littleEndian<double>(content);
    return std::nullopt;
}

/// A value of a summary: name and number.
struct TaggedValue
{
    std::string_view tag;
    std::optional<double> value;
};

TaggedValue taggedValueOf(std::string_view message)
{
    TaggedValue result;
    Fields fields(message);
    while (const auto field = fields.next()) {
        if (field->number == 1 && field->wire == 2)
            result.tag = field->bytes;
        else if (field->number == 2 && field->wire == 5)
            result.value = littleEndian<float>(field->bytes);
        else if (field->number == 8 && field->wire == 2)
            result.value = scalarOfTensor(field->bytes);
    }
    if (fields.isDamaged())
        result.value.reset();
    return result;
}

/// Collects the scalars of one event after another.
class EventReader
{
public:
    explicit EventReader(std::string_view source)
        : m_source(source)
    {}

    Result<void> add(std::string_view event, size_t place)
    {
        ScalarPoint point;
        std::string_view summary;
        Fields fields(event);
        while (const auto field = fields.next()) {
            if (field->number == 1 && field->wire == 1)
                point.wallTime = littleEndian<double>(field->bytes);
            else if (field->number == 2 && field->wire == 0)
                point.step = static_cast<int64_t>(field->varint);
            else if (field->number == 5 && field->wire == 2)
                summary = field->bytes;
        }
        if (fields.isDamaged())
            return damaged("an event that cannot be read", place);
        Fields values(summary);
        while (const auto value = values.next()) {
            if (value->number == 1 && value->wire == 2)
                CLWB_TRY(addValue(taggedValueOf(value->bytes), point, place));
        }
        return {};
    }

    Failure damaged(const std::string& what, size_t place) const
    {
        return fail(ErrorCode::Data,
                    std::string(m_source) + " holds " + what + " at byte " + std::to_string(place),
                    "copy the file again from where it was written");
    }

    EventFile file;

private:
    Result<void> addValue(const TaggedValue& value, ScalarPoint point, size_t place)
    {
        if (!value.value || value.tag.empty() || value.tag.size() > kMaxTagBytes ||
            !isValidUtf8(value.tag)) {
            file.leftValues += 1;
            return {};
        }
        const std::string tag(value.tag);
        const auto [known, isNew] = m_places.try_emplace(tag, file.series.size());
        if (isNew) {
            if (file.series.size() == kMaxTags)
                return damaged("more than " + std::to_string(kMaxTags) + " tags", place);
            file.series.push_back({tag, {}});
        }
        if (++m_points > kMaxPoints)
            return damaged("more than " + std::to_string(kMaxPoints) + " points", place);
        point.value = *value.value;
        file.series[known->second].points.push_back(point);
        return {};
    }

    std::string_view m_source;
    std::unordered_map<std::string, size_t> m_places; ///< in file.series
    int64_t m_points = 0;
};

void appendVarint(std::string& out, uint64_t value)
{
    while (value >= 0x80) {
        out.push_back(static_cast<char>((value & 0x7F) | 0x80));
        value >>= 7;
    }
    out.push_back(static_cast<char>(value));
}

void appendBytes(std::string& out, char key, std::string_view bytes)
{
    out.push_back(key);
    appendVarint(out, bytes.size());
    out += bytes;
}

void appendRecord(std::string& out, std::string_view event)
{
    std::string length;
    append(length, static_cast<uint64_t>(event.size()));
    out += length;
    append(out, maskedCrc(length));
    out += event;
    append(out, maskedCrc(event));
}

// Keys are field number × 8 + wire type.
constexpr char kWallTime = 0x09;
constexpr char kStep = 0x10;
constexpr char kVersion = 0x1A;
constexpr char kSummary = 0x2A;
constexpr char kValue = 0x0A;
constexpr char kTag = 0x0A;
constexpr char kSimpleValue = 0x15;

std::string eventOf(const std::string& tag, const ScalarPoint& point)
{
    std::string value;
    appendBytes(value, kTag, tag);
    value.push_back(kSimpleValue);
    append(value, static_cast<float>(point.value));
    std::string summary;
    appendBytes(summary, kValue, value);
    std::string event(1, kWallTime);
    append(event, point.wallTime);
    event.push_back(kStep);
    appendVarint(event, static_cast<uint64_t>(point.step));
    appendBytes(event, kSummary, summary);
    return event;
}

} // namespace

uint32_t crc32c(std::string_view bytes)
{
    static constexpr std::array<uint32_t, 256> kTable = makeCrcTable();
    uint32_t crc = 0xFFFFFFFFu;
    for (const char byte : bytes)
        crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
    return ~crc;
}

bool isEventFile(std::string_view begin)
{
    return begin.size() >= kHeaderBytes &&
           maskedCrc(begin.substr(0, 8)) == littleEndian<uint32_t>(begin.substr(8));
}

Result<EventFile> readEventFile(std::string_view content, std::string_view source)
{
    EventReader reader(source);
    size_t place = 0;
    while (place < content.size()) {
        const std::string_view rest = content.substr(place);
        if (rest.size() < kHeaderBytes) {
            reader.file.isCutOff = true;
            break;
        }
        if (!isEventFile(rest))
            return reader.damaged(place == 0 ? "no TensorBoard events" : "a damaged record", place);
        const auto length = littleEndian<uint64_t>(rest);
        if (length > rest.size() - kHeaderBytes ||
            rest.size() - kHeaderBytes - length < sizeof(uint32_t)) {
            reader.file.isCutOff = true;
            break;
        }
        const std::string_view event = rest.substr(kHeaderBytes, length);
        if (maskedCrc(event) != littleEndian<uint32_t>(rest.substr(kHeaderBytes + length)))
            return reader.damaged("a damaged record", place);
        CLWB_TRY(reader.add(event, place));
        place += kHeaderBytes + length + sizeof(uint32_t);
    }
    return std::move(reader.file);
}

std::string writeEventFile(std::span<const ScalarSeries> series)
{
    // TensorBoard reads no file without this first event.
    std::string version(1, kWallTime);
    double first = 0;
    for (const ScalarSeries& one : series) {
        for (const ScalarPoint& point : one.points)
            first = first == 0 ? point.wallTime : std::min(first, point.wallTime);
    }
    append(version, first);
    appendBytes(version, kVersion, "brain.Event:2");
    std::string out;
    appendRecord(out, version);
    for (const ScalarSeries& one : series) {
        for (const ScalarPoint& point : one.points)
            appendRecord(out, eventOf(one.tag, point));
    }
    return out;
}

} // namespace clwb::report
