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

} // namespace

QToolButton* makeToolButton(ButtonLook look, const QString& iconOrWord, const QString& help,
                            QWidget* parent) {
    auto* button = new QToolButton(parent);
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
