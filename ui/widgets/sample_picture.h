// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"

#include <QColor>
#include <QImage>

namespace kappascope::ui {

/// A sample of `set`, which has an image shape, as a picture of its size. Three channels are red, green and
/// blue, as the file has them, however the inputs are scaled; one channel goes from `paper` to `ink` over the
/// sample's own range, and of any other number the first is shown in this way. Any thread.
QImage samplePicture(const Dataset& set, Index sample, const QColor& paper, const QColor& ink);

} // namespace kappascope::ui
