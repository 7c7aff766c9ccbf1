// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/import_dialog.h"

#include "engine/data/data_catalog.h"
#include "engine/data/readers/csv_file.h"
#include "engine/data/recognize_data.h"
#include "engine/data/sets/csv_table.h"
#include "ui/panels/form/data_section.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/image_strip.h"
#include "ui/widgets/switch_button.h"
#include "ui/window/background_job.h"
#include "ui/window/file_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr std::int64_t previewImagesCount = 60;
constexpr std::size_t previewRows = 20;
const QString targetKey = QStringLiteral("target");

/// "32 × 32 pixels in colour".
QString shapeText(const ImageShape& image) {
    const QString size = QObject::tr("%1 × %2 pixels").arg(image.width).arg(image.height);
    return image.channels == 3 ? QObject::tr("%1 in colour").arg(size) : size;
}

QString columnTitle(const CsvColumn& column, qsizetype number) {
    return column.name.empty() ? QObject::tr("column %1").arg(number + 1)
                               : QString::fromStdString(column.name);
}

/// What the target of a table may be called: its name where it has one of its own, otherwise its number.
QString columnKey(const std::vector<CsvColumn>& columns, qsizetype number) {
    const std::string& name = columns[std::size_t(number)].name;
    const bool own = !name.empty() && std::ranges::count(columns, name, &CsvColumn::name) == 1;
    return own ? QString::fromStdString(name) : QString::number(number + 1);
}

} // namespace

ImportDialog::ImportDialog(Session& session, const QString& path, QWidget* parent)
    : QDialog(parent), session_(session), summary_(new QLabel(this)), problem_(new QLabel(this)),
      pages_(new QStackedWidget(this)), table_(new QTableWidget(this)), images_(new ImageStrip(this)),
      targetRow_(new QWidget(this)), target_(new QComboBox(targetRow_)), options_(new ParameterForm(this)),
      standardize_(new SwitchButton(tr("Standardize inputs"), this)),
      buttons_(new QDialogButtonBox(QDialogButtonBox::Cancel, this)) {
    setObjectName(QStringLiteral("import"));
    setWindowTitle(tr("Import %1").arg(QFileInfo(path).fileName()));
    const DataEntry& entry = dataCatalog().at(recognizeDataSet(pathOf(path)));
    spec_.set = entry.key;
    spec_.path = QFileInfo(path).absoluteFilePath().toStdString();
    spec_.parameters = Parameters(entry);
    options_->setParameters(entry.parameters, {targetKey});
    options_->setValues(spec_.parameters);
    build();
    connect(options_, &ParameterForm::changed, this, &ImportDialog::changeOption);
    preview();
}

ImportDialog::~ImportDialog() {
    if (reading_) *reading_ = true;
}

/// What was being read is given up for what will be.
std::shared_ptr<const Cancelled> ImportDialog::beginReading() {
    if (reading_) *reading_ = true;
    return reading_ = std::make_shared<Cancelled>(false);
}

void ImportDialog::build() {
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->verticalHeader()->hide();
    pages_->addWidget(table_);
    pages_->addWidget(images_);
    summary_->setObjectName(QStringLiteral("summary"));
    problem_->setObjectName(QStringLiteral("problem"));
    problem_->setWordWrap(true);
    problem_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    problem_->setStyleSheet(QStringLiteral("color: %1").arg(Theme::instance().palette().warning.name()));
    standardize_->setObjectName(QStringLiteral("standardize"));
    import_ = buttons_->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
    import_->setObjectName(QStringLiteral("importButton"));
    import_->setDefault(true);
    buildTarget();
    connect(buttons_, &QDialogButtonBox::accepted, this, &ImportDialog::accept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(10);
    layout->addWidget(summary_);
    layout->addWidget(pages_, 1);
    layout->addWidget(problem_);
    layout->addWidget(targetRow_);
    layout->addWidget(options_);
    layout->addWidget(standardize_);
    layout->addWidget(buttons_);
    resize(640, 600);
}

void ImportDialog::buildTarget() {
    target_->setObjectName(targetKey);
    target_->setAccessibleName(tr("Target column"));
    target_->setToolTip(tr("The column that the network shall predict; it is marked in the preview"));
    auto* row = new QHBoxLayout(targetRow_);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(new QLabel(tr("Target"), targetRow_));
    row->addWidget(target_, 1);
    targetRow_->hide();
    connect(target_, &QComboBox::activated, this,
            [this] { changeOption(targetKey, target_->currentData().toString().toStdString()); });
}

void ImportDialog::fillTarget(const CsvPreview& read) {
    const QString chosen = QString::fromStdString(spec_.parameters.text(targetKey.toStdString()));
    target_->clear();
    target_->addItem(tr("The last column that is not ignored"), QString());
    for (qsizetype k = 0; k < qsizetype(read.columns.size()); ++k)
        target_->addItem(columnTitle(read.columns[std::size_t(k)], k), columnKey(read.columns, k));
    target_->setCurrentIndex(std::max(0, target_->findData(chosen)));
    targetRow_->show();
    markTarget();
}

int ImportDialog::targetColumn() const {
    if (target_->currentIndex() > 0) return target_->currentIndex() - 1;
    const QStringList ignored = QString::fromStdString(spec_.parameters.text("ignore"))
                                    .split(QRegularExpression(QStringLiteral("\\s*,\\s*")));
    for (int column = table_->columnCount() - 1; column >= 0; --column)
        if (!ignored.contains(target_->itemData(column + 1).toString()) &&
            !ignored.contains(QString::number(column + 1)))
            return column;
    return -1;
}

void ImportDialog::markTarget() {
    const int column = targetColumn();
    QColor tint = Theme::instance().palette().accent;
    tint.setAlphaF(0.15F);
    if (QTableWidgetItem* head = table_->horizontalHeaderItem(column))
        head->setText(tr("%1 (target)").arg(head->text()));
    for (int row = 0; row < table_->rowCount(); ++row)
        if (QTableWidgetItem* item = table_->item(row, column)) item->setBackground(tint);
}

/// The button imports what has been read and found good, nothing else.
void ImportDialog::setWaiting(bool waiting) {
    waiting_ = waiting;
    import_->setEnabled(isReady());
}

bool ImportDialog::isReady() const {
    return !waiting_ && problem_->text().isEmpty();
}

QString ImportDialog::problem() const {
    return problem_->text();
}

void ImportDialog::changeOption(const QString& key, const ParameterValue& value) {
    spec_.parameters.set(key.toStdString(), value);
    preview();
}

void ImportDialog::preview() {
    setWaiting(true);
    summary_->setText(tr("Reading …"));
    spec_.set == "csv" ? previewTable() : previewImages();
}

void ImportDialog::previewTable() {
    const unsigned request = ++request_;
    runInBackground(
        this,
        [spec = spec_, reading = beginReading()] {
            return previewCsv(pathOf(QString::fromStdString(spec.path)), csvOptions(spec.parameters),
                              previewRows, reading.get());
        },
        [this, request](const CsvPreview& read) {
            if (request == request_) showTable(read);
        },
        [this, request](const QString& error) {
            if (request == request_) showProblem(error);
        });
}

void ImportDialog::previewImages() {
    const unsigned request = ++request_;
    DataSpec few = spec_;
    const std::int64_t limit = few.parameters.integer("limit");
    few.parameters.set("limit", limit > 0 ? std::min(limit, previewImagesCount) : previewImagesCount);
    runInBackground(
        this,
        [few, reading = beginReading()] {
            return std::make_shared<const Split>(loadData(few, 0, reading.get()));
        },
        [this, request](const std::shared_ptr<const Split>& read) {
            if (request == request_) showImages(read);
        },
        [this, request](const QString& error) {
            if (request == request_) showProblem(error);
        });
}

void ImportDialog::showTable(const CsvPreview& read) {
    pages_->setCurrentWidget(table_);
    table_->setColumnCount(static_cast<int>(read.columns.size()));
    table_->setRowCount(static_cast<int>(read.rows.size()));
    QStringList titles;
    for (const CsvColumn& column : read.columns)
        titles << columnTitle(column, titles.size());
    table_->setHorizontalHeaderLabels(titles);
    for (int row = 0; row < table_->rowCount(); ++row)
        for (int column = 0; column < table_->columnCount(); ++column) {
            const auto& fields = read.rows[static_cast<std::size_t>(row)];
            const bool there = static_cast<std::size_t>(column) < fields.size();
            table_->setItem(
                row, column,
                new QTableWidgetItem(there ? QString::fromStdString(fields[static_cast<std::size_t>(column)])
                                           : QString()));
        }
    fillTarget(read);
    table_->resizeColumnsToContents(); // the words about the target are there now
    const auto counted = [](std::size_t count, const QString& one, const QString& many) {
        return QStringLiteral("%1 %2").arg(formatCount(static_cast<qint64>(count)), count == 1 ? one : many);
    };
    summary_->setText(tr("%1, %2, separated by %3, %4%5")
                          .arg(counted(read.samples, tr("row"), tr("rows")))
                          .arg(counted(read.columns.size(), tr("column"), tr("columns")))
                          .arg(QString::fromStdString(separatorName(read.separator)),
                               read.header ? tr("with a line of names") : tr("without a line of names"),
                               read.decimal == DecimalSign::Comma ? tr(", decimal commas") : QString()));
    problem_->setText(QString::fromStdString(read.problem));
    setWaiting(false);
    emit previewed();
}

void ImportDialog::showImages(const std::shared_ptr<const Split>& split) {
    pages_->setCurrentWidget(images_);
    // The whole file is read on import only.
    const Dataset& first = split->train;
    if (first.image) {
        images_->setSamples(std::shared_ptr<const Dataset>(split, &first));
        summary_->setText(
            tr("%1: images of %2, %3 classes; the first ones:")
                .arg(QString::fromStdString(dataCatalog().at(spec_.set).label), shapeText(*first.image))
                .arg(first.classes()));
    } else {
        summary_->setText(tr("%1 features, %2 classes").arg(first.features()).arg(first.classes()));
    }
    problem_->clear();
    setWaiting(false);
    emit previewed();
}

void ImportDialog::showProblem(const QString& problem) {
    summary_->clear();
    problem_->setText(problem);
    setWaiting(false);
    emit previewed();
}

/// Reads everything once, so that what is wrong is said here and not after the session has been changed.
void ImportDialog::accept() {
    setWaiting(true);
    summary_->setText(tr("Reading …"));
    spec_.standardize = standardize_->isChecked();
    const unsigned request = ++request_;
    DataSpec whole = spec_;
    whole.testFraction = session_.experiment().data.testFraction;
    runInBackground(
        this,
        [whole, seed = session_.experiment().seed.data, reading = beginReading()] {
            return std::make_shared<const Split>(loadData(whole, seed, reading.get()));
        },
        [this, request](const std::shared_ptr<const Split>& read) {
            if (request == request_) finish(read);
        },
        [this, request](const QString& error) {
            if (request == request_) showProblem(error);
        });
}

void ImportDialog::finish(const std::shared_ptr<const Split>& split) {
    Experiment after = withDataSet(session_.experiment(), spec_.set, &split->train);
    const double testFraction = after.data.testFraction;
    after.data = spec_;
    after.data.testFraction = testFraction;
    const QString name = QFileInfo(QString::fromStdString(spec_.path)).fileName();
    after.name = QFileInfo(name).completeBaseName().toStdString();
    if (!session_.edit(tr("import %1").arg(name), std::move(after)))
        return showProblem(tr("The import was refused."));
    QDialog::accept();
}

} // namespace kappascope::ui
