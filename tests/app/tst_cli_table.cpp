// SPDX-License-Identifier: GPL-3.0-or-later
// clwb table: ten kinds in five well-formed formats, what it refuses, and files written whole.
#include "core/base/json.h"
#include "core/report/csv.h"
#include "core/store/finished_run.h"
#include "tests/app/process.h"
#include "tests/plain/check.h"
#include "tests/plain/store_support.h"
#include "tests/support/latex_check.h"
#include "tests/support/require.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <vector>

namespace
{

using namespace clwb;
using namespace clwb::test;
namespace fs = std::filesystem;

const std::vector<std::string> kKinds{"ost",     "mst",      "ablation-m", "ablation-ks",
                                      "shuffle", "transfer", "sessions",   "matrix",
                                      "curves",  "runs"};
const std::string kStarter = CLWB_SOURCE_DIR "/experiments.db";

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

std::string readAll(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// Unescaped bars in each line of the table are the same number.
std::string markdownProblem(const std::string& text)
{
    std::istringstream lines(text);
    int expected = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("|"))
            continue;
        int bars = 0;
        for (size_t i = 0; i < line.size(); ++i)
            bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
        if (expected != 0 && bars != expected)
            return line;
        expected = bars;
    }
    return expected > 1 ? "" : "no table";
}

/// Every tag is closed in order; no < or & stands alone.
std::string htmlProblem(const std::string& text)
{
    std::vector<std::string> open;
    for (size_t at = text.find_first_of("<&"); at != std::string::npos;
         at = text.find_first_of("<&", at + 1)) {
        const size_t end = text.find(text[at] == '<' ? '>' : ';', at);
        if (end == std::string::npos || end - at > 60)
            return "alone: " + text.substr(at, 20);
        if (text[at] == '&')
            continue;
        const bool isEnd = text[at + 1] == '/';
        const size_t begin = at + (isEnd ? 2 : 1);
        const std::string name = text.substr(begin, text.find_first_of(" >", begin) - begin);
        if (!isEnd)
            open.push_back(name);
        else if (open.empty() || open.back() != name)
            return "</" + name + "> closes nothing";
        else
            open.pop_back();
    }
    return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

std::string problemOf(const std::string& format, const std::string& text)
{
    if (format == "csv") {
        const auto table = report::readCsv(text, "csv");
        return table ? "" : table.error().message;
    }
    if (format == "json") {
        const auto document = parseJson(text, "json");
        const bool isTable =
            document && (*document)["columns"].is_array() && (*document)["rows"].is_array();
        return isTable ? "" : "no table";
    }
    if (format == "latex")
        return LatexCheck(text).problem();
    return format == "html" ? htmlProblem(text) : markdownProblem(text);
}

void checkTables(const std::string& project, const std::vector<std::string>& formats,
                 const std::vector<std::string>& more = {})
{
    for (const std::string& kind : kKinds) {
        for (const std::string& format : formats) {
            std::vector<std::string> words{"table", kind, "--db", project, "--format", format};
            words.insert(words.end(), more.begin(), more.end());
            const Outcome outcome = runClwb(words);
            CHECK_EQUAL(outcome.status, 0);
            CHECK_EQUAL(outcome.err, "");
            const std::string problem = problemOf(format, outcome.out);
            if (!problem.empty())
                std::cerr << kind << " " << format << ": " << problem << std::endl;
            CHECK(problem.empty());
        }
    }
}

/// A project with a run of hostile name, in several seeds.
std::string hostileProject(const fs::path& folder)
{
    const fs::path file = folder / "p.db";
    auto project = store::Project::open(file, store::OpenMode::CreateIfMissing);
    require(project);
    for (const int seed : {0, 1}) {
        store::FinishedRun run;
        run.name = "=A1|<b>&\"'\\{}$%_#~^\n`*" + std::to_string(seed);
        run.spec = sampleRun(run.name).resolvedSpec;
        run.spec["seed"] = seed;
        run.spec["params"]["Ks"] = 100;
        run.records = {sampleRecord(0), sampleRecord(1), sampleRecord(2)};
        run.records[2].ut->classes[0] = "<script>|&";
        metrics::RetrievalRecord set;
        set.name = "COCO";
        set.images = 1;
        set.captions = 1;
        set.imageRanks = {0};
        set.captionRanks = {6};
        set.captionCounts = {1};
        metrics::RetrievalRecord further = set;
        further.name = "Set_2 | <i>";
        metrics::RetrievalRecord shuffled = set;
        shuffled.shuffleSeed = 3;
        run.records[2].retrieval = {set, further, shuffled};
        require(store::insertFinishedRun(*project, run));
    }
    return file.string();
}

void tenKindsInFiveFormats()
{
    checkTables(kStarter, {"csv", "latex", "markdown", "html", "json"});
    const TemporaryFolder folder;
    checkTables(hostileProject(folder.path()), {"csv", "html"},
                {"--reported", "beside", "--label-space", "seen", "--curve", "all"});
}

void optionsHaveTheirEffect()
{
    const TemporaryFolder folder;
    const std::string project = hostileProject(folder.path());
    const std::vector<std::string> words{"table", "mst", "--db", project, "--format", "markdown"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), words.begin(), words.end());
        const Outcome outcome = runClwb(more);
        CHECK_EQUAL(outcome.status, 0);
        return outcome.out;
    };
    // 3 of 4 and 1 of 4 right: 50 % by session, over two seeds.
    const std::string plain = with({});
    CHECK(contains(plain, "| VR-LwF-WM | 50.00 ± 0.00 (2) |"));
    CHECK(contains(plain, "Not run yet: Original CLIP, Joint-FT, FT-WM"));
    CHECK(contains(plain, "| FT-WM |  |  |"));
    CHECK(!contains(with({"--complete", "no"}), "Not run yet"));
    CHECK(!contains(with({"--runs", "1"}), "Not run yet"));
    CHECK(contains(with({"--runs", "1", "--complete", "yes"}), "Not run yet"));
    CHECK(contains(with({"--decimals", "0"}), "| VR-LwF-WM | 50 ± 0 (2) |"));
    CHECK(contains(with({"--reported", "beside", "--complete", "no"}),
                   "| VR-LwF-WM | 50.00 ± 0.00 (2) | 58.03 | -8.03 |"));
    // Among the seen classes session 1 had 3 of 4 when it was learned, as stored by the sample.
    CHECK(contains(with({"--label-space", "seen"}), "among the classes seen so far"));
    const Outcome transfer = runClwb({"table", "transfer", "--db", project});
    CHECK(contains(transfer.out, "1,vr-lwf,WM,MST,COCO,100,100,100,0,0,100"));
    CHECK(contains(transfer.out, "1,vr-lwf,WM,MST,Set_2 | <i>,100,"));
    const Outcome shuffle = runClwb({"table", "shuffle", "--db", project});
    CHECK(contains(shuffle.out, "1,true,3,100,100,100,0,0,100"));
}

void tellsOfSeveralStudies()
{
    const TemporaryFolder folder;
    const std::string project = hostileProject(folder.path());
    {
        auto opened = store::Project::open(project, store::OpenMode::ReadWrite);
        require(opened);
        store::FinishedRun other;
        other.name = "other";
        other.spec = sampleRun(other.name).resolvedSpec;
        other.spec["study"] = "/data/pics/study.json";
        other.spec["study_sha256"] = std::string(64, 'b');
        other.records = {sampleRecord(0), sampleRecord(1), sampleRecord(2)};
        require(store::insertFinishedRun(*opened, other));
    }
    const Outcome both = runClwb({"table", "mst", "--db", project});
    CHECK_EQUAL(both.status, 0);
    CHECK(contains(both.err, "runs of 2 studies stand in this table: data, pics; --runs takes"));
    CHECK(!contains(both.out, "studies")); // a file for programs stays one
    CHECK_EQUAL(runClwb({"table", "mst", "--db", project, "--runs", "1,2"}).err, "");
    CHECK_EQUAL(runClwb({"table", "ost", "--db", project}).err, ""); // none of them is in it
    CHECK_EQUAL(runClwb({"table", "runs", "--db", project}).err, "");
}

void refusesWhatItDoesNotKnow()
{
    const auto refuses = [](std::vector<std::string> words, const std::string& said) {
        words.insert(words.begin(), "table");
        const Outcome outcome = runClwb(words);
        CHECK_EQUAL(outcome.status, 2);
        CHECK_EQUAL(outcome.out, "");
        CHECK(contains(outcome.err, said));
    };
    refuses({"most"}, "allowed are ost, mst,");
    refuses({"mst", "--db", kStarter, "--decimals", "11"}, "allowed are 0 to 10");
    refuses({"mst", "--db", kStarter, "--decimals", "two"}, "allowed are 0 to 10");
    refuses({"mst", "--db", kStarter, "--underline", "third"}, "group, second");
    refuses({"mst", "--db", kStarter, "--label-space", "some"}, "all, seen");
    refuses({"mst", "--db", kStarter, "--runs", "no-such-run"}, "no-such-run");
    refuses({"mst", "--db", "nowhere.db"}, "nowhere.db");
}

/// The old file is untouched and nothing else lies beside it.
void checkUntouched(const fs::path& file)
{
    CHECK_EQUAL(readAll(file), "old");
    CHECK_EQUAL(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()),
                1);
}

void fullDiskLeavesTheOldFile()
{
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "table.html";
    std::ofstream(file) << "old";
    const std::vector<std::string> words{"table",    "runs", "--db",  kStarter,
                                         "--format", "html", "--out", file.string()};
    rlimit limit = {};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit small{8U << 10, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Outcome full = runClwb(words);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    CHECK_EQUAL(full.status, 7);
    CHECK(contains(full.err, file.string()));
    checkUntouched(file);
#ifdef CLWB_FAULTS
    for (const char* fault : {"write:1", "fsync:1", "rename:1"}) {
        Setup setup;
        setup.environment = {{"CLWB_FAULT", fault}};
        CHECK_EQUAL(runClwb(words, setup).status, 7);
        checkUntouched(file);
    }
#endif
    CHECK_EQUAL(runClwb(words).status, 0);
    CHECK(readAll(file).starts_with("<table>") && readAll(file).size() > (8U << 10));
    CHECK_EQUAL(runClwb({"table", "ost", "--db", kStarter, "--out", "/nowhere/t.csv"}).status, 3);
}

} // namespace

int main()
{
    RUN_CASE(tenKindsInFiveFormats);
    RUN_CASE(optionsHaveTheirEffect);
    RUN_CASE(tellsOfSeveralStudies);
    RUN_CASE(refusesWhatItDoesNotKnow);
    RUN_CASE(fullDiskLeavesTheOldFile);
    return clwb::test::result();
}
