// SPDX-License-Identifier: GPL-3.0-or-later
// Editors by type, and the texts around them.
#include "ui/widgets/setting_row.h"

#include "ui/bridge/qt_text.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kLabelWidth = 190;
constexpr int kEditorWidth = 168;

/// The beginning of a help text that says what the setting is; the tooltip has all of it.
QString firstClause(const QString& help)
{
    qsizetype end = help.size();
    for (const QString& sign : {u"; "_s, u": "_s, u". "_s}) {
        if (const qsizetype at = help.indexOf(sign); at > 0)
            end = std::min(end, at);
    }
    QString clause = help.left(end);
    if (clause.endsWith(u'.'))
        clause.chop(1);
    return clause;
}

} // namespace

SettingRow::SettingRow(const spec::ParamDef& param, QWidget* parent)
    : QWidget(parent)
    , m_param(param)
{
    const QString key = toQt(param.key);
    nameWidget(this, u"setting."_s + key, toQt(param.label));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(0);
    m_label = makeLabel(toQt(param.label), this);
    m_label->setFixedWidth(kLabelWidth);
    QWidget* editor = makeEditor();
    editor->setFixedWidth(kEditorWidth);
    nameWidget(editor, u"value."_s + key, toQt(param.label));
    m_label->setBuddy(editor);
    const QString help =
        toQt(param.help) + u"\n\n"_s + toQt(param.reason) +
        (param.registerRow.empty()
             ? QString()
             : u"\n"_s + tr("Register row %1 · %2").arg(toQt(param.registerRow), key));
    setToolTip(help);
    editor->setAccessibleDescription(toQt(param.help));
    m_reset = makeLink(u"reset."_s + key, {}, this);
    m_reset->setAccessibleName(tr("Reset %1 to the preset").arg(toQt(param.label)));
    m_reset->hide();
    m_firstClause = firstClause(toQt(param.help));
    m_note = makeElided(m_firstClause, this);
    m_vary = makeLink(u"vary."_s + key, tr("Vary"), this);
    m_vary->setCheckable(true);
    m_vary->setAccessibleName(tr("Vary %1").arg(toQt(param.label)));
    m_vary->setToolTip(tr("Several values, one run each:\n1, 3, 10\n0..1 step 0.25\n"
                          "0.1..10 in 5"));
    QSizePolicy keepsPlace = m_vary->sizePolicy();
    keepsPlace.setRetainSizeWhenHidden(true); // the notes of all rows begin in one line
    m_vary->setSizePolicy(keepsPlace);
    m_vary->hide();
    m_problem = makeLabel({}, this);
    m_problem->setProperty("problem", true);
    m_problem->setWordWrap(true);
    m_problem->hide();
    grid->addWidget(m_label, 0, 0);
    grid->addWidget(editor, 0, 1);
    grid->addWidget(m_vary, 0, 2);
    grid->addWidget(m_note, 0, 3);
    grid->addWidget(m_reset, 0, 4);
    grid->addWidget(m_problem, 1, 1, 1, 4);
    grid->setColumnStretch(3, 1);
    connect(m_vary, &QPushButton::clicked, this, [this] {
        Q_EMIT varyRequested(m_vary->isChecked());
        // What one would type next are the values.
        if (m_edit && m_vary->isChecked()) {
            m_edit->setFocus();
            m_edit->selectAll();
        }
    });
    connect(m_reset, &QPushButton::clicked, this, &SettingRow::resetRequested);
}

QWidget* SettingRow::makeEditor()
{
    switch (m_param.type) {
    case spec::ParamType::Choice:
        m_combo = new QComboBox(this);
        for (const std::string_view choice : m_param.choices)
            m_combo->addItem(toQt(choice));
        connect(m_combo, &QComboBox::activated, this, [this] { Q_EMIT edited(text()); });
        return m_combo;
    case spec::ParamType::Boolean:
        m_check = new QCheckBox(tr("yes"), this);
        connect(m_check, &QCheckBox::clicked, this, [this] { Q_EMIT edited(text()); });
        return m_check;
    case spec::ParamType::Text:
    case spec::ParamType::Number:
    case spec::ParamType::Integer:
    case spec::ParamType::TextList:
    case spec::ParamType::IntegerList:
        break;
    }
    m_edit = new QLineEdit(this);
    const bool isNumber =
        m_param.type == spec::ParamType::Number || m_param.type == spec::ParamType::Integer;
    m_edit->setAlignment(isNumber ? Qt::AlignRight : Qt::AlignLeft);
    connect(m_edit, &QLineEdit::textEdited, this, &SettingRow::edited);
    return m_edit;
}

void SettingRow::setValue(const QString& text, const QString& presetText, bool isChanged)
{
    if (m_combo)
        m_combo->setCurrentIndex(m_combo->findText(text));
    else if (m_check)
        m_check->setChecked(text == "true"_L1);
    else if (m_edit->text() != text && !m_edit->hasFocus())
        m_edit->setText(text);
    setStyleFlag(m_label, "heading", isChanged);
    m_label->setText(isChanged ? u"● "_s + toQt(m_param.label) : toQt(m_param.label));
    m_reset->setText(isChanged ? tr("↺ %1").arg(presetText) : QString());
    m_reset->setToolTip(isChanged ? tr("Reset to the preset's %1").arg(presetText) : QString());
    m_reset->setVisible(isChanged);
}

void SettingRow::replaceText(const QString& text)
{
    if (m_edit && m_edit->text() != text)
        m_edit->setText(text);
}

void SettingRow::setProblem(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    if (m_edit)
        setStyleFlag(m_edit, "invalid", !problem.isEmpty());
}

void SettingRow::setVariable(bool isVariable)
{
    m_vary->setVisible(isVariable);
}

void SettingRow::setVaried(bool isVaried, const QString& values)
{
    m_vary->setChecked(isVaried);
    m_note->setText(values.isEmpty() ? m_firstClause : values);
}

QString SettingRow::text() const
{
    if (m_combo)
        return m_combo->currentText();
    if (m_check)
        return m_check->isChecked() ? u"true"_s : u"false"_s;
    return m_edit->text();
}

bool SettingRow::matches(const QString& words) const
{
    for (const QString& word : words.split(u' ', Qt::SkipEmptyParts)) {
        const QString all = toQt(m_param.label) + u' ' + toQt(m_param.key) + u' ' +
                            toQt(m_param.help) + u' ' + toQt(m_param.reason);
        if (!all.contains(word, Qt::CaseInsensitive))
            return false;
    }
    return true;
}

} // namespace clwb::ui
