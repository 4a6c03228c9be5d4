// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/cursor.h"

namespace clwb::train
{

Json toJson(const Cursor& cursor)
{
    return Json{{"session_index", cursor.sessionIndex},
                {"epoch", cursor.epoch},
                {"batch", cursor.batch},
                {"step", cursor.step},
                {"skipped", cursor.skipped}};
}

Result<Cursor> cursorFromJson(const Json& document)
{
    std::vector<std::string> problems;
    JsonReader reader(document, "cursor", problems);
    Cursor cursor;
    cursor.sessionIndex = static_cast<int>(reader.integer("session_index", 0, 0, 1 << 20));
    cursor.epoch = reader.integer("epoch", 0, 0, 1 << 30);
    cursor.batch = reader.integer("batch", 0, 0, int64_t{1} << 40);
    cursor.step = reader.integer("step", 0, 0, int64_t{1} << 50);
    cursor.skipped = reader.integer("skipped", 0, 0, 1 << 20);
    if (!problems.empty())
        return Failure(usageErrors("checkpoint", problems));
    return cursor;
}

} // namespace clwb::train
