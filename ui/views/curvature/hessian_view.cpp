// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/hessian_view.h"

#include "ui/theme/theme.h"
#include "ui/views/curvature/reading_text.h"
#include "ui/views/view_text.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr qreal titleHeight = 18, layerHeight = 14, scaleHeight = 24, gap = 12, margin = 4;
constexpr int shades = 128; ///< to either side
using Shades = std::array<QRgb, 2 * shades + 1>;

/// All shades of the signed map, from -1 to 1.
Shades signedShades() {
    Shades colors{};
    for (std::size_t k = 0; k < colors.size(); ++k)
        colors[k] = Theme::instance().signedColor(static_cast<double>(k) / shades - 1).rgb();
    return colors;
}

} // namespace

QString parameterName(const Network<double>& network, Index place) {
    for (const ParameterBlock& block : network.blocks()) {
        const Index k = place - block.offset;
        if (k < 0 || k >= block.shape.size()) continue;
        const QString name = QString::fromStdString(block.name);
        return block.shape.vector ? QStringLiteral("%1[%2]").arg(name).arg(k)
                                  : QStringLiteral("%1[%2, %3]")
                                        .arg(name)
                                        .arg(k % block.shape.rows)
                                        .arg(k / block.shape.rows);
    }
    return QString::number(place);
}

HessianView::HessianView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Hessian"));
    setToolTip(tr("Every pixel is a second derivative of the loss by two parameters"));
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        makePictures();
        update();
    });
}

void HessianView::setReading(std::shared_ptr<const CurvatureReading> reading) {
    reading_ = std::move(reading);
    makePictures();
    update();
}

void HessianView::setHint(const QString& hint) {
    hint_ = hint;
    update();
}

double HessianView::strength(double entry, double largest) {
    const double size = std::abs(entry);
    if (!(size > 0) || !(largest > 0)) return 0;
    const double share = std::max(0.0, 1 + std::log10(size / largest) / decades);
    return entry < 0 ? -share : share;
}

void HessianView::addPicture(const Matrix<double>& matrix, const QString& title, const QString& note) {
    const auto n = static_cast<int>(matrix.rows());
    Picture picture{&matrix, title, note, QImage(n, n, QImage::Format_RGB32), matrix.cwiseAbs().maxCoeff()};
    const auto colors = signedShades();
    for (int row = 0; row < n; ++row) {
        auto* line = reinterpret_cast<QRgb*>(picture.image.scanLine(row));
        for (int column = 0; column < n; ++column) {
            const auto shade = std::lround(shades * strength(matrix(row, column), picture.largest));
            line[column] = colors[static_cast<std::size_t>(shades + shade)];
        }
    }
    pictures_.push_back(std::move(picture));
}

void HessianView::makePictures() {
    pictures_.clear();
    borders_.clear();
    if (!reading_ || reading_->matrix.size() == 0 || !reading_->snapshot) return;
    const bool same = reading_->identity;
    addPicture(reading_->matrix, same ? tr("H = PᵀHP") : tr("H"),
               same ? tr("no preconditioner: steps meet H itself") : tr("raw"));
    if (reading_->preconditionedMatrix.size() > 0)
        addPicture(reading_->preconditionedMatrix, tr("PᵀHP"), tr("as the run's steps meet it"));
    int dense = -1;
    for (const ParameterBlock& block : reading_->snapshot->network->blocks()) {
        borders_.push_back({block.offset, block.weighted != dense, block.weighted});
        dense = block.weighted;
    }
}

/// Squares side by side or one above the other, whichever makes them larger.
QRectF HessianView::imageRect(int which) const {
    const auto count = static_cast<qreal>(pictures_.size());
    if (which >= static_cast<int>(pictures_.size())) return {};
    const qreal above = titleHeight + layerHeight;
    const QRectF all = QRectF(rect()).adjusted(margin, 0, -margin, -scaleHeight);
    const qreal beside = std::min((all.width() - gap * (count - 1)) / count, all.height() - above);
    const qreal stacked = std::min(all.width(), (all.height() - above * count) / count);
    const qreal side = std::floor(std::max({beside, stacked, 16.0}));
    const int k = which;
    if (beside >= stacked) {
        const qreal left = all.left() + (all.width() - count * side - (count - 1) * gap) / 2;
        return {std::round(left + k * (side + gap)), all.top() + above, side, side};
    }
    return {std::round(all.center().x() - side / 2), all.top() + above + k * (side + above), side, side};
}

QString HessianView::emptyText() const {
    const BlockReading* whole = reading_ ? reading_->block(BlockReading::wholeNetwork) : nullptr;
    if (whole && whole->raw.summary.size > CurvatureRequest::largestPictured)
        return tr("This network has %1 parameters. The Hessian is drawn for networks of at most %2: take "
                  "fewer or "
                  "narrower layers.")
            .arg(formatCount(whole->raw.summary.size), formatCount(CurvatureRequest::largestPictured));
    return hint_;
}

void HessianView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (pictures_.empty()) {
        painter.setPen(Theme::instance().palette().quiet);
        painter.setFont(Theme::instance().body());
        painter.drawText(QRectF(rect()).adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         emptyText());
        return;
    }
    for (int which = 0; which < static_cast<int>(pictures_.size()); ++which)
        paintPicture(painter, which);
    paintScale(painter);
}

void HessianView::paintPicture(QPainter& painter, int which) const {
    const Picture& picture = pictures_[static_cast<std::size_t>(which)];
    const Palette& colors = Theme::instance().palette();
    const QRectF place = imageRect(which);
    // Enlarged entries keep their edges; of a matrix with more entries than pixels none is skipped.
    painter.setRenderHint(QPainter::SmoothPixmapTransform,
                          place.width() * devicePixelRatioF() < picture.image.width());
    painter.drawImage(place, picture.image);
    paintBorders(painter, place);
    QFont strong = Theme::instance().body();
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(colors.text);
    const QRectF line(place.left(), place.top() - titleHeight - layerHeight, place.width(), titleHeight);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, picture.title);
    const qreal used = painter.fontMetrics().horizontalAdvance(picture.title) + 8;
    QString note = picture.note;
    if (!reading_->whyNotPreconditioned.empty())
        note = tr("no PᵀHP: %1").arg(QString::fromStdString(reading_->whyNotPreconditioned));
    painter.setFont(smallNumbers());
    painter.setPen(colors.quiet);
    painter.drawText(
        line.adjusted(used, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(note, Qt::ElideRight, static_cast<int>(line.width() - used)));
}

void HessianView::paintBorders(QPainter& painter, const QRectF& place) const {
    const Palette& colors = Theme::instance().palette();
    const auto n = static_cast<qreal>(reading_->matrix.rows());
    painter.setFont(smallNumbers());
    QColor faint = colors.quiet;
    faint.setAlphaF(0.3F);
    for (std::size_t b = 0; b < borders_.size(); ++b) {
        const qreal at = std::round(static_cast<qreal>(borders_[b].place) / n * place.width()) + 0.5;
        painter.setPen(QPen(borders_[b].layer ? colors.quiet : faint, 1));
        if (b > 0) {
            painter.drawLine(QPointF(place.left() + at, place.top()),
                             QPointF(place.left() + at, place.bottom()));
            painter.drawLine(QPointF(place.left(), place.top() + at),
                             QPointF(place.right(), place.top() + at));
        }
        if (!borders_[b].layer) continue;
        std::size_t next = b + 1;
        while (next < borders_.size() && !borders_[next].layer)
            ++next;
        const qreal end = next < borders_.size()
                              ? static_cast<qreal>(borders_[next].place) / n * place.width()
                              : place.width();
        const QString whole = blockName(borders_[b].dense), number = QString::number(borders_[b].dense + 1);
        const auto fits = [&](const QString& text) {
            return painter.fontMetrics().horizontalAdvance(text) + 2 < end - at;
        };
        painter.setPen(colors.quiet);
        if (fits(number))
            painter.drawText(QRectF(place.left() + at, place.top() - layerHeight, end - at, layerHeight),
                             Qt::AlignCenter, fits(whole) ? whole : number);
    }
    painter.setPen(QPen(colors.line, 1));
    painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5));
}

/// What the colours mean.
void HessianView::paintScale(QPainter& painter) const {
    const Palette& colors = Theme::instance().palette();
    constexpr qreal barWidth = 120, barHeight = 8;
    const QRectF line(margin, height() - scaleHeight + 6, width() - 2 * margin, scaleHeight - 6);
    painter.setFont(smallNumbers());
    const QString left = tr("negative"), right = tr("positive");
    const qreal words = painter.fontMetrics().horizontalAdvance(left) + 6;
    const QRectF bar(line.left() + words, line.center().y() - barHeight / 2, barWidth, barHeight);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (const double t : {-1.0, 0.0, 1.0})
        gradient.setColorAt((t + 1) / 2, Theme::instance().signedColor(t));
    painter.fillRect(bar, gradient);
    painter.setPen(QPen(colors.line, 1));
    painter.drawRect(bar);
    painter.setPen(colors.quiet);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, left);
    const QString scale = tr("%1   logarithmic, %2 decades down from each matrix's largest entry")
                              .arg(right, formatNumber(decades));
    const QRectF rest(bar.right() + 6, line.top(), line.right() - bar.right() - 6, line.height());
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(scale, Qt::ElideRight, static_cast<int>(rest.width())));
}

std::optional<std::pair<Index, Index>> HessianView::entryAt(const QPointF& position, int which) const {
    const QRectF place = imageRect(which);
    if (!place.contains(position)) return {};
    const Index n = reading_->matrix.rows();
    const auto index = [&](qreal offset) {
        return std::clamp<Index>(static_cast<Index>(offset / place.width() * static_cast<qreal>(n)), 0,
                                 n - 1);
    };
    return std::pair(index(position.y() - place.top()), index(position.x() - place.left()));
}

QString HessianView::textAt(const QPointF& position) const {
    for (int which = 0; which < static_cast<int>(pictures_.size()); ++which) {
        const auto entry = entryAt(position, which);
        if (!entry) continue;
        const auto [row, column] = *entry;
        const Network<double>& network = *reading_->snapshot->network;
        QString text = tr("%1\n%2").arg(parameterName(network, row), parameterName(network, column));
        for (const Picture& picture : pictures_)
            text += tr("\n%1: %2").arg(picture.title, formatNumber((*picture.matrix)(row, column)));
        return text + tr("\nlargest in size here: %1")
                          .arg(formatNumber(pictures_[static_cast<std::size_t>(which)].largest));
    }
    return {};
}

void HessianView::mouseMoveEvent(QMouseEvent* event) {
    const QString text = textAt(event->position());
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

void HessianView::leaveEvent(QEvent* event) {
    QToolTip::hideText();
    QWidget::leaveEvent(event);
}

bool HessianView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && !textAt(static_cast<QHelpEvent*>(event)->pos()).isEmpty())
        return true; // it follows the mouse already
    return QWidget::event(event);
}

} // namespace kappascope::ui
