// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept for all projects, in one place: colours, text size, layout, folders. Everything
// applies at once; there is nothing to confirm.
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/shell/app_state.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QCoreApplication>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QString settingsText(const char* text)
{
    return QCoreApplication::translate("SettingsDialog", text);
}

class SettingsDialog : public QDialog
{
public:
    SettingsDialog(AppState& state, QWidget* parent)
        : QDialog(parent)
        , m_state(state)
        , m_grid(new QGridLayout)
    {
        setObjectName(u"dialog.settings"_s);
        setWindowTitle(settingsText("Settings"));
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(24, 20, 24, 18);
        layout->setSpacing(14);
        m_grid->setHorizontalSpacing(14);
        m_grid->setVerticalSpacing(4);
        m_grid->setColumnStretch(1, 1);
        addTheme();
        addTextSize();
        addLayoutReset();
        addFolders();
        layout->addLayout(m_grid);
        layout->addWidget(makeMuted(settingsText("Changes apply at once and are kept for all "
                                                 "projects."),
                                    this));
        QPushButton* close = makePrimary(u"settings.close"_s, settingsText("Close"), this);
        connect(close, &QPushButton::clicked, this, &QDialog::accept);
        layout->addWidget(close, 0, Qt::AlignRight);
    }

private:
    /// A line: what it is, its editor, and below it what it does.
    void addRow(const QString& title, QWidget* editor, const QString& explanation)
    {
        const int row = m_grid->rowCount();
        QLabel* label = makeLabel(title, this);
        label->setBuddy(editor);
        m_grid->addWidget(label, row, 0);
        m_grid->addWidget(editor, row, 1, Qt::AlignLeft);
        QLabel* help = makeMuted(explanation, this);
        help->setWordWrap(true);
        help->setMinimumWidth(textScaled(*this, 380));
        help->setTextInteractionFlags(Qt::TextSelectableByMouse);
        editor->setAccessibleDescription(explanation);
        m_grid->addWidget(help, row + 1, 1);
        m_grid->setRowMinimumHeight(row + 2, 8);
        m_grid->addItem(new QSpacerItem(0, 8), row + 2, 0);
    }

    void addTheme()
    {
        auto* box = new QComboBox(this);
        nameWidget(box, u"settings.theme"_s, settingsText("Colours"));
        for (const auto& [choice, text] :
             {std::pair{ThemeChoice::System, settingsText("as the system")},
              {ThemeChoice::Light, settingsText("light")},
              {ThemeChoice::Dark, settingsText("dark")}})
            box->addItem(text, toText(choice));
        box->setCurrentIndex(
            box->findData(m_state.settings().value(u"window/theme"_s, u"system"_s).toString()));
        connect(box, &QComboBox::activated, this,
                [this, box] { m_state.requestAction(u"view."_s + box->currentData().toString()); });
        addRow(settingsText("&Colours:"), box,
               settingsText("Of the window and its plots. As the system: light or dark as the "
                            "desktop has them, also when it changes."));
    }

    void addTextSize()
    {
        auto* box = new QSpinBox(this);
        nameWidget(box, u"settings.textSize"_s, settingsText("Text size"));
        box->setRange(-3, 12);
        box->setSpecialValueText({});
        box->setValue(m_state.settings().value(u"window/zoom"_s, 0).toInt());
        box->setSuffix(settingsText(" pt"));
        connect(box, &QSpinBox::valueChanged, this, [this](int wanted) {
            const auto now = [this] {
                return m_state.settings().value(u"window/zoom"_s, 0).toInt();
            };
            for (int step = std::abs(wanted - now()); step > 0; --step)
                m_state.requestAction(wanted > now() ? u"view.zoomIn"_s : u"view.zoomOut"_s);
        });
        addRow(settingsText("&Text size:"), box,
               settingsText("Points more or less than the desktop's font has; also Ctrl++, Ctrl+- "
                            "and Ctrl+0."));
    }

    void addLayoutReset()
    {
        QPushButton* reset =
            makeButton(u"settings.resetLayout"_s, settingsText("Reset Layout"), this);
        connect(reset, &QPushButton::clicked, this,
                [this] { m_state.requestAction(u"view.resetLayout"_s); });
        addRow(settingsText("Layout:"), reset,
               settingsText("Columns, widths, splitters and window size as at first."));
    }

    void addFolders()
    {
        QPushButton* open = makeButton(u"settings.openFolder"_s, settingsText("Open Folder"), this);
        open->setAccessibleName(settingsText("Open the folder of your projects"));
        open->setEnabled(!m_state.dataFolder().isEmpty());
        open->setToolTip(open->isEnabled() ? QString() : settingsText("There is no data folder"));
        connect(open, &QPushButton::clicked, this,
                [this] { m_state.requestAction(u"tools.dataFolder"_s); });
        const QString file = m_state.settings().file();
        QString text =
            settingsText("Your projects, presets and the demo: %1").arg(m_state.dataFolder());
        if (!m_state.settings().whyIgnored().isEmpty())
            text += u'\n' + m_state.settings().whyIgnored();
        else if (!file.isEmpty())
            text += u'\n' + settingsText("These settings: %1").arg(file);
        addRow(settingsText("Folders:"), open, text);
    }

    AppState& m_state;
    QGridLayout* m_grid;
};

} // namespace

DialogInfo describe_settings_dialog();
DialogInfo describe_settings_dialog()
{
    return {u"settings"_s, 80, [](AppState& state, QWidget* parent) -> QDialog* {
                return new SettingsDialog(state, parent);
            }};
}

} // namespace clwb::ui
