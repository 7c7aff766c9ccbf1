// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_header.h"

#include "ui/panels/run/editable_name.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_editor.h"
#include "ui/panels/run/run_menu.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/tool_button.h"

#include <QGridLayout>
#include <QMenu>
#include <algorithm>

namespace kappascope::ui {

namespace {

const std::string batchNormKey = "batch_norm", bnpKey = "bnp";
constexpr int spacing = 6, lineSpacing = 4;

/// What a switch's tooltip says of the catalog's entry.
QString helpOf(const MethodFamily& family, const std::string& method, const QString& addition) {
    const Description* entry = family.find(method);
    return (entry ? QString::fromStdString(entry->label + "\n" + entry->help) : QString()) + '\n' + addition;
}

} // namespace

RunHeader::RunHeader(RunEditor& editor, int run, QWidget* parent)
    : QWidget(parent), editor_(editor), run_(run), grid_(new QGridLayout(this)),
      name_(new EditableName(this)), optimizer_(makeToolButton(ButtonLook::Word, {}, tr("Optimizer"), this)),
      more_(makeToolButton(ButtonLook::Flat, "more", tr("Menu of this run"), this)),
      rate_(new RateField(this)), batchNorm_(new SwitchButton(tr("BN"), this)),
      bnp_(new SwitchButton(tr("BNP"), this)), menu_(new QMenu(this)), optimizerMenu_(new QMenu(this)) {
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(spacing);
    grid_->setVerticalSpacing(lineSpacing);
    connect(name_, &EditableName::entered, this, [this](const QString& name) { editor_.rename(run_, name); });
    connect(rate_, &RateField::rateEntered, this, [this](double rate) { editor_.setRate(run_, rate); });
    connect(rate_, &RateField::baseRateWanted, this, [this] { editor_.useBaseRate(run_); });
    makeOptimizer();
    makeSwitches();
    more_->setMenu(menu_);
    connect(menu_, &QMenu::aboutToShow, this, &RunHeader::fillMenu);
    connect(&Theme::instance(), &Theme::changed, this, &RunHeader::restyle);
    refresh();
}

void RunHeader::makeOptimizer() {
    optimizer_->setMenu(optimizerMenu_);
    connect(optimizerMenu_, &QMenu::aboutToShow, this,
            [this] { fillOptimizerMenu(*optimizerMenu_, editor_, run_); });
}

void RunHeader::makeSwitches() {
    batchNorm_->setToolTip(
        helpOf(normalizationFamily(), batchNormKey,
               tr("Switching in mid-training is a change of coordinates: the network's function in "
                  "evaluation mode does not jump.")));
    bnp_->setToolTip(
        helpOf(preconditionerFamily(), bnpKey,
               tr("Switching in mid-training changes the steps that follow; the network is left alone.")));
    connect(batchNorm_, &SwitchButton::toggled, this,
            [this](bool on) { flip(normalizationFamily(), batchNormKey, on); });
    connect(bnp_, &SwitchButton::toggled, this,
            [this](bool on) { flip(preconditionerFamily(), bnpKey, on); });
}

void RunHeader::flip(const MethodFamily& family, const std::string& method, bool on) {
    editor_.switchMethod(run_, family, method, on);
    refresh(); // as it was, when the session refused
}

void RunHeader::fillMenu() {
    fillRunMenu(*menu_, editor_, run_, {[this] { rename(); }, [this] { emit settingsWanted(); }});
    emit menuAboutToShow(menu_);
}

void RunHeader::rename() {
    name_->edit();
}

void RunHeader::refresh() {
    const Session& session = editor_.session();
    const RunSpec* run = session.run(run_);
    if (!run) return;
    const QString name = QString::fromStdString(run->name);
    const auto named = [&name](const char* part) { return QStringLiteral("run-%1-%2").arg(name, part); };
    name_->setText(name);
    name_->setObjectName(named("name"));
    name_->field()->setObjectName(named("name-field"));
    optimizer_->setText(optimizerFamily().labelOf(run->optimizer) + QStringLiteral(" ▾"));
    optimizer_->setObjectName(named("optimizer"));
    rate_->setRate(session.experiment().learningRateOf(*run), run->learningRate.has_value());
    rate_->setObjectName(named("rate"));
    more_->setObjectName(named("menu"));
    batchNorm_->setObjectName(named("switch-bn"));
    batchNorm_->setAccessibleName(tr("Batch normalization of %1").arg(name));
    bnp_->setObjectName(named("switch-bnp"));
    bnp_->setAccessibleName(tr("BNP of %1").arg(name));
    batchNorm_->setChecked(editor_.has(run_, normalizationFamily(), batchNormKey));
    bnp_->setChecked(editor_.has(run_, preconditionerFamily(), bnpKey));
    restyle();
    arrange();
}

void RunHeader::restyle() {
    const RunSpec* run = editor_.session().run(run_);
    if (!run) return;
    const QColor color = Theme::instance().runColor(run->color, editor_.session().positionOf(run_));
    name_->setColor(color);
    batchNorm_->setColor(color);
    bnp_->setColor(color);
}

void RunHeader::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

RunHeader::Arrangement RunHeader::arrangementFor(int width) const {
    const int controls =
        optimizer_->sizeHint().width() + rate_->sizeHint().width() + more_->sizeHint().width();
    return {width >= controls + 3 * spacing + std::min(name_->sizeHint().width(), 70),
            width >= batchNorm_->sizeHint().width() + bnp_->sizeHint().width() + 2 * spacing};
}

int RunHeader::heightFor(int width) const {
    const auto line = [](std::initializer_list<const QWidget*> widgets) {
        int tallest = 0;
        for (const QWidget* widget : widgets)
            tallest = std::max(tallest, widget->sizeHint().height());
        return tallest + lineSpacing;
    };
    const auto [oneLine, switchesFit] = arrangementFor(width);
    const int top =
        oneLine ? line({name_, optimizer_, rate_, more_}) : line({name_, more_}) + line({optimizer_, rate_});
    return top + (switchesFit ? line({batchNorm_, bnp_}) : line({batchNorm_}) + line({bnp_})) - lineSpacing;
}

/// Wide: name, optimizer, rate, menu in one line, switches in the next. Narrow: optimizer and rate get a line
/// of their own, and the switches one each where both do not fit.
void RunHeader::arrange() {
    const Arrangement wanted = arrangementFor(width());
    if (wanted == arrangement_) return;
    arrangement_ = wanted;
    const auto [oneLine, switchesFit] = wanted;
    for (QWidget* widget :
         {static_cast<QWidget*>(name_), static_cast<QWidget*>(optimizer_), static_cast<QWidget*>(rate_),
          static_cast<QWidget*>(more_), static_cast<QWidget*>(batchNorm_), static_cast<QWidget*>(bnp_)})
        grid_->removeWidget(widget);
    int row = 0;
    if (oneLine) {
        grid_->addWidget(name_, row, 0, 1, 2);
        grid_->addWidget(optimizer_, row, 2);
        grid_->addWidget(rate_, row, 3);
        grid_->addWidget(more_, row, 4);
    } else {
        grid_->addWidget(name_, row, 0, 1, 4);
        grid_->addWidget(more_, row, 4);
        grid_->addWidget(optimizer_, ++row, 0, 1, 2, Qt::AlignLeft);
        grid_->addWidget(rate_, row, 2, 1, 3, Qt::AlignRight);
    }
    grid_->addWidget(batchNorm_, ++row, 0, 1, switchesFit ? 1 : 5, Qt::AlignLeft);
    if (switchesFit)
        grid_->addWidget(bnp_, row, 1, 1, 4, Qt::AlignLeft);
    else
        grid_->addWidget(bnp_, ++row, 0, 1, 5, Qt::AlignLeft);
    grid_->setColumnStretch(1, 1);
    updateGeometry();
}

} // namespace kappascope::ui
