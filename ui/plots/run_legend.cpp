// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/run_legend.h"

#include "ui/plots/plot_drag.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QLayout>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

namespace kappascope::ui {

namespace {
constexpr int markerSize = 8, pad = 5, gap = 5;
constexpr int rowPadding = 6;
constexpr int mostRows = 4; ///< in sight; the plots need the room
} // namespace

/// One run: marker and name; crossed out and pale when hidden, underlined when selected.
class RunLegend::Entry : public QAbstractButton {
public:
    Entry(RunLegend* legend) : QAbstractButton(legend->all_), legend_(legend) {
        setFocusPolicy(Qt::TabFocus);
        setCursor(Qt::PointingHandCursor);
        setToolTip(RunLegend::tr("Click: select. Ctrl + click: hide or show. Double click: this run alone. "
                                 "Drag a hidden one onto a plot: show it."));
        new DragStarter(this, [this] { return mimeOfRun(run_.id); });
        connect(this, &QAbstractButton::clicked, this, [this] {
            const bool control = QGuiApplication::keyboardModifiers() & Qt::ControlModifier;
            if (control)
                emit legend_->hideAsked(run_.id, !run_.hidden);
            else
                emit legend_->selectAsked(run_.id);
        });
    }

    /// False when it looks like that already.
    bool show(const PlotRun& run) {
        const bool same = run.name == run_.name && run.color == run_.color && run.position == run_.position &&
                          run.hidden == run_.hidden && run.selected == run_.selected && run.id == run_.id;
        if (same) return false;
        run_.id = run.id;
        run_.name = run.name;
        run_.color = run.color;
        run_.position = run.position;
        run_.hidden = run.hidden;
        run_.selected = run.selected;
        setText(run.name);
        setAccessibleName(run.hidden ? RunLegend::tr("%1, hidden").arg(run.name) : run.name);
        updateGeometry();
        update();
        return true;
    }

    QSize sizeHint() const override {
        return {2 * pad + markerSize + gap + fontMetrics().horizontalAdvance(run_.name),
                fontMetrics().height() + rowPadding};
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Palette& palette = Theme::instance().palette();
        const QColor color = Theme::instance().runColor(run_.color, run_.position);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (hasFocus() || underMouse()) {
            painter.setPen(hasFocus() ? QPen(palette.accent, 1) : QPen(Qt::NoPen));
            painter.setBrush(palette.grid);
            painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        }
        const QPointF center(pad + markerSize / 2.0, height() / 2.0);
        painter.setPen(QPen(run_.hidden ? palette.quiet : color, 1));
        painter.setBrush(run_.hidden ? Qt::NoBrush : QBrush(color));
        drawMarker(painter, Theme::instance().runMarker(run_.position), center, markerSize);
        QFont words = font();
        words.setStrikeOut(run_.hidden);
        painter.setFont(words);
        painter.setPen(run_.hidden ? palette.quiet : palette.text);
        const QRectF box(pad + markerSize + gap, 0, width(), height());
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, run_.name);
        if (!run_.selected) return;
        painter.setPen(QPen(color, 2));
        painter.drawLine(QPointF(box.left(), height() - 1.5), QPointF(width() - pad, height() - 1.5));
    }

    void mouseDoubleClickEvent(QMouseEvent* event) override {
        if (event->button() == Qt::LeftButton) emit legend_->soloAsked(run_.id);
    }
    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }

private:
    RunLegend* legend_;
    PlotRun run_;
};

/// Entries in rows, as many as it takes.
class RunLegend::Flow : public QLayout {
public:
    using QLayout::QLayout;
    ~Flow() override { qDeleteAll(items_); }

    void addItem(QLayoutItem* item) override { items_ << item; }
    int count() const override { return int(items_.size()); }
    QLayoutItem* itemAt(int index) const override { return items_.value(index); }
    QLayoutItem* takeAt(int index) override {
        return index >= 0 && index < items_.size() ? items_.takeAt(index) : nullptr;
    }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return place(QRect(0, 0, width, 0), false); }
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override {
        QSize size;
        for (const QLayoutItem* item : items_)
            size = size.expandedTo(item->sizeHint());
        return size;
    }
    void setGeometry(const QRect& rect) override {
        QLayout::setGeometry(rect);
        place(rect, true);
    }

private:
    int place(const QRect& rect, bool really) const {
        int x = rect.left(), y = rect.top(), row = 0;
        for (QLayoutItem* item : items_) {
            const QSize size = item->sizeHint();
            if (x > rect.left() && x + size.width() > rect.right() + 1) {
                x = rect.left();
                y += row;
                row = 0;
            }
            if (really) item->setGeometry({QPoint(x, y), size});
            x += size.width();
            row = std::max(row, size.height());
        }
        return y + row - rect.top();
    }

    QList<QLayoutItem*> items_;
};

RunLegend::RunLegend(QWidget* parent) : QScrollArea(parent), all_(new QWidget), flow_(new Flow(all_)) {
    flow_->setContentsMargins(0, 0, 0, 0);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidgetResizable(true);
    setWidget(all_);
    all_->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    setFocusPolicy(Qt::NoFocus);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Runs"));
    connect(&Theme::instance(), &Theme::changed, this, [this] { all_->update(); });
}

int RunLegend::mostHeight() const {
    return mostRows * (fontMetrics().height() + rowPadding);
}

int RunLegend::heightForWidth(int width) const {
    return std::min(flow_->heightForWidth(width), mostHeight());
}

QSize RunLegend::sizeHint() const {
    const int width = flow_->minimumSize().width();
    return {width, heightForWidth(std::max(width, this->width()))};
}

QSize RunLegend::minimumSizeHint() const {
    return {flow_->minimumSize().width(), 0};
}

/// Entries take other room once they have their font, which is after they were added.
bool RunLegend::eventFilter(QObject* watched, QEvent* event) {
    if (watched == all_ && event->type() == QEvent::LayoutRequest) {
        updateGeometry();
        allowBar();
    }
    return QScrollArea::eventFilter(watched, event);
}

void RunLegend::resizeEvent(QResizeEvent* event) {
    allowBar();
    QScrollArea::resizeEvent(event);
}

/// Only where the rows are more than fit: a bar that came while there was less room takes the width that the
/// last name of a row needs, and so stays.
void RunLegend::allowBar() {
    const bool fits = flow_->heightForWidth(maximumViewportSize().width()) <= mostHeight();
    setVerticalScrollBarPolicy(fits ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
}

void RunLegend::setRuns(const std::vector<PlotRun>& runs) {
    bool changed = entries_.size() != runs.size();
    while (entries_.size() > runs.size()) {
        delete entries_.back();
        entries_.pop_back();
    }
    while (entries_.size() < runs.size()) {
        entries_.push_back(new Entry(this));
        flow_->addWidget(entries_.back());
        entries_.back()->setVisible(true);
    }
    for (std::size_t i = 0; i < runs.size(); ++i)
        changed |= entries_[i]->show(runs[i]);
    if (changed) updateGeometry();
}

} // namespace kappascope::ui
