// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace kappascope::ui {

/// `font` with figures of equal width, so that numbers do not jitter as they change. Where the font's
/// standard figures have different widths, its own tabular ones are used (OpenType feature "tnum"); without
/// such a feature the font comes back as it is (NumberLabel then sets figures into cells).
QFont tabular(const QFont& font);

/// Whether all ten figures of `font` are equally wide.
bool hasTabularFigures(const QFont& font);

} // namespace kappascope::ui
