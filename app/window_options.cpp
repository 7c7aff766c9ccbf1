// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_options.h"

#include "engine/core/error.h"

#include <QCommandLineParser>
#include <QRegularExpression>

namespace kappascope {

namespace {

const char* const theme = "theme";
const char* const preset = "preset";
const char* const screenshot = "screenshot";
const char* const panel = "panel";
const char* const run = "run";
const char* const size = "size";
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

std::int64_t stepsOf(const QString& text) {
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    if (!isNumber || number < 1)
        throw InputError("--steps", "found '" + text.toStdString() + "', expected a whole number from 1");
    return number;
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
          QStringLiteral(
              "Bring this panel to the front: network, spectrum, hessian, conditioning, runTable, ..."),
          QStringLiteral("NAME")},
         {option(run), QStringLiteral("Select the run of this name."), QStringLiteral("NAME")},
         {option(screenshot),
          QStringLiteral("For the documentation: train live, write a picture of the window to FILE, end. "
                         "The user's settings are not used."),
          QStringLiteral("FILE")},
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
    if (parser.isSet(option(theme))) options.theme = themeOf(parser.value(option(theme)));
    if (parser.isSet(option(screenshot)))
        options.screenshot =
            ui::ScreenshotRequest{parser.value(option(screenshot)), sizeOf(parser.value(option(size))),
                                  stepsOf(parser.value(option(steps)))};
    return options;
}

} // namespace kappascope
