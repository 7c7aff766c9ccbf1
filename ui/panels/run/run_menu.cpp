// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_menu.h"

#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_editor.h"
#include "ui/session.h"
#include "ui/theme/theme.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QPainter>

namespace kappascope::ui {

namespace {

constexpr int paletteSize = 8; ///< colours that the theme keeps apart
constexpr int swatch = 14;     ///< px

QString tr(const char* text) {
    return QCoreApplication::translate("RunMenu", text);
}

template<class F>
QAction* add(QMenu& menu, const char* name, const QString& text, const QString& icon, F triggered) {
    QAction* action = menu.addAction(icon.isEmpty() ? QIcon() : Theme::instance().icon(icon), text);
    action->setObjectName(name);
    QObject::connect(action, &QAction::triggered, &menu, triggered);
    return action;
}

QIcon swatchIcon(const QColor& color) {
    QPixmap pixmap(swatch, swatch);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(1, 1, swatch - 2, swatch - 2), 3, 3);
    return QIcon(pixmap);
}

void fillColorMenu(QMenu& menu, RunEditor& editor, int run) {
    const RunSpec& spec = *editor.session().run(run);
    const Theme& theme = Theme::instance();
    QAction* automatic =
        add(menu, "color-automatic", tr("By position"), {}, [&editor, run] { editor.setColor(run, {}); });
    automatic->setCheckable(true);
    automatic->setChecked(spec.color.empty());
    menu.addSeparator();
    for (int position = 0; position < paletteSize; ++position) {
        // Files hold the light theme's colours; the dark one lightens them.
        const QString name = theme.runColor({}, position, false).name();
        QAction* action = add(menu, "color", name, {}, [&editor, run, name] { editor.setColor(run, name); });
        action->setObjectName(QStringLiteral("color-%1").arg(position));
        action->setIcon(swatchIcon(theme.runColor({}, position)));
        action->setCheckable(true);
        action->setChecked(QString::fromStdString(spec.color) == name);
    }
}

} // namespace

void fillRunMenu(QMenu& menu, RunEditor& editor, int run, const RunMenuHooks& hooks) {
    menu.clear();
    Session& session = editor.session();
    const RunSpec* spec = session.run(run);
    if (!spec) return;
    add(menu, "rename", tr("Rename\tF2"), "edit", hooks.rename);
    QMenu* colors = menu.addMenu(tr("Colour"));
    colors->setObjectName("color");
    fillColorMenu(*colors, editor, run);
    add(menu, "fork", tr("Duplicate from here"), "fork", [&session, run] {
        session.duplicateRun(run);
    })->setToolTip(tr("Another run that goes on from this one's present state"));
    menu.addSeparator();
    add(menu, "settings", tr("Settings…"), "settings", hooks.settings);
    QAction* base =
        add(menu, "base-rate", tr("Reset to the base rate"), {}, [&editor, run] { editor.useBaseRate(run); });
    base->setEnabled(spec->learningRate.has_value());
    menu.addSeparator();
    add(menu, "hide", spec->hidden ? tr("Show") : tr("Hide"), spec->hidden ? "eye" : "eye-off",
        [&editor, run, hidden = spec->hidden] { editor.setHidden(run, !hidden); });
    QAction* remove = add(menu, "remove", tr("Remove"), "trash", [&session, run] { session.removeRun(run); });
    remove->setEnabled(session.experiment().runs.size() > 1);
}

void fillOptimizerMenu(QMenu& menu, RunEditor& editor, int run) {
    menu.clear();
    Session& session = editor.session();
    const RunSpec* spec = session.run(run);
    if (!spec) return;
    auto* group = new QActionGroup(&menu);
    for (const Description* entry : optimizerFamily().members) {
        QAction* action =
            add(menu, "", QString::fromStdString(entry->label), {},
                [&editor, run, key = entry->key] { editor.chooseMethod(run, optimizerFamily(), key); });
        action->setObjectName(QString::fromStdString(entry->key));
        action->setToolTip(QString::fromStdString(entry->help));
        action->setCheckable(true);
        action->setChecked(entry->key == spec->optimizer.method);
        group->addAction(action);
    }
    menu.addSeparator();
    QAction* base =
        add(menu, "base-rate", tr("Use the base rate, %1").arg(rateText(session.experiment().learningRate)),
            {}, [&editor, run] { editor.useBaseRate(run); });
    base->setEnabled(spec->learningRate.has_value());
    if (const double usual = editor.usualRate(run); usual > 0)
        add(menu, "usual-rate",
            tr("Use the usual rate of %1, %2")
                .arg(optimizerFamily().labelOf(spec->optimizer), rateText(usual)),
            {}, [&editor, run, usual] { editor.setRate(run, usual); });
    menu.setToolTipsVisible(true);
}

} // namespace kappascope::ui
