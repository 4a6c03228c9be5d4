// SPDX-License-Identifier: GPL-3.0-or-later
// TensorBoard's event files: scalars in and out.
//
// A file is a chain of records: length (8 bytes), its checksum (4), the event, its checksum (4),
// all little-endian; a checksum is CRC-32C, rotated and shifted. An event is a protocol buffer with
// step, wall time and named values. Only the fields that scalars need are understood; the rest is
// counted and left.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::report
{

struct ScalarPoint
{
    int64_t step = 0;
    double wallTime = 0; ///< seconds since 1970
    double value = 0;    ///< NaN and infinities as they were written
};

struct ScalarSeries
{
    std::string tag; ///< "loss/train"; UTF-8, at most 1000 bytes
    std::vector<ScalarPoint> points;
};

struct EventFile
{
    std::vector<ScalarSeries> series; ///< in the order in which tags first appear
    int64_t leftValues = 0;           ///< pictures, histograms, texts
    bool isCutOff = false;            ///< ends within a record: the writer was at work or died
};

/// Whether the bytes begin like an event file: a record whose length has the right checksum.
bool isEventFile(std::string_view begin);

/// @param content the whole file
/// @param source  its name in messages
/// Errors: Data with the place in bytes: wrong checksum, an event that is none, more than 10 000
/// tags or 20 million points.
Result<EventFile> readEventFile(std::string_view content, std::string_view source);

/// An event file that TensorBoard shows; values become 32-bit floats, as it keeps them.
std::string writeEventFile(std::span<const ScalarSeries> series);

/// CRC-32C (Castagnoli) of the bytes, as RFC 3720 defines it.
uint32_t crc32c(std::string_view bytes);

} // namespace clwb::report
