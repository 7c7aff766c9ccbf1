// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_drag.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDrag>
#include <QMimeData>
#include <QMouseEvent>
#include <QPixmap>
#include <QWidget>

namespace kappascope::ui {

namespace {

const QString quantityFormat = QStringLiteral("application/x-kappascope-quantity");
const QString runFormat = QStringLiteral("application/x-kappascope-run");

std::unique_ptr<QMimeData> mime(const QString& format, const QByteArray& content) {
    auto data = std::make_unique<QMimeData>();
    data->setData(format, content);
    return data;
}

} // namespace

std::unique_ptr<QMimeData> mimeOfQuantity(const std::string& key) {
    return mime(quantityFormat, QByteArray::fromStdString(key));
}

std::unique_ptr<QMimeData> mimeOfRun(int run) {
    return mime(runFormat, QByteArray::number(run));
}

std::optional<std::string> quantityIn(const QMimeData* data) {
    if (!data || !data->hasFormat(quantityFormat)) return std::nullopt;
    return data->data(quantityFormat).toStdString();
}

std::optional<int> runIn(const QMimeData* data) {
    if (!data || !data->hasFormat(runFormat)) return std::nullopt;
    return data->data(runFormat).toInt();
}

DragStarter::DragStarter(QWidget* handle, std::function<std::unique_ptr<QMimeData>()> data)
    : QObject(handle), handle_(handle), data_(std::move(data)) {
    handle->installEventFilter(this);
}

bool DragStarter::eventFilter(QObject* watched, QEvent* event) {
    if (watched != handle_) return false;
    if (event->type() == QEvent::MouseButtonPress) {
        auto* press = static_cast<QMouseEvent*>(event);
        pressed_.reset();
        if (press->button() == Qt::LeftButton) pressed_ = press->pos();
    } else if (event->type() == QEvent::MouseButtonRelease) {
        pressed_.reset();
    } else if (event->type() == QEvent::MouseMove && pressed_) {
        const QPoint by = static_cast<QMouseEvent*>(event)->pos() - *pressed_;
        if (by.manhattanLength() < QApplication::startDragDistance()) return false;
        pressed_.reset();
        if (auto* button = qobject_cast<QAbstractButton*>(handle_))
            button->setDown(false); // no click any more
        auto* drag = new QDrag(handle_);
        drag->setMimeData(data_().release());
        drag->setPixmap(handle_->grab());
        drag->exec(Qt::MoveAction);
        return true;
    }
    return false;
}

} // namespace kappascope::ui
