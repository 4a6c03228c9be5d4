// SPDX-License-Identifier: GPL-3.0-or-later
// Replays a run from its trace and says what differs:
// replay [--single] CLWB MODEL STUDY RUN_FOLDER TRACE
// Exit status 0: equal; 1: something differs; 2 and 3: no replay was possible.
#include "core/base/file.h"
#include "tests/replay/replay.h"

#include <cstdio>
#include <exception>

namespace
{

using namespace clwb;
using namespace clwb::replay;

constexpr uint64_t kMaxTraceBytes = uint64_t{4} << 30;

Result<Findings> replayFiles(const std::vector<std::string>& words, Precision precision)
{
    CLWB_ASSIGN(StudyData study, StudyData::open(words[0], words[1], words[2]));
    ReplayRequest request;
    request.model = words[1];
    request.folder = words[3];
    CLWB_ASSIGN(request.trace, readFile(words[4], kMaxTraceBytes));
    request.precision = precision;
    return replayRun(request, study);
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> words(argv + 1, argv + argc);
    const bool isSingle = !words.empty() && words.front() == "--single";
    if (isSingle)
        words.erase(words.begin());
    if (words.size() != 5) {
        std::fprintf(stderr, "usage: replay [--single] CLWB MODEL STUDY RUN_FOLDER TRACE\n");
        return 2;
    }
    try {
        const auto findings = replayFiles(words, isSingle ? Precision::Single : Precision::Double);
        if (!findings) {
            std::fprintf(stderr, "%s\n", toText(findings.error()).c_str());
            return static_cast<int>(findings.error().code);
        }
        std::printf("%s", findings->empty() ? "equal\n" : findings->text().c_str());
        return findings->empty() ? 0 : 1;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "replay: %s\n", problem.what());
        return 3;
    }
}
