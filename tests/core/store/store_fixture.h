// SPDX-License-Identifier: GPL-3.0-or-later
// A temporary project with finished runs, for the Qt tests of the store.
#pragma once

#include "core/store/finished_run.h"
#include "core/store/sqlite.h"
#include "tests/plain/store_support.h"

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <string>

namespace clwb::test
{

class TemporaryProject
{
public:
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::filesystem::path file() const { return folder() / "p.db"; }
    store::Project open(store::OpenMode mode = store::OpenMode::CreateIfMissing) const
    {
        auto project = store::Project::open(file(), mode);
        if (!project)
            qFatal("%s", project.error().message.c_str());
        return std::move(*project);
    }

private:
    QTemporaryDir m_folder;
};

inline store::FinishedRun finishedRun(const std::string& name)
{
    store::FinishedRun run;
    run.name = name;
    run.spec = sampleRun(name).resolvedSpec;
    run.records = {sampleRecord(0), sampleRecord(1), sampleRecord(2)};
    run.sessions = 2;
    return run;
}

/// Ends the test program when a step of its preparation fails.
template<class R>
void must(const R& result)
{
    if (!result)
        qFatal("%s", result.error().message.c_str());
}

inline QByteArray bytesOf(const std::filesystem::path& file)
{
    QFile handle(QString::fromStdString(file.string()));
    return handle.open(QIODevice::ReadOnly) ? handle.readAll() : QByteArray();
}

inline void writeBytes(const std::filesystem::path& file, const QByteArray& bytes)
{
    QFile handle(QString::fromStdString(file.string()));
    if (!handle.open(QIODevice::WriteOnly) || handle.write(bytes) != bytes.size())
        qFatal("cannot write the test's file");
}

} // namespace clwb::test

/// Verifies that a Result holds a value and shows its error otherwise.
#define VERIFY_OK(...)                                                                             \
    do {                                                                                           \
        const auto& okResult = (__VA_ARGS__);                                                      \
        QVERIFY2(okResult.has_value(), okResult ? "" : ::clwb::toText(okResult.error()).c_str());  \
    } while (false)
/// Verifies the kind of failure.
#define VERIFY_FAILS(expectedCode, ...)                                                            \
    do {                                                                                           \
        const auto& failedResult = (__VA_ARGS__);                                                  \
        QVERIFY(!failedResult.has_value());                                                        \
        QVERIFY2(failedResult.error().code == (expectedCode),                                      \
                 ::clwb::toText(failedResult.error()).c_str());                                    \
    } while (false)
