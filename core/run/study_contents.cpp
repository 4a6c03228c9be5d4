// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/study_contents.h"

#include "core/data/data_check.h"
#include "core/data/duplicates.h"
#include "core/run/cache_folder.h"

#include <algorithm>
#include <map>
#include <set>
#include <unistd.h>
#include <unordered_map>

namespace clwb::run
{
namespace
{

using Severity = StudyProblem::Severity;

void addPlace(std::vector<StudyPlace>& places, std::string key, const std::filesystem::path& path)
{
    if (path.empty())
        return;
    std::string problem;
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (!std::filesystem::exists(status))
        problem = "does not exist";
    else if (::access(path.c_str(), std::filesystem::is_directory(status) ? R_OK | X_OK : R_OK) !=
             0)
        problem = "cannot be read: no permission";
    places.push_back({std::move(key), path, std::move(problem)});
}

std::vector<StudyPlace> placesOf(const spec::Study& study)
{
    std::vector<StudyPlace> places;
    if (study.updatedTask) {
        const spec::UpdatedTask& task = *study.updatedTask;
        const std::string key = "updated_task.";
        for (size_t i = 0; i < task.instances.size(); ++i)
            addPlace(places, key + "instances[" + std::to_string(i) + "]", task.instances[i]);
        addPlace(places, key + "images", task.images);
        addPlace(places, key + "split_file", task.splitFile);
        addPlace(places, key + "train", task.train);
        addPlace(places, key + "val", task.val);
        addPlace(places, key + "test", task.test);
        addPlace(places, key + "classes", task.classesFile);
        addPlace(places, key + "names", task.names);
        addPlace(places, key + "captions.split_file", task.captionsSplitFile);
    }
    const auto addZeroShot = [&](const std::string& key,
                                 const std::optional<spec::ZeroShotSet>& set) {
        if (!set)
            return;
        addPlace(places, key + ".root", set->root);
        addPlace(places, key + ".classes", set->classes);
        addPlace(places, key + ".names", set->names);
    };
    addZeroShot("zero_shot", study.zeroShot);
    addZeroShot("zero_shot_validation", study.zeroShotValidation);
    for (size_t i = 0; i < study.retrieval.size(); ++i) {
        const std::string key = "retrieval[" + std::to_string(i) + "].";
        addPlace(places, key + "split_file", study.retrieval[i].splitFile);
        addPlace(places, key + "images", study.retrieval[i].images);
    }
    return places;
}

/// Moves a list of items over; files are kept once.
class PictureList
{
public:
    explicit PictureList(StudyContents& contents)
        : m_contents(contents)
    {}

    void add(std::vector<data::Item>& items, StudyPart part)
    {
        for (data::Item& item : items) {
            const auto [place, isNew] =
                m_known.emplace(item.file.string(), static_cast<uint32_t>(m_contents.files.size()));
            if (isNew)
                m_contents.files.push_back(std::move(item.file));
            m_contents.pictures.push_back(
                {place->second, item.box, item.label, part, std::move(item.id)});
        }
        items = {};
    }

private:
    StudyContents& m_contents;
    std::unordered_map<std::string, uint32_t> m_known;
};

void addCounts(const data::CheckReport& report, StudyContents& contents)
{
    for (const data::ClassCount& c : report.classes) {
        contents.classes.push_back(
            {c.name, c.name, c.session, c.items.train, c.items.val, c.items.test});
    }
    for (const data::SessionCount& s : report.sessions) {
        contents.sessions.push_back(
            {s.classes, s.items.train, s.items.val, s.items.test, s.paperTrain, s.paperTest});
    }
    for (const data::SetCount& set : report.sets)
        contents.sets.push_back({set.name, set.classes, set.images, set.captions});
    for (const data::Problem& problem : report.problems) {
        contents.problems.push_back(
            {static_cast<Severity>(problem.severity), problem.what, problem.where});
    }
    contents.isRefused = report.failure.has_value();
}

/// Where two classes have one name, a study file must call them by their folders.
void nameByFolder(StudyContents& contents)
{
    std::map<std::string, int> uses;
    for (const StudyClass& c : contents.classes)
        ++uses[c.name];
    for (const StudyPicture& picture : contents.pictures) {
        if (picture.part != StudyPart::Train)
            continue;
        StudyClass& c = contents.classes[static_cast<size_t>(picture.classIndex)];
        const size_t slash = picture.id.find('/');
        if (uses[c.name] > 1 && slash != std::string::npos)
            c.key = picture.id.substr(0, slash);
    }
}

std::vector<data::ComparedPicture> comparedOf(const StudyContents& contents)
{
    std::vector<data::ComparedPicture> pictures;
    pictures.reserve(contents.pictures.size());
    for (const StudyPicture& picture : contents.pictures)
        pictures.push_back({contents.files[picture.file], picture.box});
    return pictures;
}

std::string describe(const StudyContents& contents, const StudyPicture& picture)
{
    return std::string(nameOf(picture.part)) + ", class " + contents.className(picture);
}

StudyProblem duplicateProblem(const StudyContents& contents, const data::DuplicatePair& pair)
{
    const StudyPicture& a = contents.pictures[pair.first];
    const StudyPicture& b = contents.pictures[pair.second];
    const std::string& other = contents.files[a.file].string();
    const std::string what = pair.isExact ? "the same file content as " : "looks the same as ";
    StudyProblem problem;
    problem.where = contents.files[b.file].string();
    const std::string pictures =
        what + other + " (" + describe(contents, a) + "; here " + describe(contents, b) + ")";
    if (a.part != b.part) {
        problem.what = "leakage between splits: " + pictures;
    } else if (a.classIndex != b.classIndex) {
        problem.what = "in two classes: " + pictures;
    } else {
        problem.severity = Severity::Note;
        problem.what = "twice in a class: " + pictures;
    }
    return problem;
}

/// One file of class folders that is read by two splits.
void reportSharedFiles(StudyContents& contents)
{
    constexpr size_t kNone = ~size_t(0);
    std::vector<size_t> firstOf(contents.files.size(), kNone);
    std::set<uint32_t> told;
    for (size_t i = 0; i < contents.pictures.size(); ++i) {
        const StudyPicture& picture = contents.pictures[i];
        size_t& first = firstOf[picture.file];
        if (first == kNone)
            first = i;
        else if (contents.pictures[first].part != picture.part && told.insert(picture.file).second)
            contents.problems.push_back({Severity::Warning,
                                         "leakage between splits: one file is read as " +
                                             describe(contents, contents.pictures[first]) +
                                             ", and as " + describe(contents, picture),
                                         contents.files[picture.file].string()});
    }
}

} // namespace

std::vector<StudyPlace> studyPlaces(const spec::Study& study)
{
    return placesOf(study);
}

std::string_view nameOf(StudyPart part)
{
    switch (part) {
    case StudyPart::Train:
        return "train";
    case StudyPart::Validation:
        return "validation";
    case StudyPart::Test:
        return "test";
    case StudyPart::ZeroShot:
        return "zero-shot";
    case StudyPart::ZeroShotValidation:
        return "zero-shot validation";
    }
    return "";
}

int64_t StudyContents::count(Severity severity) const
{
    return std::count_if(problems.begin(), problems.end(),
                         [&](const StudyProblem& problem) { return problem.severity == severity; });
}

const std::string& StudyContents::className(const StudyPicture& picture) const
{
    const auto at = static_cast<size_t>(picture.classIndex);
    if (picture.part == StudyPart::ZeroShot)
        return zeroShotClasses.at(at);
    if (picture.part == StudyPart::ZeroShotValidation)
        return zeroShotValidationClasses.at(at);
    return classes.at(at).name;
}

Result<StudyContents> inspectStudy(const std::filesystem::path& file, const StopToken& stop,
                                   const std::function<void(int64_t files)>& looked)
{
    StudyContents contents;
    CLWB_ASSIGN(contents.study, spec::readStudy(file));
    contents.places = placesOf(contents.study);
    data::CheckOptions options;
    options.checkMemory = checkedImagesFile();
    options.looked = looked;
    CLWB_ASSIGN(data::CheckedStudy checked, data::inspectStudy(contents.study, options, stop));
    addCounts(checked.report, contents);
    contents.zeroShotClasses = std::move(checked.data.zeroShot.classes);
    contents.zeroShotValidationClasses = std::move(checked.data.zeroShotValidation.classes);
    PictureList pictures(contents);
    pictures.add(checked.data.utTrain, StudyPart::Train);
    pictures.add(checked.data.utVal, StudyPart::Validation);
    pictures.add(checked.data.utTest, StudyPart::Test);
    pictures.add(checked.data.zeroShot.items, StudyPart::ZeroShot);
    pictures.add(checked.data.zeroShotValidation.items, StudyPart::ZeroShotValidation);
    nameByFolder(contents);
    reportSharedFiles(contents);
    CLWB_ASSIGN(const auto copies, data::findCopies(comparedOf(contents), stop));
    for (const data::DuplicatePair& pair : copies)
        contents.problems.push_back(duplicateProblem(contents, pair));
    std::stable_sort(
        contents.problems.begin(), contents.problems.end(),
        [](const StudyProblem& a, const StudyProblem& b) { return a.severity > b.severity; });
    return contents;
}

Result<std::vector<StudyProblem>>
findSimilarPictures(const StudyContents& contents,
                    const std::function<void(int64_t done, int64_t total)>& progress,
                    const StopToken& stop)
{
    const auto pictures = comparedOf(contents);
    CLWB_ASSIGN(const auto copies, data::findCopies(pictures, stop));
    std::set<std::pair<size_t, size_t>> known; // told by inspectStudy()
    for (const data::DuplicatePair& pair : copies)
        known.emplace(pair.first, pair.second);
    CLWB_ASSIGN(const auto alike, data::findLookalikes(pictures, progress, stop));
    std::vector<StudyProblem> problems;
    for (const data::DuplicatePair& pair : alike) {
        const bool isOneFile =
            contents.pictures[pair.first].file == contents.pictures[pair.second].file;
        if (!isOneFile && !known.contains({pair.first, pair.second}))
            problems.push_back(duplicateProblem(contents, pair));
    }
    std::stable_sort(
        problems.begin(), problems.end(),
        [](const StudyProblem& a, const StudyProblem& b) { return a.severity > b.severity; });
    return problems;
}

std::string problemsCsv(const std::vector<StudyProblem>& problems)
{
    data::CheckReport report;
    for (const StudyProblem& problem : problems) {
        report.problems.push_back(
            {static_cast<data::Problem::Severity>(problem.severity), problem.what, problem.where});
    }
    return data::problemsCsv(report);
}

} // namespace clwb::run
