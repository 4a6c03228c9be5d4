// SPDX-License-Identifier: GPL-3.0-or-later
// Set-up steps of a test that must work, in release builds, too.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace clwb::test
{

/// Ends the test program when a Result, optional or bool does not hold.
template<class T>
void require(const T& value)
{
    if (value)
        return;
    std::fputs("the set-up of a test failed\n", stderr);
    std::abort();
}

} // namespace clwb::test
