// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a Slurm job, each with what is wrong with it below.
#pragma once

#include "ui/shell/cluster_job.h"

#include <QScrollArea>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QVBoxLayout;

namespace clwb::ui
{

class PathEdit;
class Settings;

class ClusterFormView : public QScrollArea
{
    Q_OBJECT

public:
    explicit ClusterFormView(QWidget* parent = nullptr);
    /// @param trials all of the sweep; toDo: those without a result
    void setTrials(size_t trials, size_t toDo);
    /// What was remembered. @param program where none is @param folder that holds the results'
    /// where none is  @param name of the sweep in names of files
    void restore(const Settings& settings, const QString& program, const QString& folder,
                 const QString& name);
    void remember(Settings& settings) const;
    [[nodiscard]] ClusterForm form() const;
    /// Explains at the fields what is wrong with them.
    void showProblems();

Q_SIGNALS:
    void changed();

private:
    void addField(QVBoxLayout& column, const std::string& field, const QString& title,
                  QWidget* editor, const QString& tip);
    QLineEdit* makeLine(const QString& name, const QString& title, const QString& example);
    QPlainTextEdit* makeLines(const QString& name, const QString& title, const QString& example);
    void addOptions(QVBoxLayout& column);
    void addLines(QVBoxLayout& column);

    struct Shown
    {
        QLabel* problem = nullptr;
        QWidget* editor = nullptr;
    };
    std::map<std::string, Shown> m_fields;
    std::map<std::string, QLineEdit*> m_options;
    QString m_ownProgram;
    QCheckBox* m_onlyToDo = nullptr;
    PathEdit* m_results = nullptr;
    PathEdit* m_program = nullptr;
    QLineEdit* m_atOnce = nullptr;
    QPlainTextEdit* m_further = nullptr;
    QPlainTextEdit* m_setup = nullptr;
};

} // namespace clwb::ui
