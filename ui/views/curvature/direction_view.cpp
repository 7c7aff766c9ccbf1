// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/direction_view.h"

#include "ui/theme/theme.h"
#include "ui/views/view_catalog.h"
#include "ui/views/view_text.h"
#include "ui/widgets/tool_button.h"

#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr int sliderSteps = 50; ///< to either side
constexpr int profilePoints = 61;
constexpr qreal margin = 4, axisHeight = 14;

struct Moved {
    std::shared_ptr<const Snapshot> snapshot;
    double loss;
};

} // namespace

LossProfileView::LossProfileView(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Loss along the direction"));
    setToolTip(
        tr("The loss along the direction (line) and its quadratic model from slope and curvature at the "
           "middle (dashed)"));
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void LossProfileView::setProfile(const LossProfile& profile) {
    profile_ = profile;
    low_ = high_ = profile.loss;
    for (const double loss : profile.losses) {
        if (!std::isfinite(loss)) continue;
        low_ = std::min(low_, loss);
        high_ = std::max(high_, loss);
    }
    if (!(high_ > low_)) high_ = low_ + std::max(1e-12, std::abs(low_));
    update();
}

void LossProfileView::setEpsilon(double epsilon) {
    epsilon_ = epsilon;
    update();
}

void LossProfileView::setRunColor(const QColor& color) {
    color_ = color;
    update();
}

QRectF LossProfileView::plotRect() const {
    return QRectF(rect()).adjusted(margin, margin, -margin, -axisHeight);
}

QPointF LossProfileView::at(double epsilon, double loss) const {
    const QRectF plot = plotRect();
    const double reach = profile_.epsilons.size() > 0 ? profile_.epsilons.maxCoeff() : 1;
    return {plot.center().x() + epsilon / reach * plot.width() / 2,
            plot.bottom() - (loss - low_) / (high_ - low_) * plot.height()};
}

void LossProfileView::paintEvent(QPaintEvent*) {
    const Palette& colors = Theme::instance().palette();
    const Index n = profile_.epsilons.size();
    if (n == 0) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF plot = plotRect();
    painter.setPen(QPen(colors.line, 1));
    painter.drawLine(QPointF(plot.left(), plot.bottom() + 0.5), QPointF(plot.right(), plot.bottom() + 0.5));
    painter.drawLine(QPointF(plot.center().x(), plot.top()), QPointF(plot.center().x(), plot.bottom()));
    QPolygonF line, model;
    for (Index k = 0; k < n; ++k) {
        const double epsilon = profile_.epsilons[k];
        if (std::isfinite(profile_.losses[k])) line << at(epsilon, profile_.losses[k]);
        model << at(epsilon, profile_.model(epsilon));
    }
    painter.save();
    painter.setClipRect(plot.adjusted(-2, -2, 2, 2));
    painter.setPen(QPen(colors.quiet, 1.2, Qt::DashLine));
    painter.drawPolyline(model);
    painter.setPen(QPen(color_.isValid() ? color_ : colors.accent, 2));
    painter.drawPolyline(line);
    painter.restore();
    const double x = at(epsilon_, 0).x();
    painter.setPen(QPen(colors.accent, 1.5));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));

    painter.setFont(smallNumbers());
    painter.setPen(colors.quiet);
    const QRectF foot(plot.left(), plot.bottom() + 1, plot.width(), axisHeight - 1);
    const QString reach = formatNumber(profile_.epsilons.maxCoeff(), 2);
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("-") + reach);
    painter.drawText(foot, Qt::AlignHCenter | Qt::AlignVCenter, QStringLiteral("0"));
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, reach);
    // Where the curve leaves room: a loss that bends upwards does so below the middle's top.
    const QString top = tr("loss up to %1").arg(formatNumber(high_, 3));
    QRectF place = painter.fontMetrics().boundingRect(top);
    place.moveCenter({plot.center().x(), plot.top() + place.height() / 2});
    painter.fillRect(place.adjusted(-3, 0, 3, 0), colors.panel); // the lines pass behind it
    painter.drawText(place.adjusted(-3, 0, 3, 0), Qt::AlignCenter, top);
}

DirectionView::DirectionView(ViewWorker& worker, QWidget* parent)
    : QWidget(parent), worker_(worker), moves_(worker), profiles_(worker), layout_(new QVBoxLayout(this)),
      title_(new QLabel(this)), epsilonText_(new QLabel(this)), lossText_(new QLabel(this)),
      slider_(new QSlider(Qt::Horizontal, this)), profile_(new LossProfileView(this)) {
    setObjectName(QStringLiteral("direction-view"));
    auto* head = new QHBoxLayout;
    auto* close =
        makeToolButton(ButtonLook::Word, tr("× numbers"), tr("Back to the numbers of the spectrum"), this);
    close->setObjectName(QStringLiteral("direction-close"));
    connect(close, &QToolButton::clicked, this, &DirectionView::closed);
    title_->setMinimumWidth(1);
    head->addWidget(title_, 1);
    head->addWidget(close);
    slider_->setRange(-sliderSteps, sliderSteps);
    slider_->setPageStep(sliderSteps / 5);
    slider_->setAccessibleName(tr("Way along the direction"));
    slider_->setToolTip(
        tr("How far the parameters are moved along the direction; the middle is the network as "
           "it was measured"));
    auto* numbers = new QHBoxLayout;
    numbers->addWidget(epsilonText_, 1);
    numbers->addWidget(lossText_);
    epsilonText_->setMinimumWidth(1);
    layout_->setContentsMargins(4, 0, 4, 0);
    layout_->setSpacing(4);
    layout_->addLayout(head);
    layout_->addWidget(slider_);
    layout_->addLayout(numbers);
    layout_->addWidget(profile_);
    connect(slider_, &QSlider::valueChanged, this, [this] {
        profile_->setEpsilon(epsilon());
        orderPicture();
        showTexts();
    });
    connect(&Theme::instance(), &Theme::changed, this, &DirectionView::showTexts);
}

double DirectionView::epsilon() const {
    return direction_.reach * slider_->value() / sliderSteps;
}

QString DirectionView::lossText() const {
    return lossText_->text();
}

void DirectionView::setRunColor(const QColor& color) {
    color_ = color;
    profile_->setRunColor(color);
    if (picture_) picture_->setRunColor(color);
}

void DirectionView::show(std::shared_ptr<const CurvatureReading> reading, const EigenvalueChoice& which) {
    const bool same = reading_ && which == which_ && reading->run == reading_->run;
    const Vector<double> before = std::move(direction_.u);
    reading_ = std::move(reading);
    which_ = which;
    direction_ = eigenDirection(*reading_, which.preconditioned, which.index);
    // An eigenvector has no sign of its own: keep the one that is on the screen.
    if (same && before.size() == direction_.u.size() && before.dot(direction_.u) < 0)
        direction_.u = -direction_.u;
    choosePicture();
    orderProfile();
    orderPicture();
    showTexts();
}

/// The first picture that fits the data, as in the run columns.
void DirectionView::choosePicture() {
    if (reading_->snapshot->data == data_) return;
    data_ = reading_->snapshot->data;
    delete picture_;
    picture_ = nullptr;
    const auto fitting = viewsFor(*data_);
    if (fitting.empty()) return;
    picture_ = fitting.front()->make(worker_).release();
    picture_->setParent(this);
    picture_->setRunColor(color_);
    layout_->insertWidget(1, picture_, 1);
    connect(picture_, &RunView::shown, this, &DirectionView::shown);
    picture_->show();
}

void DirectionView::orderProfile() {
    profiles_.request(
        [reading = reading_, direction = direction_](const Cancelled& cancelled) {
            return lossProfile(*reading, direction, profilePoints, &cancelled);
        },
        [this](const LossProfile& profile) {
            profile_->setProfile(profile);
            profile_->setEpsilon(epsilon());
        });
}

void DirectionView::orderPicture() {
    if (!reading_) return;
    moves_.request(
        [reading = reading_, direction = direction_, epsilon = epsilon()](const Cancelled&) {
            return Moved{movedAlong(*reading, direction.u, epsilon), lossAlong(*reading, direction, epsilon)};
        },
        [this](const Moved& moved) {
            loss_ = moved.loss;
            if (picture_) picture_->setSnapshot(moved.snapshot);
            showTexts();
        });
}

void DirectionView::showTexts() {
    if (!reading_) return;
    title_->setText(
        tr("θ + ε v,  λ = %1 of %2")
            .arg(formatNumber(direction_.lambda, 3), which_.preconditioned ? tr("PᵀHP") : tr("H")));
    title_->setToolTip(tr("The network with its parameters moved by ε along the eigenvector v of this "
                          "eigenvalue (of PᵀHP: along Pv); step %1")
                           .arg(formatCount(reading_->step)));
    const double size = reading_->snapshot->network->theta().norm();
    epsilonText_->setText(
        tr("ε = %1  (%2 of |θ|)")
            .arg(formatNumber(epsilon(), 3), formatShare(size > 0 ? std::abs(epsilon()) / size : 0)));
    epsilonText_->setToolTip(
        tr("Length of the change of the parameters, in units of the parameters; |θ| = %1")
            .arg(formatNumber(size)));
    lossText_->setText(tr("loss %1").arg(formatNumber(loss_)));
    lossText_->setToolTip(tr("Loss at this ε; %1 in the middle\n%2")
                              .arg(formatNumber(reading_->loss), QString::fromStdString(reading_->of)));
    for (QLabel* label : {epsilonText_, lossText_})
        label->setFont(Theme::instance().numbers());
}

} // namespace kappascope::ui
