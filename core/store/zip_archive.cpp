// SPDX-License-Identifier: GPL-3.0-or-later
// The part of libzip that bundles need: bounded reading, and writing that replaces atomically.
#include "core/store/zip_archive.h"

#include "core/base/file.h"

#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr zip_int64_t kMaxEntries = 100000;
constexpr size_t kBlockBytes = 1u << 20;

struct CloseFile
{
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using OpenEntry = std::unique_ptr<zip_file_t, CloseFile>;

bool isPlainName(const std::string& name)
{
    if (name.empty() || name.size() > 4096 || name.front() == '/')
        return false;
    for (const char character : name) {
        if (static_cast<unsigned char>(character) < 0x20 || character == '\\' || character == ':')
            return false;
    }
    for (const fs::path& part : fs::path(name)) {
        if (part == ".." || part == ".")
            return false;
    }
    return true;
}

Failure damaged(const fs::path& file, const std::string& why)
{
    return fail(ErrorCode::Data, "bundle " + file.string() + ": " + why,
                "export it again; a copy may have been cut off");
}

/// Reads exactly the declared size, in blocks, and hands each block on.
template<class Take>
Result<void> readEntry(zip* archive, const fs::path& file, const ZipEntry& entry, Take take)
{
    const OpenEntry open(zip_fopen_index(archive, entry.index, 0));
    if (!open)
        return damaged(file, "cannot open " + entry.name + ": " + zip_strerror(archive));
    std::string block(kBlockBytes, '\0');
    uint64_t left = entry.bytes;
    while (left > 0) {
        const auto wanted = std::min<uint64_t>(left, block.size());
        const zip_int64_t count = zip_fread(open.get(), block.data(), wanted);
        if (count <= 0)
            return damaged(file, entry.name + " is damaged or shorter than declared");
        CLWB_TRY(take(std::string_view(block.data(), static_cast<size_t>(count))));
        left -= static_cast<uint64_t>(count);
    }
    // One byte more: reaching the end makes libzip compare the checksum.
    char extra = 0;
    if (zip_fread(open.get(), &extra, 1) != 0)
        return damaged(file, entry.name + " is damaged or longer than declared");
    return {};
}

} // namespace

Result<ZipReader> ZipReader::open(const fs::path& file)
{
    int code = 0;
    ZipReader reader;
    reader.m_file = file;
    reader.m_archive = zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (reader.m_archive == nullptr) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        const std::string why = zip_error_strerror(&error);
        zip_error_fini(&error);
        return damaged(file, why);
    }
    const zip_int64_t count = zip_get_num_entries(reader.m_archive, 0);
    if (count > kMaxEntries)
        return damaged(file, "holds " + std::to_string(count) + " entries, at most " +
                                 std::to_string(kMaxEntries) + " are allowed");
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t info;
        zip_stat_init(&info);
        const auto index = static_cast<zip_uint64_t>(i);
        const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE;
        if (zip_stat_index(reader.m_archive, index, 0, &info) != 0 ||
            (info.valid & needed) != needed)
            return damaged(file, "entry " + std::to_string(i) + " cannot be read");
        const std::string name = info.name;
        if (!isPlainName(name))
            return damaged(file, "entry name '" + name.substr(0, 200) + "' is not allowed");
        if (name.back() != '/')
            reader.m_entries.push_back({name, info.size, index});
    }
    return reader;
}

ZipReader::ZipReader(ZipReader&& other) noexcept
    : m_file(std::move(other.m_file))
    , m_archive(std::exchange(other.m_archive, nullptr))
    , m_entries(std::move(other.m_entries))
{}

ZipReader::~ZipReader()
{
    if (m_archive != nullptr)
        zip_discard(m_archive);
}

const ZipEntry* ZipReader::find(const std::string& name) const
{
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&name](const ZipEntry& e) { return e.name == name; });
    return entry == m_entries.end() ? nullptr : &*entry;
}

Result<std::string> ZipReader::read(const ZipEntry& entry, uint64_t maxBytes)
{
    if (entry.bytes > maxBytes)
        return damaged(m_file, entry.name + " has " + std::to_string(entry.bytes) +
                                   " bytes, at most " + std::to_string(maxBytes) + " are allowed");
    std::string text; // grows with what is really there, not with what is declared
    CLWB_TRY(readEntry(m_archive, m_file, entry, [&text](std::string_view block) -> Result<void> {
        text += block;
        return {};
    }));
    return text;
}

Result<void> ZipReader::extract(const ZipEntry& entry, const fs::path& target)
{
    CLWB_ASSIGN(AtomicFile output, AtomicFile::create(target));
    CLWB_TRY(readEntry(m_archive, m_file, entry,
                       [&output](std::string_view block) { return output.write(block); }));
    return output.commit();
}

Result<ZipWriter> ZipWriter::create(const fs::path& file)
{
    ZipWriter writer;
    writer.m_file = file;
    writer.m_temporary = file;
    writer.m_temporary += ".tmp-" + std::to_string(::getpid());
    int code = 0;
    errno = 0;
    writer.m_archive = zip_open(writer.m_temporary.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (writer.m_archive == nullptr)
        return Failure(systemError("cannot create bundle", file));
    return writer;
}

ZipWriter::ZipWriter(ZipWriter&& other) noexcept
    : m_file(std::move(other.m_file))
    , m_temporary(std::move(other.m_temporary))
    , m_archive(std::exchange(other.m_archive, nullptr))
{}

ZipWriter::~ZipWriter()
{
    if (m_archive != nullptr)
        zip_discard(m_archive);
}

Failure ZipWriter::failure(const std::string& what) const
{
    zip_error_t* error = zip_get_error(m_archive);
    const int number =
        zip_error_system_type(error) == ZIP_ET_SYS ? zip_error_code_system(error) : 0;
    if (number != 0) {
        errno = number;
        return Failure(systemError(what, m_file));
    }
    return fail(ErrorCode::Data, what + " " + m_file.string() + ": " + zip_error_strerror(error));
}

Result<void> ZipWriter::addText(const std::string& name, const std::string& text)
{
    // libzip frees what it takes with free(), but not a buffer without content.
    void* copy = text.empty() ? nullptr : std::malloc(text.size());
    if (copy == nullptr && !text.empty())
        return fail(ErrorCode::OutOfMemory, "not enough memory for bundle " + m_file.string());
    std::copy(text.begin(), text.end(), static_cast<char*>(copy));
    zip_source_t* source = zip_source_buffer(m_archive, copy, text.size(), 1);
    if (source == nullptr) {
        std::free(copy);
        return failure("cannot add " + name + " to");
    }
    if (zip_file_add(m_archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) < 0) {
        zip_source_free(source);
        return failure("cannot add " + name + " to");
    }
    return {};
}

Result<void> ZipWriter::addFile(const std::string& name, const fs::path& source, ZipPacking packing)
{
    zip_source_t* content = zip_source_file(m_archive, source.c_str(), 0, -1);
    if (content == nullptr)
        return failure("cannot add " + source.string() + " to");
    const zip_int64_t index = zip_file_add(m_archive, name.c_str(), content, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(content);
        return failure("cannot add " + source.string() + " to");
    }
    zip_set_file_compression(m_archive, static_cast<zip_uint64_t>(index),
                             packing == ZipPacking::Store ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
    return {};
}

Result<void> ZipWriter::commit()
{
    if (zip_close(m_archive) != 0)
        return failure("cannot write bundle");
    m_archive = nullptr;
    const int descriptor = ::open(m_temporary.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    if (!synced || faultHits("rename") || ::rename(m_temporary.c_str(), m_file.c_str()) != 0) {
        const Error error = systemError("cannot write bundle", m_file);
        ::unlink(m_temporary.c_str());
        return Failure(error);
    }
    return {};
}

} // namespace clwb::store
