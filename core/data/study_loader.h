// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of loadStudyData(): one function a kind of data, over a shared context. Private to
// data.
#pragma once

#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/data/image_check.h"
#include "core/data/karpathy.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace clwb::data
{

/// A Karpathy file with its ways to find an entry.
struct SplitFile
{
    std::vector<KarpathyImage> images;
    std::unordered_map<int64_t, size_t> byCocoId;
    std::unordered_map<std::string, size_t> byFileName; ///< entries without cocoid

    /// Entry of a COCO image: by id, by file name where entries have no id.
    [[nodiscard]] const KarpathyImage* find(int64_t cocoId, const std::string& fileName) const;
};

/// What the loading functions share.
class LoadContext
{
public:
    LoadContext(const spec::Study& study, const DataNeeds& needs, const StopToken& stop);

    const spec::Study& study;
    const DataNeeds& needs;
    const StopToken stop;
    StudyData data;

    /// A Karpathy file, read and checked once. Errors: Data, Stopped.
    Result<const SplitFile*> splitFile(const std::filesystem::path& file);
    void report(Problem::Severity severity, const std::string& what, const std::string& where);
    /// A file that cannot be used: an error, a warning under `allow_missing`; once a file.
    void reportBadFile(const std::string& reason, const std::string& file);
    [[nodiscard]] FollowLinks followLinks() const;
    /// Takes out the items whose file is missing, not whole or smaller than the box, and reports.
    Result<void> dropBadItems(std::vector<Item>& items);
    /// Tells how many pictures of all lists as they are now are CMYK, of 16 bits or animated; once
    /// nothing more is sampled.
    void reportUnusual();
    /// The looks at files so far.
    [[nodiscard]] const ImageChecker& checker() const { return m_checker; }

private:
    void indexSplitFile(const std::filesystem::path& file, SplitFile& split);
    ImageChecker m_checker;
    std::map<std::filesystem::path, std::unique_ptr<SplitFile>> m_splitFiles;
    std::map<std::string, std::string> m_badFiles; ///< reported: file → reason
};

Result<void> loadCocoTask(LoadContext& context, const spec::UpdatedTask& task);
Result<void> loadFolderTask(LoadContext& context, const spec::UpdatedTask& task);
Result<void> loadZeroShotSet(LoadContext& context, const spec::ZeroShotSet& set,
                             std::string_view key, LabelledSet& result);
Result<void> loadRetrievalSet(LoadContext& context, const spec::RetrievalSet& set,
                              std::string_view split, std::vector<RetrievalData>& result);
Result<void> loadReplayCaptions(LoadContext& context);

/// Keeps a seeded sample of `perClass` training items a class, in file order; 0 keeps all.
void samplePerClass(std::vector<Item>& items, const std::vector<std::string>& classes,
                    size_t perClass, uint64_t seed);
/// Warns about classes of the updated task without items in a part that was asked for.
void reportEmptyClasses(LoadContext& context);

/// Everything found, errors among `problems`; `fatal` are parts that could not be read at all.
struct LoadedStudy
{
    StudyData data;
    std::vector<Error> fatal;
};
/// Errors: Stopped.
Result<LoadedStudy> collectStudyData(const spec::Study& study, const DataNeeds& needs,
                                     const StopToken& stop);

} // namespace clwb::data
