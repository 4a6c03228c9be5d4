// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_list.h"

#include "core/data/caption_shuffle.h"
#include "core/data/dataset.h"
#include "core/data/image_probe.h"
#include "core/data/printable.h"

namespace clwb::data
{
namespace
{

/// The box as it is cut out; a whole picture gets its decoded size.
Result<PixelBox> shownBox(const Item& item, bool applyOrientation)
{
    if (!item.box.isWholeImage())
        return item.box;
    auto header = probeImageFile(item.file, Wholeness::Skip);
    if (!header)
        return Failure(std::move(header.error()).in(item.file.string()));
    const bool isSwapped = applyOrientation && header->orientation >= 5;
    return PixelBox{0, 0, isSwapped ? header->height : header->width,
                    isSwapped ? header->width : header->height};
}

class Lister
{
public:
    explicit Lister(const spec::Study& study)
        : m_applyOrientation(study.images.exifOrientation == "apply")
    {}

    std::string text;

    /// @param classes display names, empty: no classes; @param sessions 1-based, empty: none
    Result<void> add(const std::vector<Item>& items, const std::vector<std::string>& classes,
                     const std::vector<int>& sessions)
    {
        for (const Item& item : items) {
            CLWB_ASSIGN(const PixelBox box, shownBox(item, m_applyOrientation));
            const auto label = static_cast<size_t>(item.label);
            text += item.id + "\t" + item.file.string();
            for (const int side : {box.x0, box.y0, box.x1, box.y1})
                text += "\t" + std::to_string(side);
            text += "\t" + (classes.empty() ? std::string() : classes[label]) + "\t" +
                    (sessions.empty() ? std::string() : std::to_string(sessions[label])) + "\n";
        }
        return {};
    }

    void addCaptions(const RetrievalData& set, std::optional<uint64_t> shuffleSeed)
    {
        uint64_t index = 0;
        for (size_t i = 0; i < set.images.size(); ++i) {
            for (const std::string& caption : set.captions[i]) {
                text += set.images[i].id + "\t" +
                        (shuffleSeed ? shuffledCaption(caption, *shuffleSeed, index)
                                     : oneLine(caption)) +
                        "\n";
                ++index;
            }
        }
    }

private:
    /// Tabs and line ends would break the format; the tokenizer reads them as spaces anyway.
    static std::string oneLine(std::string caption)
    {
        for (char& c : caption)
            c = c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
        return std::string(trimmed(caption));
    }

    bool m_applyOrientation;
};

} // namespace

Result<std::string> listItems(const spec::Study& study, std::string_view what,
                              std::optional<uint64_t> shuffleSeed, const StopToken& stop)
{
    const bool isTask = what == "ut-train" || what == "ut-val" || what == "ut-test";
    const bool isZeroShot = what == "zs" || what == "zs-val";
    const bool isRetrieval = what == "retrieval" || what == "captions";
    if (!isTask && !isZeroShot && !isRetrieval) {
        return fail(ErrorCode::Usage, "--what '" + printable(what) +
                                          "': expected ut-train, ut-val, ut-test, zs, "
                                          "zs-val, retrieval or captions");
    }
    if (shuffleSeed && what != "captions")
        return fail(ErrorCode::Usage, "--shuffle goes with --what captions only");

    // Only what is asked for is read: COCO's annotation files are large.
    spec::Study part = study;
    if (!isTask)
        part.updatedTask.reset();
    DataNeeds needs;
    needs.train = what == "ut-train";
    needs.test = what == "ut-test";
    needs.validation = what == "ut-val" || what == "zs-val";
    needs.zeroShot = isZeroShot;
    needs.retrieval = isRetrieval;
    if (what == "zs-val")
        part.zeroShot.reset();
    CLWB_ASSIGN(const StudyData data, loadStudyData(part, needs, stop));

    Lister lister(study);
    if (isTask) {
        const auto& items = needs.train ? data.utTrain : needs.test ? data.utTest : data.utVal;
        CLWB_TRY(lister.add(items, data.classes, data.sessionOfClass));
    } else if (isZeroShot) {
        const LabelledSet& set = what == "zs" ? data.zeroShot : data.zeroShotValidation;
        CLWB_TRY(lister.add(set.items, set.classes, {}));
    } else {
        for (const RetrievalData& set : data.retrieval) {
            if (what == "captions") {
                lister.addCaptions(set, shuffleSeed);
            } else {
                CLWB_TRY(lister.add(set.images, {}, {}));
            }
        }
    }
    return std::move(lister.text);
}

} // namespace clwb::data
