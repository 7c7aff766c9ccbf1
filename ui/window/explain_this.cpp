// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/explain_this.h"

#include <QApplication>
#include <QHelpEvent>
#include <QWhatsThis>
#include <QWidget>

namespace kappascope::ui {

ExplainThis::ExplainThis(QObject* parent) : QObject(parent) {
    qApp->installEventFilter(this);
}

bool ExplainThis::eventFilter(QObject* watched, QEvent* event) {
    const bool asked = event->type() == QEvent::QueryWhatsThis, shown = event->type() == QEvent::WhatsThis;
    if (!asked && !shown) return false;
    auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget || widget->toolTip().isEmpty()) return false;
    // Lines of a tool tip are plain text; the explanation wraps.
    if (shown) {
        const QString text = widget->toolTip().toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
        QWhatsThis::showText(static_cast<QHelpEvent*>(event)->globalPos(), text, widget);
    }
    event->accept();
    return true;
}

} // namespace kappascope::ui
