// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tool_button.h"

#include "ui/theme/theme.h"

namespace kappascope::ui {

namespace {

const char* nameOf(ButtonLook look) {
    switch (look) {
    case ButtonLook::Outline:
        return "outline";
    case ButtonLook::Filled:
        return "filled";
    case ButtonLook::Word:
        return "word";
    case ButtonLook::Badge:
        return "badge";
    case ButtonLook::Flat:
        break;
    }
    return "flat";
}

/// Text among text: without the two blanks by which a button is wider than its words.
class WordButton : public QToolButton {
public:
    using QToolButton::QToolButton;
    QSize sizeHint() const override {
        const int blanks = 2 * fontMetrics().horizontalAdvance(QLatin1Char(' '));
        return QToolButton::sizeHint() - QSize(blanks - 2, 0);
    }
    QSize minimumSizeHint() const override { return sizeHint(); }
};

} // namespace

QToolButton* makeToolButton(ButtonLook look, const QString& iconOrWord, const QString& help,
                            QWidget* parent) {
    auto* button = look == ButtonLook::Word ? new WordButton(parent) : new QToolButton(parent);
    button->setProperty("look", nameOf(look));
    button->setToolTip(help);
    button->setAccessibleName(help.section(u'\n', 0, 0));
    const bool isText = look == ButtonLook::Word || look == ButtonLook::Badge;
    button->setFocusPolicy(isText ? Qt::TabFocus : Qt::StrongFocus);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setCursor(Qt::PointingHandCursor);
    if (isText) {
        button->setText(iconOrWord);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    } else {
        setToolButtonIcon(*button, iconOrWord);
    }
    return button;
}

void setToolButtonIcon(QToolButton& button, const QString& icon) {
    const bool filled = button.property("look").toByteArray() == "filled";
    const Theme& theme = Theme::instance();
    button.setIcon(filled ? theme.iconOnAccent(icon) : theme.icon(icon));
}

} // namespace kappascope::ui
