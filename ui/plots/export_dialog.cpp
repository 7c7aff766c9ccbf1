// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/export_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>

namespace kappascope::ui {

namespace {

const QString group = QStringLiteral("figures");

QSpinBox* sizeBox(int standard, int least, int most, const QString& suffix, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setRange(least, most);
    box->setValue(standard);
    box->setSuffix(suffix);
    return box;
}

/// "Update / weight ratio" -> "update-weight-ratio"
QString fileName(const QString& title) {
    static const QRegularExpression other(QStringLiteral("[^a-z0-9]+"));
    QString name = title.toLower().replace(other, QStringLiteral("-"));
    while (name.endsWith(u'-'))
        name.chop(1);
    return name.isEmpty() ? QStringLiteral("plot") : name;
}

} // namespace

ExportDialog::ExportDialog(FigureContent content, QWidget* parent)
    : QDialog(parent), content_(std::move(content)) {
    setWindowTitle(tr("Save image: %1").arg(content_.title));
    setAttribute(Qt::WA_DeleteOnClose);
    buildForm();
    recall();
    for (QSpinBox* box : {width_, height_, scale_})
        connect(box, &QSpinBox::valueChanged, this, &ExportDialog::showPreview);
    for (QComboBox* box : {format_, theme_})
        connect(box, &QComboBox::currentIndexChanged, this, &ExportDialog::showPreview);
    for (QCheckBox* box : {legend_, flags_})
        connect(box, &QCheckBox::toggled, this, &ExportDialog::showPreview);
    showPreview();
}

void ExportDialog::buildForm() {
    format_ = new QComboBox(this);
    format_->addItem(tr("PDF (vector)"), QStringLiteral("pdf"));
    format_->addItem(tr("SVG (vector)"), QStringLiteral("svg"));
    format_->addItem(tr("PNG (pixels)"), QStringLiteral("png"));
    theme_ = new QComboBox(this);
    theme_->addItem(tr("Light"), false);
    theme_->addItem(tr("Dark"), true);
    width_ = sizeBox(720, 200, 4000, tr(" px"), this);
    height_ = sizeBox(420, 120, 4000, tr(" px"), this);
    scale_ = sizeBox(2, 1, 8, tr(" \u00d7"), this);
    scale_->setToolTip(tr("Pixels of the PNG for each pixel of the size: 2 for screens, 4 for print"));
    legend_ = new QCheckBox(tr("Legend"), this);
    flags_ = new QCheckBox(tr("Flags of changes"), this);
    legend_->setChecked(true);
    flags_->setChecked(true);
    preview_ = new QLabel(this);
    preview_->setAlignment(Qt::AlignCenter);
    preview_->setMinimumSize(380, 260);
    problem_ = new QLabel(this);
    problem_->setForegroundRole(QPalette::BrightText);
    problem_->setWordWrap(true);
    problem_->hide();

    auto* form = new QFormLayout;
    form->addRow(tr("Format"), format_);
    form->addRow(tr("Width"), width_);
    form->addRow(tr("Height"), height_);
    form->addRow(tr("Scale"), scale_);
    form->addRow(tr("Colours"), theme_);
    form->addRow(legend_);
    form->addRow(flags_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton* write = buttons->addButton(tr("Save as\u2026"), QDialogButtonBox::AcceptRole);
    write->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &ExportDialog::chooseFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* top = new QHBoxLayout;
    top->addLayout(form);
    top->addWidget(preview_, 1);
    auto* column = new QVBoxLayout(this);
    column->addLayout(top);
    column->addWidget(problem_);
    column->addWidget(buttons);
}

QString ExportDialog::format() const {
    return format_->currentData().toString();
}

FigureOptions ExportDialog::options() const {
    FigureOptions options;
    options.size = {width_->value(), height_->value()};
    options.scale = scale_->value();
    options.dark = theme_->currentData().toBool();
    options.legend = legend_->isChecked();
    options.flags = flags_->isChecked();
    return options;
}

void ExportDialog::showPreview() {
    scale_->setEnabled(format() == u"png");
    FigureOptions shown = options();
    const qreal ratio = devicePixelRatioF();
    const QSize room = preview_->minimumSize();
    shown.scale = ratio * std::min({double(room.width()) / shown.size.width(),
                                    double(room.height()) / shown.size.height(), 1.0});
    QPixmap pixmap = QPixmap::fromImage(figureImage(content_, shown));
    pixmap.setDevicePixelRatio(ratio);
    preview_->setPixmap(pixmap);
}

void ExportDialog::chooseFile() {
    QSettings settings;
    const QString standard = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    const QString folder = settings.value(group + QStringLiteral("/folder"), standard).toString();
    auto* chooser = new QFileDialog(this, windowTitle(), folder);
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDefaultSuffix(format());
    chooser->setNameFilter(QStringLiteral("%1 (*.%2)").arg(format().toUpper(), format()));
    chooser->selectFile(fileName(content_.title) + u'.' + format());
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString& path) {
        QSettings().setValue(group + QStringLiteral("/folder"), QFileInfo(path).absolutePath());
        if (save(path)) accept();
    });
    chooser->open();
}

bool ExportDialog::save(const QString& path) {
    const QString problem = saveFigure(content_, options(), path);
    problem_->setText(problem);
    problem_->setVisible(!problem.isEmpty());
    if (!problem.isEmpty()) return false;
    remember();
    emit saved(path);
    return true;
}

void ExportDialog::remember() const {
    QSettings settings;
    settings.beginGroup(group);
    settings.setValue(QStringLiteral("format"), format_->currentIndex());
    settings.setValue(QStringLiteral("width"), width_->value());
    settings.setValue(QStringLiteral("height"), height_->value());
    settings.setValue(QStringLiteral("scale"), scale_->value());
    settings.setValue(QStringLiteral("legend"), legend_->isChecked());
    settings.setValue(QStringLiteral("flags"), flags_->isChecked());
}

void ExportDialog::recall() {
    QSettings settings;
    settings.beginGroup(group);
    format_->setCurrentIndex(std::clamp(settings.value(QStringLiteral("format"), 0).toInt(), 0, 2));
    width_->setValue(settings.value(QStringLiteral("width"), 720).toInt());
    height_->setValue(settings.value(QStringLiteral("height"), 420).toInt());
    scale_->setValue(settings.value(QStringLiteral("scale"), 2).toInt());
    legend_->setChecked(settings.value(QStringLiteral("legend"), true).toBool());
    flags_->setChecked(settings.value(QStringLiteral("flags"), true).toBool());
}

} // namespace kappascope::ui
