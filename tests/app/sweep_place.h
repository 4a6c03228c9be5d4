// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny workplace for tests of sweeps and searches: small runs, result lines, stored sweeps.
#pragma once

#include "core/base/json.h"
#include "core/store/sweeps.h"
#include "tests/app/tiny_run.h"

#include <algorithm>
#include <string>
#include <vector>

namespace clwb::test
{

class SweepPlace
{
public:
    [[nodiscard]] const std::filesystem::path& path() const { return m_place.path(); }

    /// A base that trains in a tenth of a second: 2 sessions × 2 epochs × 3 batches.
    [[nodiscard]] static Json base()
    {
        return Json{{"study", "study/study.json"},
                    {"model", "model"},
                    {"option", "WM"},
                    {"schedule", {{"epochs", 2}, {"batch_size", 4}, {"lr", 1e-3}}},
                    {"evaluate", {{"after", "run"}}},
                    {"threads", 1}};
    }

    void write(const std::string& file, const Json& document) const
    {
        std::ofstream(path() / file) << document.dump(1);
    }

    /// Runs `clwb` with a picture cache of its own: nothing is known from other tests.
    [[nodiscard]] Outcome run(const std::vector<std::string>& words) const
    {
        return runClwb(words, setup());
    }

    [[nodiscard]] Setup setup() const
    {
        Setup setup;
        setup.folder = path();
        setup.environment["CLWB_CACHE"] = (path() / "cache").string();
        return setup;
    }

    [[nodiscard]] store::Project project(const std::string& file = "clwb.db") const
    {
        auto project = store::Project::open(path() / file, store::OpenMode::ReadOnly);
        if (!CHECK_OK(project))
            std::abort();
        return std::move(*project);
    }

    [[nodiscard]] std::vector<store::RunRow> runs(const std::string& file = "clwb.db") const
    {
        const auto rows = project(file).runs();
        return CHECK_OK(rows) ? *rows : std::vector<store::RunRow>();
    }

private:
    TinyWorkplace m_place;
};

/// The JSON lines of a command's stdout.
inline std::vector<Json> linesOf(const std::string& text)
{
    std::vector<Json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        const auto parsed = parseJson(line, "result line");
        if (CHECK_OK(parsed))
            lines.push_back(*parsed);
    }
    return lines;
}

inline std::string weightsOf(const Json& line)
{
    if (!line["model"].is_string())
        return {};
    return readAll(line["model"].get<std::string>() + "/model.safetensors");
}

} // namespace clwb::test
