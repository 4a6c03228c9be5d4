// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/trace.h"

#include "core/base/file.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

/// Round-trip numbers; what JSON has no number for becomes text.
Json number(double value)
{
    if (std::isfinite(value))
        return value;
    return shortestText(value);
}

Json numbers(const std::map<std::string, double>& values)
{
    Json object = Json::object();
    for (const auto& [name, value] : values)
        object[name] = number(value);
    return object;
}

Json itemIds(const std::vector<std::string>& ids, bool numeric)
{
    Json list = Json::array();
    for (const std::string& id : ids) {
        const auto value = numeric ? parseInteger(id) : std::nullopt;
        list.push_back(value ? Json(*value) : Json(id));
    }
    return list;
}

Json stepLine(const StepDone& e, bool numericItems)
{
    Json losses = Json::object();
    losses["CE"] = number(e.losses.at("CE"));
    for (const auto& [name, value] : e.losses) {
        if (name != "CE" && name != "total")
            losses[name] = number(value);
    }
    losses["total"] = number(e.losses.at("total"));
    return Json{{"type", "step"},
                {"session", e.session},
                {"epoch", e.epoch},
                {"step", e.step},
                {"lr", number(e.lr)},
                {"items", itemIds(e.items, numericItems)},
                {"labels", e.labels},
                {"pseudo", e.pseudo},
                {"losses", std::move(losses)},
                {"weights", numbers(e.weights)},
                {"logit_scale", number(e.logitScale)}};
}

Json evalLine(const Evaluated& e)
{
    Json line{{"type", "eval"}};
    const Json record = metrics::toJson(e.record);
    line["session"] = record.at("session");
    for (const auto& [key, value] : record.items())
        line[key] = value;
    return line;
}

/// Whether a file is empty, absent, or begins as the trace of a run with this resolved spec: same
/// settings, study and model, wherever those lie now. Whether the data are still the same is for
/// the run's manifest to say; older traces name none.
Result<bool> isTraceOf(const fs::path& file, const Json& resolvedSpec)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored) || fs::file_size(file, ignored) == 0)
        return true;
    std::ifstream stream(file, std::ios::binary);
    std::string line;
    line.resize(size_t{1} << 20);
    stream.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<size_t>(stream.gcount()));
    const size_t end = line.find('\n');
    // A run that was killed while it wrote its first line left half of it.
    static constexpr std::string_view kBegin = R"({"type":"run")";
    if (end == std::string::npos)
        return std::string_view(line).substr(0, kBegin.size()) ==
               kBegin.substr(0, std::min(kBegin.size(), line.size()));
    line.resize(end);
    const auto first = parseJson(line, file.string());
    if (!first || !first->is_object() || first->value("type", Json()) != "run")
        return false;
    const auto comparable = [](Json spec) {
        for (const char* key : {"name", "study", "model", "device", "threads", "data_manifest"}) {
            if (spec.is_object())
                spec.erase(key);
        }
        return spec;
    };
    return comparable(first->value("spec", Json())) == comparable(resolvedSpec);
}

} // namespace

std::optional<std::string> traceLine(const Event& event, bool numericItems)
{
    Json line;
    if (const auto* e = std::get_if<RunStarted>(&event)) {
        line = Json{{"type", "run"},
                    {"spec", e->resolvedSpec},
                    {"trained", e->trained},
                    {"classes", e->classes}};
    } else if (const auto* s = std::get_if<SessionStarted>(&event)) {
        line = Json{{"type", "session"},
                    {"session", s->session},
                    {"classes", s->classes},
                    {"items", s->items}};
    } else if (const auto* step = std::get_if<StepDone>(&event)) {
        line = stepLine(*step, numericItems);
    } else if (const auto* skip = std::get_if<StepSkipped>(&event)) {
        line = Json{{"type", "skip"},
                    {"session", skip->session},
                    {"epoch", skip->epoch},
                    {"step", skip->step},
                    {"items", itemIds(skip->items, numericItems)},
                    {"reason", skip->reason}};
    } else if (const auto* merge = std::get_if<Merged>(&event)) {
        line = Json{{"type", "merge"}, {"session", merge->session}, {"alpha", merge->alpha}};
    } else if (const auto* evaluated = std::get_if<Evaluated>(&event)) {
        line = evalLine(*evaluated);
    } else if (const auto* end = std::get_if<Finished>(&event)) {
        line = Json{{"type", "end"}, {"status", end->status}, {"steps", end->steps}};
    } else {
        return std::nullopt;
    }
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<TraceWriter> TraceWriter::create(const fs::path& file, bool numericItems)
{
    std::error_code ignored;
    if (fs::exists(file, ignored) && fs::file_size(file, ignored) > 0) {
        return fail(ErrorCode::Usage, "--trace " + file.string() + ": the file exists",
                    "choose another name, or remove it");
    }
    return openAt(file, 0, numericItems);
}

Result<TraceWriter> TraceWriter::resume(const fs::path& file, uint64_t bytes,
                                        const Json& resolvedSpec, bool numericItems)
{
    // What is cut must be this run's: a mistyped name would destroy another file.
    CLWB_ASSIGN(const bool own, isTraceOf(file, resolvedSpec));
    if (!own) {
        return fail(ErrorCode::Usage, "--trace " + file.string() + ": not the trace of this run",
                    "name the run's own trace, or a new file");
    }
    return openAt(file, bytes, numericItems);
}

Result<TraceWriter> TraceWriter::openAt(const fs::path& file, uint64_t bytes, bool numericItems)
{
    TraceWriter writer;
    writer.m_file = file;
    writer.m_numericItems = numericItems;
    writer.m_descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (writer.m_descriptor < 0)
        return Failure(systemError("cannot open the trace", file));
    struct stat info = {};
    if (::fstat(writer.m_descriptor, &info) != 0)
        return Failure(systemError("cannot open the trace", file));
    const auto size = static_cast<uint64_t>(info.st_size);
    if (size < bytes && size > 0) {
        return fail(ErrorCode::Usage,
                    "--trace " + file.string() +
                        ": not the trace of this run (shorter than at "
                        "its checkpoint)",
                    "name the run's own trace, or a new file");
    }
    writer.m_bytes = std::min(size, bytes);
    if (::ftruncate(writer.m_descriptor, static_cast<off_t>(writer.m_bytes)) != 0 ||
        ::lseek(writer.m_descriptor, 0, SEEK_END) < 0)
        return Failure(systemError("cannot cut the trace", file));
    return writer;
}

TraceWriter::TraceWriter(TraceWriter&& other) noexcept
{
    *this = std::move(other);
}

TraceWriter& TraceWriter::operator=(TraceWriter&& other) noexcept
{
    std::swap(m_file, other.m_file);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_numericItems, other.m_numericItems);
    std::swap(m_buffer, other.m_buffer);
    std::swap(m_error, other.m_error);
    return *this;
}

TraceWriter::~TraceWriter()
{
    if (m_descriptor < 0)
        return;
    append({});
    ::close(m_descriptor);
}

void TraceWriter::append(const std::string& text)
{
    m_buffer += text;
    size_t done = 0;
    while (done < m_buffer.size() && !m_error) {
        const ssize_t count = ::write(m_descriptor, m_buffer.data() + done, m_buffer.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            m_error = systemError("cannot write the trace", m_file);
        else
            done += static_cast<size_t>(count);
    }
    m_bytes += done;
    m_buffer.clear();
}

void TraceWriter::write(const Event& event)
{
    // A continued trace has its `run` line already.
    if (std::holds_alternative<RunStarted>(event) && m_bytes + m_buffer.size() > 0)
        return;
    const auto line = traceLine(event, m_numericItems);
    if (!line || m_error)
        return;
    m_buffer += *line + "\n";
    if (m_buffer.size() > (1u << 16) || std::holds_alternative<Finished>(event))
        append({});
}

Result<uint64_t> TraceWriter::sync()
{
    append({});
    if (!m_error && ::fsync(m_descriptor) != 0)
        m_error = systemError("cannot flush the trace", m_file);
    if (m_error)
        return Failure(*m_error);
    return m_bytes;
}

} // namespace clwb::run
