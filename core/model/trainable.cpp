// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/trainable.h"

#include "core/base/check.h"

namespace clwb::model
{

Option optionFromText(const std::string& text)
{
    CLWB_CHECK(text == "WM" || text == "IO" || text == "TO", text);
    if (text == "WM")
        return Option::WholeModel;
    return text == "IO" ? Option::ImageOnly : Option::TextOnly;
}

bool isImageTensor(const std::string& name)
{
    return name.starts_with("vision_model.") || name == "visual_projection.weight";
}

bool isTextTensor(const std::string& name)
{
    return name.starts_with("text_model.") || name == "text_projection.weight";
}

bool trainsLogitScale(Option option, const std::string& logitScaleSetting)
{
    return logitScaleSetting == "trained" ||
           (logitScaleSetting == "auto" && option == Option::WholeModel);
}

std::vector<std::string> trainedNames(const Parameters& parameters, Option option,
                                      bool withLogitScale)
{
    std::vector<std::string> names;
    for (const auto& [name, tensor] : parameters) {
        const bool trained = (isImageTensor(name) && trainsImage(option)) ||
                             (isTextTensor(name) && trainsText(option)) ||
                             (name == kLogitScale && withLogitScale);
        if (trained)
            names.push_back(name);
    }
    return names;
}

} // namespace clwb::model
