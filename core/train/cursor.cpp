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
                {"skipped", cursor.skipped},
                {"loss_scale", cursor.scaler.scale()},
                {"good_steps", cursor.scaler.goodSteps()}};
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
    const double scale = reader.number("loss_scale", LossScaler::kFirstScale, 1, 1e9);
    const int64_t good = reader.integer("good_steps", 0, 0, int64_t{1} << 40);
    if (!problems.empty())
        return Failure(usageErrors("checkpoint", problems));
    cursor.scaler = LossScaler(scale, good);
    return cursor;
}

} // namespace clwb::train
