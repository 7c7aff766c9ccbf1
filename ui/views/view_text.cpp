// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_text.h"

#include "ui/theme/theme.h"

#include <QFontInfo>
#include <algorithm>

namespace kappascope::ui {

QFont smallNumbers() {
    QFont font = Theme::instance().numbers();
    font.setPixelSize(std::max(9, QFontInfo(font).pixelSize() - 2));
    return font;
}

} // namespace kappascope::ui
