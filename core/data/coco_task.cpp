// SPDX-License-Identifier: GPL-3.0-or-later
// The updated task out of COCO: instance boxes of the images a split file lists
// (algorithms.md 9.1).
#include "core/data/coco_instances.h"
#include "core/data/inside_guard.h"
#include "core/data/name_lists.h"
#include "core/data/printable.h"
#include "core/data/sessions.h"
#include "core/data/study_loader.h"

#include <algorithm>
#include <map>
#include <set>

namespace clwb::data
{
namespace
{

using Severity = Problem::Severity;

/// An image of the annotation files with its entry in the split file.
struct SplitImage
{
    const CocoImage* image = nullptr;
    const KarpathyImage* entry = nullptr; ///< null: in no split
    std::filesystem::path file;           ///< empty: name that cannot be used
    bool isResolved = false;
};

class CocoTask
{
public:
    CocoTask(LoadContext& context, const spec::UpdatedTask& task)
        : m_context(context)
        , m_task(task)
        , m_guard(task.images, context.followLinks())
    {}

    Result<void> load()
    {
        CLWB_ASSIGN(const SplitFile* split, m_context.splitFile(m_task.splitFile));
        for (const std::filesystem::path& file : m_task.instances) {
            CLWB_ASSIGN(CocoInstances instances, readCocoInstances(file, m_context.stop));
            m_instances.push_back(std::move(instances));
        }
        CLWB_TRY(readCategories());
        CLWB_TRY(indexImages(*split));
        CLWB_TRY(refuseRepeatedIds());
        for (const CocoInstances& instances : m_instances) {
            for (const CocoAnnotation& annotation : instances.annotations)
                take(annotation);
        }
        reportCounts();
        return {};
    }

private:
    Result<void> readCategories()
    {
        std::map<int64_t, std::string> categories;
        for (const CocoInstances& instances : m_instances) {
            for (const CocoCategory& category : instances.categories) {
                const auto [known, isNew] = categories.emplace(category.id, category.name);
                if (!isNew && known->second != category.name) {
                    return fail(ErrorCode::Data, "category " + std::to_string(category.id) +
                                                     " is '" + printable(known->second) +
                                                     "' and '" + printable(category.name) + "'");
                }
            }
        }
        std::vector<int64_t> ids;
        std::vector<std::string> names;
        for (const auto& [id, name] : categories) {
            if (auto good = checkClassName(name); !good)
                return Failure(std::move(good.error()).in("category " + std::to_string(id)));
            ids.push_back(id);
            names.push_back(name);
        }
        spec::SessionPlan plan = m_task.sessions;
        if (plan.order == "listed" && plan.classes.empty()) {
            CLWB_ASSIGN(plan.classes, listedSessions());
        }
        CLWB_ASSIGN(const SessionSplit sessions, splitIntoSessions(names, {}, plan));
        for (const size_t position : sessions.order) {
            m_labels.emplace(ids[position], static_cast<int>(m_context.data.classes.size()));
            m_context.data.classes.push_back(names[position]);
        }
        m_context.data.sessionOfClass = sessions.sessionOfClass;
        m_context.data.sessions = sessions.sessions;
        for (const size_t position : sessions.unused)
            m_unusedCategories.insert(ids[position]);
        if (!sessions.unused.empty()) {
            m_context.report(Severity::Note,
                             std::to_string(sessions.unused.size()) + " categories in no session",
                             "updated_task.sessions");
        }
        return {};
    }

    /// Order `listed`: the classes file in equal parts.
    Result<std::vector<std::vector<std::string>>> listedSessions() const
    {
        if (m_task.classesFile.empty()) {
            return fail(ErrorCode::Usage,
                        "updated_task.sessions.order: 'listed' needs a classes file",
                        "set updated_task.classes, or name the classes in sessions.classes");
        }
        CLWB_ASSIGN(const std::vector<std::string> names, readClassList(m_task.classesFile));
        spec::SessionPlan plan;
        plan.count = m_task.sessions.count;
        CLWB_ASSIGN(const SessionSplit split, splitIntoSessions(names, {}, plan));
        std::vector<std::vector<std::string>> sessions(static_cast<size_t>(split.sessions));
        for (size_t i = 0; i < names.size(); ++i)
            sessions[static_cast<size_t>(split.sessionOfClass[i] - 1)].push_back(names[i]);
        return sessions;
    }

    Result<void> indexImages(const SplitFile& split)
    {
        size_t withoutEntry = 0;
        std::string example;
        for (const CocoInstances& instances : m_instances) {
            for (const CocoImage& image : instances.images) {
                const KarpathyImage* entry = split.find(image.id, image.fileName);
                if (!m_images.emplace(image.id, SplitImage{&image, entry, {}, false}).second) {
                    m_context.report(Severity::Error, "image id twice in the annotation files",
                                     std::to_string(image.id));
                }
                if (!entry && withoutEntry++ == 0)
                    example = image.fileName;
            }
        }
        if (withoutEntry > 0) {
            m_context.report(Severity::Warning,
                             std::to_string(withoutEntry) +
                                 " images without an entry in the split file belong to no split "
                                 "(first: " +
                                 example + ")",
                             m_task.splitFile.string());
        }
        return {};
    }

    Result<void> refuseRepeatedIds()
    {
        std::vector<int64_t> ids;
        for (const CocoInstances& instances : m_instances) {
            for (const CocoAnnotation& annotation : instances.annotations)
                ids.push_back(annotation.id);
        }
        std::sort(ids.begin(), ids.end());
        for (auto at = std::adjacent_find(ids.begin(), ids.end()); at != ids.end();
             at = std::adjacent_find(std::upper_bound(at, ids.end(), *at), ids.end())) {
            m_context.report(Severity::Error, "annotation id twice", std::to_string(*at));
        }
        return {};
    }

    std::vector<Item>* partOf(const KarpathyImage& entry)
    {
        if (entry.split == "train")
            return m_context.needs.train ? &m_context.data.utTrain : nullptr;
        if (entry.split == "val")
            return m_context.needs.validation ? &m_context.data.utVal : nullptr;
        const bool isTest = entry.split == "test" && m_context.needs.test;
        return isTest ? &m_context.data.utTest : nullptr;
    }

    void take(const CocoAnnotation& annotation)
    {
        const std::string id = std::to_string(annotation.id);
        const auto found = m_images.find(annotation.imageId);
        if (found == m_images.end()) {
            count("annotations of an image that the file does not list", id);
            return;
        }
        SplitImage& image = found->second;
        std::vector<Item>* part = image.entry ? partOf(*image.entry) : nullptr;
        if (!part || m_unusedCategories.contains(annotation.categoryId))
            return;
        const auto label = m_labels.find(annotation.categoryId);
        if (label == m_labels.end()) {
            count("annotations of an unknown category", id);
            return;
        }
        if (annotation.isCrowd && m_task.crop.skipCrowd) {
            count("crowd regions skipped", id);
            return;
        }
        const auto box = cropBox(annotation, image.image->width, image.image->height, m_task.crop);
        if (!box) {
            count("boxes without enough pixels skipped", id);
            return;
        }
        if (!image.isResolved)
            resolve(image);
        if (!image.file.empty())
            part->push_back({id, image.file, *box, label->second});
    }

    void resolve(SplitImage& image)
    {
        image.isResolved = true;
        auto file = m_guard.fileOf(image.entry->name());
        if (file)
            image.file = std::move(*file);
        else
            m_context.reportBadFile(file.error().message +
                                        (file.error().hint.empty() ? "" : "; " + file.error().hint),
                                    image.entry->name());
    }

    void count(const std::string& reason, const std::string& id)
    {
        auto& [number, first] = m_skipped[reason];
        if (number++ == 0)
            first = id;
    }

    void reportCounts()
    {
        for (const auto& [reason, found] : m_skipped) {
            const bool isNormal = reason.ends_with("skipped");
            m_context.report(isNormal ? Severity::Note : Severity::Warning,
                             std::to_string(found.first) + " " + reason,
                             "first annotation " + found.second);
        }
    }

    LoadContext& m_context;
    const spec::UpdatedTask& m_task;
    InsideGuard m_guard;
    std::vector<CocoInstances> m_instances;
    std::map<int64_t, int> m_labels;
    std::set<int64_t> m_unusedCategories;
    std::unordered_map<int64_t, SplitImage> m_images;
    std::map<std::string, std::pair<size_t, std::string>> m_skipped;
};

} // namespace

Result<void> loadCocoTask(LoadContext& context, const spec::UpdatedTask& task)
{
    {
        CocoTask reader(context, task);
        CLWB_TRY(reader.load());
    }
    samplePerClass(context.data.utTrain, context.data.classes,
                   static_cast<size_t>(std::max(task.maxPerClass, 0)), task.seed);
    CLWB_TRY(context.dropBadItems(context.data.utTrain));
    CLWB_TRY(context.dropBadItems(context.data.utVal));
    CLWB_TRY(context.dropBadItems(context.data.utTest));
    reportEmptyClasses(context);
    return {};
}

} // namespace clwb::data
