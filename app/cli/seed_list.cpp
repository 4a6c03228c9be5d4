// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/seed_list.h"

#include "app/cli/project_access.h"
#include "core/base/number_text.h"

#include <algorithm>

namespace clwb::cli
{

Result<std::vector<uint64_t>> readSeedList(const Arguments& arguments, uint64_t fallback)
{
    const auto list = arguments.value("--seeds");
    if (!list)
        return std::vector<uint64_t>{fallback};
    std::vector<uint64_t> seeds;
    for (const std::string& word : splitList(*list)) {
        const auto number = parseInteger(word);
        if (!number || *number < 0)
            return fail(ErrorCode::Usage,
                        "--seeds: expected whole numbers from 0 with commas between, got " + *list);
        const auto seed = static_cast<uint64_t>(*number);
        if (std::find(seeds.begin(), seeds.end(), seed) != seeds.end())
            return fail(ErrorCode::Usage, "--seeds: " + word + " is given twice");
        seeds.push_back(seed);
    }
    if (seeds.empty())
        return fail(ErrorCode::Usage, "--seeds: no seed given");
    return seeds;
}

} // namespace clwb::cli
