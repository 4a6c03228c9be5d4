// SPDX-License-Identifier: GPL-3.0-or-later
// What a run records of its data and program, and that it goes on with the same data only.
#include "core/base/json.h"
#include "core/base/sha256.h"
#include "tests/app/tiny_run.h"

#include <csignal>
#include <thread>

namespace
{

using namespace clwb;
using namespace clwb::test;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

fs::path folderOf(const std::string& name)
{
    return workplace().path() / (name + ".db.files") / "run-1";
}

/// Stops a run in its first session.
void startAndStop(const std::string& name, const std::vector<std::string>& more = {})
{
    std::vector<std::string> words{clwbProgram()};
    for (const std::string& word :
         TinyWorkplace::runWords({"--db", name + ".db", "--progress", "none"}))
        words.push_back(word);
    words.insert(words.end(), more.begin(), more.end());
    Setup setup;
    setup.folder = workplace().path();
    Process process(words, setup);
    const auto patience = Clock::now() + std::chrono::seconds(60);
    while (process.isRunning() && !fs::exists(folderOf(name) / "eval-0.json") &&
           Clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    process.signal(SIGTERM);
    CHECK_EQUAL(process.wait().status, 75);
}

Outcome resume(const std::string& name)
{
    return workplace().run({"resume", "1", "--db", name + ".db", "--progress", "none"});
}

Json shown(const std::string& name)
{
    const Outcome outcome = workplace().run({"show", "1", "--json", "--db", name + ".db"});
    CHECK_EQUAL(outcome.status, 0);
    const auto document = parseJson(outcome.out, "show");
    CHECK_OK(document);
    return document ? *document : Json::object();
}

/// A picture of the zero-shot set: no training item, which the checkpoint's own hash covers.
fs::path picture()
{
    for (const auto& entry :
         fs::recursive_directory_iterator(workplace().path() / "study" / "zs")) {
        if (entry.path().extension() == ".bmp")
            return entry.path();
    }
    CHECK(false);
    return {};
}

void runsTellTheirData()
{
    CHECK_EQUAL(workplace()
                    .run(TinyWorkplace::runWords(
                        {"--set", "schedule.epochs=1", "--db", "tells.db", "--progress", "none"}))
                    .status,
                0);
    const std::string list = readAll(folderOf("tells") / "data-manifest.tsv");
    const Json document = shown("tells");
    const Json manifest = document.value("data_manifest", Json::object());
    CHECK_EQUAL(manifest.value("sha256", ""), sha256Hex(list));
    CHECK(contains(list, "\t" + std::to_string(fs::file_size(picture())) + "\t\n"));
    CHECK(manifest.value("files", 0) > 10);
    CHECK(!document.at("environment").value("commit", "").empty());
    const Outcome text = workplace().run({"show", "1", "--db", "tells.db"});
    CHECK(contains(text.out, "SHA-256 of their list " + sha256Hex(list)));
    CHECK(contains(text.out, "commit "));
    CHECK(contains(readAll(folderOf("tells") / "spec.json"), sha256Hex(list)));
    // A file of that name belongs to locally changed programs, and is what their hash says.
    const std::string hash = document.at("environment").value("patch_sha256", "");
    const std::string patch = readAll(folderOf("tells") / "program.patch");
    if (hash.empty())
        CHECK(!fs::exists(folderOf("tells") / "program.patch"));
    else if (document.at("environment").value("patch", "") == "program.patch")
        CHECK_EQUAL(sha256Hex(patch), hash);
    else
        CHECK(patch.empty());
}

void changedDataAreRefused()
{
    startAndStop("changed");
    const fs::path file = picture();
    const std::string good = readAll(file);
    const std::string spec = readAll(folderOf("changed") / "spec.json");
    const std::string list = readAll(folderOf("changed") / "data-manifest.tsv");
    std::ofstream(file, std::ios::binary | std::ios::app) << "more";
    const Json before = shown("changed");
    const Outcome refused = resume("changed");
    CHECK_EQUAL(refused.status, 3);
    CHECK(contains(refused.err, "are not those of the run's start"));
    CHECK(contains(refused.err, file.filename().string() + ", " + std::to_string(good.size()) +
                                    " bytes then, " + std::to_string(good.size() + 4) +
                                    " bytes now"));
    // Nothing of the new data went into the run, and it is what it was.
    CHECK(shown("changed") == before);
    CHECK_EQUAL(before.value("status", ""), "stopped");
    CHECK(readAll(folderOf("changed") / "spec.json") == spec);
    CHECK(readAll(folderOf("changed") / "data-manifest.tsv") == list);
    // With the old picture, of another date, it goes on.
    std::ofstream(file, std::ios::binary) << good;
    CHECK_EQUAL(resume("changed").status, 0);
}

void missingDataAreRefused()
{
    startAndStop("missing");
    const fs::path file = picture();
    fs::rename(file, workplace().path() / "kept.bmp");
    const Outcome refused = resume("missing");
    CHECK_EQUAL(refused.status, 3);
    CHECK(contains(refused.err, "study"));
    fs::rename(workplace().path() / "kept.bmp", file);
    CHECK_EQUAL(resume("missing").status, 0);
}

// Of runs of older programs nobody knows; they are not held up.
void runsWithoutAListGoOn()
{
    startAndStop("older");
    fs::remove(folderOf("older") / "data-manifest.tsv");
    const Outcome gone = resume("older");
    CHECK_EQUAL(gone.status, 0);
    CHECK(contains(gone.err, "is not known"));
    // Today's data say nothing of those that the first part was trained on.
    CHECK(!fs::exists(folderOf("older") / "data-manifest.tsv"));
    CHECK(!contains(readAll(folderOf("older") / "spec.json"), "data_manifest"));
}

void damagedListsAreNamed()
{
    startAndStop("damaged");
    std::ofstream(folderOf("damaged") / "data-manifest.tsv") << "nonsense";
    const Outcome refused = resume("damaged");
    CHECK_EQUAL(refused.status, 3);
    CHECK(contains(refused.err, "data-manifest.tsv"));
    fs::remove(folderOf("damaged") / "data-manifest.tsv");
    CHECK_EQUAL(resume("damaged").status, 0);
}

// The records that a branch takes over are of the old data.
void branchesKeepTheirData()
{
    CHECK_EQUAL(
        workplace()
            .run(TinyWorkplace::runWords({"--set", "schedule.epochs=1", "--set", "checkpoints=all",
                                          "--db", "branch.db", "--progress", "none"}))
            .status,
        0);
    const fs::path file = picture();
    const std::string good = readAll(file);
    std::ofstream(file, std::ios::binary | std::ios::app) << "more";
    const std::vector<std::string> branch{"branch", "1",         "--from-session", "1",
                                          "--db",   "branch.db", "--progress",     "none"};
    const Outcome refused = workplace().run(branch);
    CHECK_EQUAL(refused.status, 3);
    CHECK(contains(refused.err, "are not those of the run's start"));
    std::ofstream(file, std::ios::binary) << good;
    CHECK_EQUAL(workplace().run(branch).status, 0);
}

} // namespace

int main()
{
    RUN_CASE(runsTellTheirData);
    RUN_CASE(changedDataAreRefused);
    RUN_CASE(missingDataAreRefused);
    RUN_CASE(runsWithoutAListGoOn);
    RUN_CASE(damagedListsAreNamed);
    RUN_CASE(branchesKeepTheirData);
    return result();
}
