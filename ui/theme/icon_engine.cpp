// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icon_engine.h"

#include "ui/theme/theme.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace kappascope::ui {

namespace {

QString path(const QString& name) {
    return QStringLiteral(":/icons/%1.svg").arg(name);
}

} // namespace

QPixmap iconPixmap(const QString& name, const QColor& color, QSize size, qreal devicePixelRatio) {
    const QSize pixels = size * devicePixelRatio;
    const QString key =
        QStringLiteral("%1-%2-%3x%4").arg(name, color.name()).arg(pixels.width()).arg(pixels.height());
    QPixmap pixmap;
    if (!QPixmapCache::find(key, &pixmap)) {
        QFile file(path(name));
        if (!file.open(QIODevice::ReadOnly)) {
            qWarning("no icon named '%s'", qPrintable(name));
            return {};
        }
        QSvgRenderer renderer(file.readAll().replace("#000", color.name().toLatin1()));
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        pixmap = QPixmap(pixels);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        QPixmapCache::insert(key, pixmap);
    }
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

QColor IconEngine::color(QIcon::Mode mode, QIcon::State state) const {
    const Palette& palette = Theme::instance().palette();
    if (onAccent_) return palette.onAccent;
    if (mode == QIcon::Disabled) return palette.quiet;
    if (mode == QIcon::Selected) return palette.onAccent; // the highlighted entry of a menu
    return state == QIcon::On ? palette.accent : palette.text;
}

void IconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) {
    const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1;
    painter->drawPixmap(rect, iconPixmap(name_, color(mode, state), rect.size(), ratio));
}

QPixmap IconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) {
    return iconPixmap(name_, color(mode, state), size, 1);
}

QPixmap IconEngine::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) {
    // Qt asks in device pixels and names the ratio.
    QPixmap pixmap = iconPixmap(name_, color(mode, state), size, 1);
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
}

bool IconEngine::isNull() {
    return !QFile::exists(path(name_));
}

} // namespace kappascope::ui
