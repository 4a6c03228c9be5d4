// SPDX-License-Identifier: GPL-3.0-or-later
// Walks a JSON file of any size value by value, so that COCO's large files never lie in memory.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::data
{

/// A scalar value of a JSON file.
struct JsonScalar
{
    enum class Kind { Null, Boolean, Number, Text };
    Kind kind = Kind::Null;
    double number = 0;
    int64_t integer = 0;    ///< when `isInteger`
    bool isInteger = false; ///< written without fraction and within int64
    bool boolean = false;
    std::string_view text; ///< valid during the call

    /// True for a true, or a number that is not 0 (COCO writes iscrowd as 0 and 1).
    [[nodiscard]] bool isTrue() const
    {
        return kind == Kind::Boolean ? boolean : kind == Kind::Number && number != 0;
    }
};

/// Gets the values in file order. Depth counts the open objects and arrays: the members of the
/// document are at depth 1. key(d) is the member name at depth d, empty inside an array.
class JsonVisitor
{
public:
    virtual ~JsonVisitor() = default;
    virtual void onValue(const JsonScalar& value) = 0;
    /// An object or array was opened (closed): depth() is the depth inside it (outside it).
    virtual void onOpen() {}
    virtual void onClose() {}

    [[nodiscard]] size_t depth() const { return m_keys.size(); }
    [[nodiscard]] const std::string& key(size_t depth) const { return m_keys[depth - 1]; }

private:
    friend class JsonStreamHandler;
    std::vector<std::string> m_keys;
};

/// Reads a regular file of at most `maxBytes`.
/// Errors: Data with line and column for malformed JSON, depth > 64 and invalid UTF-8; Stopped.
Result<void> walkJsonFile(const std::filesystem::path& file, JsonVisitor& visitor,
                          const StopToken& stop, uint64_t maxBytes = uint64_t(8) << 30);

} // namespace clwb::data
