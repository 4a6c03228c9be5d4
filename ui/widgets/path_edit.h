// SPDX-License-Identifier: GPL-3.0-or-later
// A path with a button that opens the system's file dialog.
#pragma once

#include <QWidget>

class QLineEdit;

namespace clwb::ui
{

class PathEdit : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { File, Folder };
    PathEdit(const QString& objectName, const QString& title, Kind kind, const QString& filter,
             QWidget* parent = nullptr);
    [[nodiscard]] QString path() const;
    void setPath(const QString& path);
    void setProblem(const QString& problem);
    [[nodiscard]] QLineEdit* edit() const { return m_edit; }

Q_SIGNALS:
    void pathChanged(const QString& path);

private:
    void browse();
    QLineEdit* m_edit = nullptr;
    Kind m_kind;
    QString m_title;
    QString m_filter;
};

} // namespace clwb::ui
