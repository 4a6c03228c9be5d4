// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/notes_edit.h"

#include "ui/widgets/building.h"

#include <QDesktopServices>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPlainTextEdit>
#include <QTextDocument>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

MarkdownView::MarkdownView(QWidget* parent)
    : QTextBrowser(parent)
{
    setOpenLinks(false); // also none inside the text: anchors of Markdown are rare
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
        if (isAllowed(link))
            Q_EMIT linkChosen(link);
    });
    // Where it leads is told before the click.
    connect(this, &QTextBrowser::highlighted, this,
            [this](const QUrl& link) { setToolTip(link.toDisplayString()); });
}

void MarkdownView::setText(const QString& markdown)
{
    auto features = QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub);
    features.setFlag(QTextDocument::MarkdownNoHTML);
    document()->setMarkdown(markdown, features);
}

QVariant MarkdownView::loadResource(int /*type*/, const QUrl& /*name*/)
{
    return {};
}

bool MarkdownView::isAllowed(const QUrl& link)
{
    const QString scheme = link.scheme();
    return scheme == "https"_L1 || scheme == "http"_L1 || scheme == "mailto"_L1;
}

void MarkdownView::keyPressEvent(QKeyEvent* event)
{
    const bool isOnLink = textCursor().hasSelection(); // Tab has gone to one
    if (event->key() == Qt::Key_Return && !isOnLink)
        Q_EMIT editAsked();
    else
        QTextBrowser::keyPressEvent(event);
}

void MarkdownView::mouseReleaseEvent(QMouseEvent* event)
{
    QTextBrowser::mouseReleaseEvent(event);
    const bool isSelecting = textCursor().hasSelection();
    if (event->button() == Qt::LeftButton && !isSelecting &&
        anchorAt(event->position().toPoint()).isEmpty())
        Q_EMIT editAsked();
}

NotesEdit::NotesEdit(QWidget* parent)
    : QStackedWidget(parent)
    , m_view(new MarkdownView(this))
    , m_editor(new QPlainTextEdit(this))
{
    nameWidget(m_view, u"inspector.notesView"_s, tr("Notes as they read; Return edits them"));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->viewport()->setAutoFillBackground(false);
    addWidget(m_view);
    addWidget(m_editor);
    m_editor->installEventFilter(this);
    connect(m_view, &MarkdownView::editAsked, this, &NotesEdit::edit);
    connect(m_view, &MarkdownView::linkChosen, this,
            [](const QUrl& link) { QDesktopServices::openUrl(link); });
    showText();
}

void NotesEdit::showText()
{
    if (m_isEditing)
        return;
    const QString text = m_editor->toPlainText();
    m_view->setText(text);
    const bool isEmpty = text.trimmed().isEmpty();
    setCurrentWidget(isEmpty ? static_cast<QWidget*>(m_editor) : m_view);
    setFocusProxy(isEmpty ? static_cast<QWidget*>(m_editor) : m_view);
}

void NotesEdit::edit()
{
    if (m_editor->isReadOnly())
        return;
    m_isEditing = true;
    setCurrentWidget(m_editor);
    setFocusProxy(m_editor);
    m_editor->setFocus();
}

bool NotesEdit::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn)
        m_isEditing = true;
    // Behind a menu or another window the editor stays.
    if (event->type() == QEvent::FocusOut) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason) {
            m_isEditing = false;
            QMetaObject::invokeMethod(this, &NotesEdit::showText, Qt::QueuedConnection);
        }
    }
    return QStackedWidget::eventFilter(watched, event);
}

} // namespace clwb::ui
