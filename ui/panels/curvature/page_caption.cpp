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

void PageCaption::setFacts(const QStringList& facts) {
    if (facts == facts_) return;
    facts_ = facts;
    show();
}

void PageCaption::show() {
    const Palette& colors = Theme::instance().palette();
    setText(colored(name_, color_.isValid() ? color_ : colors.text, true) + QStringLiteral("&emsp;") +
            colored(facts_.join(QStringLiteral(" · ")), colors.quiet, false));
}

} // namespace kappascope::ui
