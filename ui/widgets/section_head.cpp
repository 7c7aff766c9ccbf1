// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/section_head.h"

#include "ui/theme/theme.h"

namespace kappascope::ui {

SectionHead::SectionHead(const QString& text, QWidget* parent) : QLabel(text, parent) {
    connect(&Theme::instance(), &Theme::changed, this, &SectionHead::dress);
    dress();
}

void SectionHead::dress() {
    setFont(Theme::instance().heading());
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, Theme::instance().palette().quiet);
    setPalette(colors);
}

} // namespace kappascope::ui
