// SPDX-License-Identifier: GPL-3.0-or-later
// The classes that a model thinks of first, with their probabilities as bars.
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

namespace clwb::ui
{

struct RankedClass
{
    QString name;
    double probability = 0; ///< 0…1
    bool isTrue = false;
};

class RankingBars : public QWidget
{
    Q_OBJECT

public:
    RankingBars(const QString& objectName, const QString& title, QWidget* parent = nullptr);
    void setClasses(std::vector<RankedClass> classes);
    [[nodiscard]] const std::vector<RankedClass>& classes() const { return m_classes; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] int rowHeight() const;
    std::vector<RankedClass> m_classes;
};

} // namespace clwb::ui
