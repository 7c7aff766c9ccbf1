// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/run_clipboard.h"

#include "engine/files/experiment_document.h"

namespace kappascope::ui {

namespace {

const std::string clipboard = "clipboard";
constexpr const char* identity[] = {"name", "color", "hidden", "fork_of"};

Json settingsIn(const QString& text) {
    const std::string advice = "Copy the settings of a run first.";
    Json settings;
    try {
        settings = parseJson(text.toStdString(), clipboard);
    } catch (const InputError&) {
        throw InputError(clipboard, "it holds no settings of a run", advice);
    }
    if (!settings.is_object())
        throw InputError(clipboard, "it holds " + describe(settings) + ", no settings of a run", advice);
    return settings;
}

} // namespace

QString runSettingsText(const Experiment& experiment, int position) {
    Json settings = writeDocument(experiment)["runs"][static_cast<std::size_t>(position)];
    for (const char* key : identity)
        settings.erase(key);
    return QString::fromStdString(formatJson(settings));
}

RunSpec withRunSettings(const Experiment& experiment, int position, const QString& text) {
    const auto place = static_cast<std::size_t>(position);
    Json document = writeDocument(experiment);
    Json settings = settingsIn(text);
    for (const char* key : identity)
        if (const auto own = document["runs"][place].find(key); own != document["runs"][place].end())
            settings[key] = *own;
    document["runs"][place] = settings;
    RunSpec run = inFile(clipboard, [&] { return readDocument(document).runs.at(place); });
    run.id = experiment.runs.at(place).id; // documents do not know it
    return run;
}

} // namespace kappascope::ui
