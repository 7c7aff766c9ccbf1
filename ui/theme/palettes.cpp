// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <array>

namespace kappascope::ui {

const Palette& lightPalette() {
    static const Palette palette{
        .ground = 0xf4f5f7,
        .panel = 0xffffff,
        .line = 0xe1e4e9,
        .grid = 0xeceef1,
        .text = 0x1c2128,
        .quiet = 0x626c78,
        .accent = 0x2f6fdd,
        .warning = 0xb3261e,
        .negative = 0xbf812d,
        .positive = 0x35978f,
        .onAccent = 0xffffff,
        .dark = false,
    };
    return palette;
}

const Palette& darkPalette() {
    static const Palette palette{
        .ground = 0x15181c,
        .panel = 0x1d2126,
        .line = 0x2d333a,
        .grid = 0x272c33,
        .text = 0xe3e7ec,
        .quiet = 0x939daa,
        .accent = 0x6ea2ff,
        .warning = 0xff8f85,
        .negative = 0xd09a45,
        .positive = 0x3aa99f,
        .onAccent = 0x10141a,
        .dark = true,
    };
    return palette;
}

namespace {

struct Pair {
    QRgb light, dark;
    QColor of(bool isDark) const { return QColor::fromRgb(isDark ? dark : light); }
};

/// Okabe and Ito's colours, which the common kinds of colour blindness keep apart, behind a neutral grey.
constexpr std::array<Pair, 8> runPalette{{{0x7a8290, 0xa3acb8},
                                          {0xd55e00, 0xff8a3d},
                                          {0x0072b2, 0x4db2f0},
                                          {0x009e73, 0x3fc79a},
                                          {0xcc79a7, 0xe39cc4},
                                          {0xe69f00, 0xf5bd4a},
                                          {0x56b4e9, 0x8fd0f7},
                                          {0x8c564b, 0xc08a7e}}};

/// More than two classes: hues apart from the runs' own, in an order that keeps neighbours distinct.
constexpr std::array<Pair, 10> classPalette{{{0x35978f, 0x3aa99f},
                                             {0xbf812d, 0xd09a45},
                                             {0x7b5ea7, 0xa48bd0},
                                             {0x9aa53b, 0xb9c45c},
                                             {0xb5476b, 0xdb7394},
                                             {0x4a6fa5, 0x7f9fd1},
                                             {0x6b4c3b, 0xa98673},
                                             {0x5aa469, 0x7cc48b},
                                             {0xc99bb8, 0xd9b3cb},
                                             {0x5f6b6d, 0x96a3a5}}};

constexpr double readableLightness = 0.62; ///< of a run's own colour on the dark panel

/// The counterpart for the dark theme of a colour that was chosen in the light one.
QColor lightened(const QColor& color) {
    float hue = 0, saturation = 0, lightness = 0;
    color.getHslF(&hue, &saturation, &lightness);
    return QColor::fromHslF(std::max(hue, 0.F), saturation, std::max(lightness, float(readableLightness)));
}

QColor mixed(const QColor& a, const QColor& b, double t) {
    const auto channel = [t](int from, int to) { return qRound(from + t * (to - from)); };
    return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

} // namespace

QColor Theme::runColor(const std::string& own, int position) const {
    return runColor(own, position, isDark());
}

QColor Theme::runColor(const std::string& own, int position, bool dark) const {
    const QColor chosen(QString::fromStdString(own));
    if (own.empty() || !chosen.isValid()) return runPalette[std::size_t(std::max(position, 0)) % 8].of(dark);
    for (const Pair& pair : runPalette)
        if (QColor::fromRgb(pair.light) == chosen) return pair.of(dark);
    return dark ? lightened(chosen) : chosen;
}

Qt::PenStyle Theme::runDash(int position) const {
    constexpr std::array styles{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine,
                                Qt::DashDotDotLine};
    return styles[std::size_t(std::max(position, 0)) % styles.size()];
}

Marker Theme::runMarker(int position) const {
    return Marker(std::max(position, 0) % 8);
}

QColor Theme::classColor(int label, int classes) const {
    if (classes <= 2) return label > 0 ? palette().negative : palette().positive;
    return classPalette[std::size_t(std::max(label, 0)) % classPalette.size()].of(isDark());
}

QColor Theme::signedColor(double t) const {
    const double strength = std::min(std::abs(t), 1.0);
    return mixed(palette().panel, t < 0 ? palette().negative : palette().positive, strength);
}

} // namespace kappascope::ui
