// SPDX-License-Identifier: GPL-3.0-or-later
// What a page is: a widget with a title, actions of its own and a way to be opened.
#pragma once

#include "core/base/json.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace clwb::ui
{

class AppState;

/// One entry of the action table; all menus and shortcuts are made from it.
struct ActionDef
{
    QString id;       ///< "runs.export"
    QString menu;     ///< id of a menu: file edit view run tools help; empty: in no menu
    QString text;     ///< with mnemonic
    QString shortcut; ///< portable text, may be empty
    QString tip;
    bool hasSeparator = false; ///< before it
    bool isCheckable = false;
};

class Page : public QWidget
{
    Q_OBJECT

public:
    explicit Page(AppState& state, QWidget* parent = nullptr)
        : QWidget(parent)
        , m_state(state)
    {}

    /// The page was asked for with an argument of its own kind ({"clone": 12}, {"run": 3}).
    virtual void open(const Json& /*argument*/) {}
    /// One of the page's own actions was triggered.
    virtual void trigger(const QString& /*actionId*/) {}
    [[nodiscard]] virtual bool isActionEnabled(const QString& /*actionId*/) const { return true; }
    /// Why an action is off, where it is not plain to see; for its tooltip.
    [[nodiscard]] virtual QString whyDisabled(const QString& /*actionId*/) const { return {}; }
    /// The window closes or leaves the project: what is being typed must be saved now.
    virtual void finishEditing() {}
    /// Export what is shown (Ctrl+E).
    virtual void exportShown() {}
    /// Copy what is selected (Ctrl+C), as text and as a table for documents.
    virtual void copyShown() {}
    [[nodiscard]] virtual bool canCopy() const { return false; }
    /// Puts the cursor into the filter of what is shown (Ctrl+F); false: it has none.
    virtual bool focusFilter() { return false; }
    /// What Ctrl+Z takes back here, before the project's edits; nothing: those only.
    [[nodiscard]] virtual QUndoStack* undoStack() { return nullptr; }
    /// Nothing is being loaded: a picture of the page would be complete.
    [[nodiscard]] virtual bool isSettled() const { return true; }
    /// Views that show different content in the same place (tabs), in their order; empty: one.
    [[nodiscard]] virtual QStringList views() const { return {}; }
    virtual void showView(const QString& /*id*/) {}
    /// What F1 explains, in plain sentences.
    [[nodiscard]] virtual QString helpText() const { return {}; }

Q_SIGNALS:
    void actionsChanged(); ///< isActionEnabled() may answer differently now

protected:
    [[nodiscard]] AppState& state() const { return m_state; }

private:
    AppState& m_state;
};

/// How a page presents itself to the table. File pages/<id>_page.cpp defines
/// `PageInfo describe_<id>_page()`; nothing else is edited to add one.
struct PageInfo
{
    QString id;
    QString title;
    int order = 0; ///< place in the navigation, ten times the page's number
    /// With Ctrl it opens the page, 1 to 9: a page keeps its number whatever others there are.
    [[nodiscard]] int number() const { return order / 10; }
    std::vector<ActionDef> actions;
    std::function<Page*(AppState&, QWidget*)> create;
};

/// All pages of the program, by order.
std::vector<PageInfo> pageTable();

} // namespace clwb::ui
