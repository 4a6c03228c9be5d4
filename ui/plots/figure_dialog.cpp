// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog of sizes, and the file dialogs behind it.
#include "ui/plots/figure_dialog.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/settings.h"
#include "ui/widgets/building.h"
#include "ui/widgets/segments.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QString folderOf(Settings* settings)
{
    const QString home = QDir::homePath();
    return settings ? settings->value(u"export/folder"_s, home).toString() : home;
}

void showProblem(const Error& error, QWidget* parent)
{
    auto* box = new QMessageBox(QMessageBox::Warning, QFileDialog::tr("Not Saved"),
                                errorText(error), QMessageBox::Close, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

/// Asks for a file of one type; `save` writes it.
void askForFile(const QString& name, const QString& type, Settings* settings, QWidget* parent,
                const std::function<Result<void>(const QString&)>& save)
{
    auto* dialog = new QFileDialog(parent, QFileDialog::tr("Save %1").arg(type.toUpper()));
    dialog->setObjectName(u"figure.file"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(u"%1 (*.%2)"_s.arg(type.toUpper(), type));
    dialog->setDefaultSuffix(type);
    dialog->setDirectory(folderOf(settings));
    dialog->selectFile(name + u'.' + type);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                     [settings, parent, save](const QString& file) {
                         if (settings)
                             settings->setValue(u"export/folder"_s, QFileInfo(file).absolutePath());
                         if (auto saved = save(file); !saved)
                             showProblem(saved.error(), parent);
                     });
    dialog->open();
}

} // namespace

FigureDialog::FigureDialog(std::function<Figure()> make, Settings* settings, QWidget* parent)
    : QDialog(parent)
    , m_make(std::move(make))
    , m_settings(settings)
{
    setObjectName(u"figure.dialog"_s);
    setWindowTitle(tr("Export Figure"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(14);
    m_type = new Segments(u"figure.type"_s, tr("File type"),
                          {{u"pdf"_s, tr("PDF"), tr("Vectors, for a paper")},
                           {u"svg"_s, tr("SVG"), tr("Vectors, for drawing programs")},
                           {u"png"_s, tr("PNG"), tr("Pixels, for slides")}},
                          this);
    layout->addWidget(m_type);
    layout->addWidget(makeSizes());
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    QPushButton* cancel = makeButton(u"figure.cancel"_s, tr("Cancel"), this);
    QPushButton* save = makePrimary(u"figure.save"_s, tr("Save…"), this);
    save->setDefault(true);
    buttons->addWidget(cancel);
    buttons->addWidget(save);
    layout->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(save, &QPushButton::clicked, this, &FigureDialog::askForFile);
    connect(m_type, &Segments::currentChanged, this,
            [this](const QString& type) { m_dots->setEnabled(type == "png"_L1); });
    restore();
}

QWidget* FigureDialog::makeSizes()
{
    auto* sizes = new QWidget(this);
    auto* form = new QFormLayout(sizes);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    m_preset = new QComboBox(sizes);
    nameWidget(m_preset, u"figure.preset"_s, tr("Size"));
    m_preset->addItem(tr("One column (85 × 60 mm)"), QSizeF(85, 60));
    m_preset->addItem(tr("Two columns (178 × 80 mm)"), QSizeF(178, 80));
    m_preset->addItem(tr("Slide (254 × 143 mm)"), QSizeF(254, 143));
    m_preset->addItem(tr("As on the screen"), QSizeF());
    const auto makeLength = [this, sizes](const QString& name, const QString& title) {
        auto* box = new QDoubleSpinBox(sizes);
        nameWidget(box, name, title);
        box->setRange(20, 1000);
        box->setDecimals(1);
        box->setSuffix(tr(" mm"));
        return box;
    };
    m_width = makeLength(u"figure.width"_s, tr("Width"));
    m_height = makeLength(u"figure.height"_s, tr("Height"));
    m_dots = new QSpinBox(sizes);
    nameWidget(m_dots, u"figure.dots"_s, tr("Dots per inch of PNG"));
    m_dots->setRange(72, 1200);
    m_dots->setSuffix(tr(" dpi"));
    m_look = new QComboBox(sizes);
    nameWidget(m_look, u"figure.look"_s, tr("Colours"));
    m_look->addItem(tr("Print (light)"));
    m_look->addItem(tr("As shown"));
    form->addRow(tr("Size"), m_preset);
    form->addRow(tr("Width"), m_width);
    form->addRow(tr("Height"), m_height);
    form->addRow(tr("Resolution of PNG"), m_dots);
    form->addRow(tr("Colours"), m_look);
    connect(m_preset, &QComboBox::activated, this, &FigureDialog::applyPreset);
    return sizes;
}

void FigureDialog::restore()
{
    const auto value = [this](const QString& key, const QVariant& otherwise) {
        return m_settings ? m_settings->value(u"figure/"_s + key, otherwise) : otherwise;
    };
    m_type->setCurrent(value(u"type"_s, u"pdf"_s).toString());
    m_width->setValue(value(u"width"_s, 85.0).toDouble());
    m_height->setValue(value(u"height"_s, 60.0).toDouble());
    m_dots->setValue(value(u"dots"_s, 300).toInt());
    m_look->setCurrentIndex(value(u"look"_s, 0).toInt());
    m_preset->setCurrentIndex(m_preset->findData(QSizeF(m_width->value(), m_height->value())));
    m_dots->setEnabled(m_type->current() == "png"_L1);
}

void FigureDialog::remember() const
{
    if (!m_settings)
        return;
    m_settings->setValue(u"figure/type"_s, m_type->current());
    m_settings->setValue(u"figure/width"_s, m_width->value());
    m_settings->setValue(u"figure/height"_s, m_height->value());
    m_settings->setValue(u"figure/dots"_s, m_dots->value());
    m_settings->setValue(u"figure/look"_s, m_look->currentIndex());
}

void FigureDialog::applyPreset()
{
    QSizeF size = m_preset->currentData().toSizeF();
    if (!size.isValid()) {
        const Figure figure = m_make();
        if (!figure.widget)
            return;
        size = QSizeF(figure.widget->size()) * (25.4 / 96);
    }
    m_width->setValue(size.width());
    m_height->setValue(size.height());
}

FigureFormat FigureDialog::format() const
{
    return {m_type->current(), QSizeF(m_width->value(), m_height->value()), m_dots->value(),
            m_look->currentIndex() == 0 ? FigureLook::Print : FigureLook::AsShown};
}

void FigureDialog::askForFile()
{
    remember();
    const FigureFormat chosen = format();
    ui::askForFile(
        m_make().name, chosen.type, m_settings, parentWidget(),
        [make = m_make, chosen](const QString& file) { return saveFigure(make(), chosen, file); });
    accept();
}

void openFigureDialog(const std::function<Figure()>& make, Settings* settings, QWidget* parent)
{
    auto* dialog = new FigureDialog(make, settings, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void askAndSaveData(const Figure& figure, Settings* settings, QWidget* parent)
{
    ui::askForFile(figure.name, u"csv"_s, settings, parent,
                   [figure](const QString& file) { return saveFigureData(figure, file); });
}

} // namespace clwb::ui
