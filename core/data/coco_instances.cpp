// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/coco_instances.h"

#include "core/data/json_stream.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace clwb::data
{
namespace
{

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

/// Builds one entry at a time; an entry is added when its object closes.
class InstancesVisitor : public JsonVisitor
{
public:
    CocoInstances result;
    bool hasImages = false;
    bool hasAnnotations = false;
    bool hasCategories = false;
    std::string error; ///< first entry that cannot be used

    void onOpen() override
    {
        if (depth() == 2) {
            m_section = sectionOf(key(1));
            return;
        }
        if (depth() != 3)
            return;
        m_hasId = m_hasImageId = m_hasCategoryId = false;
        m_boxNumbers = 0;
        if (m_section == Section::Images)
            m_image = {};
        else if (m_section == Section::Categories)
            m_category = {};
        else if (m_section == Section::Annotations)
            m_annotation = {0, 0, 0, kNoNumber, kNoNumber, kNoNumber, kNoNumber, false};
    }

    void onValue(const JsonScalar& value) override
    {
        if (m_section == Section::Other || depth() < 3)
            return;
        if (depth() == 4 && m_section == Section::Annotations && key(3) == "bbox") {
            addBoxNumber(value);
            return;
        }
        if (depth() != 3)
            return;
        const std::string& name = key(3);
        switch (m_section) {
        case Section::Images:
            if (name == "id")
                setId(m_image.id, value);
            else if (name == "width")
                m_image.width = sideOf(value);
            else if (name == "height")
                m_image.height = sideOf(value);
            else if (name == "file_name")
                m_image.fileName = value.text;
            break;
        case Section::Annotations:
            if (name == "id")
                setId(m_annotation.id, value);
            else if (name == "image_id")
                m_hasImageId = setInteger(m_annotation.imageId, value);
            else if (name == "category_id")
                m_hasCategoryId = setInteger(m_annotation.categoryId, value);
            else if (name == "iscrowd")
                m_annotation.isCrowd = value.isTrue();
            break;
        case Section::Categories:
            if (name == "id")
                setId(m_category.id, value);
            else if (name == "name")
                m_category.name = value.text;
            break;
        case Section::Other:
            break;
        }
    }

    void onClose() override
    {
        if (depth() == 1)
            m_section = Section::Other;
        if (depth() != 2)
            return;
        switch (m_section) {
        case Section::Images:
            require(m_hasId && !m_image.fileName.empty() && m_image.width > 0 && m_image.height > 0,
                    "images", result.images.size(), "id, file_name, width and height");
            result.images.push_back(std::move(m_image));
            break;
        case Section::Annotations:
            require(m_hasId && m_hasImageId && m_hasCategoryId, "annotations",
                    result.annotations.size(), "id, image_id and category_id");
            if (m_boxNumbers != 4)
                m_annotation.x = kNoNumber;
            result.annotations.push_back(m_annotation);
            break;
        case Section::Categories:
            require(m_hasId && !m_category.name.empty(), "categories", result.categories.size(),
                    "id and name");
            result.categories.push_back(std::move(m_category));
            break;
        case Section::Other:
            break;
        }
    }

private:
    enum class Section { Other, Images, Annotations, Categories };

    Section sectionOf(const std::string& name)
    {
        if (name == "images") {
            hasImages = true;
            return Section::Images;
        }
        if (name == "annotations") {
            hasAnnotations = true;
            return Section::Annotations;
        }
        if (name == "categories") {
            hasCategories = true;
            return Section::Categories;
        }
        return Section::Other;
    }

    void require(bool isGood, const char* section, size_t number, const char* needed)
    {
        if (!isGood && error.empty()) {
            error = std::string(section) + "[" + std::to_string(number) + "]: expected " + needed;
        }
    }

    static bool setInteger(int64_t& target, const JsonScalar& value)
    {
        if (value.isInteger)
            target = value.integer;
        return value.isInteger;
    }

    void setId(int64_t& target, const JsonScalar& value) { m_hasId = setInteger(target, value); }

    static int sideOf(const JsonScalar& value)
    {
        const bool fits = value.isInteger && value.integer > 0 && value.integer <= 1 << 20;
        return fits ? static_cast<int>(value.integer) : 0;
    }

    void addBoxNumber(const JsonScalar& value)
    {
        double* const numbers[] = {&m_annotation.x, &m_annotation.y, &m_annotation.width,
                                   &m_annotation.height};
        if (m_boxNumbers < 4 && value.kind == JsonScalar::Kind::Number)
            *numbers[m_boxNumbers] = value.number;
        ++m_boxNumbers;
    }

    Section m_section = Section::Other;
    CocoImage m_image;
    CocoAnnotation m_annotation;
    CocoCategory m_category;
    bool m_hasId = false, m_hasImageId = false, m_hasCategoryId = false;
    int m_boxNumbers = 0;
};

double rounded(double value, const std::string& rounding)
{
    if (rounding == "ceil")
        return std::ceil(value);
    return rounding == "round" ? std::floor(value + 0.5) : std::floor(value);
}

} // namespace

Result<CocoInstances> readCocoInstances(const std::filesystem::path& file, const StopToken& stop)
{
    InstancesVisitor visitor;
    CLWB_TRY(walkJsonFile(file, visitor, stop));
    if (!visitor.hasImages || !visitor.hasAnnotations || !visitor.hasCategories) {
        return fail(ErrorCode::Data,
                    file.string() + ": expected the lists \"images\", \"annotations\" and "
                                    "\"categories\", not all are there",
                    "updated_task.instances must name COCO's instances_*.json files");
    }
    if (!visitor.error.empty())
        return fail(ErrorCode::Data, file.string() + ": " + visitor.error);
    return std::move(visitor.result);
}

std::optional<PixelBox> cropBox(const CocoAnnotation& annotation, int imageWidth, int imageHeight,
                                const spec::CropRule& rule)
{
    const double left = annotation.x - rule.context * annotation.width;
    const double top = annotation.y - rule.context * annotation.height;
    const double right = annotation.x + annotation.width + rule.context * annotation.width;
    const double bottom = annotation.y + annotation.height + rule.context * annotation.height;
    const bool isProper = std::isfinite(left) && std::isfinite(top) && std::isfinite(right) &&
                          std::isfinite(bottom) && annotation.width >= 0 && annotation.height >= 0;
    if (!isProper)
        return std::nullopt;
    const auto cut = [&](double value, int limit) {
        return static_cast<int>(std::clamp(rounded(value, rule.rounding), 0.0, double(limit)));
    };
    const PixelBox box{cut(left, imageWidth), cut(top, imageHeight), cut(right, imageWidth),
                       cut(bottom, imageHeight)};
    const int minSide = std::max(1, rule.minSide);
    if (box.x1 - box.x0 < minSide || box.y1 - box.y0 < minSide)
        return std::nullopt;
    return box;
}

} // namespace clwb::data
