// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/snapshot.h"
#include "ui/views/view_worker.h"

#include <QColor>
#include <QElapsedTimer>
#include <QWidget>
#include <memory>

namespace kappascope::ui {

/// A picture of one run's network, evaluated from snapshots in the worker's threads and painted here from
/// finished results. The last picture stays until the next one is there. GUI thread only.
class RunView : public QWidget {
    Q_OBJECT
public:
    explicit RunView(ViewWorker& worker, QWidget* parent = nullptr);

    /// Shows this network as soon as it has been evaluated. Its data must be such that the view fits them.
    void setSnapshot(std::shared_ptr<const Snapshot> snapshot);
    const std::shared_ptr<const Snapshot>& snapshot() const { return snapshot_; }
    /// Back to an empty picture: the run started over with other data.
    void clear();
    /// In which curves of this run are drawn.
    void setRunColor(const QColor& color);

    /// A newer snapshot would be drawn now: on the screen, idle, and not too soon after the last one.
    bool wantsSnapshot() const;
    /// Step of the snapshot in the picture; -1 before the first.
    std::int64_t shownStep() const { return shownStep_; }
    /// What the view tells about the place under the mouse; empty for nothing.
    virtual QString textAt(const QPointF& position) const;

    QSize sizeHint() const override { return {220, 220}; }
    QSize minimumSizeHint() const override { return {96, 96}; }

signals:
    void shown();                  ///< a new picture is on the screen
    void becameVisible();          ///< asks to be fed again
    void sampleChosen(int sample); ///< by a click on its picture: its number in shownSet()

protected:
    /// Orders the picture of snapshot(), which is not null, at the present size and colours.
    virtual void evaluate() = 0;
    /// Colours or fonts have changed: what is kept drawn is to be drawn anew.
    virtual void restyle() {}
    /// Forgets results.
    virtual void forget() = 0;
    /// Paints the last result into rect().
    virtual void paint(QPainter& painter) = 0;
    /// The picture depends on the widget's size.
    virtual bool followsSize() const { return true; }
    virtual bool empty() const = 0;

    /// To be called as a result arrives.
    void present(std::int64_t step);
    /// Colours or the like have changed: evaluates again when there is a snapshot.
    void refresh();
    ViewChannel& channel() { return channel_; }
    const QColor& runColor() const { return runColor_; }

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool event(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void updateToolTip();
    bool paintingIsDue() const;

    ViewChannel channel_;
    std::shared_ptr<const Snapshot> snapshot_;
    QColor runColor_;
    QString failure_; ///< why there is no picture of the newest snapshot
    std::int64_t shownStep_ = -1;
    QPointF mouse_;
    bool hovered_ = false;
    QElapsedTimer sincePainting_; ///< since the last painting ended
    qint64 paintingTook_ = 0;     ///< ns, the last one
};

} // namespace kappascope::ui
