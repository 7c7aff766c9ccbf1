// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/data_gallery.h"

#include "engine/data/data_catalog.h"

#include <QButtonGroup>
#include <QGridLayout>
#include <QPointer>
#include <QThreadPool>

namespace kappascope::ui {

namespace {

constexpr int across = 5;
constexpr int samplesDrawn = 90;
constexpr std::uint64_t thumbnailSeed = 7;

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

DataGallery::DataGallery(QWidget* parent) : QWidget(parent) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    auto* group = new QButtonGroup(this);
    for (const DataEntry& entry : dataCatalog().entries()) {
        auto* thumbnail =
            new DataThumbnail(QString::fromStdString(entry.key), QString::fromStdString(entry.label),
                              QString::fromStdString(entry.help), this);
        thumbnail->setFallbackText(
            QString::fromStdString(entry.key).toUpper().replace(QLatin1Char('_'), QLatin1Char('\n')));
        group->addButton(thumbnail);
        const int place = static_cast<int>(thumbnails_.size());
        grid->addWidget(thumbnail, place / across, place % across);
        connect(thumbnail, &DataThumbnail::clicked, this,
                [this, thumbnail] { emit chosen(thumbnail->key()); });
        thumbnails_.push_back(thumbnail);
    }
    for (int column = 0; column < across; ++column)
        grid->setColumnStretch(column, 1);
    loadThumbnails();
}

void DataGallery::loadThumbnails() {
    for (const DataEntry& entry : dataCatalog().entries()) {
        if (entry.fromFiles) continue;
        QThreadPool::globalInstance()->start([guard = QPointer(this), key = entry.key] {
            auto samples = drawSamples(key);
            QMetaObject::invokeMethod(qApp, [guard, key, samples] {
                if (!guard) return;
                if (auto* thumbnail = guard->thumbnail(QString::fromStdString(key)))
                    thumbnail->setSamples(samples);
            });
        });
    }
}

void DataGallery::choose(const QString& key) {
    if (auto* chosen = thumbnail(key)) chosen->setChecked(true);
}

DataThumbnail* DataGallery::thumbnail(const QString& key) const {
    const auto found = std::ranges::find(thumbnails_, key, &DataThumbnail::key);
    return found == thumbnails_.end() ? nullptr : *found;
}

std::shared_ptr<const Dataset> DataGallery::samples(const QString& key) const {
    const auto* found = thumbnail(key);
    return found ? found->samples() : nullptr;
}

} // namespace kappascope::ui
