// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/spectrum_view.h"

#include "engine/curvature/layer_shares.h"
#include "ui/theme/theme.h"
#include "ui/views/curvature/reading_text.h"
#include "ui/views/view_text.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr qreal axisHeight = 18, margin = 6, laneGap = 4;
constexpr qreal zeroWidth = 60, tickDistance = 40;
constexpr double limitInSight = 1e3; ///< a stability limit farther above all eigenvalues is not drawn

} // namespace

SpectrumView::SpectrumView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Spectrum"));
    setToolTip(tr("Every dot is an eigenvalue of the Hessian, placed by its size.\nClick one to see what its "
                  "direction does; the arrow keys go on to the next."));
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        makeLanes();
        update();
    });
}

void SpectrumView::setReading(std::shared_ptr<const CurvatureReading> reading, int layer) {
    reading_ = std::move(reading);
    layer_ = layer;
    makeLanes();
    for (auto* which : {&chosen_, &hovered_})
        if (*which) {
            const SpectrumLane* its = lane((*which)->preconditioned);
            if (!its || (*which)->index >= its->spectrum().eigenvalues.size()) which->reset();
        }
    update();
}

void SpectrumView::setRunColor(const QColor& color) {
    if (color == color_) return;
    color_ = color;
    makeLanes();
    update();
}

void SpectrumView::setHint(const QString& hint) {
    hint_ = hint;
    update();
}

const BlockReading* SpectrumView::block() const {
    const BlockReading* found = reading_ ? reading_->block(layer_) : nullptr;
    return found && found->raw.eigenvalues.size() > 0 ? found : nullptr;
}

void SpectrumView::makeLanes() {
    lanes_.clear();
    const BlockReading* of = block();
    if (!of) return;
    std::optional<double> limit;
    if (reading_->stabilityLimit.usable()) limit = reading_->stabilityLimit.value;
    const QColor color = color_.isValid() ? color_ : Theme::instance().palette().accent;
    const bool same = reading_->identity, defined = reading_->whyNotPreconditioned.empty();
    const bool both = defined && !same && of->preconditioned.eigenvalues.size() > 0;
    // Steps beyond the limit grow in the matrix that they meet; that of another is none of theirs.
    lanes_.push_back(
        {of->raw,
         {same ? tr("H = PᵀHP") : tr("H"), same ? tr("no preconditioner: steps meet H itself") : tr("raw"),
          color, !same, same ? limit : std::nullopt}});
    if (both)
        lanes_.push_back({of->preconditioned,
                          {tr("PᵀHP"),
                           reading_->symmetrized
                               ? tr("as the run's steps meet it, nearly: optimizer and preconditioner do "
                                    "not commute, P Pᵀ is made symmetric")
                               : tr("as the run's steps meet it"),
                           color, false, limit}});
    double least = 0, positive = 0, negative = 0;
    for (SpectrumLane& lane : lanes_) {
        least = least > 0 ? std::min(least, lane.band()) : lane.band();
        positive = std::max(positive, lane.mostPositive());
        negative = std::max(negative, lane.mostNegative());
    }
    for (const SpectrumLane& lane : lanes_)
        if (const auto at = lane.style().limit; at && *at < limitInSight * positive)
            positive = std::max(positive, *at);
    axis_.setSizes(least > 0 ? least : standardTau, positive, negative);
    layOut();
}

QRectF SpectrumView::plotRect() const {
    return QRectF(rect()).adjusted(margin, 0, -margin, -axisHeight);
}

void SpectrumView::layOut() {
    const QRectF plot = plotRect();
    axis_.setPixels(plot.left(), plot.right() - margin, zeroWidth);
    const bool reason = reading_ && !reading_->whyNotPreconditioned.empty();
    const auto count = static_cast<qreal>(lanes_.size() + (reason ? 1 : 0));
    const qreal height = (plot.height() - laneGap * (count - 1)) / std::max(count, 1.0);
    double size = DotSwarm::largest;
    for (const bool final : {false, true}) // the same size in both
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            const QRectF place(plot.left(), plot.top() + static_cast<qreal>(i) * (height + laneGap),
                               plot.width(), height);
            size = std::min(size, lanes_[i].layOut(place, axis_, final ? size : 0));
        }
}

const SpectrumLane* SpectrumView::lane(bool preconditioned) const {
    const std::size_t i = preconditioned && reading_ && !reading_->identity ? 1 : 0;
    return i < lanes_.size() ? &lanes_[i] : nullptr;
}

QPointF SpectrumView::positionOf(const EigenvalueChoice& which) const {
    return lane(which.preconditioned)->at(which.index);
}

std::optional<EigenvalueChoice> SpectrumView::eigenvalueAt(const QPointF& position) const {
    for (std::size_t i = 0; i < lanes_.size(); ++i)
        if (lanes_[i].rect().contains(position))
            if (const auto index = lanes_[i].near(position)) return EigenvalueChoice{i == 1, *index};
    return {};
}

void SpectrumView::choose(const std::optional<EigenvalueChoice>& which) {
    chosen_ = which;
    update();
}

void SpectrumView::chooseByUser(const EigenvalueChoice& which) {
    choose(which);
    emit eigenvalueChosen(which);
}

/// How the eigenvector is spread over the layers, where it is known.
QString SpectrumView::sharesOf(const SpectrumReading& spectrum, Index i) const {
    if (layer_ != BlockReading::wholeNetwork) return tr("\nof the block of %1 alone").arg(blockName(layer_));
    if (!reading_->snapshot || i >= spectrum.vectors.cols()) return {};
    const Vector<double> shares = layerShares(*reading_->snapshot->network, spectrum.vectors.col(i));
    QStringList parts;
    for (Index d = 0; d < shares.size(); ++d)
        parts << tr("%1: %2").arg(blockName(static_cast<int>(d)), formatShare(shares[d]));
    return tr("\nits direction lies in %1").arg(parts.join(QStringLiteral(", ")));
}

QString SpectrumView::textOf(const EigenvalueChoice& which) const {
    const SpectrumLane& its = *lane(which.preconditioned);
    const SpectrumReading& spectrum = its.spectrum();
    const double lambda = spectrum.eigenvalues[which.index];
    const Index n = spectrum.eigenvalues.size();
    QString text = tr("λ = %1 of %2").arg(formatNumber(lambda), its.style().title);
    if (spectrum.errors.size() > 0)
        text += tr("\nestimate, residual %1").arg(formatNumber(spectrum.errors[which.index], 2));
    else
        text += tr("\nnumber %1 of %2 from the largest").arg(formatCount(n - which.index), formatCount(n));
    if (its.countsAsZero(which.index))
        text += tr("\ncounts as zero: within ±τ λmax = ±%1").arg(formatNumber(its.band(), 2));
    else if (lambda < 0)
        text += tr("\nnegative: the loss bends downwards in its direction");
    if (its.style().limit && lambda > *its.style().limit)
        text += tr("\nabove the stability limit %1: steps in its direction grow")
                    .arg(formatNumber(*its.style().limit, 3));
    return text + sharesOf(spectrum, which.index);
}

QString SpectrumView::textAt(const QPointF& position) const {
    if (const auto which = eigenvalueAt(position)) return textOf(*which);
    for (const SpectrumLane& lane : lanes_)
        if (const QString text = lane.textAt(position, axis_); !text.isEmpty()) return text;
    return {};
}

void SpectrumView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (lanes_.empty()) {
        painter.setPen(Theme::instance().palette().quiet);
        painter.setFont(Theme::instance().body());
        painter.drawText(QRectF(rect()).adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap, hint_);
        return;
    }
    paintAxis(painter);
    for (const SpectrumLane& lane : lanes_)
        lane.paint(painter, axis_);
    paintReason(painter);
    if (hovered_) paintRing(painter, *hovered_, 1.5);
    if (chosen_) paintRing(painter, *chosen_, 3);
}

void SpectrumView::paintAxis(QPainter& painter) const {
    const Palette& colors = Theme::instance().palette();
    const QRectF plot = plotRect();
    painter.fillRect(QRectF(QPointF(axis_.zeroLeft(), plot.top()), QPointF(axis_.zeroRight(), plot.bottom())),
                     colors.grid);
    painter.setFont(smallNumbers());
    const auto label = [&](double x, const QString& text) {
        const qreal half = painter.fontMetrics().horizontalAdvance(text) / 2.0 + 1;
        const qreal middle = std::clamp(x, half, width() - half);
        painter.setPen(colors.quiet);
        painter.drawText(QRectF(middle - half, plot.bottom() + 2, 2 * half, axisHeight - 2), Qt::AlignCenter,
                         text);
    };
    for (const auto& tick : axis_.ticks(tickDistance)) {
        painter.setPen(QPen(colors.grid, 1));
        const double x = std::round(tick.x) + 0.5;
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        label(tick.x, tick.label);
    }
    label((axis_.zeroLeft() + axis_.zeroRight()) / 2, tr("≈ 0"));
}

/// Where there is no P^T H P: why.
void SpectrumView::paintReason(QPainter& painter) const {
    if (reading_->whyNotPreconditioned.empty()) return;
    QRectF place = lanes_.back().rect();
    place.moveTop(place.bottom() + laneGap);
    painter.setFont(Theme::instance().body());
    painter.setPen(Theme::instance().palette().quiet);
    painter.drawText(place.adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap,
                     tr("No PᵀHP: %1").arg(QString::fromStdString(reading_->whyNotPreconditioned)));
}

void SpectrumView::paintRing(QPainter& painter, const EigenvalueChoice& which, qreal distance) const {
    const SpectrumLane& its = *lane(which.preconditioned);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Theme::instance().palette().accent, 2));
    const qreal radius = its.dotSize() / 2 + distance;
    painter.drawEllipse(its.at(which.index), radius, radius);
}

void SpectrumView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layOut();
}

void SpectrumView::hover(const QPointF& position) {
    const auto which = eigenvalueAt(position);
    if (which != hovered_) update();
    hovered_ = which;
    const bool clickable =
        which && reading_->snapshot && lane(which->preconditioned)->spectrum().vectors.cols() > which->index;
    setCursor(clickable ? Qt::PointingHandCursor : Qt::ArrowCursor);
    const QString text = textAt(position);
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(mapToGlobal(position.toPoint()), text, this);
}

void SpectrumView::mouseMoveEvent(QMouseEvent* event) {
    hover(event->position());
}

void SpectrumView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    if (const auto which = eigenvalueAt(event->position())) chooseByUser(*which);
}

void SpectrumView::leaveEvent(QEvent* event) {
    hovered_.reset();
    QToolTip::hideText();
    update();
    QWidget::leaveEvent(event);
}

/// Left and right: the next eigenvalue; up and down: the other matrix.
void SpectrumView::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    const bool sideways = key == Qt::Key_Left || key == Qt::Key_Right;
    if (lanes_.empty() || (!sideways && key != Qt::Key_Up && key != Qt::Key_Down))
        return QWidget::keyPressEvent(event);
    EigenvalueChoice next = chosen_.value_or(EigenvalueChoice{lanes_.size() > 1, 0});
    if (!chosen_) {
        next.index = lanes_.back().spectrum().eigenvalues.size() - 1;
    } else if (sideways) {
        next.index += key == Qt::Key_Left ? -1 : 1;
    } else {
        next.preconditioned = key == Qt::Key_Down && lanes_.size() > 1;
    }
    next.index =
        std::clamp<Index>(next.index, 0, lane(next.preconditioned)->spectrum().eigenvalues.size() - 1);
    chooseByUser(next);
}

bool SpectrumView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && !textAt(static_cast<QHelpEvent*>(event)->pos()).isEmpty())
        return true; // it follows the mouse already
    return QWidget::event(event);
}

} // namespace kappascope::ui
