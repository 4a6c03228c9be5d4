// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/json_stream.h"

#include "core/base/json.h"
#include "core/data/byte_source.h"
#include "core/data/printable.h"

#include <iterator>

namespace clwb::data
{
namespace
{

/// The file as an input iterator over its bytes, one window at a time.
class ByteIterator
{
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    struct State
    {
        ByteSource& source;
        StopToken stop;
        std::span<const uint8_t> window;
        size_t at = 0;
        uint64_t next = 0; ///< file offset after the window

        bool refill()
        {
            if (stop.stopRequested())
                return false;
            window = source.some(next);
            next += window.size();
            at = 0;
            return !window.empty();
        }
    };

    ByteIterator() = default;
    explicit ByteIterator(State& state)
        : m_state(state.refill() ? &state : nullptr)
    {}

    char operator*() const { return static_cast<char>(m_state->window[m_state->at]); }
    ByteIterator& operator++()
    {
        if (++m_state->at == m_state->window.size() && !m_state->refill())
            m_state = nullptr;
        return *this;
    }
    ByteIterator operator++(int)
    {
        const ByteIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const ByteIterator& other) const { return m_state == other.m_state; }
    bool operator!=(const ByteIterator& other) const { return m_state != other.m_state; }

private:
    State* m_state = nullptr;
};

} // namespace

/// Turns nlohmann's events into the visitor's.
class JsonStreamHandler : public nlohmann::json_sax<nlohmann::json>
{
public:
    explicit JsonStreamHandler(JsonVisitor& visitor)
        : m_visitor(visitor)
    {}

    std::string error;

    bool null() override { return pass({}); }
    bool boolean(bool value) override
    {
        JsonScalar scalar;
        scalar.kind = JsonScalar::Kind::Boolean;
        scalar.boolean = value;
        return pass(scalar);
    }
    bool number_integer(number_integer_t value) override
    {
        return passNumber(static_cast<double>(value), value, true);
    }
    bool number_unsigned(number_unsigned_t value) override
    {
        const bool fits = value <= static_cast<uint64_t>(INT64_MAX);
        return passNumber(static_cast<double>(value), fits ? static_cast<int64_t>(value) : 0, fits);
    }
    bool number_float(number_float_t value, const string_t& /*text*/) override
    {
        return passNumber(value, 0, false);
    }
    bool string(string_t& value) override
    {
        JsonScalar scalar;
        scalar.kind = JsonScalar::Kind::Text;
        scalar.text = value;
        return pass(scalar);
    }
    bool binary(binary_t& /*value*/) override { return false; }
    bool start_object(size_t /*count*/) override { return open(); }
    bool start_array(size_t /*count*/) override { return open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override
    {
        m_visitor.m_keys.back() = name;
        return true;
    }
    bool parse_error(size_t /*position*/, const std::string& /*token*/,
                     const nlohmann::json::exception& exception) override
    {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: …": without the tag.
        const std::string_view text = exception.what();
        const size_t tagEnd = text.find("] ");
        error = printable(tagEnd == std::string_view::npos ? text : text.substr(tagEnd + 2));
        return false;
    }

private:
    bool passNumber(double number, int64_t integer, bool isInteger)
    {
        JsonScalar scalar;
        scalar.kind = JsonScalar::Kind::Number;
        scalar.number = number;
        scalar.integer = integer;
        scalar.isInteger = isInteger;
        return pass(scalar);
    }
    bool pass(const JsonScalar& scalar)
    {
        m_visitor.onValue(scalar);
        return true;
    }
    bool open()
    {
        if (m_visitor.m_keys.size() >= static_cast<size_t>(kMaxJsonDepth)) {
            error = "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels";
            return false;
        }
        m_visitor.m_keys.emplace_back();
        m_visitor.onOpen();
        return true;
    }
    bool close()
    {
        m_visitor.m_keys.pop_back();
        m_visitor.onClose();
        return true;
    }

    JsonVisitor& m_visitor;
};

Result<void> walkJsonFile(const std::filesystem::path& file, JsonVisitor& visitor,
                          const StopToken& stop, uint64_t maxBytes)
{
    auto source = ByteSource::open(file);
    if (!source) {
        return fail(ErrorCode::Data, "cannot read " + file.string() + ": " + source.error().message,
                    "check the path in the study file");
    }
    if (source->size() > maxBytes) {
        return fail(ErrorCode::Data, file.string() + ": larger than the " +
                                         std::to_string(maxBytes) + " bytes allowed");
    }
    JsonStreamHandler handler(visitor);
    ByteIterator::State state{*source, stop, {}, 0, 0};
    bool isWhole = false;
    try {
        isWhole = nlohmann::json::sax_parse(ByteIterator(state), ByteIterator(), &handler);
    } catch (const nlohmann::json::exception& exception) {
        handler.error = printable(exception.what());
    }
    if (stop.stopRequested())
        return fail(ErrorCode::Stopped, "stopped while reading " + file.string());
    if (!isWhole || !handler.error.empty()) {
        return fail(ErrorCode::Data, file.string() + ": malformed JSON: " + handler.error,
                    "the file may be cut off: copy or download it again");
    }
    return {};
}

} // namespace clwb::data
