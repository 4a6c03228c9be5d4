// SPDX-License-Identifier: GPL-3.0-or-later
// One line above a page: a message with actions; never a modal box.
#pragma once

#include "ui/widgets/card.h"

#include <functional>

namespace clwb::ui
{

class Banner : public Card
{
    Q_OBJECT

public:
    enum class Tone { Invitation, Problem };
    explicit Banner(const QString& objectName, QWidget* parent = nullptr);
    void showMessage(Tone tone, const QString& text, const QString& details = {});
    /// A button for the message that is shown now: "Undo". It takes the message away.
    void offer(const QString& text, std::function<void()> act);
    [[nodiscard]] QString message() const;
    /// Adds a button before the closing cross; it stays for later messages.
    class QPushButton* addAction(const QString& objectName, const QString& text, bool primary);

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_text = nullptr;
    QLabel* m_details = nullptr;
    QHBoxLayout* m_line = nullptr;
    class QPushButton* m_offer = nullptr;
    std::function<void()> m_act;
    Tone m_tone = Tone::Invitation;
};

} // namespace clwb::ui
