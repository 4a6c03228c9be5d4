// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/manifest.h"

#include "core/base/sha256.h"
#include "core/data/dataset.h"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace fs = std::filesystem;

namespace clwb::data
{
namespace
{

/// A field: tabs and line ends of a name must not look like the manifest's own.
std::string field(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        if (c == '\\' || c == '\t' || c == '\n')
            (escaped += '\\') += c == '\t' ? 't' : c == '\n' ? 'n' : c;
        else
            escaped += c;
    }
    return escaped;
}

std::string line(std::string_view part, std::string_view path, std::string_view size,
                 std::string_view sha256 = {})
{
    std::string text = field(part);
    (text += '\t') += field(path);
    (text += '\t') += size;
    (text += '\t') += sha256;
    return text;
}

/// Hash over many small texts that end in NUL.
class TextHash
{
public:
    void add(std::string_view text)
    {
        m_waiting += text;
        m_waiting += '\0';
        if (m_waiting.size() >= kPortion)
            flush();
    }
    std::string finish()
    {
        flush();
        return toHex(m_hash.finish());
    }

private:
    static constexpr size_t kPortion = size_t(1) << 16;
    void flush()
    {
        m_hash.update(m_waiting);
        m_waiting.clear();
    }
    Sha256 m_hash;
    std::string m_waiting;
};

/// Paths below a root, which may stand there as the study says or with its links resolved.
class Below
{
public:
    explicit Below(const fs::path& root)
    {
        std::error_code ignored;
        m_roots = {(root / "").string(), (fs::weakly_canonical(root, ignored) / "").string()};
    }

    [[nodiscard]] std::string relative(const fs::path& file) const
    {
        const std::string text = file.string();
        for (const std::string& root : m_roots) {
            if (text.starts_with(root))
                return text.substr(root.size());
        }
        return text;
    }

private:
    std::vector<std::string> m_roots;
};

class Maker
{
public:
    explicit Maker(const PictureBytes& pictureBytes)
        : m_pictureBytes(pictureBytes)
    {}

    /// @param key of the study that names the file; the name alone is kept, so that the study may
    ///            move
    Result<void> addList(const std::string& key, const fs::path& file)
    {
        if (file.empty())
            return {};
        ManifestPart& part = m_parts["lists"];
        const std::string name = key + " " + file.filename().string();
        std::error_code failure;
        const uint64_t bytes = fs::file_size(file, failure);
        if (failure) { // a run that does not need it goes on without
            part.lines.push_back(line("lists", name, kMissingList));
            return {};
        }
        std::string hash;
        if (bytes <= kHashedListBytes) {
            CLWB_ASSIGN(hash, sha256HexOfFile(file));
        }
        part.lines.push_back(line("lists", name, std::to_string(bytes), hash));
        ++part.files;
        part.bytes += bytes;
        return {};
    }

    void addItems(const std::string& name, const std::vector<Item>& items, const fs::path& root,
                  const std::vector<std::vector<std::string>>& captions = {})
    {
        ManifestPart& part = m_parts[name];
        const Below below(root);
        std::unordered_set<std::string_view> seen;
        TextHash selected;
        for (const Item& item : items) {
            const PixelBox& box = item.box;
            selected.add(item.id);
            for (const int number : {item.label, box.x0, box.y0, box.x1, box.y1})
                selected.add(std::to_string(number));
            if (!seen.insert(item.file.native()).second)
                continue;
            const uint64_t bytes = m_pictureBytes(item.file);
            part.lines.push_back(line(name, below.relative(item.file), std::to_string(bytes)));
            ++part.files;
            part.bytes += bytes;
        }
        for (const std::vector<std::string>& ofPicture : captions) {
            selected.add(std::to_string(ofPicture.size()));
            for (const std::string& caption : ofPicture)
                selected.add(caption);
        }
        addSelection(part, name, items.size(), selected);
    }

    void addTexts(const std::string& name, const std::vector<std::string>& texts)
    {
        TextHash selected;
        for (const std::string& text : texts)
            selected.add(text);
        addSelection(m_parts[name], name, texts.size(), selected);
    }

    Manifest finish()
    {
        Manifest manifest;
        for (auto& [name, part] : m_parts) {
            part.name = field(name);
            std::sort(part.lines.begin(), part.lines.end());
            manifest.parts.push_back(std::move(part));
        }
        return manifest;
    }

private:
    static void addSelection(ManifestPart& part, const std::string& name, size_t count,
                             TextHash& selected)
    {
        part.lines.push_back(line(name, "", std::to_string(count), selected.finish()));
    }
    const PictureBytes& m_pictureBytes;
    std::map<std::string, ManifestPart> m_parts;
};

/// Only what is read for `needs`: a run does not depend on other lists, which may be missing.
Result<void> addLists(Maker& maker, const spec::Study& study, const DataNeeds& needs)
{
    if (const auto& task = study.updatedTask) {
        if (needs.train || needs.validation || needs.test) {
            for (const fs::path& file : task->instances)
                CLWB_TRY(maker.addList("updated_task.instances", file));
            CLWB_TRY(maker.addList("updated_task.split_file", task->splitFile));
            CLWB_TRY(maker.addList("updated_task.classes", task->classesFile));
            CLWB_TRY(maker.addList("updated_task.names", task->names));
        }
        if (needs.replayCaptions)
            CLWB_TRY(maker.addList("captions.split_file", task->captionsSplitFile));
    }
    const auto addClasses = [&maker](const std::string& key, const auto& set) -> Result<void> {
        CLWB_TRY(maker.addList(key + ".classes", set.classes));
        return maker.addList(key + ".names", set.names);
    };
    if (study.zeroShot && needs.zeroShot && needs.testSplit)
        CLWB_TRY(addClasses("zero_shot", *study.zeroShot));
    if (study.zeroShotValidation && needs.zeroShot && needs.validation)
        CLWB_TRY(addClasses("zero_shot_validation", *study.zeroShotValidation));
    if (needs.retrieval) {
        for (const spec::RetrievalSet& set : study.retrieval)
            CLWB_TRY(maker.addList("retrieval." + set.name, set.splitFile));
    }
    return {};
}

void addUpdatedTask(Maker& maker, const spec::UpdatedTask& task, const DataNeeds& needs,
                    const StudyData& data)
{
    const bool isCoco = task.kind == "coco";
    if (needs.train)
        maker.addItems("updated_task.train", data.utTrain, isCoco ? task.images : task.train);
    if (needs.validation)
        maker.addItems("updated_task.val", data.utVal, isCoco ? task.images : task.val);
    if (needs.test)
        maker.addItems("updated_task.test", data.utTest, isCoco ? task.images : task.test);
}

void addRetrieval(Maker& maker, const std::string& prefix, const std::vector<RetrievalData>& sets,
                  const spec::Study& study)
{
    for (const RetrievalData& set : sets) {
        const auto named = std::find_if(study.retrieval.begin(), study.retrieval.end(),
                                        [&](const auto& other) { return other.name == set.name; });
        maker.addItems(prefix + "." + set.name, set.images,
                       named == study.retrieval.end() ? fs::path() : named->images, set.captions);
    }
}

} // namespace

Result<Manifest> makeManifest(const spec::Study& study, const DataNeeds& needs,
                              const StudyData& data, const PictureBytes& pictureBytes)
{
    Maker maker(pictureBytes);
    CLWB_TRY(addLists(maker, study, needs));
    if (study.updatedTask) {
        addUpdatedTask(maker, *study.updatedTask, needs, data);
        maker.addTexts("updated_task.classes", data.classes); // words of the prompts
    }
    if (study.zeroShot && needs.zeroShot && needs.testSplit) {
        maker.addItems("zero_shot", data.zeroShot.items, study.zeroShot->root);
        maker.addTexts("zero_shot.classes", data.zeroShot.classes);
    }
    if (study.zeroShotValidation && needs.zeroShot && needs.validation) {
        maker.addItems("zero_shot_validation", data.zeroShotValidation.items,
                       study.zeroShotValidation->root);
        maker.addTexts("zero_shot_validation.classes", data.zeroShotValidation.classes);
    }
    addRetrieval(maker, "retrieval", data.retrieval, study);
    addRetrieval(maker, "retrieval_validation", data.retrievalValidation, study);
    if (needs.replayCaptions)
        maker.addTexts("captions", data.replayCaptions);
    return maker.finish();
}

} // namespace clwb::data
