// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

namespace kappascope::ui {

namespace {

/// @name stands for a token; lengths are at scale 1 where text does not touch them.
const char* const sheet = R"(
QToolTip { background: @panel; color: @text; border: 1px solid @line; padding: 4px 6px; }

QPushButton, QToolButton[look="outline"] {
    background: @panel; color: @text; border: 1px solid @line; border-radius: 5px; padding: 0 10px;
    min-height: @control; }
QToolButton[look="outline"] { padding: 0; min-width: @control; }
QPushButton:hover, QToolButton[look="outline"]:hover { border-color: @quiet; }
QPushButton:focus, QToolButton[look="outline"]:focus { border-color: @accent; }
QPushButton:pressed, QToolButton[look="outline"]:pressed { background: @grid; }
QPushButton:checked, QToolButton[look="outline"]:checked { border-color: @accent; background: @tint; }
QPushButton:disabled { color: @quiet; }
QPushButton:default { background: @accent; color: @onAccent; border-color: @accent; }
QPushButton:default:focus { border-color: @text; }
QPushButton:default:disabled { background: @grid; color: @quiet; border-color: @line; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 3px; }
QToolButton:hover { background: @grid; }
QToolButton:pressed, QToolButton:checked { background: @tint; }
QToolButton:focus { border-color: @accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[look="filled"] { background: @accent; border: 2px solid @accent; padding: 5px; }
QToolButton[look="filled"]:hover { background: @accent; border-color: @tint; }
QToolButton[look="filled"]:focus { border-color: @text; }
QToolButton[look="badge"] { color: @accent; background: @tint; border: 1px solid @accent; border-radius: 7px;
    padding: 0 6px; }
QToolButton[look="badge"]:hover { color: @onAccent; background: @accent; }
QToolButton[look="word"] { color: @quiet; border: none; border-radius: 3px; padding: 0; }
QToolButton[look="word"]:hover { color: @accent; background: transparent; }
QToolButton[look="word"]:focus { color: @accent; background: @tint; }

QLineEdit, QPlainTextEdit, QTextEdit {
    background: @panel; color: @text; border: 1px solid @line; border-radius: 5px; padding: 0 6px;
    selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit { min-height: @control; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: transparent; border: none; min-height: 0; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: @accent; }
QLineEdit[look="plain"] { background: transparent; border-color: transparent; padding: 0 2px;
    min-height: @line_height; }
QLineEdit[look="plain"]:hover { border-color: @line; }
QLineEdit[look="plain"]:focus { background: @panel; border-color: @accent; }
QLineEdit[refused="true"] { border-color: @warning; }

QMenuBar { background: @bar; padding: 2px 4px; }
QMenuBar::item { padding: 3px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @grid; }
QMenu { background: @panel; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 4px 24px 4px 24px; border-radius: 4px; }
QMenu::item:selected { background: @accent; color: @onAccent; }
QMenu::item:disabled { color: @quiet; background: transparent; }
QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }
QMenu::icon { left: 5px; }
QMenu::right-arrow { right: 6px; }

QToolBar { background: @bar; border: none; border-bottom: 1px solid @line; spacing: 4px; padding: 4px 8px; }
QToolBar::separator { background: @line; width: 1px; margin: 6px 6px; }
QStatusBar { color: @quiet; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @quiet; }

QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab { color: @quiet; background: transparent; border: none; border-bottom: 2px solid transparent;
    padding: 5px 2px; margin: 0 7px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; font-weight: 600; border-bottom-color: @accent; }
QTabBar::tab:focus { color: @accent; }

QDockWidget { color: @quiet; font-weight: 600; }
QDockWidget::title { background: transparent; padding: 4px 8px; text-align: left; }

QHeaderView::section { background: @panel; color: @quiet; border: none; border-bottom: 1px solid @line;
    padding: 3px 6px; }
QTableCornerButton::section { background: @panel; border: none; border-bottom: 1px solid @line; }
QTableView QHeaderView, QTreeView QHeaderView { background: @panel; }
QTableView, QTreeView, QListView { background: @panel; border: none; gridline-color: @grid;
    selection-background-color: @tint; selection-color: @text; }
QComboBox QAbstractItemView { border: 1px solid @line; padding: 2px; outline: 0; }
QComboBox QAbstractItemView::item { min-height: @item; }

QScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: @grid; border: none; border-radius: 3px; text-align: center; color: @text; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
)";

QColor blend(const QColor& a, const QColor& b, double t) {
    return QColor::fromRgbF(float(a.redF() + t * (b.redF() - a.redF())),
                            float(a.greenF() + t * (b.greenF() - a.greenF())),
                            float(a.blueF() + t * (b.blueF() - a.blueF())));
}

} // namespace

QString styleSheet(const Palette& palette, double scale) {
    const auto pixels = [scale](double length) {
        return QString::number(qRound(length * scale)) + QLatin1String("px");
    };
    // Longer names first: "@line_height" begins with "@line".
    const std::pair<const char*, QString> tokens[] = {
        {"@line_height", pixels(18)},
        {"@control", pixels(26)}, // 28 with the border
        {"@item", pixels(22)},
        {"@onAccent", palette.onAccent.name()},
        {"@bar", palette.panel.name()},
        {"@ground", palette.ground.name()},
        {"@panel", palette.panel.name()},
        {"@line", palette.line.name()},
        {"@grid", palette.grid.name()},
        {"@text", palette.text.name()},
        {"@quiet", palette.quiet.name()},
        {"@accent", palette.accent.name()},
        {"@warning", palette.warning.name()},
        {"@tint", blend(palette.panel, palette.accent, 0.14).name()},
    };
    QString text = QString::fromLatin1(sheet);
    for (const auto& [name, value] : tokens)
        text.replace(QLatin1String(name), value);
    return text;
}

} // namespace kappascope::ui
