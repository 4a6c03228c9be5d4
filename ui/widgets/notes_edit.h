// SPDX-License-Identifier: GPL-3.0-or-later
// Notes in Markdown: rendered while they are read, plain while they are edited.
#pragma once

#include <QStackedWidget>
#include <QTextBrowser>

class QPlainTextEdit;

namespace clwb::ui
{

/// Markdown from anyone: no file and no address is read for it, HTML is text, and a link opens only
/// where it is clicked.
class MarkdownView : public QTextBrowser
{
    Q_OBJECT

public:
    explicit MarkdownView(QWidget* parent = nullptr);
    void setText(const QString& markdown);
    QVariant loadResource(int type, const QUrl& name) override;
    /// Whether a click on it may lead out of the program: web pages and mail only.
    static bool isAllowed(const QUrl& link);

Q_SIGNALS:
    void editAsked(); ///< a click beside links, or Return
    void linkChosen(const QUrl& link);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
};

/// Shows the view while the editor has no focus and there is something to show.
class NotesEdit : public QStackedWidget
{
    Q_OBJECT

public:
    explicit NotesEdit(QWidget* parent = nullptr);
    [[nodiscard]] QPlainTextEdit* editor() const { return m_editor; }
    /// The editor has another text now, or may not be changed any more.
    void showText();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void edit();

    MarkdownView* m_view;
    QPlainTextEdit* m_editor;
    bool m_isEditing = false; ///< also while another window is in front
};

} // namespace clwb::ui
