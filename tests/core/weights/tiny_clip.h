// SPDX-License-Identifier: GPL-3.0-or-later
// A CLIP small enough to be written in tests, and helpers to read results.
#pragma once

#include "core/base/file.h"
#include "core/weights/clip_config.h"
#include "core/weights/model_directory.h"
#include "core/weights/tensor_map.h"

#include <QByteArray>
#include <QString>

#include <filesystem>

namespace clwb::weights
{

inline std::filesystem::path golden(const char* name)
{
    return std::filesystem::path(CLWB_SOURCE_DIR "/tests/golden/weights") / name;
}

inline std::filesystem::path pathOf(const QString& text)
{
    return text.toStdString();
}

/// The sizes of tests/golden/weights; heads 2 and 1.
inline ClipConfig tinyConfig()
{
    ClipConfig config;
    config.vision = {.width = 8, .heads = 2, .layers = 1, .mlp = 16, .patch = 2, .imageSize = 4};
    config.text = {.width = 4, .heads = 1, .layers = 1, .mlp = 6, .context = 5, .vocabulary = 7};
    config.projection = 3;
    return config;
}

/// Every tensor of a configuration, filled with small different numbers.
inline TensorMap tensorsFor(const ClipConfig& config)
{
    TensorMap tensors;
    int next = 0;
    for (const ExpectedTensor& expected : expectedTensors(config)) {
        HostTensor tensor{expected.shape, {}};
        tensor.values.resize(static_cast<size_t>(*elementCount(expected.shape)));
        for (float& value : tensor.values)
            value = static_cast<float>(next++ % 251) / 256.0f - 0.5f;
        tensors.emplace(expected.name, std::move(tensor));
    }
    return tensors;
}

inline bool equal(const TensorMap& a, const TensorMap& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.shape == y.second.shape &&
               x.second.values == y.second.values;
    });
}

/// What is written beside tensors: configuration and a vocabulary no tokenizer ever reads here.
inline DirectoryContent tinyContent(const ClipConfig& config)
{
    DirectoryContent content;
    content.configText = configToJson(config).dump(2) + "\n";
    return content;
}

template<class T>
QByteArray messageOf(const Result<T>& result)
{
    return result ? QByteArray("no error") : QByteArray::fromStdString(toText(result.error()));
}

} // namespace clwb::weights

/// Fails the test with the error's text.
#define VERIFY_RESULT(result) QVERIFY2((result).has_value(), clwb::weights::messageOf(result))
/// Passes when the result is an error whose text holds `part`.
#define VERIFY_ERROR(result, part)                                                                 \
    do {                                                                                           \
        const QByteArray message = clwb::weights::messageOf(result);                               \
        QVERIFY2(message.contains(part), message);                                                 \
    } while (false)
