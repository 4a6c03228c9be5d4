// SPDX-License-Identifier: GPL-3.0-or-later
// Headings, sentences and keys of a page's help.
#include "ui/dialogs/page_help.h"

#include "ui/widgets/building.h"

#include <QAction>
#include <QBoxLayout>
#include <QCoreApplication>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct PageHelpText
{
    Q_DECLARE_TR_FUNCTIONS(PageHelp)
};

QLabel* makeSentence(const QString& text, QWidget* parent)
{
    QLabel* label = makeLabel(text, parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QLayout* makeKeys(const std::vector<const QAction*>& keys, QWidget* parent)
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    for (const QAction* action : keys) {
        const int row = grid->rowCount();
        QString name = action->text();
        name.remove(u'&').remove(u'…');
        grid->addWidget(makeMuted(action->shortcut().toString(QKeySequence::NativeText), parent),
                        row, 0);
        grid->addWidget(makeSentence(name, parent), row, 1);
    }
    return grid;
}

} // namespace

QStringList sentencesOf(const QString& text)
{
    static const QRegularExpression end(u"(?<=[.!?])\\s+(?=\\p{Lu})"_s,
                                        QRegularExpression::UseUnicodePropertiesOption);
    return text.split(end, Qt::SkipEmptyParts);
}

void openPageHelp(const QString& title, const QString& text,
                  const std::vector<const QAction*>& keys, QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setObjectName(u"dialog.pageHelp"_s);
    dialog->setWindowTitle(PageHelpText::tr("About the Page %1").arg(title));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->resize(textScaled(*dialog, 560), textScaled(*dialog, 480));
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(18, 16, 18, 16);
    layout->setSpacing(10);
    auto* scroll = new QScrollArea(dialog);
    nameWidget(scroll, u"help.scroll"_s, PageHelpText::tr("What the page shows"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget(scroll);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(makeTitle(title, content));
    const QStringList sentences = sentencesOf(text);
    if (!sentences.isEmpty())
        column->addWidget(makeSentence(sentences.front(), content));
    if (sentences.size() > 1) {
        column->addSpacing(4);
        column->addWidget(makeHeading(PageHelpText::tr("Good to know"), content));
    }
    for (const QString& sentence : sentences.mid(1))
        column->addWidget(makeSentence(sentence, content));
    if (!keys.empty()) {
        column->addSpacing(4);
        column->addWidget(makeHeading(PageHelpText::tr("Keys"), content));
        column->addLayout(makeKeys(keys, content));
    }
    column->addStretch(1);
    scroll->setWidget(content);
    layout->addWidget(scroll, 1);
    QPushButton* close = makePrimary(u"help.close"_s, PageHelpText::tr("Close"), dialog);
    layout->addWidget(close, 0, Qt::AlignRight);
    QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    close->setFocus();
    dialog->open();
}

} // namespace clwb::ui
