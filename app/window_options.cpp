// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_options.h"

#include "engine/core/error.h"
#include "engine/telemetry/history.h"
#include "ui/plots/plot_spec.h"

#include <QCommandLineParser>
#include <QJsonObject>
#include <QRegularExpression>

namespace kappascope {

namespace {

const char* const theme = "theme";
const char* const preset = "preset";
const char* const screenshot = "screenshot";
const char* const panel = "panel";
const char* const run = "run";
const char* const plots = "plots";
const char* const direction = "direction";
const char* const size = "size";
const char* const panelAlone = "panel-alone";
const char* const steps = "steps";

QString option(const char* name) {
    return QString::fromLatin1(name);
}

ui::Theme::Mode themeOf(const QString& text) {
    if (text == QStringLiteral("light")) return ui::Theme::Mode::Light;
    if (text == QStringLiteral("dark")) return ui::Theme::Mode::Dark;
    if (text == QStringLiteral("system")) return ui::Theme::Mode::System;
    throw InputError("--theme", "found '" + text.toStdString() + "', expected light, dark or system");
}

QSize sizeOf(const QString& text) {
    static const QRegularExpression pattern(QStringLiteral("^([0-9]{3,5})x([0-9]{3,5})$"));
    const auto match = pattern.match(text);
    if (!match.hasMatch())
        throw InputError("--size",
                         "found '" + text.toStdString() + "', expected WIDTHxHEIGHT, as in 1440x900");
    return {match.captured(1).toInt(), match.captured(2).toInt()};
}

std::int64_t numberFromOne(const char* name, const QString& text) {
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    if (!isNumber || number < 1)
        throw InputError(name, "found '" + text.toStdString() + "', expected a whole number from 1");
    return number;
}

QJsonObject plotOf(const QString& text) {
    const QString key = text.section(u'@', 0, 0), layer = text.section(u'@', 1);
    const ui::PlotSpec* spec = ui::findPlotSpec(key.toStdString());
    if (!spec) {
        std::vector<std::string> known;
        for (const ui::PlotSpec& one : ui::plotSpecs())
            known.push_back(one.key);
        throw InputError("--plots", "found '" + key.toStdString() + "'",
                         suggestName(key.toStdString(), known));
    }
    bool isNumber = false;
    const int number = layer.toInt(&isNumber);
    if (!layer.isEmpty() && layer != QStringLiteral("whole") && (!isNumber || number < 1))
        throw InputError("--plots", "found the layer '" + layer.toStdString() +
                                        "', expected 'whole' or a number from 1, as in condition_number@2");
    const int wanted = isNumber ? number - 1 : layer.isEmpty() ? spec->layer : SeriesKey::wholeNetwork;
    return {{QStringLiteral("plot"), key},
            {QStringLiteral("layer"), wanted},
            {QStringLiteral("logarithmic"), spec->logarithmic}};
}

void addOptions(QCommandLineParser& parser) {
    parser.setApplicationDescription(QStringLiteral(
        "Watch how the conditioning of neural-network training changes with batch normalization and "
        "batch normalization preconditioning."));
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QStringLiteral("A session (.kappa) to open, or data to import."),
                                 QStringLiteral("[FILE]"));
    parser.addOptions(
        {{{QStringLiteral("h"), QStringLiteral("help")}, QStringLiteral("Print this and end.")},
         {{QStringLiteral("v"), QStringLiteral("version")}, QStringLiteral("Print the version and end.")},
         {option(theme), QStringLiteral("Colours: light, dark or system."), QStringLiteral("NAME")},
         {option(preset), QStringLiteral("Begin with this preset."), QStringLiteral("NAME")},
         {option(panel),
          QStringLiteral("Bring this panel to the front: network, features, spectrum, hessian, conditioning, "
                         "runTable, ..."),
          QStringLiteral("NAME")},
         {option(plots),
          QStringLiteral("Show these plots, one below the other: loss,condition_number@2,stability_edge"),
          QStringLiteral("KEY[@LAYER],...")},
         {option(direction),
          QStringLiteral("In the panel spectrum, open the direction of the N-th largest eigenvalue."),
          QStringLiteral("N")},
         {option(run), QStringLiteral("Select the run of this name; else the first with a preconditioner."),
          QStringLiteral("NAME")},
         {option(screenshot),
          QStringLiteral("For the documentation: train live, write a picture of the window to FILE, end. "
                         "The user's settings are not used."),
          QStringLiteral("FILE")},
         {option(panelAlone),
          QStringLiteral("The picture is of the panel of --panel, not of the whole window.")},
         {option(size), QStringLiteral("Size of the picture."), QStringLiteral("WxH"),
          QStringLiteral("1440x900")},
         {option(steps), QStringLiteral("Steps before the picture."), QStringLiteral("N"),
          QStringLiteral("400")}});
}

} // namespace

WindowOptions readWindowOptions(const QStringList& arguments) {
    QCommandLineParser parser;
    addOptions(parser);
    const bool understood = parser.parse(arguments);
    WindowOptions options;
    if (parser.isSet(QStringLiteral("help"))) options.printout = parser.helpText();
    if (parser.isSet(QStringLiteral("version")))
        options.printout = QStringLiteral("kappascope %1\n").arg(QStringLiteral(KAPPASCOPE_VERSION));
    if (!options.printout.isEmpty()) return options;
    if (!understood)
        throw InputError("command line", parser.errorText().toStdString(), "See kappascope --help.");
    const QStringList files = parser.positionalArguments();
    if (files.size() > 1)
        throw InputError("command line",
                         "found " + std::to_string(files.size()) + " files, expected at most one");
    if (!files.isEmpty()) options.file = files.front();
    options.preset = parser.value(option(preset));
    options.panel = parser.value(option(panel));
    options.run = parser.value(option(run));
    options.panelAlone = parser.isSet(option(panelAlone));
    if (options.panelAlone && options.panel.isEmpty())
        throw InputError("--panel-alone", "which panel?", "Name it with --panel.");
    for (const QString& plot : parser.value(option(plots)).split(u',', Qt::SkipEmptyParts))
        options.plots << plotOf(plot);
    if (parser.isSet(option(direction)))
        options.direction = numberFromOne("--direction", parser.value(option(direction)));
    if (parser.isSet(option(theme))) options.theme = themeOf(parser.value(option(theme)));
    if (parser.isSet(option(screenshot)))
        options.screenshot =
            ui::ScreenshotRequest{parser.value(option(screenshot)), sizeOf(parser.value(option(size))),
                                  numberFromOne("--steps", parser.value(option(steps)))};
    return options;
}

} // namespace kappascope
