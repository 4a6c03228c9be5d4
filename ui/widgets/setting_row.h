// SPDX-License-Identifier: GPL-3.0-or-later
// One setting of a run: label, editor made for its type, the preset's value, its reason.
#pragma once

#include "core/spec/param.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace clwb::ui
{

class SettingRow : public QWidget
{
    Q_OBJECT

public:
    SettingRow(const spec::ParamDef& param, QWidget* parent = nullptr);

    [[nodiscard]] const spec::ParamDef& param() const { return m_param; }
    void setValue(const QString& text, const QString& presetText, bool isChanged);
    /// Also while it is being typed into, which setValue() leaves alone.
    void replaceText(const QString& text);
    void setProblem(const QString& problem);
    /// Whether the toggle for several values is offered.
    void setVariable(bool isVariable);
    /// @param values what the list or range comes to; empty while it cannot be read
    void setVaried(bool isVaried, const QString& values);
    [[nodiscard]] QString text() const;
    /// Whether the words occur in label, key, help or reason.
    [[nodiscard]] bool matches(const QString& words) const;

Q_SIGNALS:
    void edited(const QString& text);
    void resetRequested();
    void varyRequested(bool isVaried);

private:
    QWidget* makeEditor();
    const spec::ParamDef& m_param;
    QLabel* m_label = nullptr;
    QLabel* m_note = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_reset = nullptr;
    QPushButton* m_vary = nullptr;
    QString m_firstClause; ///< of the help
    QComboBox* m_combo = nullptr;
    QCheckBox* m_check = nullptr;
    QLineEdit* m_edit = nullptr;
};

} // namespace clwb::ui
