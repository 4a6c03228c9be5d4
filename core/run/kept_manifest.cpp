// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/kept_manifest.h"

#include "core/base/file.h"

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

// COCO's 160 000 pictures take 12 MB; a list that came with a bundle may be anything.
constexpr uint64_t kMostBytes = uint64_t(128) << 20;

fs::path fileIn(const fs::path& runFolder)
{
    return runFolder / "data-manifest.tsv";
}

} // namespace

Result<void> keepManifest(const fs::path& runFolder, const data::Manifest& manifest)
{
    return writeFileAtomically(fileIn(runFolder), manifest.text());
}

bool hasKeptManifest(const fs::path& runFolder)
{
    std::error_code ignored;
    return fs::exists(fileIn(runFolder), ignored);
}

Result<void> copyKeptManifest(const fs::path& from, const fs::path& to)
{
    if (!hasKeptManifest(from))
        return {};
    CLWB_ASSIGN(const std::string text, readFile(fileIn(from), kMostBytes));
    return writeFileAtomically(fileIn(to), text);
}

Result<void> checkKeptManifest(const fs::path& runFolder, const data::Manifest& now,
                               const fs::path& study)
{
    if (!hasKeptManifest(runFolder))
        return {};
    const fs::path file = fileIn(runFolder);
    CLWB_ASSIGN(const std::string text, readFile(file, kMostBytes));
    auto then = data::manifestFromText(text);
    if (!then) {
        Error error = std::move(then).error();
        error.hint = "remove this file to go on without knowing whether the data are the same";
        return Failure(std::move(error).in(file.string()));
    }
    const auto difference = data::differenceOf(*then, now);
    if (!difference)
        return {};
    return fail(
        ErrorCode::Data,
        "the data of study " + study.string() + " are not those of the run's start: " + *difference,
        "put the old data back, or start a new run; " + file.string() + " lists the old files");
}

} // namespace clwb::run
