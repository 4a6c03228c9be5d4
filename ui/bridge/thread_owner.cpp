// SPDX-License-Identifier: GPL-3.0-or-later
// The list of those that live, and the clock of each.
#include "ui/bridge/thread_owner.h"

#include <algorithm>
#include <vector>

namespace clwb::ui
{

namespace
{

std::vector<ThreadOwner*>& threadOwners()
{
    static std::vector<ThreadOwner*> owners;
    return owners;
}

} // namespace

ThreadOwner::ThreadOwner()
{
    threadOwners().push_back(this);
}

ThreadOwner::~ThreadOwner()
{
    std::erase(threadOwners(), this);
}

void ThreadOwner::askAllToEnd()
{
    for (ThreadOwner* owner : threadOwners())
        owner->askToEnd();
}

void ThreadOwner::askToEnd()
{
    if (m_asked)
        return;
    m_asked = std::chrono::steady_clock::now();
    tellThreadToEnd();
}

std::chrono::milliseconds ThreadOwner::leftOf(std::chrono::milliseconds patience) const
{
    if (!m_asked)
        return patience;
    const auto gone = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - *m_asked);
    return std::max(patience - gone, std::chrono::milliseconds(0));
}

} // namespace clwb::ui
