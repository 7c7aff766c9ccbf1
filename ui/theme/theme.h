// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPen>
#include <string>

class QPainter;

namespace kappascope::ui {

/// The tokens of the look (light and dark). Nothing else in the window names a colour.
struct Palette {
    QColor ground, panel, line, grid, text, quiet, accent, warning;
    QColor negative, positive; ///< classes 1 and 0, signed maps; the panel colour is the middle
    QColor onAccent;           ///< text and glyphs on the accent colour
    bool dark = false;
};

/// Both palettes by name: figures are exported in the light one whatever the window shows.
const Palette& lightPalette();
const Palette& darkPalette();

/// The cue beside colour and dash that tells runs apart: drawn at the end of a curve and in legends.
enum class Marker { Circle, Square, Triangle, Diamond, TriangleDown, Cross, Plus, Star };

/// Colours, fonts, icons; follows the system or the user's choice and tells when it changed. GUI thread only.
class Theme : public QObject {
    Q_OBJECT
public:
    enum class Mode { System, Light, Dark };

    static Theme& instance();

    void apply(); ///< to the application: style, palette, style sheet; once after QApplication was made
    void setMode(Mode mode);       ///< remembered in QSettings
    void setModeForNow(Mode mode); ///< not remembered: the command line's choice
    Mode mode() const { return mode_; }
    bool isDark() const;
    const Palette& palette() const;

    /// Colour of a run: its own ("#rrggbb", the light theme's; lightened in the dark one) or by its position.
    QColor runColor(const std::string& own, int position) const;
    QColor runColor(const std::string& own, int position,
                    bool dark) const;         ///< for a palette that is not shown
    Qt::PenStyle runDash(int position) const; ///< the second cue beside the colour
    Marker runMarker(int position) const;
    QColor classColor(int label, int classes) const;
    /// A point on the map from the negative over the panel to the positive colour; t in [-1, 1].
    QColor signedColor(double t) const;

    QFont body() const;    ///< 12 px
    QFont numbers() const; ///< body with tabular figures: wherever a number changes
    QFont heading() const; ///< section heads: small capitals, quiet
    QFont runName() const; ///< 14 px semibold
    QFont counter() const; ///< 15 px, tabular
    /// Text size relative to the standard, 0.75 ... 2 (View > Larger text; presenter mode).
    void setScale(double scale);
    double scale() const { return scale_; }

    /// An icon of resources/icons by name, in the text colour (accent when checked, quiet when disabled).
    QIcon icon(const QString& name) const;
    /// The same for buttons that are filled with the accent colour.
    QIcon iconOnAccent(const QString& name) const;

signals:
    void changed(); ///< repaint everything

private:
    Theme();
    bool eventFilter(QObject* watched, QEvent* event) override;
    void readSystemColors(); ///< asks the platform whether it is dark
    void dress();            ///< hands palette, fonts and style sheet to the application

    Mode mode_ = Mode::System;
    double scale_ = 1;
    bool systemIsDark_ = false, applied_ = false, dressing_ = false;
};

/// Draws `marker` about `center`, `size` across, filled with the painter's brush.
void drawMarker(QPainter& painter, Marker marker, QPointF center, double size);

/// Numbers as the whole window writes them: 4 significant digits (fewer where there is little room), 1.3e6,
/// 182,400; the em dash for what is not there.
QString formatNumber(double value, int significant = 4);
/// The same for condition numbers, whose order matters: 162,340 is "1.62e5".
QString formatCondition(double kappa, int significant = 3);
QString formatCount(qint64 value);
QString formatShare(double share); ///< 0.974 -> "97.4 %"

} // namespace kappascope::ui
