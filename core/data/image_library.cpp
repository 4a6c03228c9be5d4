// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_library.h"

#ifdef CLWB_WITH_OPENCV
#include <opencv2/core/utility.hpp>
#endif

namespace clwb::data
{

std::string imageLibraryText()
{
#ifdef CLWB_WITH_OPENCV
    return cv::getVersionString();
#else
    return "none";
#endif
}

} // namespace clwb::data
