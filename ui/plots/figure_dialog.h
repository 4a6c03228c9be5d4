// SPDX-License-Identifier: GPL-3.0-or-later
// Asks for type, size and file of a figure, without blocking.
#pragma once

#include "ui/plots/plot_export.h"

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace clwb::ui
{

class Segments;

class FigureDialog : public QDialog
{
    Q_OBJECT

public:
    FigureDialog(std::function<Figure()> make, Settings* settings, QWidget* parent);
    [[nodiscard]] FigureFormat format() const;

private:
    QWidget* makeSizes();
    void restore();
    void remember() const;
    void applyPreset();
    void askForFile();

    std::function<Figure()> m_make;
    Settings* m_settings;
    Segments* m_type = nullptr;
    QComboBox* m_preset = nullptr;
    QDoubleSpinBox* m_width = nullptr;
    QDoubleSpinBox* m_height = nullptr;
    QSpinBox* m_dots = nullptr;
    QComboBox* m_look = nullptr;
};

void openFigureDialog(const std::function<Figure()>& make, Settings* settings, QWidget* parent);
/// File dialog for the CSV of a figure.
void askAndSaveData(const Figure& figure, Settings* settings, QWidget* parent);

} // namespace clwb::ui
