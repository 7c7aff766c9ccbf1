// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <optional>
#include <string>

class QMimeData;
class QWidget;

namespace kappascope::ui {

/// What is dragged onto a plot: a quantity by its key, or a run by its id.
std::unique_ptr<QMimeData> mimeOfQuantity(const std::string& key);
std::unique_ptr<QMimeData> mimeOfRun(int run);
/// Nothing for data of another kind.
std::optional<std::string> quantityIn(const QMimeData* data);
std::optional<int> runIn(const QMimeData* data);

/// Starts a drag when the left button moves away from where it was pressed on `handle`, whose picture goes
/// with the mouse. GUI thread only.
class DragStarter : public QObject {
    Q_OBJECT
public:
    DragStarter(QWidget* handle, std::function<std::unique_ptr<QMimeData>()> data);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* handle_;
    std::function<std::unique_ptr<QMimeData>()> data_;
    std::optional<QPoint> pressed_;
};

} // namespace kappascope::ui
