// SPDX-License-Identifier: GPL-3.0-or-later
// The settings file.
#include "ui/shell/settings.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kVersion = 1;
constexpr qsizetype kRecent = 10;

} // namespace

Settings::Settings(const QString& file)
    : m_store(std::make_unique<QSettings>(file, QSettings::IniFormat))
{
    const int version = m_store->value(u"version"_s, kVersion).toInt();
    if (version > kVersion)
        m_whyIgnored = tr("%1 was written by a newer version of this program.").arg(file);
    else if (m_store->status() == QSettings::AccessError)
        m_whyIgnored = tr("%1 cannot be read.").arg(file);
    else if (m_store->status() != QSettings::NoError)
        m_whyIgnored = tr("%1 is damaged.").arg(file);
}

Settings::Settings()
    : m_temporary(std::make_unique<QTemporaryDir>())
    , m_store(
          std::make_unique<QSettings>(m_temporary->filePath(u"window.ini"_s), QSettings::IniFormat))
{}

QVariant Settings::value(const QString& key, const QVariant& otherwise) const
{
    return !m_whyIgnored.isEmpty() ? otherwise : m_store->value(key, otherwise);
}

void Settings::setValue(const QString& key, const QVariant& value)
{
    if (!m_whyIgnored.isEmpty())
        return;
    m_store->setValue(u"version"_s, kVersion);
    m_store->setValue(key, value);
}

void Settings::remove(const QString& key)
{
    if (m_whyIgnored.isEmpty())
        m_store->remove(key);
}

void Settings::sync()
{
    if (m_whyIgnored.isEmpty())
        m_store->sync();
}

QString Settings::file() const
{
    return m_store->fileName();
}

QStringList Settings::recentProjects() const
{
    return value(u"projects/recent"_s).toStringList();
}

void Settings::addRecentProject(const QString& file)
{
    QStringList recent = recentProjects();
    recent.removeAll(file);
    recent.prepend(file);
    setValue(u"projects/recent"_s, recent.mid(0, kRecent));
}

QString distinctName(const QString& file, const QStringList& files)
{
    const QFileInfo own(file);
    const bool isShared = std::any_of(files.begin(), files.end(), [&](const QString& other) {
        return other != file && QFileInfo(other).fileName() == own.fileName();
    });
    return isShared ? u"%1 — %2"_s.arg(own.fileName(), own.absoluteDir().dirName())
                    : own.fileName();
}

ProjectSettings::ProjectSettings(Settings& settings, const QString& projectFile)
    : m_settings(&settings)
{
    if (projectFile.isEmpty()) // habits are changed without a project, too
        return;
    // A path is no key: it holds slashes, which mean groups in settings.
    const QByteArray hash =
        QCryptographicHash::hash(projectFile.toUtf8(), QCryptographicHash::Sha1);
    m_prefix = u"project-"_s + QString::fromLatin1(hash.toHex().left(16)) + u'/';
}

QVariant ProjectSettings::value(const QString& key, const QVariant& otherwise) const
{
    return m_prefix.isEmpty() ? otherwise : m_settings->value(m_prefix + key, otherwise);
}

void ProjectSettings::setValue(const QString& key, const QVariant& value)
{
    if (!m_prefix.isEmpty())
        m_settings->setValue(m_prefix + key, value);
}

QVariant ProjectSettings::habit(const QString& key, const QVariant& otherwise) const
{
    return m_settings ? value(key, m_settings->value(key, otherwise)) : otherwise;
}

void ProjectSettings::setHabit(const QString& key, const QVariant& value)
{
    setValue(key, value);
    if (m_settings)
        m_settings->setValue(key, value);
}

void ProjectSettings::remove(const QString& key)
{
    if (!m_settings)
        return;
    if (!m_prefix.isEmpty())
        m_settings->remove(m_prefix + key);
    m_settings->remove(key);
}

} // namespace clwb::ui
