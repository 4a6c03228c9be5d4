// SPDX-License-Identifier: GPL-3.0-or-later
// The log as plain text; new lines scroll into view only when the end was in view.
#include "ui/widgets/log_panel.h"

#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QPlainTextEdit>
#include <QScrollBar>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

LogPanel::LogPanel(QWidget* parent)
    : Card(tr("Log"), {}, parent)
{
    setObjectName(u"live.log"_s);
    body()->setContentsMargins(14, 9, 14, 8);
    body()->setSpacing(4);
    m_warningsOnly = new QCheckBox(tr("&Warnings only"), this);
    nameWidget(m_warningsOnly, u"live.warningsOnly"_s, tr("Show warnings only"));
    header()->addWidget(m_warningsOnly);
    m_text = new QPlainTextEdit(this);
    nameWidget(m_text, u"live.logText"_s, tr("Log of the run"));
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setStyleSheet(
        u"QPlainTextEdit { border: none; padding: 0; background: transparent; }"_s);
    m_text->document()->setDocumentMargin(0);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setMinimumHeight(40);
    body()->addWidget(m_text, 1);
    connect(m_warningsOnly, &QCheckBox::toggled, this, &LogPanel::rebuild);
}

void LogPanel::setLines(const std::deque<LogLine>& lines)
{
    m_lines = lines;
    rebuild();
}

void LogPanel::setFigures(const QString& figures, const QString& toolTip)
{
    setSubtitle(figures, toolTip);
}

void LogPanel::rebuild()
{
    const Theme& theme = themeOf(palette());
    QScrollBar* bar = m_text->verticalScrollBar();
    const bool isAtEnd = bar->value() >= bar->maximum() - 2;
    const int position = bar->value();
    m_text->clear();
    QTextCursor cursor(m_text->document());
    bool isFirst = true;
    for (const LogLine& line : m_lines) {
        if (m_warningsOnly->isChecked() && line.kind == LogLine::Kind::Info)
            continue;
        if (!std::exchange(isFirst, false))
            cursor.insertBlock();
        QTextCharFormat format;
        format.setForeground(theme.muted);
        cursor.insertText(line.time.isEmpty() ? QString() : line.time + u"  "_s, format);
        format.setForeground(line.kind == LogLine::Kind::Info      ? theme.text
                             : line.kind == LogLine::Kind::Warning ? theme.warning
                                                                   : theme.bad);
        cursor.insertText(line.text, format);
    }
    bar->setValue(isAtEnd ? bar->maximum() : position);
}

} // namespace clwb::ui
