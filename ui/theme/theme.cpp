// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/icon_engine.h"
#include "ui/theme/style.h"
#include "ui/theme/tabular_font.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QSettings>
#include <QStyleHints>
#include <QToolTip>

static void initializeIconResources() {
    Q_INIT_RESOURCE(icons); // a static library's resources are dropped unless asked for; not in a namespace
}

namespace kappascope::ui {

namespace {

const QString modeKey = QStringLiteral("theme/mode");
const QString scaleKey = QStringLiteral("theme/textScale");
constexpr double smallestScale = 0.75, largestScale = 2;

QString bodyFamily() {
    if (QFontDatabase::families().contains(QStringLiteral("Inter"))) return QStringLiteral("Inter");
    return QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
}

QFont sized(double pixels, QFont::Weight weight = QFont::Normal) {
    static const QString family = bodyFamily();
    QFont font(family);
    font.setPixelSize(std::max(6, qRound(pixels)));
    font.setWeight(weight);
    return font;
}

QPalette qtPalette(const Palette& tokens) {
    QPalette palette(tokens.text, tokens.ground);
    palette.setColor(QPalette::Window, tokens.ground);
    palette.setColor(QPalette::WindowText, tokens.text);
    palette.setColor(QPalette::Base, tokens.panel);
    palette.setColor(QPalette::AlternateBase, tokens.ground);
    palette.setColor(QPalette::Text, tokens.text);
    palette.setColor(QPalette::PlaceholderText, tokens.quiet);
    palette.setColor(QPalette::Button, tokens.panel);
    palette.setColor(QPalette::ButtonText, tokens.text);
    palette.setColor(QPalette::BrightText, tokens.warning);
    palette.setColor(QPalette::ToolTipBase, tokens.panel);
    palette.setColor(QPalette::ToolTipText, tokens.text);
    palette.setColor(QPalette::Highlight, tokens.accent);
    palette.setColor(QPalette::HighlightedText, tokens.onAccent);
    palette.setColor(QPalette::Link, tokens.accent);
    palette.setColor(QPalette::LinkVisited, tokens.accent);
    palette.setColor(QPalette::Mid, tokens.line);
    palette.setColor(QPalette::Midlight, tokens.grid);
    palette.setColor(QPalette::Dark, tokens.line);
    palette.setColor(QPalette::Light, tokens.panel);
    palette.setColor(QPalette::Shadow, tokens.line);
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, tokens.quiet);
    return palette;
}

} // namespace

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

Theme::Theme() {
    initializeIconResources();
    const QSettings settings;
    mode_ = Mode(std::clamp(settings.value(modeKey, 0).toInt(), 0, 2));
    scale_ = std::clamp(settings.value(scaleKey, 1.0).toDouble(), smallestScale, largestScale);
}

void Theme::apply() {
    readSystemColors();
    if (!applied_) qApp->installEventFilter(this);
    applied_ = true;
    QApplication::setStyle(new Style);
    dress();
}

void Theme::readSystemColors() {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    systemIsDark_ = QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    // The application's palette is ours once dressed; an empty one gives way to the platform's.
    QApplication::setPalette(QPalette());
    systemIsDark_ = QApplication::palette().color(QPalette::Window).lightness() < 128;
#endif
}

void Theme::dress() {
    if (!applied_) return;
    dressing_ = true;
    QApplication::setFont(body());
    QApplication::setPalette(qtPalette(palette()));
    QToolTip::setPalette(qtPalette(palette()));
    QToolTip::setFont(body());
    qApp->setStyleSheet(styleSheet(palette(), scale_));
    dressing_ = false;
    emit changed();
}

void Theme::setMode(Mode mode) {
    QSettings().setValue(modeKey, int(mode));
    setModeForNow(mode);
}

void Theme::setModeForNow(Mode mode) {
    if (mode == mode_) return;
    mode_ = mode;
    dress();
}

void Theme::setScale(double scale) {
    scale = std::clamp(scale, smallestScale, largestScale);
    if (scale == scale_) return;
    scale_ = scale;
    QSettings().setValue(scaleKey, scale);
    dress();
}

bool Theme::isDark() const {
    return mode_ == Mode::Dark || (mode_ == Mode::System && systemIsDark_);
}

const Palette& Theme::palette() const {
    return isDark() ? darkPalette() : lightPalette();
}

bool Theme::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ThemeChange && !dressing_ && watched->isWidgetType()) {
        const bool before = isDark();
        dressing_ = true;
        readSystemColors();
        dressing_ = false;
        if (isDark() != before || QT_VERSION < QT_VERSION_CHECK(6, 5, 0)) dress();
    }
    return QObject::eventFilter(watched, event);
}

QFont Theme::body() const {
    return sized(12 * scale_);
}

QFont Theme::numbers() const {
    return tabular(body());
}

QFont Theme::heading() const {
    QFont font = sized(11 * scale_, QFont::DemiBold);
    font.setCapitalization(QFont::AllUppercase);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.3 * scale_);
    return font;
}

QFont Theme::runName() const {
    return sized(14 * scale_, QFont::DemiBold);
}

QFont Theme::counter() const {
    return tabular(sized(15 * scale_, QFont::DemiBold));
}

QIcon Theme::icon(const QString& name) const {
    return QIcon(new IconEngine(name));
}

QIcon Theme::iconOnAccent(const QString& name) const {
    return QIcon(new IconEngine(name, true));
}

} // namespace kappascope::ui
