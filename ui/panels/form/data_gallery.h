// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/form/data_thumbnail.h"

#include <QWidget>
#include <vector>

namespace kappascope::ui {

/// All data sets of the catalog as thumbnails. The samples are drawn by a worker, once. GUI thread.
class DataGallery : public QWidget {
    Q_OBJECT
public:
    explicit DataGallery(QWidget* parent = nullptr);

    /// Marks the set of this key.
    void choose(const QString& key);
    DataThumbnail* thumbnail(const QString& key) const;
    /// A few samples of a set as its thumbnail shows them; null when they are not there (yet), or for files.
    std::shared_ptr<const Dataset> samples(const QString& key) const;

signals:
    void chosen(const QString& key); ///< by the user

private:
    void loadThumbnails();

    std::vector<DataThumbnail*> thumbnails_;
};

} // namespace kappascope::ui
