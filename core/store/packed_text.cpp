// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/packed_text.h"

#include "core/base/check.h"

#include <sqlite3.h>
#include <zlib.h>

#include <array>
#include <cstdint>

namespace clwb::store
{
namespace
{

constexpr std::string_view kTextMagic = "CLWT";
constexpr size_t kTextHead = 8;
constexpr size_t kMaxPackedText = size_t{64} << 20; // as all values of a project

std::string_view viewOf(sqlite3_value* value)
{
    const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
    return {data ? data : "", static_cast<size_t>(sqlite3_value_bytes(value))};
}

void sqlPack(sqlite3_context* context, int, sqlite3_value** arguments)
{
    const std::string_view text = viewOf(arguments[0]);
    if (text.size() >= kMaxPackedText) {
        sqlite3_result_error_toobig(context);
        return;
    }
    const std::string packed = packText(text);
    sqlite3_result_blob64(context, packed.data(), packed.size(), SQLITE_TRANSIENT);
}

void sqlUnpack(sqlite3_context* context, int, sqlite3_value** arguments)
{
    if (sqlite3_value_type(arguments[0]) != SQLITE_BLOB) {
        sqlite3_result_value(context, arguments[0]);
        return;
    }
    const Result<std::string> text = unpackText(viewOf(arguments[0]));
    if (text)
        sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    else
        sqlite3_result_null(context); // what reads it says which record it is
}

} // namespace

std::string packText(std::string_view text)
{
    CLWB_CHECK(text.size() < kMaxPackedText);
    std::string packed(kTextMagic);
    for (int shift = 0; shift < 32; shift += 8)
        packed += static_cast<char>((text.size() >> shift) & 0xff);
    uLongf bytes = compressBound(static_cast<uLong>(text.size()));
    packed.resize(kTextHead + bytes);
    const int code = compress2(reinterpret_cast<Bytef*>(packed.data() + kTextHead), &bytes,
                               reinterpret_cast<const Bytef*>(text.data()),
                               static_cast<uLong>(text.size()), Z_DEFAULT_COMPRESSION);
    CLWB_CHECK(code == Z_OK);
    packed.resize(kTextHead + bytes);
    return packed;
}

Result<std::string> unpackText(std::string_view packed)
{
    const auto damaged = [] { return fail(ErrorCode::Corrupt, "a packed text is damaged"); };
    if (packed.size() < kTextHead || !packed.starts_with(kTextMagic))
        return damaged();
    size_t length = 0;
    for (size_t at = 0; at < 4; ++at)
        length |= size_t{static_cast<unsigned char>(packed[4 + at])} << (8 * at);
    // zlib makes at most some thousand bytes of one: nothing larger is set aside for a small blob.
    constexpr size_t kMostOfOne = 1040;
    if (length >= kMaxPackedText || length > (packed.size() - kTextHead) * kMostOfOne)
        return damaged();
    std::string text(length, '\0');
    std::array<Bytef, 1> none{};
    uLongf bytes = static_cast<uLongf>(length);
    const int code = uncompress(length > 0 ? reinterpret_cast<Bytef*>(text.data()) : none.data(),
                                &bytes, reinterpret_cast<const Bytef*>(packed.data() + kTextHead),
                                static_cast<uLong>(packed.size() - kTextHead));
    if (code != Z_OK || bytes != length)
        return damaged();
    return text;
}

Result<void> addTextFunctions(sqlite3* database)
{
    constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    for (const auto& [name, function] :
         {std::pair("clwb_pack", &sqlPack), std::pair("clwb_unpack", &sqlUnpack)}) {
        if (sqlite3_create_function_v2(database, name, 1, kFlags, nullptr, function, nullptr,
                                       nullptr, nullptr) != SQLITE_OK)
            return fail(ErrorCode::OutOfMemory, "not enough memory to open a project");
    }
    return {};
}

} // namespace clwb::store
