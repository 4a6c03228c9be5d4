// SPDX-License-Identifier: GPL-3.0-or-later
// A folder or file that somebody names in a dialog, read in the background while they type on.
#pragma once

#include "core/base/stop_token.h"
#include "core/run/folder_study.h"
#include "ui/bridge/background.h"
#include "ui/bridge/disk_silence.h"
#include "ui/bridge/qt_text.h"

#include <QString>
#include <QTimer>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace clwb::ui
{

/// How far a look is; written by its thread.
struct LookedAt
{
    std::atomic<int64_t> done{0};
    std::atomic<int64_t> total{0}; ///< 0: not known
};

template<class Found>
class NamedSource
{
public:
    /// Blocks; on a thread of its own, one at a time: where a disk is away, it may hang for ever,
    /// and each name that is typed would hold one more.
    using Read = std::function<Result<Found>(const StopToken&, const run::FolderLook&)>;

    /// @param makeRead what to read now; nothing while the fields are not filled in
    /// @param changed  after each change of what is known, in the GUI thread
    NamedSource(QObject* owner, std::function<std::optional<Read>()> makeRead,
                std::function<void()> changed)
        : m_owner(owner)
        , m_makeRead(std::move(makeRead))
        , m_changed(std::move(changed))
    {
        constexpr int kTypingPauseMs = 250;
        m_typing.setSingleShot(true);
        m_typing.setInterval(kTypingPauseMs);
        QObject::connect(&m_typing, &QTimer::timeout, owner, [this] { read(); });
    }
    NamedSource(const NamedSource&) = delete;
    NamedSource& operator=(const NamedSource&) = delete;
    ~NamedSource() { m_stop.requestStop(); }

    /// Another name is being typed.
    void forget()
    {
        m_stop.requestStop();
        ++m_request;
        m_found.reset();
        m_looked.reset();
        m_problem.clear();
        m_isReading = true;
        m_silence.begin();
        m_typing.start();
        m_changed();
    }

    [[nodiscard]] bool isReading() const { return m_isReading; }
    [[nodiscard]] const QString& problem() const { return m_problem; }
    [[nodiscard]] const std::optional<Found>& found() const { return m_found; }
    [[nodiscard]] const LookedAt* looked() const { return m_isReading ? m_looked.get() : nullptr; }

    /// Nothing has come from the disk for seconds.
    [[nodiscard]] bool isSilent()
    {
        return m_isReading && m_isWorking &&
               m_silence.isSilent(looked() ? looked()->done.load() : -1);
    }

private:
    void read()
    {
        const std::optional<Read> work = m_makeRead();
        m_isReading = work.has_value();
        if (work && !m_isWorking) { // otherwise once the look before has ended
            m_isWorking = true;
            m_silence.begin();
            m_stop = {};
            m_looked = std::make_shared<LookedAt>();
            // A thread that nobody waits for: the disk may be away.
            Background::askAlone(
                m_owner,
                [work = *work, stop = m_stop.token(), looked = m_looked]() -> Result<Found> {
                    run::FolderLook look;
                    look.progress = [looked](int64_t done, int64_t total) {
                        looked->done = done;
                        looked->total = total;
                    };
                    return work(stop, look);
                },
                [this, request = ++m_request](Result<Found> found) {
                    m_isWorking = false;
                    if (request == m_request)
                        take(std::move(found));
                    else if (m_isReading && !m_typing.isActive()) // another name waits for this
                        read();
                });
        }
        m_changed();
    }

    void take(Result<Found> found)
    {
        m_isReading = false;
        if (found)
            m_found = std::move(*found);
        else
            m_problem = errorText(found.error());
        m_changed();
    }

    QObject* m_owner;
    std::function<std::optional<Read>()> m_makeRead;
    std::function<void()> m_changed;
    QTimer m_typing; ///< it is read once nobody types any more
    StopSource m_stop;
    int m_request = 0;
    bool m_isReading = false; ///< or waits for it
    bool m_isWorking = false; ///< a look has not ended, perhaps one that nobody wants any more
    DiskSilence m_silence;
    QString m_problem; ///< why it cannot be used
    std::optional<Found> m_found;
    std::shared_ptr<LookedAt> m_looked;
};

} // namespace clwb::ui
