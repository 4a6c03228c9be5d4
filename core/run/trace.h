// SPDX-License-Identifier: GPL-3.0-or-later
// The step trace of interfaces.md §5: one JSON line an event, cut back and continued on resume.
#pragma once

#include "core/base/error.h"
#include "core/run/events.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace clwb::run
{

/// The trace line of an event, without the line end; nothing for events that are not traced.
/// @param numericItems item ids are printed as numbers (COCO annotation ids)
std::optional<std::string> traceLine(const Event& event, bool numericItems);

class TraceWriter
{
public:
    /// A new file. Errors: Usage when it exists and is not empty; Data, DiskFull.
    static Result<TraceWriter> create(const std::filesystem::path& file, bool numericItems);
    /// Keeps the lines that a checkpoint knows of: all up to step `steps` and the evaluations and
    /// sessions before them; half a line at the end is dropped. A missing file begins anew.
    /// @param bytes length of the file when the checkpoint was written
    /// @param resolvedSpec of the run, with the hashes
    /// Errors: Usage when the file is not the trace of a run with that spec; Data, DiskFull.
    static Result<TraceWriter> resume(const std::filesystem::path& file, uint64_t bytes,
                                      const Json& resolvedSpec, bool numericItems);
    TraceWriter(TraceWriter&& other) noexcept;
    TraceWriter& operator=(TraceWriter&& other) noexcept;
    ~TraceWriter();

    /// The first failure is kept and returned by sync(); later lines are dropped.
    void write(const Event& event);
    /// Flushes to disk. @return bytes so far. Errors: DiskFull, Data.
    Result<uint64_t> sync();
    [[nodiscard]] const std::filesystem::path& file() const { return m_file; }

private:
    TraceWriter() = default;
    static Result<TraceWriter> openAt(const std::filesystem::path& file, uint64_t bytes,
                                      bool numericItems);
    void append(const std::string& text);
    std::filesystem::path m_file;
    int m_descriptor = -1;
    uint64_t m_bytes = 0;
    bool m_numericItems = false;
    std::string m_buffer;
    std::optional<Error> m_error;
};

} // namespace clwb::run
