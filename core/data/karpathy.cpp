// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/karpathy.h"

#include "core/data/json_stream.h"

namespace clwb::data
{
namespace
{

class KarpathyVisitor : public JsonVisitor
{
public:
    std::vector<KarpathyImage> images;
    bool hasImages = false;
    std::string error;

    void onOpen() override
    {
        hasImages = hasImages || (depth() == 2 && key(1) == "images");
        if (depth() == 3 && key(1) == "images")
            m_image = {};
    }

    void onValue(const JsonScalar& value) override
    {
        if (depth() < 3 || key(1) != "images")
            return;
        const bool isText = value.kind == JsonScalar::Kind::Text;
        if (depth() == 5 && key(3) == "sentences" && key(5) == "raw" && isText) {
            m_image.captions.emplace_back(value.text);
            return;
        }
        if (depth() != 3)
            return;
        const std::string& name = key(3);
        if (name == "filepath" && isText)
            m_image.folder = value.text;
        else if (name == "filename" && isText)
            m_image.fileName = value.text;
        else if (name == "split" && isText)
            m_image.split = value.text;
        else if (name == "cocoid" && value.isInteger)
            m_image.cocoId = value.integer;
    }

    void onClose() override
    {
        if (depth() != 2 || key(1) != "images")
            return;
        if ((m_image.fileName.empty() || m_image.split.empty()) && error.empty()) {
            error = "images[" + std::to_string(images.size()) +
                    "]: expected filename and split as texts";
        }
        images.push_back(std::move(m_image));
    }

private:
    KarpathyImage m_image;
};

} // namespace

Result<std::vector<KarpathyImage>> readKarpathy(const std::filesystem::path& file,
                                                const StopToken& stop)
{
    KarpathyVisitor visitor;
    CLWB_TRY(walkJsonFile(file, visitor, stop));
    if (!visitor.hasImages) {
        return fail(ErrorCode::Data, file.string() + ": expected the list \"images\"",
                    "split_file must name one of Karpathy's dataset_*.json files");
    }
    if (!visitor.error.empty())
        return fail(ErrorCode::Data, file.string() + ": " + visitor.error);
    return std::move(visitor.images);
}

} // namespace clwb::data
