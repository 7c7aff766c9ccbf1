// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/page_caption.h"

#include "ui/theme/theme.h"

namespace kappascope::ui {

namespace {

QString colored(const QString& text, const QColor& color, bool strong) {
    return QStringLiteral("<span style=\"color:%1; font-weight:%2\">%3</span>")
        .arg(color.name(), strong ? QStringLiteral("600") : QStringLiteral("400"), text.toHtmlEscaped());
}

} // namespace

PageCaption::PageCaption(QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::RichText);
    setMinimumWidth(1);
    connect(&Theme::instance(), &Theme::changed, this, &PageCaption::show);
}

void PageCaption::setRun(const QString& name, const QColor& color) {
    name_ = name;
    color_ = color;
    show();
}

void PageCaption::setFacts(std::int64_t step, const QStringList& facts) {
    if (facts == facts_ && step == step_) return;
    facts_ = facts;
    step_ = step;
    age_ = 0;
    show();
}

void PageCaption::setAge(std::int64_t steps) {
    if (steps == age_) return;
    age_ = steps;
    show();
}

void PageCaption::show() {
    const Palette& colors = Theme::instance().palette();
    QStringList facts;
    if (step_ >= 0) {
        facts << tr("step %1").arg(formatCount(step_));
        if (age_ == 1) facts << tr("1 step ago");
        if (age_ > 1) facts << tr("%1 steps ago").arg(formatCount(age_));
    }
    facts << facts_;
    setText(colored(name_, color_.isValid() ? color_ : colors.text, true) + QStringLiteral("&emsp;") +
            colored(facts.join(QStringLiteral(" · ")), colors.quiet, false));
}

} // namespace kappascope::ui
