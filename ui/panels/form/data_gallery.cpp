// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/data_gallery.h"

#include "engine/data/data_catalog.h"

#include <QButtonGroup>
#include <QGridLayout>
#include <QMenu>
#include <QPointer>
#include <QThreadPool>

namespace kappascope::ui {

namespace {

constexpr int across = 5;
constexpr int samplesDrawn = 90;
constexpr std::uint64_t thumbnailSeed = 7;

bool isReadFromFiles(const DataEntry& entry) {
    return entry.fromFiles || entry.takesPath;
}

/// At most samplesDrawn samples, spread over the whole set.
Dataset some(const Dataset& all) {
    const Index count = std::min<Index>(samplesDrawn, all.samples());
    std::vector<int> chosen;
    for (Index i = 0; i < count; ++i)
        chosen.push_back(static_cast<int>(i * all.samples() / count));
    return all.select(chosen);
}

std::shared_ptr<const Dataset> drawSamples(const std::string& key) {
    DataSpec spec;
    spec.set = key;
    spec.samples = samplesDrawn;
    spec.testFraction = 0;
    if (dataCatalog().at(key).find("limit")) spec.parameters.set("limit", std::int64_t{samplesDrawn});
    try {
        return std::make_shared<Dataset>(some(loadData(spec, thumbnailSeed).train));
    } catch (const std::exception&) {
        return nullptr; // keeps its icon; choosing it will say what is wrong
    }
}

} // namespace

DataGallery::DataGallery(QWidget* parent)
    : QWidget(parent),
      files_(new DataThumbnail(QStringLiteral("files"), tr("From files"),
                               tr("Sets that are read from files: pictures, tables."), this)),
      menu_(new QMenu(this)) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    auto* group = new QButtonGroup(this);
    const auto add = [&](DataThumbnail* thumbnail) {
        group->addButton(thumbnail);
        const int place = grid->count();
        grid->addWidget(thumbnail, place / across, place % across);
    };
    for (const DataEntry& entry : dataCatalog().entries()) {
        if (isReadFromFiles(entry)) {
            addToMenu(entry);
            continue;
        }
        auto* thumbnail =
            new DataThumbnail(QString::fromStdString(entry.key), QString::fromStdString(entry.label),
                              QString::fromStdString(entry.help), this);
        thumbnail->setFallbackText(
            QString::fromStdString(entry.key).toUpper().replace(QLatin1Char('_'), QLatin1Char('\n')));
        add(thumbnail);
        connect(thumbnail, &DataThumbnail::clicked, this,
                [this, thumbnail] { emit chosen(thumbnail->key()); });
        thumbnails_.push_back(thumbnail);
    }
    for (int column = 0; column < across; ++column)
        grid->setColumnStretch(column, 1);
    files_->setFallbackText(tr("FROM\nFILES"));
    add(files_);
    menu_->setToolTipsVisible(true);
    connect(files_, &DataThumbnail::clicked, this, &DataGallery::openMenu);
    loadThumbnails();
}

void DataGallery::addToMenu(const DataEntry& entry) {
    const QString label = QString::fromStdString(entry.label);
    auto* action = menu_->addAction(entry.fromFiles ? tr("%1…").arg(label) : label);
    action->setObjectName(QString::fromStdString(entry.key));
    action->setToolTip(QString::fromStdString(entry.help));
    action->setCheckable(true);
    connect(action, &QAction::triggered, this, [this, action] { emit chosen(action->objectName()); });
}

/// The set in force stays marked until another one is chosen.
void DataGallery::openMenu() {
    choose(chosen_);
    menu_->popup(files_->mapToGlobal(QPoint(0, files_->height())));
}

void DataGallery::loadThumbnails() {
    for (const DataEntry& entry : dataCatalog().entries()) {
        if (entry.fromFiles) continue;
        QThreadPool::globalInstance()->start([guard = QPointer(this), key = entry.key] {
            auto samples = drawSamples(key);
            QMetaObject::invokeMethod(qApp, [guard, key, samples] {
                if (guard) guard->setSamples(QString::fromStdString(key), samples);
            });
        });
    }
}

void DataGallery::setSamples(const QString& key, const std::shared_ptr<const Dataset>& samples) {
    samples_[key] = samples;
    if (auto* of = thumbnail(key)) of->setSamples(samples);
    if (key == chosen_) choose(key);
}

void DataGallery::choose(const QString& key) {
    chosen_ = key;
    for (QAction* action : menu_->actions())
        action->setChecked(action->objectName() == key);
    const bool inMenu = fileAction(key);
    files_->setSamples(inMenu ? samples(key) : nullptr);
    files_->setFallbackText(inMenu ? QString(key).toUpper().replace(QLatin1Char('_'), QLatin1Char('\n'))
                                   : tr("FROM\nFILES"));
    if (inMenu)
        files_->setChecked(true);
    else if (auto* chosen = thumbnail(key))
        chosen->setChecked(true);
}

DataThumbnail* DataGallery::thumbnail(const QString& key) const {
    const auto found = std::ranges::find(thumbnails_, key, &DataThumbnail::key);
    return found == thumbnails_.end() ? nullptr : *found;
}

QAction* DataGallery::fileAction(const QString& key) const {
    const auto actions = menu_->actions();
    const auto found = std::ranges::find(actions, key, &QAction::objectName);
    return found == actions.end() ? nullptr : *found;
}

std::shared_ptr<const Dataset> DataGallery::samples(const QString& key) const {
    const auto found = samples_.find(key);
    return found == samples_.end() ? nullptr : found->second;
}

} // namespace kappascope::ui
