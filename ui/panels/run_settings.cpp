// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_settings.h"

#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/form_section.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_editor.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tool_button.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {
constexpr QSize openedSize{320, 560};
}

RunSettings::RunSettings(RunEditor& editor, QWidget* parent)
    : QDialog(parent, Qt::Tool), editor_(editor), title_(new QLabel(this)), rate_(new RateField(this)),
      baseRate_(makeToolButton(ButtonLook::Word, tr("use the base rate"),
                               tr("Follow the experiment's learning rate"), this)) {
    setObjectName("run-settings");
    setAttribute(Qt::WA_DeleteOnClose);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(14, 12, 14, 14);
    column->setSpacing(14);
    column->addWidget(title_);
    addRate(*column);
    for (const MethodFamily& family : methodFamilies())
        addFamily(*column, family);
    column->addStretch();

    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    resize(openedSize);

    connect(&editor.session(), &Session::experimentChanged, this, &RunSettings::refresh);
    connect(&Theme::instance(), &Theme::changed, this, &RunSettings::refresh);
}

RunSettings* RunSettings::open(RunEditor& editor, int run, QWidget* parent) {
    auto* settings = parent->findChild<RunSettings*>();
    if (!settings) settings = new RunSettings(editor, parent);
    settings->setRun(run);
    settings->QDialog::show();
    settings->raise();
    settings->activateWindow();
    return settings;
}

void RunSettings::setRun(int run) {
    run_ = run;
    refresh();
}

void RunSettings::addRate(QVBoxLayout& column) {
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("Learning rate"), this);
    label->setBuddy(rate_);
    row->addWidget(label, 1);
    row->addWidget(baseRate_);
    row->addWidget(rate_);
    column.addLayout(row);
    rate_->setObjectName("settings-rate");
    baseRate_->setObjectName("settings-base-rate");
    connect(rate_, &RateField::rateEntered, this, [this](double rate) { editor_.setRate(run_, rate); });
    connect(rate_, &RateField::baseRateWanted, this, [this] { editor_.useBaseRate(run_); });
    connect(baseRate_, &QToolButton::clicked, this, [this] { editor_.useBaseRate(run_); });
}

void RunSettings::addFamily(QVBoxLayout& column, const MethodFamily& family) {
    auto* section = new FormSection(family.title, this);
    const Section parts{&family, section, new FormCombo(section), new QLabel(section),
                        new ParameterForm(section)};
    for (const Description* member : family.members) {
        parts.box->addItem(QString::fromStdString(member->label), QString::fromStdString(member->key));
        parts.box->setItemData(parts.box->count() - 1, QString::fromStdString(member->help), Qt::ToolTipRole);
    }
    parts.box->setObjectName(QStringLiteral("settings-") + family.key);
    parts.box->setAccessibleName(family.title);
    parts.form->setObjectName(QStringLiteral("settings-%1-form").arg(family.key));
    parts.help->setWordWrap(true);
    section->addWide(parts.box);
    section->addWide(parts.help);
    section->addWide(parts.form);
    column.addWidget(section);
    connect(parts.box, &QComboBox::activated, this, [this, parts](int index) {
        editor_.chooseMethod(run_, *parts.family, parts.box->itemData(index).toString().toStdString());
        showSection(parts); // as it was, when the session refused
    });
    connect(parts.form, &ParameterForm::changed, this,
            [this, parts](const QString& key, const ParameterValue& value) {
                editor_.setParameter(run_, *parts.family, key.toStdString(), value);
                showSection(parts);
            });
    sections_.push_back(parts);
}

void RunSettings::refresh() {
    const Session& session = editor_.session();
    const RunSpec* run = session.run(run_);
    if (!run) {
        close();
        return;
    }
    const QString name = QString::fromStdString(run->name);
    setWindowTitle(tr("Settings of %1").arg(name));
    const Theme& theme = Theme::instance();
    title_->setText(name);
    title_->setStyleSheet(QStringLiteral("color: %1; font-weight: 600; font-size: %2px")
                              .arg(theme.runColor(run->color, session.positionOf(run_)).name())
                              .arg(theme.runName().pixelSize()));
    rate_->setRate(session.experiment().learningRateOf(*run), run->learningRate.has_value());
    baseRate_->setVisible(run->learningRate.has_value());
    for (const Section& section : sections_)
        showSection(section);
}

void RunSettings::showSection(const Section& section) {
    const RunSpec* run = editor_.session().run(run_);
    if (!run) return;
    const MethodSpec& method = run->*section.family->spec;
    const Description* entry = section.family->find(method.method);
    section.box->setCurrentIndex(section.box->findData(QString::fromStdString(method.method)));
    QString help = entry ? QString::fromStdString(entry->help) : QString();
    if (entry && !entry->reference.empty())
        help += QStringLiteral(" (%1)").arg(QString::fromStdString(entry->reference));
    section.help->setText(help);
    section.help->setVisible(!help.isEmpty());
    section.help->setStyleSheet(QStringLiteral("color: %1").arg(Theme::instance().palette().quiet.name()));
    section.form->setParameters(entry ? entry->parameters : std::vector<Parameter>{},
                                {QString::fromStdString(learningRateKey)});
    section.form->setValues(method.parameters);
}

} // namespace kappascope::ui
