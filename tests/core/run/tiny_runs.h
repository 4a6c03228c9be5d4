// SPDX-License-Identifier: GPL-3.0-or-later
// Whole runs on a tiny study and model, and what they leave behind, for tests of methods.
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/run/runner.h"
#include "core/weights/model_files.h"
#include "tests/app/tiny_model.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QTemporaryDir>

#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace clwb::test
{

struct TinyOutcome
{
    Result<run::RunSummary> result;
    std::vector<run::Event> events;

    [[nodiscard]] bool isFinished() const { return result && result->status == "finished"; }
    [[nodiscard]] std::string errorText() const
    {
        return result ? std::string() : toText(result.error());
    }
};

/// Three sessions of two classes, 12 crops each, in batches of 4 and 2 epochs: 6 steps a session.
class TinyRuns
{
public:
    TinyRuns()
    {
        ::setenv("CLWB_CACHE", (root() / "cache").c_str(), 1);
        require(writeTinyStudy(root() / "study", {.classes = 6, .sessions = 3}));
        require(writeTinyModel(root() / "model"));
    }

    [[nodiscard]] std::filesystem::path root() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::filesystem::path folder(const std::string& name) const
    {
        return root() / "runs" / name;
    }

    [[nodiscard]] run::RunRequest request(const std::string& name, const std::string& method) const
    {
        run::RunRequest request;
        spec::RunSpec& spec = request.spec;
        spec.study = root() / "study" / "study.json";
        spec.model = root() / "model";
        spec.method = method;
        spec.option = "WM";
        spec.schedule.epochs = 2;
        spec.schedule.batchSize = 4;
        spec.schedule.lr = 1e-3;
        spec.evaluate.after = "never";
        spec.checkpoints = "all";
        spec.device = "cpu";
        spec.threads = 1;
        request.folder = folder(name);
        request.trace = root() / (name + ".jsonl");
        return request;
    }

    /// Runs to the end, or is asked to stop at such a point when `stopAfter` steps were seen; 0:
    /// never.
    static TinyOutcome execute(run::RunRequest request, int64_t stopAfter = 0,
                               StopPoint point = StopPoint::Batch)
    {
        StopSource source;
        request.stop = source.token();
        std::vector<run::Event> events;
        auto result = run::executeRun(request, [&](const run::Event& event) {
            events.push_back(event);
            const auto* step = std::get_if<run::StepDone>(&event);
            if (step && stopAfter > 0 && step->step >= stopAfter)
                source.requestStop(point);
        });
        return {std::move(result), std::move(events)};
    }

    [[nodiscard]] static std::string bytesOf(const std::filesystem::path& file)
    {
        const auto text = readFile(file, 100'000'000);
        return text ? *text : std::string();
    }

    [[nodiscard]] std::vector<Json> trace(const std::string& name) const
    {
        std::istringstream lines(bytesOf(root() / (name + ".jsonl")));
        std::vector<Json> all;
        for (std::string line; std::getline(lines, line);)
            all.push_back(Json::parse(line));
        return all;
    }

    /// Lines of one type of a trace.
    [[nodiscard]] std::vector<Json> trace(const std::string& name, const std::string& type) const
    {
        std::vector<Json> found;
        for (Json& line : trace(name)) {
            if (line.at("type") == type)
                found.push_back(std::move(line));
        }
        return found;
    }

    /// Tensors of a model directory, RKR's scales included.
    [[nodiscard]] static weights::TensorMap tensorsOf(const std::filesystem::path& model)
    {
        auto files = weights::readModel(model);
        require(files);
        for (auto& [name, scale] : files->rkrScales)
            files->tensors.emplace(name, std::move(scale));
        return std::move(files->tensors);
    }

private:
    QTemporaryDir m_folder;
};

/// max |a − b| over all tensors, which must be the same ones.
inline double largestDifference(const weights::TensorMap& a, const weights::TensorMap& b)
{
    require(a.size() == b.size());
    double largest = 0;
    for (const auto& [name, tensor] : a) {
        const auto& other = b.at(name);
        for (size_t i = 0; i < tensor.values.size(); ++i)
            largest = std::max(largest, std::abs(static_cast<double>(tensor.values[i]) -
                                                 static_cast<double>(other.values.at(i))));
    }
    return largest;
}

} // namespace clwb::test
