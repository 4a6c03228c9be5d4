// SPDX-License-Identifier: GPL-3.0-or-later
// The zip container of PyTorch archives, and tensors picked out of the object tree inside.
#include "core/weights/torch_archive.h"

#include "core/base/file.h"
#include "core/weights/pickle_machine.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <set>

namespace fs = std::filesystem;

namespace clwb::weights
{
namespace
{

using Kind = PickleNode::Kind;

constexpr uint64_t kMaxDescriptionBytes = 16u << 20;
constexpr zip_int64_t kMaxEntries = 100'000;
constexpr size_t kMaxTensors = 100'000;

Failure refused(const fs::path& path, const std::string& problem)
{
    return fail(ErrorCode::Data, "refused archive: " + path.string() + ": " + problem,
                "take weights from a source you trust, best as .safetensors");
}

/// A zip archive whose entries are all plainly stored.
class Zip
{
public:
    static Result<Zip> open(const fs::path& path);
    /// Whole entry; nothing but stored data is accepted. Errors: Data.
    Result<std::string> read(const std::string& name, uint64_t maxBytes) const;
    [[nodiscard]] bool has(const std::string& name) const { return m_names.contains(name); }
    [[nodiscard]] const std::string& root() const { return m_root; } ///< "archive/"
    [[nodiscard]] uint64_t fileBytes() const { return m_fileBytes; }

private:
    Result<void> listEntries();
    struct Close
    {
        void operator()(zip_t* archive) const { zip_discard(archive); }
    };
    fs::path m_path;
    std::unique_ptr<zip_t, Close> m_archive;
    std::set<std::string> m_names;
    std::string m_root;
    uint64_t m_fileBytes = 0;
};

/// A file that is no readable zip archive: what is it?
Failure notAnArchive(const fs::path& path, uint64_t bytes)
{
    std::array<char, 2> start{};
    std::ifstream(path, std::ios::binary).read(start.data(), start.size());
    const std::string name = path.string();
    const std::string megabytes = std::to_string(bytes >> 20) + " MB";
    if (start[0] == 'P' && start[1] == 'K') {
        const bool known = path.filename() == "ViT-B-32.pt";
        return fail(ErrorCode::Data,
                    "damaged archive: " + name + ": looks like an incomplete download (" +
                        (known ? "expected 338 MB, " : "") + "got " + megabytes + ")",
                    "download the file again and compare its size and SHA-256");
    }
    if (start[0] == '\x80')
        return refused(path, "this is a pickle file of PyTorch's old format, before version 1.6");
    return refused(path, "this is no archive of PyTorch (" + megabytes + ")");
}

Result<Zip> Zip::open(const fs::path& path)
{
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        return fail(ErrorCode::Data,
                    "cannot read weights: " + path.string() + ": expected a regular file");
    Zip zip;
    zip.m_path = path;
    zip.m_fileBytes = fs::file_size(path, error);
    int code = 0;
    zip.m_archive.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (!zip.m_archive && (code == ZIP_ER_OPEN || code == ZIP_ER_READ))
        return Failure(systemError("cannot read", path));
    if (!zip.m_archive)
        return notAnArchive(path, zip.m_fileBytes);
    CLWB_TRY(zip.listEntries());
    return zip;
}

Result<void> Zip::listEntries()
{
    const zip_int64_t count = zip_get_num_entries(m_archive.get(), 0);
    if (count > kMaxEntries)
        return refused(m_path, std::to_string(count) + " entries are too many");
    constexpr std::string_view kDescription = "/data.pkl";
    for (zip_int64_t i = 0; i < count; ++i) {
        const char* raw =
            zip_get_name(m_archive.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
        if (!raw)
            return refused(m_path, "an entry has no name");
        const std::string name(raw);
        if (name.starts_with('/') || name.find('\\') != std::string::npos ||
            ("/" + name + "/").find("/../") != std::string::npos)
            return refused(m_path,
                           "the entry name \"" + name.substr(0, 80) + "\" leaves the archive");
        if (!m_names.insert(name).second)
            return refused(m_path, "the entry \"" + name.substr(0, 80) + "\" stands twice");
        const size_t slash = name.find('/');
        if (slash != std::string::npos && name.substr(slash) == kDescription) {
            if (!m_root.empty())
                return refused(m_path, "there are two object descriptions");
            m_root = name.substr(0, slash + 1);
        }
    }
    if (m_root.empty())
        return refused(m_path, "a zip archive, but without PyTorch's data.pkl");
    return {};
}

Result<std::string> Zip::read(const std::string& name, uint64_t maxBytes) const
{
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_stat(m_archive.get(), name.c_str(), ZIP_FL_ENC_RAW, &status) != 0)
        return refused(m_path, "the entry \"" + name + "\" is missing");
    constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    const bool stored = (status.valid & kNeeded) == kNeeded && status.comp_method == ZIP_CM_STORE &&
                        status.size == status.comp_size && status.size <= m_fileBytes;
    if (!stored)
        return refused(m_path, "the entry \"" + name + "\" is compressed or encrypted; weights " +
                                   "are stored plainly");
    if (status.size > maxBytes)
        return refused(m_path, "the entry \"" + name + "\" has " + std::to_string(status.size) +
                                   " bytes, expected at most " + std::to_string(maxBytes));
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
        zip_fopen_index(m_archive.get(), status.index, 0), zip_fclose);
    std::string data(status.size, '\0');
    size_t done = 0;
    while (file && done < data.size()) {
        const zip_int64_t got = zip_fread(file.get(), data.data() + done, data.size() - done);
        if (got <= 0)
            break;
        done += static_cast<size_t>(got);
    }
    // one read past the end makes libzip compare the checksum
    char extra = 0;
    if (!file || done < data.size() || zip_fread(file.get(), &extra, 1) != 0)
        return refused(m_path,
                       "the entry \"" + name + "\" cannot be read or its checksum is wrong");
    return data;
}

struct NamedTensor
{
    std::string name;
    NodeId node = 0;
};

/// The dictionary that holds the weights: the root itself or its `state_dict`.
NodeId weightsOf(const PickleTree& tree)
{
    const PickleNode& root = tree.at(tree.root);
    for (const char* wanted : {"state_dict", "model_state_dict", "model"}) {
        for (size_t i = 0; root.kind == Kind::Dict && i + 1 < root.items.size(); i += 2) {
            const Kind kind = tree.at(root.items[i + 1]).kind;
            if (tree.at(root.items[i]).text == wanted && kind == Kind::Dict)
                return root.items[i + 1];
        }
    }
    return tree.root;
}

/// Tensors of a dictionary, or of a module and the modules below it with dotted names.
Result<std::vector<NamedTensor>> listTensors(const PickleTree& tree, const fs::path& path)
{
    struct Place
    {
        NodeId node;
        std::string prefix;
        int depth;
    };
    constexpr int kMaxDepth = 32;
    constexpr size_t kMaxName = 1000;
    constexpr size_t kMaxItems = 4'000'000;
    std::vector<NamedTensor> found;
    std::vector<Place> open{{weightsOf(tree), "", 0}};
    // Modules may hold one another: what is to be done is bounded before it is put down.
    size_t named = 0;
    size_t items = 0;
    while (!open.empty()) {
        const Place place = std::move(open.back());
        open.pop_back();
        const PickleNode& node = tree.at(place.node);
        const bool holdsItems = node.kind == Kind::Dict || node.kind == Kind::Object;
        for (size_t i = 0; holdsItems && i + 1 < node.items.size(); i += 2) {
            const PickleNode& value = tree.at(node.items[i + 1]);
            const bool isNamed = value.kind == Kind::Tensor || value.kind == Kind::Object;
            const std::string& last = tree.at(node.items[i]).text;
            named += isNamed ? 1 : 0;
            if (++items > kMaxItems || named > kMaxTensors || place.depth >= kMaxDepth ||
                (isNamed && place.prefix.size() + last.size() > kMaxName))
                return refused(path, "the object tree is too deep or holds too many tensors");
            if (value.kind == Kind::Tensor)
                found.push_back({place.prefix + last, node.items[i + 1]});
            else if (value.kind == Kind::Object)
                open.push_back({node.items[i + 1], place.prefix + last + ".", place.depth + 1});
        }
    }
    if (found.empty())
        return refused(path,
                       "no tensors found: expected a state dictionary or a TorchScript module");
    return found;
}

bool isContiguous(const PickleNode& tensor)
{
    int64_t expected = 1;
    for (size_t i = tensor.shape.size(); i-- > 0;) {
        if (tensor.shape[i] != 1 && tensor.strides[i] != expected)
            return false;
        expected *= tensor.shape[i];
    }
    return true;
}

/// Index of the last element a tensor touches, nothing on overflow; the tensor is not empty.
std::optional<int64_t> lastElement(const PickleNode& tensor)
{
    int64_t last = tensor.integer;
    for (size_t i = 0; i < tensor.shape.size(); ++i) {
        int64_t span = 0;
        if (__builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &span) ||
            __builtin_add_overflow(last, span, &last))
            return std::nullopt;
    }
    return last;
}

/// Copies a tensor out of its storage's bytes, which hold all its elements.
HostTensor copyOut(const PickleNode& tensor, const std::string& storage, size_t count)
{
    HostTensor host{tensor.shape, std::vector<float>(count)};
    const auto* bytes = reinterpret_cast<const std::byte*>(storage.data());
    const size_t width = bytesOf(tensor.dtype);
    if (count == 0)
        return host;
    if (isContiguous(tensor)) {
        convertToFloat(tensor.dtype, bytes + static_cast<size_t>(tensor.integer) * width, count,
                       host.values.data());
        return host;
    }
    Shape index(tensor.shape.size(), 0);
    int64_t at = tensor.integer;
    for (size_t i = 0; i < count; ++i) {
        convertToFloat(tensor.dtype, bytes + static_cast<size_t>(at) * width, 1, &host.values[i]);
        for (size_t d = index.size(); d-- > 0;) {
            at += tensor.strides[d];
            if (++index[d] < tensor.shape[d])
                break;
            at -= tensor.strides[d] * tensor.shape[d];
            index[d] = 0;
        }
    }
    return host;
}

/// Number of elements, once the tensor is known to lie inside its storage.
Result<size_t> checkedCount(const NamedTensor& named, const PickleTree& tree, const fs::path& path)
{
    const PickleNode& tensor = tree.at(named.node);
    const int64_t stored = tree.at(tensor.items[0]).integer;
    const auto count = elementCount(tensor.shape);
    const auto last = count && *count > 0 ? lastElement(tensor) : std::optional<int64_t>(-1);
    if (!count || !last || *last >= stored || *count > stored)
        return refused(path, "the tensor \"" + named.name + "\" with shape " +
                                 shapeText(tensor.shape) + " does not fit into its storage of " +
                                 std::to_string(stored) + " numbers");
    return static_cast<size_t>(*count);
}

/// Reads the storages one after the other, so that only one is in memory beside the result.
Result<void> readTensors(const Zip& zip, const PickleTree& tree, std::vector<NamedTensor> found,
                         const fs::path& path, TorchArchive& archive)
{
    const auto keyOf = [&](const NamedTensor& named) -> const std::string& {
        return tree.at(tree.at(named.node).items[0]).text;
    };
    std::stable_sort(found.begin(), found.end(), [&](const NamedTensor& a, const NamedTensor& b) {
        return keyOf(a) < keyOf(b);
    });
    std::set<std::string> types;
    std::string storage;
    const std::string* loadedKey = nullptr;
    uint64_t total = 0;
    for (const NamedTensor& named : found) {
        const PickleNode& tensor = tree.at(named.node);
        const PickleNode& place = tree.at(tensor.items[0]);
        if (!isFloating(tensor.dtype)) {
            archive.skipped.push_back(named.name);
            continue;
        }
        CLWB_ASSIGN(const size_t count, checkedCount(named, tree, path));
        if (!loadedKey || *loadedKey != place.text) {
            CLWB_ASSIGN(storage, zip.read(zip.root() + "data/" + place.text, zip.fileBytes()));
            loadedKey = &place.text;
        }
        total += count;
        if (total > 2 * zip.fileBytes()) // tensors that share storage again and again
            return refused(path, "its tensors are larger than the file");
        const size_t width = bytesOf(tensor.dtype);
        if (storage.size() / width < static_cast<uint64_t>(place.integer))
            return refused(path, "the storage of \"" + named.name + "\" has " +
                                     std::to_string(storage.size()) + " bytes, expected " +
                                     std::to_string(place.integer) + " numbers of " +
                                     std::to_string(width));
        types.emplace(nameOf(tensor.dtype));
        if (!archive.tensors.emplace(named.name, copyOut(tensor, storage, count)).second)
            return refused(path, "two tensors are named \"" + named.name + "\"");
    }
    archive.types.assign(types.begin(), types.end());
    return {};
}

} // namespace

Result<TorchArchive> readTorchArchive(const fs::path& path)
{
    CLWB_ASSIGN(const Zip zip, Zip::open(path));
    if (zip.has(zip.root() + "byteorder")) {
        CLWB_ASSIGN(const std::string order, zip.read(zip.root() + "byteorder", 16));
        if (order != "little")
            return refused(path, "its byte order is \"" + order + "\", expected little");
    }
    CLWB_ASSIGN(const std::string description,
                zip.read(zip.root() + "data.pkl", kMaxDescriptionBytes));
    CLWB_ASSIGN(const PickleTree tree, readPickle(description, path.string()));
    CLWB_ASSIGN(std::vector<NamedTensor> found, listTensors(tree, path));
    TorchArchive archive;
    archive.torchScript = tree.at(tree.root).kind == Kind::Object;
    CLWB_TRY(readTensors(zip, tree, std::move(found), path, archive));
    return archive;
}

} // namespace clwb::weights
