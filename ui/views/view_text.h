// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace kappascope::ui {

/// Numbers in pictures: the theme's tabular figures, two pixels smaller.
QFont smallNumbers();

} // namespace kappascope::ui
