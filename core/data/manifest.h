// SPDX-License-Identifier: GPL-3.0-or-later
// Which files a study's data are: tells data apart that the study file alone cannot.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/spec/study.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::data
{

struct DataNeeds;
struct StudyData;

/// A part of a study ("lists", "updated_task.train", "retrieval.COCO", …).
struct ManifestPart
{
    std::string name;
    int64_t files = 0;
    uint64_t bytes = 0; ///< of those files together
    /// A line a file, sorted bytewise: part, path, bytes, SHA-256 (of lists up to kHashedListBytes
    /// only), with tabs between; and one with an empty path: number and SHA-256 of what was
    /// selected.
    std::vector<std::string> lines;
};

/// Lists larger than this are not hashed themselves: COCO's have hundreds of MB. What they select
/// is.
constexpr uint64_t kHashedListBytes = uint64_t(16) << 20;

/// Stands where the bytes of a list would, of one that is not there.
constexpr std::string_view kMissingList = "missing";

/// Every file that a study names and a run reads: lists (annotations, captions, classes, names)
/// with their content's hash, pictures by their path below the root of their part and their size,
/// and per part what was selected (ids, labels, boxes, captions, in order). It does not depend on
/// where the data lie. Pictures are not read: it cannot see other pixels in a file of the same size
/// and name, nor what a list larger than kHashedListBytes says of things that nobody selects.
struct Manifest
{
    std::vector<ManifestPart> parts; ///< by name

    /// All lines, each ended by a newline: what is hashed and kept with a run.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] int64_t files() const;
    [[nodiscard]] uint64_t bytes() const;
};

/// Bytes of a picture that was looked at.
using PictureBytes = std::function<uint64_t(const std::filesystem::path&)>;

/// @param data what `needs` made of the study; each of its pictures is asked for once a part
/// Errors: Data when a list cannot be read that is there. Cost: no look at any picture; about
/// 1 µs a picture and the reading of the small lists.
Result<Manifest> makeManifest(const spec::Study& study, const DataNeeds& needs,
                              const StudyData& data, const PictureBytes& pictureBytes);

/// {"sha256", "files", "bytes", "parts": {name: SHA-256}} of a manifest, for the resolved
/// specification.
Json summaryOf(const Manifest& manifest);

/// Reads text(). Errors: Data for anything else.
Result<Manifest> manifestFromText(std::string_view text);

/// How two manifests differ in the parts that both have: how many files of how many bytes either
/// has, how many differ, and the first of them. Nothing when they do not.
/// @param then the earlier one; it is named first
std::optional<std::string> differenceOf(const Manifest& then, const Manifest& now);

} // namespace clwb::data
