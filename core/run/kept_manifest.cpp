// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/kept_manifest.h"

#include "core/base/file.h"

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

constexpr uint64_t kMostBytes = uint64_t(1) << 30;

fs::path fileIn(const fs::path& runFolder)
{
    return runFolder / "data-manifest.tsv";
}

} // namespace

Result<void> keepManifest(const fs::path& runFolder, const data::Manifest& manifest)
{
    return writeFileAtomically(fileIn(runFolder), manifest.text());
}

Result<void> copyKeptManifest(const fs::path& from, const fs::path& to)
{
    std::error_code ignored;
    if (!fs::exists(fileIn(from), ignored))
        return {};
    return copyFileAtomically(fileIn(from), fileIn(to));
}

Result<void> checkKeptManifest(const fs::path& runFolder, const data::Manifest& now,
                               const fs::path& study)
{
    std::error_code ignored;
    const fs::path file = fileIn(runFolder);
    if (!fs::exists(file, ignored))
        return {};
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
