// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/data_thumbnail.h"

#include "ui/theme/theme.h"
#include "ui/widgets/sample_picture.h"

#include <QImage>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr int imagesAcross = 2;
constexpr double palest = 0.4; ///< of the colours of small targets, in [0, 1]

/// Rows scaled to [0, 1], outliers beyond three deviations brought to the edge.
void scaleToUnit(Matrix<double>& points) {
    for (Index row = 0; row < points.rows(); ++row) {
        auto values = points.row(row);
        const double mean = values.mean();
        const double deviation = std::sqrt((values.array() - mean).square().mean());
        const double low = std::max(values.minCoeff(), mean - 3 * deviation);
        const double high = std::min(values.maxCoeff(), mean + 3 * deviation);
        if (high > low)
            values = ((values.array() - low) / (high - low)).min(1.0).max(0.0);
        else
            values.setConstant(0.5);
    }
}

/// Variance between the classes' means over the variance within them, for each feature (Fisher's ratio).
Vector<double> separation(const Matrix<double>& x, const std::vector<int>& labels, Index classes) {
    Matrix<double> sums = Matrix<double>::Zero(x.rows(), classes);
    Vector<double> counts = Vector<double>::Zero(classes);
    for (Index n = 0; n < x.cols(); ++n) {
        sums.col(labels[static_cast<std::size_t>(n)]) += x.col(n);
        counts[labels[static_cast<std::size_t>(n)]] += 1;
    }
    const Vector<double> mean = x.rowwise().mean();
    Vector<double> between = Vector<double>::Zero(x.rows());
    for (Index c = 0; c < classes; ++c)
        if (counts[c] > 0) between.array() += counts[c] * (sums.col(c) / counts[c] - mean).array().square();
    const Vector<double> total = (x.colwise() - mean).array().square().rowwise().sum();
    return between.array() / (total - between).array().max(1e-12 * total.maxCoeff() + 1e-300);
}

std::pair<Index, Index> bestFeatures(const Dataset& data, const Matrix<double>& x) {
    if (data.task == Task::Regression || x.rows() <= 2) return {0, std::min<Index>(1, x.rows() - 1)};
    Vector<double> ratio = separation(x, data.labels, std::max<Index>(data.classes(), 1));
    Index first = 0, second = 0;
    ratio.maxCoeff(&first);
    ratio[first] = -1;
    ratio.maxCoeff(&second);
    return {first, second};
}

} // namespace

Matrix<double> thumbnailPoints(const Dataset& data) {
    const Matrix<double> x = data.x.dense();
    Matrix<double> points(2, x.cols());
    if (x.rows() == 0 || x.cols() == 0) return points;
    const auto [first, second] = bestFeatures(data, x);
    points.row(0) = x.row(first);
    if (x.rows() == 1 && data.task == Task::Regression)
        points.row(1) = data.y.row(0);
    else
        points.row(1) = x.row(second);
    scaleToUnit(points);
    return points;
}

DataThumbnail::DataThumbnail(const QString& key, const QString& label, const QString& help, QWidget* parent)
    : QAbstractButton(parent), key_(key) {
    setCheckable(true);
    setObjectName(key);
    setAccessibleName(label);
    setToolTip(QStringLiteral("<b>%1</b><br>%2").arg(label.toHtmlEscaped(), help.toHtmlEscaped()));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void DataThumbnail::setSamples(std::shared_ptr<const Dataset> samples) {
    samples_ = std::move(samples);
    if (samples_ && !samples_->image) {
        points_ = thumbnailPoints(*samples_);
        if (samples_->task == Task::Regression) {
            Matrix<double> target = samples_->y.row(0);
            scaleToUnit(target);
            heights_ = 2 * target.row(0).transpose().array() - 1;
        }
    }
    update();
}

void DataThumbnail::setFallbackText(const QString& text) {
    fallback_ = text;
    update();
}

QColor DataThumbnail::colorOf(Index sample) const {
    if (samples_->task == Task::Regression) {
        // The middle of the map is the panel's colour: keep clear of it.
        const double height = heights_[sample];
        return Theme::instance().signedColor(std::copysign(palest + (1 - palest) * std::abs(height), height));
    }
    return Theme::instance().classColor(samples_->labels[static_cast<std::size_t>(sample)],
                                        static_cast<int>(samples_->classes()));
}

void DataThumbnail::paintPoints(QPainter& painter, const QRectF& area) const {
    painter.setPen(Qt::NoPen);
    const double radius = area.width() / 30;
    for (Index n = 0; n < points_.cols(); ++n) {
        painter.setBrush(colorOf(n));
        painter.drawEllipse(QPointF(area.left() + points_(0, n) * area.width(),
                                    area.bottom() - points_(1, n) * area.height()),
                            radius, radius);
    }
}

void DataThumbnail::paintImages(QPainter& painter, const QRectF& area) const {
    const Palette& palette = Theme::instance().palette();
    const double side = area.width() / imagesAcross;
    const Index count = std::min<Index>(imagesAcross * imagesAcross, samples_->samples());
    for (Index n = 0; n < count; ++n) {
        const QPointF corner(area.left() + static_cast<double>(n % imagesAcross) * side,
                             area.top() + static_cast<double>(n / imagesAcross) * side);
        painter.drawImage(QRectF(corner, QSizeF(side, side)).adjusted(1, 1, -1, -1),
                          samplePicture(*samples_, n, palette.panel, palette.text));
    }
}

void DataThumbnail::paintFallback(QPainter& painter) const {
    QFont small = font();
    small.setPixelSize(std::max(small.pixelSize() * 3 / 4, 8));
    while (small.pixelSize() > 7 && QFontMetrics(small).size(0, fallback_).width() > width() - 6)
        small.setPixelSize(small.pixelSize() - 1); // "CIFAR100"
    painter.setFont(small);
    painter.setPen(Theme::instance().palette().quiet);
    painter.drawText(rect(), Qt::AlignCenter, fallback_);
}

void DataThumbnail::paintEvent(QPaintEvent*) {
    const Palette& palette = Theme::instance().palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const bool chosen = isChecked();
    const QColor edge = chosen || hasFocus() ? palette.accent : underMouse() ? palette.quiet : palette.line;
    const double width = chosen ? 2 : 1;
    painter.setPen(QPen(edge, width));
    painter.setBrush(palette.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), 5, 5);

    const double side = std::min(rect().width(), rect().height()) - 14;
    QRectF area(0, 0, side, side);
    area.moveCenter(QRectF(rect()).center());
    if (!samples_)
        paintFallback(painter);
    else if (samples_->image)
        paintImages(painter, area);
    else
        paintPoints(painter, area);
}

void DataThumbnail::enterEvent(QEnterEvent* event) {
    update();
    QAbstractButton::enterEvent(event);
}

void DataThumbnail::leaveEvent(QEvent* event) {
    update();
    QAbstractButton::leaveEvent(event);
}

} // namespace kappascope::ui
