// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/form/data_thumbnail.h"

#include <QWidget>
#include <map>
#include <vector>

class QAction;
class QMenu;

namespace kappascope {
struct DataEntry;
}

namespace kappascope::ui {

/// All data sets of the catalog: those that the program brings as thumbnails, those that are read from files
/// in the menu of one more. The samples are drawn by a worker, once. GUI thread.
class DataGallery : public QWidget {
    Q_OBJECT
public:
    explicit DataGallery(QWidget* parent = nullptr);

    /// Marks the set of this key.
    void choose(const QString& key);
    DataThumbnail* thumbnail(const QString& key) const; ///< null for those of the menu
    QAction* fileAction(const QString& key) const;      ///< the menu's; null for all others
    /// A few samples of a set as its thumbnail shows them; null when they are not there (yet), or for files.
    std::shared_ptr<const Dataset> samples(const QString& key) const;

signals:
    void chosen(const QString& key); ///< by the user

private:
    void addToMenu(const DataEntry& entry);
    void openMenu();
    void loadThumbnails();
    void setSamples(const QString& key, const std::shared_ptr<const Dataset>& samples);

    std::vector<DataThumbnail*> thumbnails_;
    DataThumbnail* files_; ///< shows the chosen set where that is read from files
    QMenu* menu_;
    std::map<QString, std::shared_ptr<const Dataset>> samples_;
    QString chosen_;
};

} // namespace kappascope::ui
