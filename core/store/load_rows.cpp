// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/load_rows.h"

#include "core/store/sqlite.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace clwb::store
{
namespace
{

constexpr int kMiB = 20;                      // bits
constexpr int64_t kMaxMiB = int64_t{1} << 40; // bytes in 64 bits
constexpr int64_t kMaxTenths = 1000;          // 100 %
constexpr int64_t kMaxSeconds = 253402300799; // the last second of the year 9999

/// The numbers of a row.
struct StoredLoad
{
    int64_t at = 0;
    int64_t cpu = 0;
    int64_t memory = 0;
    std::optional<int64_t> disk;
    std::optional<int64_t> gpu;
    std::optional<int64_t> gpuMemory;
    std::optional<int64_t> gpuTotal;
};

int64_t tenthsOf(double percent)
{
    return std::isfinite(percent) ? std::llround(std::clamp(percent, 0.0, 100.0) * 10) : 0;
}

int64_t mebibytesOf(uint64_t bytes)
{
    const uint64_t rounded = (bytes >> kMiB) + ((bytes >> (kMiB - 1)) & 1);
    return static_cast<int64_t>(std::min(rounded, static_cast<uint64_t>(kMaxMiB)));
}

uint64_t bytesOf(int64_t mebibytes)
{
    return static_cast<uint64_t>(std::clamp<int64_t>(mebibytes, 0, kMaxMiB)) << kMiB;
}

double percentOf(int64_t tenths)
{
    return static_cast<double>(std::clamp<int64_t>(tenths, 0, kMaxTenths)) / 10;
}

StoredLoad storedOf(const LoadPoint& point)
{
    StoredLoad row;
    row.at = std::clamp<int64_t>(point.at, 0, kMaxSeconds);
    row.cpu = tenthsOf(point.cpuPercent);
    row.memory = mebibytesOf(point.memoryBytes);
    if (point.freeDiskBytes)
        row.disk = mebibytesOf(*point.freeDiskBytes);
    if (point.gpu) {
        row.gpu = tenthsOf(point.gpu->percent);
        row.gpuMemory = mebibytesOf(point.gpu->memoryBytes);
        row.gpuTotal = mebibytesOf(point.gpu->totalBytes);
    }
    return row;
}

LoadPoint pointOf(const StoredLoad& row)
{
    LoadPoint point{row.at, percentOf(row.cpu), bytesOf(row.memory)};
    if (row.disk)
        point.freeDiskBytes = bytesOf(*row.disk);
    if (row.gpu)
        point.gpu = GpuLoadPoint{percentOf(*row.gpu), bytesOf(row.gpuMemory.value_or(0)),
                                 bytesOf(row.gpuTotal.value_or(0))};
    return point;
}

LoadFigure figureOf(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return {*middle, *std::max_element(middle, values.end())};
}

LoadFigure figureOf(const std::vector<LoadPoint>& points,
                    const std::function<double(const LoadPoint&)>& value)
{
    std::vector<double> values;
    values.reserve(points.size());
    for (const LoadPoint& point : points)
        values.push_back(value(point));
    return figureOf(std::move(values));
}

} // namespace

Result<std::vector<LoadPoint>> loadPoints(Database& database, int64_t runId)
{
    std::vector<LoadPoint> points;
    // By the table, not by the version: a newer program's file is read as far as it is known.
    CLWB_ASSIGN(const auto found,
                database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'load'"));
    if (found.value_or(0) == 0)
        return points;
    CLWB_ASSIGN(Statement row,
                database.prepare("SELECT at, cpu, memory, disk, gpu, gpu_memory, gpu_total "
                                 "FROM load WHERE run_id = ? ORDER BY at"));
    row.bindAll(runId);
    while (true) {
        CLWB_ASSIGN(const bool isRow, row.step());
        if (!isRow)
            return points;
        points.push_back(
            pointOf({row.integer(0), row.integer(1), row.integer(2), row.optionalInteger(3),
                     row.optionalInteger(4), row.optionalInteger(5), row.optionalInteger(6)}));
    }
}

Result<std::optional<LoadSummary>> loadSummary(const Project& project, int64_t runId)
{
    CLWB_ASSIGN(const std::vector<LoadPoint> points, loadPoints(project.database(), runId));
    if (points.empty())
        return std::nullopt;
    LoadSummary summary;
    summary.cpuPercent = figureOf(points, [](const LoadPoint& point) { return point.cpuPercent; });
    summary.memoryBytes = figureOf(
        points, [](const LoadPoint& point) { return static_cast<double>(point.memoryBytes); });
    std::vector<double> busy;
    std::vector<double> used;
    for (const LoadPoint& point : points) {
        if (!point.gpu)
            continue;
        busy.push_back(point.gpu->percent);
        used.push_back(static_cast<double>(point.gpu->memoryBytes));
        summary.gpuTotalBytes = std::max(summary.gpuTotalBytes, point.gpu->totalBytes);
    }
    if (!busy.empty()) {
        summary.gpuPercent = figureOf(std::move(busy));
        summary.gpuMemoryBytes = figureOf(std::move(used));
    }
    return std::optional(summary);
}

Result<void> writeLoad(Database& database, int64_t runId, const LoadPoint& point)
{
    const StoredLoad row = storedOf(point);
    return database.run("INSERT OR REPLACE INTO load VALUES(?, ?, ?, ?, ?, ?, ?, ?)", runId, row.at,
                        row.cpu, row.memory, row.disk, row.gpu, row.gpuMemory, row.gpuTotal);
}

Json loadToJson(const LoadPoint& point)
{
    const StoredLoad row = storedOf(point);
    Json json{{"at", row.at}, {"cpu", row.cpu}, {"memory", row.memory}};
    if (row.disk)
        json["disk"] = *row.disk;
    if (row.gpu) {
        json["gpu"] = *row.gpu;
        json["gpu_memory"] = row.gpuMemory.value_or(0);
        json["gpu_total"] = row.gpuTotal.value_or(0);
    }
    return json;
}

LoadPoint readLoad(JsonReader& reader)
{
    StoredLoad row;
    row.at = reader.integer("at", 0, 0, kMaxSeconds);
    row.cpu = reader.integer("cpu", 0, 0, kMaxTenths);
    row.memory = reader.integer("memory", 0, 0, kMaxMiB);
    if (reader.has("disk"))
        row.disk = reader.integer("disk", 0, 0, kMaxMiB);
    if (reader.has("gpu")) {
        row.gpu = reader.integer("gpu", 0, 0, kMaxTenths);
        row.gpuMemory = reader.integer("gpu_memory", 0, 0, kMaxMiB);
        row.gpuTotal = reader.integer("gpu_total", 0, 0, kMaxMiB);
    }
    return pointOf(row);
}

} // namespace clwb::store
