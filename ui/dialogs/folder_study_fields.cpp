// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/folder_study_fields.h"

#include "ui/widgets/building.h"
#include "ui/widgets/path_edit.h"

#include <QCoreApplication>
#include <QDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct FolderFieldText
{
    Q_DECLARE_TR_FUNCTIONS(FolderStudyDialog)
};

void addFolderField(QFormLayout& form, const QString& title, QWidget* field)
{
    QLabel* label = makeLabel(title, field->parentWidget());
    label->setBuddy(field);
    label->ensurePolished(); // the style's font is a little wider than the one before it
    label->setMinimumWidth(label->sizeHint().width() + 6);
    form.addRow(label, field);
}

QLineEdit* addFolderLine(QFormLayout& form, const QString& name, const QString& label,
                         const QString& title, QWidget* parent)
{
    auto* field = new QLineEdit(parent);
    nameWidget(field, name, title);
    addFolderField(form, label, field);
    return field;
}

QSpinBox* addNumber(QFormLayout& form, const QString& name, const QString& label,
                    const QString& title, QWidget* parent)
{
    auto* field = new QSpinBox(parent);
    nameWidget(field, name, title);
    addFolderField(form, label, field);
    return field;
}

/// @param filter of files; empty: a folder is asked for
PathEdit* addPath(QFormLayout& form, const QString& name, const QString& label,
                  const QString& title, const QString& filter, QWidget* parent)
{
    const auto kind = filter.isEmpty() ? PathEdit::Kind::Folder : PathEdit::Kind::File;
    auto* field = new PathEdit(name, title, kind, filter, parent);
    addFolderField(form, label, field);
    return field;
}

} // namespace

QLayout* makeFolderStudyForm(FolderStudyFields& fields, QDialog* parent)
{
    const auto tr = [](const char* text) { return FolderFieldText::tr(text); };
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setHorizontalSpacing(14);
    form->setVerticalSpacing(8);
    fields.folder = addPath(*form, u"folderStudy.folder"_s, tr("&Folder"), tr("Folder of pictures"),
                            {}, parent);
    fields.name =
        addFolderLine(*form, u"folderStudy.name"_s, tr("&Name"), tr("Name of the study"), parent);
    fields.sessions =
        addNumber(*form, u"folderStudy.sessions"_s, tr("&Sessions"), tr("Sessions"), parent);
    fields.sessions->setRange(1, 1000);
    fields.share =
        addNumber(*form, u"folderStudy.share"_s, tr("&Test share"), tr("Test share"), parent);
    fields.share->setRange(1, 90);
    fields.share->setValue(25);
    fields.share->setSuffix(u" %"_s);
    fields.seed =
        addNumber(*form, u"folderStudy.seed"_s, tr("See&d"), tr("Seed of the split"), parent);
    fields.seed->setRange(0, 1000000);
    fields.zeroShot = addPath(*form, u"folderStudy.zeroShot"_s, tr("&Zero-shot folder"),
                              tr("Folder of zero-shot classes, optional"), {}, parent);
    fields.zeroShot->edit()->setPlaceholderText(
        tr("optional: class folders that are only tested, for ZS-Acc"));
    fields.captions = addPath(*form, u"folderStudy.captions"_s, tr("&Captions file"),
                              tr("Captions file, optional"), tr("Captions (*.json)"), parent);
    fields.captions->edit()->setPlaceholderText(
        tr("optional: as Karpathy's dataset_coco.json, for retrieval"));
    fields.captionImages = addPath(*form, u"folderStudy.captionImages"_s, tr("Its &pictures"),
                                   tr("Folder of the captions' pictures"), {}, parent);
    fields.captionImages->edit()->setPlaceholderText(
        tr("the folder that the picture names in the captions file are below"));
    fields.file =
        addFolderLine(*form, u"folderStudy.file"_s, tr("Study fi&le"), tr("Study file"), parent);
    return form;
}

} // namespace clwb::ui
