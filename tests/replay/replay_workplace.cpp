// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/replay_workplace.h"

#include "core/base/file.h"
#include "tests/app/tiny_model.h"
#include "tests/support/tiny_study.h"

namespace clwb::test
{

ReplayWorkplace::ReplayWorkplace(std::string program)
    : m_program(std::move(program))
{
    // Two layers and biases, so that a scale, a mask or a bias in the wrong place is seen; towers
    // of different width.
    TinyShape shape{.layers = 2, .textWidth = 24, .biasDeviation = 0.05};
    CHECK_OK(writeTinyModel(modelOf(Scene::Usual), 0, shape));
    shape.isGelu = true;
    CHECK_OK(writeTinyModel(modelOf(Scene::Gelu), 0, shape));
    shape.isGelu = false;
    shape.temperature = 100;
    CHECK_OK(writeTinyModel(modelOf(Scene::Hot), 0, shape));
    TinyStudy study{.classes = 6, .sessions = 3, .trainPerClass = 4};
    CHECK_OK(writeTinyStudy(studyOf(Scene::Usual).parent_path(), study));
    study.kind = TinyStudy::Kind::ClassFolders;
    CHECK_OK(writeTinyStudy(studyOf(Scene::Folders).parent_path(), study));
}

std::filesystem::path ReplayWorkplace::modelOf(Scene scene) const
{
    const char* name = scene == Scene::Hot ? "hot" : scene == Scene::Gelu ? "gelu" : "model";
    return m_folder.path() / name;
}

std::filesystem::path ReplayWorkplace::studyOf(Scene scene) const
{
    return m_folder.path() / (scene == Scene::Folders ? "folders" : "coco") / "study.json";
}

std::unique_ptr<Process> ReplayWorkplace::start(const RunCase& run, const std::string& id) const
{
    std::vector<std::string> words{m_program, "run",     "--db",        "runs.db",    "--out",
                                   id,        "--trace", id + ".jsonl", "--progress", "none"};
    std::vector<std::string> sets = commonSets();
    sets.push_back("study=" + studyOf(run.scene).string());
    sets.push_back("model=" + modelOf(run.scene).string());
    sets.insert(sets.end(), run.sets.begin(), run.sets.end());
    for (const std::string& set : sets)
        words.insert(words.end(), {"--set", set});
    Setup setup;
    setup.folder = m_folder.path();
    return std::make_unique<Process>(words, setup);
}

replay::ReplayRequest ReplayWorkplace::requestOf(const RunCase& run, const std::string& id) const
{
    replay::ReplayRequest request;
    request.model = modelOf(run.scene);
    request.folder = m_folder.path() / id;
    auto trace = readFile(m_folder.path() / (id + ".jsonl"), 100'000'000);
    if (CHECK_OK(trace))
        request.trace = std::move(*trace);
    return request;
}

replay::StudyData& ReplayWorkplace::study(Scene scene)
{
    const auto known = m_studies.find(scene);
    if (known != m_studies.end())
        return known->second;
    auto opened = replay::StudyData::open(m_program, modelOf(scene), studyOf(scene));
    CHECK_OK(opened);
    return m_studies.emplace(scene, std::move(*opened)).first->second;
}

} // namespace clwb::test
