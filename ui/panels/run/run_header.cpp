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

#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>

namespace kappascope::ui {

namespace {

const std::string batchNormKey = "batch_norm", bnpKey = "bnp";
constexpr int spacing = 6, lineSpacing = 4;
constexpr int longestName = 120; ///< px before a name is cut rather than everything else moved below it

/// What a switch's tooltip says of the catalog's entry.
QString helpOf(const MethodFamily& family, const std::string& method, const QString& addition) {
    const Description* entry = family.find(method);
    return (entry ? QString::fromStdString(entry->label + "\n" + entry->help) : QString()) + '\n' + addition;
}

/// A run may have another member of the family than the one that the switch is for: "Centred", say.
QString otherOf(const MethodFamily& family, const MethodSpec& present, const std::string& switched) {
    const Description* entry = family.find(present.method);
    if (!entry || present.method == switched || present.method == "none") return {};
    return RunHeader::tr("\n\nNow it is another one, %1, which switching on would replace:\n%2")
        .arg(QString::fromStdString(entry->label), QString::fromStdString(entry->help));
}

int widthOf(std::initializer_list<const QWidget*> widgets) {
    int width = -spacing;
    for (const QWidget* widget : widgets)
        width += spacing + widget->sizeHint().width();
    return width;
}

} // namespace

HeaderArrangement narrower(const HeaderArrangement& a, const HeaderArrangement& b) {
    return {a.oneLine && b.oneLine, a.rateBeside && b.rateBeside, a.switchesFit && b.switchesFit};
}

RunHeader::RunHeader(RunEditor& editor, int run, QWidget* parent)
    : QWidget(parent), editor_(editor), run_(run), lines_(new QVBoxLayout(this)),
      name_(new EditableName(this)), optimizer_(makeToolButton(ButtonLook::Word, {}, tr("Optimizer"), this)),
      more_(makeToolButton(ButtonLook::Flat, "more", tr("Menu of this run"), this)),
      rate_(new RateField(this)), batchNorm_(new SwitchButton(tr("BN"), this)),
      bnp_(new SwitchButton(tr("BNP"), this)), menu_(new QMenu(this)), optimizerMenu_(new QMenu(this)) {
    lines_->setContentsMargins(0, 0, 0, 0);
    lines_->setSpacing(lineSpacing);
    connect(name_, &EditableName::entered, this, [this](const QString& name) { editor_.rename(run_, name); });
    connect(rate_, &RateField::rateEntered, this, [this](double rate) { editor_.setRate(run_, rate); });
    connect(rate_, &RateField::baseRateWanted, this, [this] { editor_.useBaseRate(run_); });
    makeOptimizer();
    makeSwitches();
    more_->setMenu(menu_);
    connect(menu_, &QMenu::aboutToShow, this, &RunHeader::fillMenu);
    connect(&Theme::instance(), &Theme::changed, this, &RunHeader::restyle);
    arrange();
    refresh();
}

void RunHeader::makeOptimizer() {
    optimizer_->setMenu(optimizerMenu_);
    connect(optimizerMenu_, &QMenu::aboutToShow, this,
            [this] { fillOptimizerMenu(*optimizerMenu_, editor_, run_); });
}

void RunHeader::makeSwitches() {
    connect(batchNorm_, &SwitchButton::toggled, this,
            [this](bool on) { flip(normalizationFamily(), batchNormKey, on); });
    connect(bnp_, &SwitchButton::toggled, this,
            [this](bool on) { flip(preconditionerFamily(), bnpKey, on); });
}

void RunHeader::tellMethods(const RunSpec& run) {
    const QString all = tr("\nThe settings of the run, in its menu, have all of them.");
    batchNorm_->setToolTip(
        helpOf(normalizationFamily(), batchNormKey,
               tr("Switching in mid-training is a change of coordinates: the network's function in "
                  "evaluation mode does not jump.")) +
        otherOf(normalizationFamily(), run.normalization, batchNormKey) + all);
    bnp_->setToolTip(
        helpOf(preconditionerFamily(), bnpKey,
               tr("Switching in mid-training changes the steps that follow; the network is left alone.")) +
        otherOf(preconditionerFamily(), run.preconditioner, bnpKey) + all);
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
    tellMethods(*run);
    restyle();
}

void RunHeader::restyle() {
    const RunSpec* run = editor_.session().run(run_);
    if (!run) return;
    const QColor color = Theme::instance().runColor(run->color, editor_.session().positionOf(run_));
    name_->setColor(color);
    batchNorm_->setColor(color);
    bnp_->setColor(color);
}

HeaderArrangement RunHeader::fitting(int width) const {
    const int name = std::min(name_->sizeHint().width(), longestName);
    return {width >= name + spacing + widthOf({optimizer_, rate_, more_}),
            width >= widthOf({optimizer_, rate_}), width >= widthOf({batchNorm_, bnp_})};
}

std::vector<RunHeader::Line> RunHeader::linesOf(const HeaderArrangement& arrangement) const {
    std::vector<Line> lines;
    if (arrangement.oneLine)
        lines = {{name_, optimizer_, rate_, more_}};
    else if (arrangement.rateBeside)
        lines = {{name_, more_}, {optimizer_, rate_}};
    else
        lines = {{name_, more_}, {optimizer_}, {rate_}};
    if (arrangement.switchesFit)
        lines.push_back({batchNorm_, bnp_});
    else
        lines.insert(lines.end(), {{batchNorm_}, {bnp_}});
    return lines;
}

int RunHeader::heightFor(const HeaderArrangement& arrangement) const {
    int height = -lineSpacing;
    for (const Line& line : linesOf(arrangement)) {
        int tallest = 0;
        for (const QWidget* widget : line)
            tallest = std::max(tallest, widget->sizeHint().height());
        height += lineSpacing + tallest;
    }
    return height;
}

void RunHeader::setArrangement(const HeaderArrangement& wanted) {
    if (wanted == arrangement_) return;
    arrangement_ = wanted;
    arrange();
}

/// The name takes the room that is left in its line; optimizer and rate stand at the two ends of theirs.
void RunHeader::arrange() {
    while (QLayoutItem* line = lines_->takeAt(0))
        delete line;
    for (const Line& widgets : linesOf(arrangement_)) {
        auto* line = new QHBoxLayout;
        line->setSpacing(spacing);
        for (QWidget* widget : widgets) {
            if (widget == rate_ && widgets.front() == optimizer_) line->addStretch();
            line->addWidget(widget, widget == name_ ? 1 : 0);
        }
        if (widgets.back() != more_ && widgets.back() != rate_) line->addStretch();
        if (widgets.front() == rate_) line->addStretch();
        lines_->addLayout(line);
    }
    updateGeometry();
}

} // namespace kappascope::ui
