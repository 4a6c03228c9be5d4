// SPDX-License-Identifier: GPL-3.0-or-later
// The path edit.
#include "ui/widgets/path_edit.h"

#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

PathEdit::PathEdit(const QString& objectName, const QString& title, Kind kind,
                   const QString& filter, QWidget* parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_kind(kind)
    , m_title(title)
    , m_filter(filter)
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    nameWidget(m_edit, objectName, title);
    line->addWidget(m_edit, 1);
    QPushButton* button = makeButton(objectName + u".browse"_s, tr("Choose…"), this);
    button->setAccessibleName(tr("Choose %1").arg(title));
    line->addWidget(button);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &PathEdit::pathChanged);
    connect(button, &QPushButton::clicked, this, &PathEdit::browse);
}

QString PathEdit::path() const
{
    return m_edit->text();
}

void PathEdit::setPath(const QString& path)
{
    if (m_edit->text() != path)
        m_edit->setText(path);
}

void PathEdit::setProblem(const QString& problem)
{
    setStyleFlag(m_edit, "invalid", !problem.isEmpty());
    m_edit->setToolTip(problem.isEmpty() ? m_edit->text() : problem);
    m_edit->setAccessibleDescription(problem);
}

void PathEdit::browse()
{
    auto* dialog = new QFileDialog(this, m_title, m_edit->text(), m_filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(m_kind == Kind::File ? QFileDialog::ExistingFile : QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, m_edit, &QLineEdit::setText);
    dialog->open();
}

} // namespace clwb::ui
