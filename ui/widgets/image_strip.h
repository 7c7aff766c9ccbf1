// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"

#include <QWidget>
#include <memory>

namespace kappascope::ui {

/// The first images of a data set with their classes, as many as there is room for. GUI thread.
class ImageStrip : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// `samples` must have an image shape.
    void setSamples(std::shared_ptr<const Dataset> samples);
    QSize sizeHint() const override { return {480, 260}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::shared_ptr<const Dataset> samples_;
};

} // namespace kappascope::ui
