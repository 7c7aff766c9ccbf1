// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/page_caption.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace kappascope::ui {

PageCaption::PageCaption(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void PageCaption::setRun(const QString& name, const QColor& color) {
    name_ = name;
    color_ = color;
    updateGeometry();
    update();
}

void PageCaption::setFacts(std::int64_t step, const QStringList& facts) {
    if (facts == facts_ && step == step_) return;
    facts_ = facts;
    step_ = step;
    age_ = 0;
    update();
}

void PageCaption::setAge(std::int64_t steps) {
    if (steps == age_) return;
    age_ = steps;
    update();
}

QString PageCaption::text() const {
    QStringList facts;
    if (step_ >= 0) {
        facts << tr("step %1").arg(formatCount(step_));
        if (age_ == 1) facts << tr("1 step ago");
        if (age_ > 1) facts << tr("%1 steps ago").arg(formatCount(age_));
    }
    return (facts + facts_).join(QStringLiteral(" · "));
}

QFont PageCaption::nameFont() const {
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    return strong;
}

QSize PageCaption::sizeHint() const {
    const QMargins margins = contentsMargins();
    return {QFontMetrics(nameFont()).horizontalAdvance(name_) + margins.left() + margins.right(),
            std::max(fontMetrics().height(), QFontMetrics(nameFont()).height()) + margins.top() +
                margins.bottom()};
}

void PageCaption::paintEvent(QPaintEvent*) {
    const Palette& colors = Theme::instance().palette();
    QPainter painter(this);
    QRect rest = contentsRect();
    painter.setFont(nameFont());
    painter.setPen(color_.isValid() ? color_ : colors.text);
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, name_);
    const QFontMetrics metrics = painter.fontMetrics();
    rest.setLeft(rest.left() + metrics.horizontalAdvance(name_) +
                 metrics.horizontalAdvance(QLatin1Char('m')));
    painter.setFont(font());
    painter.setPen(colors.quiet);
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, text());
}

} // namespace kappascope::ui
