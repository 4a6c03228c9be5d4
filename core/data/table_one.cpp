// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/table_one.h"

namespace clwb::data
{

const std::array<PaperSession, 8>& paperSessions()
{
    static constexpr std::array<PaperSession, 8> kSessions{{
        {{"person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat",
          "traffic light"},
         258'719,
         14'886},
        {{"fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse",
          "sheep", "cow"},
         41'024,
         2'678},
        {{"elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie",
          "suitcase", "frisbee"},
         45'049,
         2'643},
        {{"skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove",
          "skateboard", "surfboard", "tennis racket", "bottle"},
         49'939,
         3'048},
        {{"wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich",
          "orange"},
         62'360,
         3'801},
        {{"broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch",
          "potted plant", "bed"},
         65'932,
         3'947},
        {{"dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone",
          "microwave", "oven"},
         36'776,
         2'127},
        {{"toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear",
          "hair drier", "toothbrush"},
         37'175,
         2'230},
    }};
    return kSessions;
}

} // namespace clwb::data
