// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/tensor_file.h"

#include "core/base/json.h"
#include "core/base/sha256.h"

#include <ATen/ATen.h>

#include <fstream>
#include <optional>

namespace fs = std::filesystem;

namespace clwb::replay
{
namespace
{

std::optional<at::ScalarType> typeOf(const std::string& name)
{
    if (name == "F32")
        return at::kFloat;
    if (name == "F16")
        return at::kHalf;
    if (name == "BF16")
        return at::kBFloat16;
    return std::nullopt;
}

Failure broken(const fs::path& path, const std::string& what)
{
    return fail(ErrorCode::Data, path.string() + ": " + what);
}

} // namespace

Result<TensorFile> readTensorFile(const fs::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    uint64_t length = 0;
    stream.read(reinterpret_cast<char*>(&length), sizeof length);
    if (!stream || length > (16u << 20))
        return broken(path, "no safetensors file");
    std::string text(length, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(length));
    CLWB_ASSIGN(const Json header, parseJson(text, path.string()));
    TensorFile file;
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") {
            file.metadata = entry.get<std::map<std::string, std::string>>();
            continue;
        }
        const auto type = typeOf(entry.at("dtype"));
        if (!type)
            return broken(path, name + " is " + entry.at("dtype").dump());
        file.isFloat32 = file.isFloat32 && *type == at::kFloat;
        const auto offsets = entry.at("data_offsets").get<std::vector<uint64_t>>();
        at::Tensor tensor = at::empty(entry.at("shape").get<std::vector<int64_t>>(), *type);
        if (tensor.nbytes() != offsets.at(1) - offsets.at(0))
            return broken(path, name + ": shape and offsets differ");
        stream.seekg(static_cast<std::streamoff>(sizeof length + length + offsets[0]));
        stream.read(static_cast<char*>(tensor.data_ptr()),
                    static_cast<std::streamsize>(tensor.nbytes()));
        if (!stream)
            return broken(path, name + ": the file is cut short");
        file.tensors[name] = tensor.to(at::kFloat);
    }
    return file;
}

Result<at::Tensor> readNpy(const fs::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    std::string head(10, '\0');
    stream.read(head.data(), 10);
    const auto low = static_cast<uint8_t>(head[8]);
    const auto high = static_cast<uint8_t>(head[9]);
    std::string text(static_cast<size_t>(low) + 256 * static_cast<size_t>(high), '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    const size_t open = text.find("'shape': (");
    if (!stream || text.find("'<f4'") == std::string::npos || open == std::string::npos)
        return broken(path, "no float32 .npy file");
    std::vector<int64_t> shape;
    for (const char* at = text.c_str() + open + 10; *at != ')';) {
        char* end = nullptr;
        shape.push_back(std::strtoll(at, &end, 10));
        at = end + (*end == ',' ? 1 : 0);
        at += *at == ' ' ? 1 : 0;
    }
    at::Tensor values = at::empty(shape, at::kFloat);
    stream.read(static_cast<char*>(values.data_ptr()),
                static_cast<std::streamsize>(values.nbytes()));
    if (!stream)
        return broken(path, "the file is cut short");
    return values;
}

std::string modelHash(const Tensors& tensors)
{
    Sha256 hash;
    const std::string_view zero("\0", 1);
    for (const auto& [name, tensor] : tensors) {
        std::string shape;
        for (const int64_t size : tensor.sizes())
            shape += (shape.empty() ? "" : ",") + std::to_string(size);
        hash.update(name);
        hash.update(zero);
        hash.update("F32");
        hash.update(zero);
        hash.update(shape);
        hash.update(zero);
        const at::Tensor data = tensor.to(at::kFloat).contiguous();
        hash.update(data.data_ptr(), data.nbytes());
    }
    return toHex(hash.finish());
}

} // namespace clwb::replay
