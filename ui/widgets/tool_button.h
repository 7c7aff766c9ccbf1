// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace kappascope::ui {

/// The window's small buttons.
enum class ButtonLook {
    Flat,    ///< icon without a frame
    Outline, ///< 28 x 28 with a line: "+", "-", the seed
    Filled,  ///< on the accent colour: play
    Word,    ///< quiet text that can be clicked: "log", "step"
    Badge    ///< a word that wants to be seen: "Follow"
};

/// A button with an icon of resources/icons by name (none for Word). `help` is its tooltip and accessible
/// name.
QToolButton* makeToolButton(ButtonLook look, const QString& iconOrWord, const QString& help,
                            QWidget* parent = nullptr);
/// Another icon for a button made here: "pause" for "play".
void setToolButtonIcon(QToolButton& button, const QString& icon);

} // namespace kappascope::ui
