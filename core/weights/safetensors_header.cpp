// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a safetensors file: a streaming parser that accepts exactly its grammar, then
// checks of sizes and offsets. Nothing here allocates more than the header itself is long.
#include "core/weights/safetensors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace clwb::weights
{
namespace
{

constexpr std::string_view kMetadataKey = "__metadata__";

/// {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {"k": "v"}}
class HeaderSax : public nlohmann::json_sax<nlohmann::json>
{
public:
    SafetensorsHeader header;
    std::string problem;

    bool null() override { return refuse("null"); }
    bool boolean(bool) override { return refuse("true or false"); }
    bool number_integer(number_integer_t value) override
    {
        return refuse("the number " + std::to_string(value));
    }
    bool number_unsigned(number_unsigned_t value) override;
    bool number_float(number_float_t, const string_t& text) override
    {
        return refuse("the number " + text);
    }
    bool string(string_t& text) override;
    bool binary(binary_t&) override { return refuse("binary data"); }
    bool start_object(std::size_t) override;
    bool key(string_t& name) override;
    bool end_object() override;
    bool start_array(std::size_t) override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception&) override
    {
        problem = "the header is no valid JSON at byte " + std::to_string(position);
        return false;
    }

private:
    enum class At { Start, Document, Entry, Shape, Offsets, Metadata };

    bool fails(std::string text)
    {
        problem = std::move(text);
        return false;
    }
    std::string here() const
    {
        if (m_at == At::Start || m_at == At::Document)
            return "the header" + (m_at == At::Document ? ", \"" + m_name + "\"" : std::string());
        return "\"" + m_name + "\"" + (m_key.empty() ? "" : ", \"" + m_key + "\"");
    }
    bool refuse(const std::string& what) { return fails(here() + ": did not expect " + what); }
    bool finishTensor();

    At m_at = At::Start;
    std::string m_name; ///< key of the document
    std::string m_key;  ///< key of the entry
    TensorInfo m_tensor;
    std::vector<uint64_t> m_offsets;
    std::set<std::string, std::less<>> m_names;
    std::set<std::string, std::less<>> m_keys;
};

bool HeaderSax::number_unsigned(number_unsigned_t value)
{
    if (m_at == At::Offsets && m_offsets.size() < 2) {
        m_offsets.push_back(value);
        return true;
    }
    constexpr size_t kMaxDimensions = 32;
    if (m_at != At::Shape || m_tensor.shape.size() >= kMaxDimensions)
        return refuse("the number " + std::to_string(value));
    if (value > (uint64_t{1} << 60))
        return fails("\"" + m_name + "\": the shape's product overflows");
    m_tensor.shape.push_back(static_cast<int64_t>(value));
    return true;
}

bool HeaderSax::string(string_t& text)
{
    if (m_at == At::Metadata) {
        header.metadata[m_key] = std::move(text);
        return true;
    }
    if (m_at != At::Entry || m_key != "dtype")
        return refuse("the text \"" + text.substr(0, 80) + "\"");
    if (const auto type = dtypeFromName(text)) {
        m_tensor.dtype = *type;
        return true;
    }
    return fails("\"" + m_name + "\": unknown dtype \"" + text.substr(0, 80) + "\"");
}

bool HeaderSax::start_object(std::size_t)
{
    if (m_at == At::Start) {
        m_at = At::Document;
        return true;
    }
    if (m_at != At::Document)
        return refuse("an object");
    m_at = m_name == kMetadataKey ? At::Metadata : At::Entry;
    m_key.clear();
    m_keys.clear();
    m_offsets.clear();
    m_tensor = {};
    return true;
}

bool HeaderSax::key(string_t& name)
{
    if (m_at == At::Document) {
        m_name = std::move(name);
        return m_names.insert(m_name).second || fails("the key \"" + m_name + "\" stands twice");
    }
    m_key = std::move(name);
    if (!m_keys.insert(m_key).second)
        return fails(here() + ": the key stands twice");
    if (m_at == At::Entry && m_key != "dtype" && m_key != "shape" && m_key != "data_offsets")
        return fails(here() + ": unknown key");
    return true;
}

bool HeaderSax::end_object()
{
    if (m_at == At::Document)
        return true;
    const bool tensor = m_at == At::Entry;
    m_at = At::Document;
    return !tensor || finishTensor();
}

bool HeaderSax::start_array(std::size_t)
{
    if (m_at != At::Entry || (m_key != "shape" && m_key != "data_offsets"))
        return refuse("a list");
    m_at = m_key == "shape" ? At::Shape : At::Offsets;
    return true;
}

bool HeaderSax::end_array()
{
    m_at = At::Entry;
    return true;
}

bool HeaderSax::finishTensor()
{
    for (const char* needed : {"dtype", "shape", "data_offsets"}) {
        if (!m_keys.contains(needed))
            return fails("\"" + m_name + "\": the key \"" + needed + "\" is missing");
    }
    if (m_offsets.size() != 2)
        return fails("\"" + m_name + "\": data_offsets: expected two numbers, got " +
                     std::to_string(m_offsets.size()));
    m_tensor.name = m_name;
    m_tensor.begin = m_offsets[0];
    m_tensor.end = m_offsets[1];
    header.tensors.push_back(std::move(m_tensor));
    return true;
}

/// Offsets in range, sizes equal dtype × shape; empty when all is well.
std::string problemOf(const TensorInfo& tensor, uint64_t dataBytes)
{
    const std::string name = "\"" + tensor.name + "\": ";
    if (tensor.begin > tensor.end)
        return name + "data_offsets: begin " + std::to_string(tensor.begin) + " lies after end " +
               std::to_string(tensor.end);
    if (tensor.end > dataBytes)
        return name + "data_offsets: end " + std::to_string(tensor.end) +
               " lies beyond the file's " + std::to_string(dataBytes) + " data bytes";
    const auto count = elementCount(tensor.shape);
    if (!count)
        return name + "the shape's product overflows";
    const uint64_t expected = static_cast<uint64_t>(*count) * bytesOf(tensor.dtype);
    if (tensor.end - tensor.begin != expected)
        return name + "expected " + std::to_string(expected) + " bytes for shape " +
               shapeText(tensor.shape) + ", got " + std::to_string(tensor.end - tensor.begin);
    return {};
}

/// No overlap, no hole, nothing after the last tensor; empty when all is well.
std::string coverageProblem(const std::vector<TensorInfo>& tensors, uint64_t dataBytes)
{
    std::vector<const TensorInfo*> byPlace;
    byPlace.reserve(tensors.size());
    for (const TensorInfo& tensor : tensors)
        byPlace.push_back(&tensor);
    std::sort(byPlace.begin(), byPlace.end(), [](const TensorInfo* a, const TensorInfo* b) {
        return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
    });
    uint64_t end = 0;
    for (const TensorInfo* tensor : byPlace) {
        if (tensor->begin < end)
            return "\"" + tensor->name + "\" overlaps the tensor before it";
        if (tensor->begin > end)
            return "there is a hole of " + std::to_string(tensor->begin - end) +
                   " bytes before \"" + tensor->name + "\"";
        end = tensor->end;
    }
    if (end != dataBytes)
        return std::to_string(dataBytes - end) + " extra bytes follow the last tensor";
    return {};
}

} // namespace

Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view json, uint64_t dataBytes,
                                                 std::string_view source)
{
    const auto damaged = [&](const std::string& problem) {
        return fail(ErrorCode::Data,
                    "damaged safetensors file: " + std::string(source) + ": " + problem,
                    "get the file again from where it came from");
    };
    if (!json.starts_with('{'))
        return damaged("the header does not start with {");
    HeaderSax sax;
    if (!nlohmann::json::sax_parse(json.begin(), json.end(), &sax))
        return damaged(sax.problem);
    for (const TensorInfo& tensor : sax.header.tensors) {
        if (const std::string problem = problemOf(tensor, dataBytes); !problem.empty())
            return damaged(problem);
    }
    if (const std::string problem = coverageProblem(sax.header.tensors, dataBytes);
        !problem.empty())
        return damaged(problem);
    std::sort(sax.header.tensors.begin(), sax.header.tensors.end(),
              [](const TensorInfo& a, const TensorInfo& b) { return a.name < b.name; });
    return std::move(sax.header);
}

} // namespace clwb::weights
