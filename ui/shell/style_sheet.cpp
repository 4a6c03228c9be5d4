// SPDX-License-Identifier: GPL-3.0-or-later
// The style sheet: shapes and distances of the standard widgets, coloured from the theme.
#include "ui/shell/theme.h"

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

const char* const kButtons = R"(
QPushButton, QToolButton[framed="true"] {
    background: @card; color: @text; border: 1px solid @border; border-radius: 6px;
    padding: 4px 12px; min-height: 19px; }
QPushButton:hover, QToolButton[framed="true"]:hover { background: @hover; }
QPushButton:pressed, QToolButton[framed="true"]:pressed { background: @accentSoft; }
QPushButton:focus, QToolButton[framed="true"]:focus { border-color: @accent; }
QPushButton:disabled, QToolButton[framed="true"]:disabled { color: @faint; }
QPushButton[primary="true"] {
    background: @accent; color: @onAccent; border-color: @accent; font-weight: 600; }
QPushButton[primary="true"]:hover { background: @accentHover; }
QPushButton[primary="true"]:focus { border-color: @text; }
QPushButton[primary="true"]:disabled {
    background: @grid; color: @faint; border-color: @grid; }
QPushButton[flat="true"] {
    background: transparent; border-color: transparent; color: @accent; padding: 2px 6px; }
QPushButton[flat="true"]:focus { border-color: @accent; }
QPushButton[flat="true"]:checked { border-color: @accent; background: @accentSoft; }
QPushButton[flat="true"]:disabled { color: @faint; }
QPushButton[segment="true"] { padding: 4px 14px; }
QPushButton[segment="true"]:checked {
    background: @accentSoft; color: @accent; border-color: @accentSoft; }
QPushButton[segment="true"]:checked:focus { border-color: @accent; }
QToolButton[framed="true"]::menu-indicator {
    image: url(@chevron); width: 10px; height: 10px; right: 8px;
    subcontrol-origin: padding; subcontrol-position: right center; }
QToolButton[framed="true"][popupMode="2"] { padding-right: 24px; }
)";

const char* const kInputs = R"(
QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QSpinBox {
    background: @field; color: @text; border: 1px solid @border; border-radius: 6px;
    padding: 3px 8px; min-height: 21px;
    selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus {
    border-color: @accent; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"] {
    border-color: @bad; }
QLineEdit:disabled, QComboBox:disabled { color: @faint; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(@chevron); width: 10px; height: 10px; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView {
    background: @card; border: 1px solid @border; padding: 4px; outline: none;
    selection-background-color: @accentSoft; selection-color: @text; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 8px; border-radius: 5px; }
QComboBox QAbstractItemView::item:selected { background: @accentSoft; color: @text; }
QComboBox[small="true"] { min-height: 16px; padding: 1px 8px; }
QSpinBox { padding-right: 20px; }
QSpinBox::up-button, QSpinBox::down-button { border: none; background: transparent; width: 20px;
    subcontrol-origin: border; }
QSpinBox::up-arrow { image: url(@chevronUp); width: 9px; height: 9px; }
QSpinBox::down-arrow { image: url(@chevron); width: 9px; height: 9px; }
QCheckBox { spacing: 7px; }
QCheckBox::indicator, QTreeView::indicator { width: 15px; height: 15px;
    border: 1px solid @edge; border-radius: 4px; background: @field; }
QCheckBox::indicator:checked, QTreeView::indicator:checked { background: @accent;
    border-color: @accent; image: url(@check); }
QCheckBox:focus { color: @accent; }
QLabel[muted="true"] { color: @muted; }
QLabel[problem="true"] { color: @bad; }
QLabel[warning="true"] { color: @warning; }
QLabel[good="true"] { color: @good; }
QLabel[heading="true"] { font-weight: 600; }
)";

const char* const kFrames = R"(
QMenuBar { background: @card; border-bottom: 1px solid @grid; padding: 1px 6px; }
QMenuBar::item { padding: 4px 8px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { background: @accentSoft; }
QMenu { background: @card; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 5px; }
QMenu::item:selected { background: @accentSoft; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @grid; margin: 5px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 6px; }
QMenu::indicator:checked { image: url(@tick); }
QToolTip { background: @card; color: @text; border: 1px solid @border; padding: 5px 7px; }
QAbstractItemView { background: @card; border: none; outline: none; }
QTreeView::item { border: none; padding: 0 4px; }
QTreeView[plain="true"]::item:selected { background: @accentSoft; color: @text; }
QHeaderView { background: @card; border: none; }
QHeaderView::section { background: @card; color: @muted; border: none;
    border-bottom: 1px solid @grid; padding: 8px 4px; font-weight: normal; }
QHeaderView::section:hover { color: @text; }
QHeaderView::up-arrow { image: url(@chevronUp); width: 9px; height: 9px;
    subcontrol-origin: padding; subcontrol-position: right center; }
QHeaderView::down-arrow { image: url(@chevron); width: 9px; height: 9px;
    subcontrol-origin: padding; subcontrol-position: right center; }
QScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QSplitter::handle { background: transparent; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 2px; }
QScrollBar::handle { background: @scroll; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: @grid; border: none; border-radius: 3px; max-height: 6px;
    min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
)";

} // namespace

QString styleSheetOf(const Theme& theme)
{
    QString sheet =
        QLatin1StringView(kButtons) + QLatin1StringView(kInputs) + QLatin1StringView(kFrames);
    const QString suffix = theme.isDark ? u"-dark.svg"_s : u"-light.svg"_s;
    // Longer names first: "@accent" is the beginning of "@accentSoft".
    const std::pair<QLatin1StringView, QString> values[] = {
        {"@accentSoft"_L1, theme.accentSoft.name()},
        {"@accentHover"_L1, mixed(theme.accent, theme.text, 0.15).name()},
        {"@accent"_L1, theme.accent.name()},
        {"@onAccent"_L1, theme.onAccent.name()},
        {"@card"_L1, theme.card.name()},
        {"@field"_L1, theme.field.name()},
        {"@text"_L1, theme.text.name()},
        {"@muted"_L1, theme.muted.name()},
        {"@grid"_L1, theme.grid.name()},
        {"@border"_L1, theme.border.name()},
        {"@edge"_L1, mixed(theme.border, theme.muted, 0.5).name()},
        {"@scroll"_L1, mixed(theme.border, theme.muted, 0.25).name()},
        {"@hover"_L1, theme.hover.name()},
        {"@faint"_L1, mixed(theme.muted, theme.card, 0.45).name()},
        {"@bad"_L1, theme.bad.name()},
        {"@good"_L1, theme.good.name()},
        {"@warning"_L1, theme.warning.name()},
        {"@chevronUp"_L1, u":/clwb/icons/chevron-up"_s + suffix},
        {"@chevron"_L1, u":/clwb/icons/chevron"_s + suffix},
        {"@check"_L1, u":/clwb/icons/check"_s + suffix},
        {"@tick"_L1, u":/clwb/icons/tick"_s + suffix},
    };
    for (const auto& [name, value] : values)
        sheet.replace(name, value);
    return sheet;
}

} // namespace clwb::ui
