// SPDX-License-Identifier: GPL-3.0-or-later
// The common end of what works for the window in threads of its own.
#pragma once

#include <chrono>
#include <optional>

namespace clwb::ui
{

/// What has a thread that may hang on a disk: its destructor waits for that, but not for ever. With
/// several of them the waits would add up; so all are asked first, and their patience runs from
/// then on. Thread: GUI.
class ThreadOwner
{
public:
    ThreadOwner(const ThreadOwner&) = delete;
    ThreadOwner& operator=(const ThreadOwner&) = delete;

    /// Asks all that live to end once what they were asked to change is changed, and waits for
    /// none. When the program ends, before anything of it goes: nothing can be asked of them then.
    static void askAllToEnd();

protected:
    ThreadOwner();
    virtual ~ThreadOwner();

    /// Asks it to end, the first time.
    void askToEnd();
    /// What is left now of this patience since it was asked to end; not less than 0.
    [[nodiscard]] std::chrono::milliseconds leftOf(std::chrono::milliseconds patience) const;

private:
    /// Lets the thread's event loop end; called once.
    virtual void tellThreadToEnd() = 0;

    std::optional<std::chrono::steady_clock::time_point> m_asked;
};

} // namespace clwb::ui
