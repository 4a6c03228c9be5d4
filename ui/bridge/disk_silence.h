// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a disk that is being read has stopped to answer, as one behind a lost network does.
#pragma once

#include <QElapsedTimer>

#include <chrono>
#include <cstdint>
#include <utility>

namespace clwb::ui
{

class DiskSilence
{
public:
    /// Reading begins.
    void begin() { m_since.start(); }
    /// To be asked again and again while something is read.
    /// @param read how much has been read so far, in any unit
    /// @return nothing has come for some seconds
    [[nodiscard]] bool isSilent(int64_t read)
    {
        if (std::exchange(m_read, read) != read || !m_since.isValid())
            m_since.start();
        return m_since.hasExpired(m_patience.count());
    }
    /// How long nothing may come; tests wait for less.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

private:
    std::chrono::milliseconds m_patience{5000};
    int64_t m_read = -1; ///< when it was asked last
    QElapsedTimer m_since;
};

} // namespace clwb::ui
