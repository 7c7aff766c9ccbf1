// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/form_section.h"

#include "ui/theme/theme.h"
#include "ui/widgets/section_head.h"
#include "ui/widgets/tool_button.h"

#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

namespace kappascope::ui {

namespace {
constexpr int labelWidth = 74; ///< the sliders of all sections start at one line
}

FormSection::FormSection(const QString& title, QWidget* parent)
    : QWidget(parent), note_(new QLabel(this)), body_(new QWidget(this)), rows_(new QGridLayout(body_)) {
    auto* head = new QHBoxLayout;
    head->setSpacing(4);
    head->addWidget(new SectionHead(title, this));
    note_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    note_->setMinimumWidth(0);
    note_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    head->addWidget(note_, 1);
    rows_->setContentsMargins(0, 0, 0, 0);
    rows_->setHorizontalSpacing(8);
    rows_->setVerticalSpacing(4);
    rows_->setColumnMinimumWidth(0, labelWidth);
    rows_->setColumnStretch(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(body_);
    setAccessibleName(title);
    connect(&Theme::instance(), &Theme::changed, this, &FormSection::restyle);
    restyle();
}

QLabel* FormSection::makeLabel(const QString& text, QWidget* control, const QString& help) {
    auto* label = new QLabel(text, body_);
    label->setBuddy(control);
    label->setToolTip(help);
    if (control->toolTip().isEmpty()) control->setToolTip(help);
    if (control->accessibleName().isEmpty()) control->setAccessibleName(text);
    return label;
}

QLabel* FormSection::addRow(const QString& label, QWidget* control, const QString& help) {
    QLabel* made = makeLabel(label, control, help);
    const int row = rows_->rowCount();
    rows_->addWidget(made, row, 0);
    rows_->addWidget(control, row, 1);
    labels_.insert(control, made);
    return made;
}

QLabel* FormSection::addCompactRow(const QString& label, QWidget* control, const QString& help) {
    QLabel* made = makeLabel(label, control, help);
    auto* line = new QWidget(body_);
    auto* layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(made, 1);
    layout->addWidget(control);
    addWide(line);
    labels_.insert(control, line);
    return made;
}

void FormSection::addWide(QWidget* control) {
    rows_->addWidget(control, rows_->rowCount(), 0, 1, 2);
}

void FormSection::setRowVisible(QWidget* control, bool visible) {
    if (QWidget* label = labels_.value(control)) label->setVisible(visible);
    control->setVisible(visible);
}

void FormSection::setNote(const QString& note) {
    note_->setText(note);
    note_->setToolTip(note);
}

void FormSection::makeFoldable() {
    foldButton_ = makeToolButton(ButtonLook::Flat, QStringLiteral("chevron-right"), tr("Show or hide"), this);
    foldButton_->setCheckable(true);
    foldButton_->setObjectName(QStringLiteral("fold"));
    foldButton_->setAccessibleName(tr("Show %1").arg(accessibleName()));
    static_cast<QHBoxLayout*>(layout()->itemAt(0)->layout())->addWidget(foldButton_);
    connect(foldButton_, &QToolButton::toggled, this, [this](bool open) {
        body_->setVisible(open);
        foldButton_->setIcon(
            Theme::instance().icon(open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right")));
    });
    body_->hide();
}

bool FormSection::isFolded() const {
    return foldButton_ && !foldButton_->isChecked();
}

void FormSection::setFolded(bool folded) {
    if (foldButton_) foldButton_->setChecked(!folded);
}

void FormSection::restyle() {
    note_->setStyleSheet(QStringLiteral("color: %1").arg(Theme::instance().palette().quiet.name()));
}

} // namespace kappascope::ui
