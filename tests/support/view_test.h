// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/hand_made_snapshot.h"
#include "ui/theme/theme.h"
#include "ui/views/run_view.h"

#include <QSignalSpy>
#include <QTest>

namespace kappascope::test {

/// Colours that went through interpolation and rounding; each channel may be off by this much.
constexpr int colorTolerance = 3;

inline bool near(const QColor& a, const QColor& b, int tolerance = colorTolerance) {
    return std::abs(a.red() - b.red()) <= tolerance && std::abs(a.green() - b.green()) <= tolerance &&
           std::abs(a.blue() - b.blue()) <= tolerance;
}

/// Shows the view at `size` with this snapshot and waits for the picture.
inline bool showPicture(ui::RunView& view, const std::shared_ptr<const Snapshot>& snapshot,
                        const QSize& size) {
    view.resize(size);
    view.show();
    QSignalSpy shown(&view, &ui::RunView::shown);
    view.setSnapshot(snapshot);
    return shown.wait();
}

inline QColor pixelAt(const QWidget& widget, const QPointF& at) {
    return const_cast<QWidget&>(widget).grab().toImage().pixelColor(at.toPoint());
}

#define COMPARE_COLOR(actual, expected)                                                                      \
    QVERIFY2(                                                                                                \
        kappascope::test::near(actual, expected),                                                            \
        qPrintable(QStringLiteral("%1 instead of %2").arg(QColor(actual).name(), QColor(expected).name())))

} // namespace kappascope::test
