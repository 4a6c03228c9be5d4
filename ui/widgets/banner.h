// SPDX-License-Identifier: GPL-3.0-or-later
// One line above a page: a message with actions; never a modal box.
#pragma once

#include "ui/widgets/card.h"

#include <QTimer>

#include <functional>
#include <vector>

class QPushButton;

namespace clwb::ui
{

class Banner : public Card
{
    Q_OBJECT

public:
    enum class Tone { Invitation, Problem };
    explicit Banner(const QString& objectName, QWidget* parent = nullptr);
    /// In place of what is shown now, and of all that waits behind it.
    void showMessage(Tone tone, const QString& text, const QString& details = {});
    /// Before what is shown now: a problem, or what has an offer, waits behind it and can be looked
    /// at by "1 more". What only informs goes by itself after a while, unless it is looked at.
    void tell(Tone tone, const QString& text, const QString& details = {});
    /// A button for the message that is shown now: "Undo". It takes the message away.
    void offer(const QString& text, std::function<void()> act);
    /// Takes the message of that text away, also where it waits.
    void retract(const QString& text);
    [[nodiscard]] QString message() const { return m_now.text; }
    [[nodiscard]] QString details() const { return m_now.details; }
    /// Messages behind the one that is shown.
    [[nodiscard]] int waiting() const { return static_cast<int>(m_older.size()); }
    /// Adds a button before the closing cross; it stays for later messages.
    QPushButton* addAction(const QString& objectName, const QString& text, bool primary);
    /// How long what only informs stays.
    void setLifetime(int milliseconds);

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Message
    {
        Tone tone = Tone::Invitation;
        QString text;
        QString details;
        QString offer;
        std::function<void()> act;
    };
    [[nodiscard]] bool onlyInforms() const;
    void showNow();
    /// The next of those that wait, or nothing.
    void leave();
    void showOther();
    void fade();
    void showDetails(bool isOpen);

    QLabel* m_text = nullptr;
    QLabel* m_details = nullptr;
    QHBoxLayout* m_line = nullptr;
    QPushButton* m_toggle = nullptr;
    QPushButton* m_offer = nullptr;
    QPushButton* m_more = nullptr;
    int m_actions = 0; ///< added by addAction()
    bool m_isTold = false;
    QTimer m_life;
    Message m_now;
    std::vector<Message> m_older; ///< the newest first
};

} // namespace clwb::ui
