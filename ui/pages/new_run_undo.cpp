// SPDX-License-Identifier: GPL-3.0-or-later
// Undo and redo over the fields of the New run page.
#include "ui/pages/new_run_undo.h"

#include "ui/pages/new_run_page.h"
#include "ui/widgets/setting_row.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPointer>
#include <QScopedValueRollback>
#include <QUndoStack>

#include <utility>

namespace clwb::ui
{

namespace
{

constexpr int kMostFormSteps = 200;

} // namespace

bool isSameForm(const FormState& a, const FormState& b)
{
    const auto placeOf = [](const FormState& form) {
        return form.branch ? std::pair(form.branch->runId, form.branch->session)
                           : std::pair(int64_t(-1), -1);
    };
    const auto sourceOf = [](const FormState& form) {
        return form.source ? form.source->runId : -1;
    };
    return a.form == b.form && placeOf(a) == placeOf(b) && sourceOf(a) == sourceOf(b);
}

FormCommand::FormCommand(const QString& text, QString key, FormState before, FormState after,
                         Restore restore, Presets presets)
    : QUndoCommand(text)
    , m_key(std::move(key))
    , m_before(std::move(before))
    , m_after(std::move(after))
    , m_restore(std::move(restore))
    , m_presets(std::move(presets))
{
    if (m_presets.apply)
        m_presets.apply(m_presets.edits);
}

bool FormCommand::mergeWith(const QUndoCommand* next)
{
    const auto& other = static_cast<const FormCommand&>(*next); // of the same id()
    if (other.m_key != kFollows && (m_key.isEmpty() || other.m_key != m_key))
        return false;
    m_after = other.m_after;
    // Typed and taken back in the field itself.
    setObsolete(!m_presets.apply && isSameForm(m_before, m_after));
    return true;
}

void FormCommand::redo()
{
    if (std::exchange(m_isDone, true))
        return; // pushed just now
    if (m_presets.apply)
        m_presets.apply(m_presets.edits);
    m_restore(m_after);
}

void FormCommand::undo()
{
    m_isDone = false;
    if (m_presets.apply)
        m_presets.apply(m_presets.back);
    m_restore(m_before);
}

void NewRunPage::makeUndo()
{
    m_undo = new QUndoStack(this);
    m_undo->setUndoLimit(kMostFormSteps);
}

FormState NewRunPage::formState() const
{
    FormState state{m_form, m_branch, m_source, m_isPresetChosen};
    state.form.lacking = {}; // nobody's choice
    return state;
}

void NewRunPage::noteEdit(const QString& text, const QString& key)
{
    m_isTouched = true;
    m_edit = Edit{text, key};
}

void NewRunPage::recordEdit()
{
    FormState now = formState();
    const auto edit = std::exchange(m_edit, std::nullopt);
    if (m_isRestoring || isSameForm(m_recorded, now)) {
        m_recorded = std::move(now);
        return;
    }
    const FormState before = std::exchange(m_recorded, now);
    const bool follows = !edit && m_undo->index() > 0 && m_undo->index() == m_undo->count();
    if (edit || follows) // else the program filled in what nobody has changed yet
        m_undo->push(new FormCommand(edit ? edit->text : QString(), edit ? edit->key : kFollows,
                                     before, std::move(now),
                                     [page = QPointer(this)](const FormState& form) {
                                         if (page)
                                             page->restore(form);
                                     }));
}

void NewRunPage::restore(const FormState& form)
{
    const QScopedValueRollback guard(m_isRestoring, true);
    ++m_readRequest; // another run or file that is being read is not wanted any more
    m_isReading = false;
    m_isPresetChosen = form.isPresetChosen;
    m_wantsModel = false;
    const RunForm::Lacking lacking = std::exchange(m_form, form.form).lacking;
    m_form.lacking = lacking;
    m_source = form.source;
    setBranch(form.branch);
    showForm();
    formChanged();
    for (SettingRow* row : m_rows)
        row->replaceText(m_form.text(row->param()));
}

void NewRunPage::forgetEdits()
{
    m_undo->clear();
    m_recorded = formState();
}

void NewRunPage::watchTyping(QWidget* field)
{
    auto* edit = qobject_cast<QLineEdit*>(field);
    for (QLineEdit* part : edit ? QList{edit} : field->findChildren<QLineEdit*>())
        part->installEventFilter(this);
}

bool NewRunPage::eventFilter(QObject* watched, QEvent* event)
{
    const auto* edit = qobject_cast<QLineEdit*>(watched);
    if (edit && event->type() == QEvent::ShortcutOverride) {
        // A field claims both keys, also when it has nothing to take back: then the form has.
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isForForm = (key->matches(QKeySequence::Undo) && !edit->isUndoAvailable()) ||
                               (key->matches(QKeySequence::Redo) && !edit->isRedoAvailable());
        if (isForForm) {
            event->ignore();
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

} // namespace clwb::ui
