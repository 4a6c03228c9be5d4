// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers between starts: an INI file with a version, never research data.
#pragma once

#include <QByteArray>
#include <QCoreApplication>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace clwb::ui
{

class Settings
{
    Q_DECLARE_TR_FUNCTIONS(Settings)

public:
    /// The file is made on the first write. A file of a newer program or an unreadable one is left
    /// alone and defaults are used.
    explicit Settings(const QString& file);
    /// Defaults only, nothing is kept: --safe-mode, screenshots and tests.
    Settings();

    [[nodiscard]] QVariant value(const QString& key, const QVariant& otherwise = {}) const;
    void setValue(const QString& key, const QVariant& value);
    void remove(const QString& key);
    /// Takes over what other windows have written since.
    void sync();

    /// Why the file is left alone, naming it; empty when it is used.
    [[nodiscard]] const QString& whyIgnored() const { return m_whyIgnored; }
    [[nodiscard]] QString file() const;

    [[nodiscard]] QStringList recentProjects() const;
    /// Puts the file first; keeps ten.
    void addRecentProject(const QString& file);

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<QSettings> m_store;
    QString m_whyIgnored; ///< not empty: read nothing, write nothing
};

/// The file's name, with the folder it lies in where another of the files is called the same.
QString distinctName(const QString& file, const QStringList& files);

/// What the window remembers of one project, keyed by where its file lies; the project itself stays
/// untouched. Without a project only habits are kept.
class ProjectSettings
{
public:
    ProjectSettings() = default;
    ProjectSettings(Settings& settings, const QString& projectFile);

    /// @param otherwise of a project that has no value yet
    [[nodiscard]] QVariant value(const QString& key, const QVariant& otherwise = {}) const;
    void setValue(const QString& key, const QVariant& value);
    /// Like value(), and for a project seen for the first time what was set last in any other: the
    /// way somebody likes a list to look.
    [[nodiscard]] QVariant habit(const QString& key, const QVariant& otherwise = {}) const;
    void setHabit(const QString& key, const QVariant& value);
    /// Forgets it, also as a habit.
    void remove(const QString& key);

private:
    Settings* m_settings = nullptr;
    QString m_prefix;
};

} // namespace clwb::ui
