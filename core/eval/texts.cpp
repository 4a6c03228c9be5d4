// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/texts.h"

#include "core/base/check.h"

namespace clwb::eval
{

model::Sentences tokenize(const text::Tokenizer& tokenizer, const std::vector<std::string>& texts,
                          int64_t context, int64_t* truncated)
{
    model::Sentences sentences;
    sentences.reserve(texts.size());
    for (const std::string& text : texts) {
        auto encoded = tokenizer.encodeForModel(text, static_cast<int>(context));
        if (truncated && encoded.truncated)
            ++*truncated;
        sentences.push_back(std::move(encoded.ids));
    }
    return sentences;
}

std::vector<std::string> classPrompts(const std::string& prompt,
                                      const std::vector<std::string>& classes)
{
    std::vector<std::string> prompts;
    prompts.reserve(classes.size());
    const size_t hole = prompt.find("{}");
    CLWB_CHECK(hole != std::string::npos, prompt);
    for (const std::string& name : classes)
        prompts.push_back(prompt.substr(0, hole) + name + prompt.substr(hole + 2));
    return prompts;
}

} // namespace clwb::eval
