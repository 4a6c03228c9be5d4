// SPDX-License-Identifier: GPL-3.0-or-later
// Where a run came from and what it keeps on disk: build, computer, data hashes, equal runs,
// folder.
#pragma once

#include "core/base/json.h"
#include "core/spec/run_spec.h"
#include "core/store/disk_use.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace clwb::ui
{

class AppState;

struct RunOrigin
{
    store::RunRow row;
    Json environment;
    Json spec;
    std::string configuration;  ///< hash
    std::vector<int64_t> twins; ///< other runs of the same settings, data and seed
    store::DiskUse disk;
};
/// Reader's thread.
Result<RunOrigin> readRunOrigin(store::Project& project, int64_t runId);

/// Runs that new ones would repeat: one for each that has any.
struct Repeated
{
    size_t asked = 0;
    std::vector<int64_t> runs;
    bool hasOtherData = false;  ///< all of them, for certain
    bool hasOtherBuild = false; ///< likewise
    bool isElsewhere = false;   ///< all of them: study and model lay in another folder
};
/// Reader's thread. @param environment of the program as it runs now
Result<Repeated> findRepeated(const store::Project& project,
                              const std::vector<spec::RunSpec>& specs, const Json& environment);
/// "Same settings as #12, other data: open it".
QString repeatedText(const Repeated& repeated);

class RunOriginView : public QWidget
{
    Q_OBJECT

public:
    explicit RunOriginView(AppState& state, QWidget* parent = nullptr);
    void show(const RunOrigin& origin);

private:
    void addLine(const QString& title, const QString& value, const QString& tip = {});
    /// The run whose state it took over; the line leads there.
    void addBranch(int64_t runId);
    void showDisk(const RunOrigin& origin);

    AppState& m_state;
    QString m_folder;
    QTreeWidget* m_lines = nullptr;
    QLabel* m_disk = nullptr;
    QPushButton* m_open = nullptr;
};

/// "Same configuration as #12 — open it": leads to another run; hidden without one.
class RunLink : public QWidget
{
    Q_OBJECT

public:
    RunLink(const QString& objectName, AppState& state, QWidget* parent = nullptr);
    /// Runs of equal settings, data and seed.
    void showTwins(const std::vector<int64_t>& twins);
    /// The run that this one branched from, if it did.
    void showSource(int64_t runId);

private:
    void lead(int64_t runId, const QString& text, const QString& tip);

    AppState& m_state;
    QPushButton* m_link = nullptr;
    int64_t m_run = 0; ///< 0: leads nowhere
};

} // namespace clwb::ui
