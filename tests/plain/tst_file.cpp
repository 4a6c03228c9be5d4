// SPDX-License-Identifier: GPL-3.0-or-later
// Files of killed processes, bytes that are no text, and JSON by dotted keys.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/utf8.h"
#include "tests/plain/check.h"

#include <array>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace
{

namespace fs = std::filesystem;
using namespace clwb;

void leftoversAreRemovedAndNothingElse()
{
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.tmp-1-2"; // only what lies inside is looked at
    const fs::path kept[] = {run / "spec.json", run / "notes.tmp", run / "a.tmp-12",
                             run / "a.tmp-x-1", run / "sessions" / "1" / "model.safetensors"};
    const fs::path left[] = {run / "spec.json.tmp-17-0", run / "checkpoint" / "t.tmp-3-44",
                             run / "model.tmp-17-3" / "model.safetensors",
                             run / "model.tmp-17-4.old" / "vocab.json"};
    for (const auto* list : {&kept[0], &left[0]}) {
        for (size_t i = 0; i < (list == kept ? std::size(kept) : std::size(left)); ++i) {
            CHECK_OK(createFolders(list[i].parent_path()));
            CHECK_OK(writeFileAtomically(list[i], "x"));
        }
    }
    fs::create_directory_symlink(folder.path(), run / "link"); // nothing beyond a link
    CHECK_OK(writeFileAtomically(folder.path() / "other.tmp-1-1", "x"));
    removeTemporaries(run);
    for (const fs::path& file : kept)
        CHECK(fs::exists(file));
    for (const fs::path& file : left)
        CHECK(!fs::exists(file));
    CHECK(!fs::exists(run / "model.tmp-17-3") && !fs::exists(run / "model.tmp-17-4.old"));
    CHECK(fs::exists(folder.path() / "other.tmp-1-1"));
    removeTemporaries(folder.path() / "absent");
}

void ownTemporariesHaveSuchNames()
{
    const test::TemporaryFolder folder;
    const fs::path first = temporaryName(folder.path() / "model");
    CHECK(first != temporaryName(folder.path() / "model"));
    CHECK(first.parent_path() == folder.path());
    CHECK_OK(createFolders(first));
    removeTemporaries(folder.path());
    CHECK(!fs::exists(first));
}

// As root, `--out /dev/null` once put a file in the place of the device.
void devicesAndPipesStayWhatTheyAre()
{
    const test::TemporaryFolder folder;
    const fs::path pipe = folder.path() / "pipe";
    CHECK_EQUAL(::mkfifo(pipe.c_str(), 0600), 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    CHECK(reader >= 0);
    CHECK_OK(writeFileAtomically(pipe, "told"));
    std::array<char, 16> read{};
    CHECK_EQUAL(::read(reader, read.data(), read.size()), 4);
    CHECK_EQUAL(std::string(read.data()), "told");
    ::close(reader);
    CHECK(fs::is_fifo(pipe));
    CHECK(!writeFileAtomically(pipe, "told to nobody")); // and does not wait for a reader
    CHECK_EQUAL(std::distance(fs::directory_iterator(folder.path()), {}), 1);
    CHECK_OK(writeFileAtomically("/dev/null", "nothing"));
    CHECK(fs::is_character_file("/dev/null"));
}

void tellsUtf8()
{
    for (const char* good : {"", "a", "\x7f", "\u00e4", "\u20ac", "\U0001F600", "\uD7FF"})
        CHECK(isValidUtf8(good));
    // Lone, cut off, overlong, surrogate, above U+10FFFF: RFC 3629.
    for (const char* bad : {"\xff", "a\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf0\x9f\x98"})
        CHECK(!isValidUtf8(bad));
}

void writesDottedKeys()
{
    const auto document =
        parseJson(R"({"a": 1, "b": {"c": {"d": "x"}, "e": [1, {"f": 2}]}, "g": {}})", "test");
    if (!CHECK_OK(document))
        return;
    const std::map<std::string, std::string> expected{
        {"a", "1"}, {"b.c.d", "\"x\""}, {"b.e", "[1,{\"f\":2}]"}};
    CHECK(dottedTexts(*document) == expected);
    CHECK(dottedTexts(Json::array({1})).empty());
}

void numbersBeyondDoubleAreUsageErrors()
{
    const auto parsed = parseJson("{\"lr\": 1e400}", "spec.json");
    CHECK(!parsed && parsed.error().code == ErrorCode::Usage);
    CHECK(!parsed && parsed.error().message.rfind("spec.json: ", 0) == 0);
    CHECK(!parsed && parsed.error().message.find("1e400") != std::string::npos);
}

} // namespace

int main()
{
    RUN_CASE(leftoversAreRemovedAndNothingElse);
    RUN_CASE(ownTemporariesHaveSuchNames);
    RUN_CASE(devicesAndPipesStayWhatTheyAre);
    RUN_CASE(tellsUtf8);
    RUN_CASE(writesDottedKeys);
    RUN_CASE(numbersBeyondDoubleAreUsageErrors);
    return clwb::test::result();
}
