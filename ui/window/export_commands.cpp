// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/export_commands.h"

#include "engine/files/history_csv.h"
#include "engine/files/torch_export.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/window/background_job.h"
#include "ui/window/file_dialog.h"
#include "ui/window/message_bar.h"

#include <QDir>
#include <QFileDialog>
#include <QRegularExpression>
#include <algorithm>

namespace kappascope::ui {

namespace {

const QString topic = QStringLiteral("export");

/// Steps whose batches go to PyTorch: those trained so far, within reason.
constexpr std::int64_t fewestSteps = 1000, mostSteps = 20'000;

/// The folder itself, or a new one in it: nothing of the user's is written over.
QString freshFolder(const QString& folder, const QString& name) {
    if (QDir(folder).isEmpty()) return folder; // or not there yet
    QString fresh = QDir(folder).filePath(name);
    for (int n = 2; QFileInfo::exists(fresh); ++n)
        fresh = QDir(folder).filePath(QStringLiteral("%1-%2").arg(name).arg(n));
    return fresh;
}

} // namespace

ExportCommands::ExportCommands(Session& session, MessageBar& messages, QWidget* window)
    : QObject(window), session_(session), messages_(messages), window_(window) {}

/// The experiment's name, fit for a file: "xor-badly-scaled".
QString ExportCommands::baseName() const {
    static const QRegularExpression others(QStringLiteral("[^\\p{L}\\p{N}]+"));
    QString name = QString::fromStdString(session_.experiment().name).toLower();
    name.replace(others, QStringLiteral("-"));
    while (name.endsWith(QLatin1Char('-')))
        name.chop(1);
    return name.isEmpty() ? QStringLiteral("kappascope") : name;
}

void ExportCommands::begin(const QString& text) {
    messages_.show(MessageBar::Kind::Notice, topic, text);
}

void ExportCommands::failed(const QString& why) {
    messages_.show(MessageBar::Kind::Error, topic, why);
}

void ExportCommands::curves() {
    auto* dialog = makeFileDialog(window_, tr("Export the curves of all runs"), tr("CSV (*.csv)"),
                                  QStringLiteral("export"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(baseName() + QStringLiteral("-history.csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &ExportCommands::curvesTo);
    dialog->open();
}

void ExportCommands::curvesTo(const QString& file) {
    std::vector<HistoryCsv::Source> runs;
    for (const RunSpec& run : session_.experiment().runs)
        if (auto history = session_.history(run.id)) runs.push_back({run.id, run.name, std::move(history)});
    begin(tr("Writing the curves to %1 …").arg(file));
    runInBackground(
        this,
        [file, runs, precision = session_.experiment().precision] {
            HistoryCsv csv(pathOf(file), precision);
            csv.append(runs);
            csv.finish();
            return csv.missed();
        },
        [this, file](std::int64_t missed) {
            QString text = tr("Wrote the curves of all runs to %1.").arg(file);
            if (missed > 0)
                text +=
                    tr(" %1 older values are missing: of them only the extremes of whole blocks are still "
                       "kept. kappascope-cli train writes every value as it trains.")
                        .arg(formatCount(missed));
            messages_.show(MessageBar::Kind::Notice, topic, text);
        },
        [this](const QString& why) { failed(why); });
}

void ExportCommands::torch() {
    auto* dialog = makeFileDialog(window_, tr("Folder for the PyTorch script and its data"), {},
                                  QStringLiteral("export"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &ExportCommands::torchTo);
    dialog->open();
}

void ExportCommands::torchTo(const QString& folder) {
    const QString target = freshFolder(folder, baseName() + QStringLiteral("-pytorch"));
    const std::int64_t steps = std::clamp(session_.status().step, fewestSteps, mostSteps);
    begin(tr("Writing the training for PyTorch to %1 …").arg(target));
    runInBackground(
        this,
        [target, steps, experiment = session_.experiment()] {
            exportTorch(experiment, pathOf(target), steps);
            return true;
        },
        [this, target, steps](bool) {
            messages_.show(MessageBar::Kind::Notice, topic,
                           tr("Wrote %1 steps of this experiment, from its start, for PyTorch. Train with: "
                              "python3 %2/train.py")
                               .arg(formatCount(steps), target));
        },
        [this](const QString& why) { failed(why); });
}

} // namespace kappascope::ui
