// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_menu.h"

#include "ui/plots/curve_csv.h"
#include "ui/plots/export_dialog.h"
#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_title.h"
#include "ui/plots/range_statistics.h"
#include "ui/preferences.h"

#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QPrintDialog>
#include <QPrinter>
#include <QSaveFile>
#include <QSettings>
#include <QStandardPaths>
#include <QThreadPool>
#include <cmath>

namespace kappascope::ui {

namespace {

const QString folderKey = QStringLiteral("plots/dataFolder");

CsvRange visibleSteps(const MetricPlot& plot) {
    const QCPRange x = plot.canvas().xAxis->range();
    const StepScale& scale = plot.scene().scale;
    return {std::int64_t(std::ceil(std::max(scale.step(x.lower), 0.0))),
            std::int64_t(std::floor(std::max(scale.step(x.upper), 0.0)))};
}

void addZoom(QMenu& menu, MetricPlot& plot) {
    menu.addAction(Theme::instance().icon(QStringLiteral("fit")), MetricPlot::tr("Zoom out"), &plot,
                   &MetricPlot::fit);
    menu.addAction(MetricPlot::tr("Zoom out horizontally"), &plot.view(), &PlotViewState::follow);
    menu.addAction(MetricPlot::tr("Zoom out vertically"), &plot, &MetricPlot::fitVertically);
    menu.addSeparator();
    QAction* logY = menu.addAction(MetricPlot::tr("Logarithmic values"), &plot,
                                   [&plot] { plot.setLogarithmic(!plot.isLogarithmic()); });
    logY->setCheckable(true);
    logY->setChecked(plot.isLogarithmic());
    PlotTitle::fillUnitMenu(*menu.addMenu(MetricPlot::tr("Horizontal axis")), plot.view());
    if (plot.view().markA() >= 0)
        menu.addAction(MetricPlot::tr("Take cursors A and B away"), &plot.view(), &PlotViewState::clearMarks);
}

void addFiles(QMenu& menu, MetricPlot& plot) {
    const Theme& theme = Theme::instance();
    menu.addAction(theme.icon(QStringLiteral("copy")), MetricPlot::tr("Copy image"), &plot,
                   [&plot] { copyPlotImage(plot); });
    menu.addAction(theme.icon(QStringLiteral("camera")), MetricPlot::tr("Save image\u2026"), &plot,
                   [&plot] { savePlotImage(plot); });
    menu.addAction(theme.icon(QStringLiteral("export")), MetricPlot::tr("Save visible data\u2026"), &plot,
                   [&plot] { savePlotData(plot, false); });
    menu.addAction(MetricPlot::tr("Save all data\u2026"), &plot, [&plot] { savePlotData(plot, true); });
    menu.addAction(MetricPlot::tr("Statistics of the visible range"), &plot, [&plot] {
        const CsvRange steps = visibleSteps(plot);
        const QString title = MetricPlot::tr("%1, steps %2 to %3")
                                  .arg(plot.spec().title, formatCount(steps.fromStep),
                                       formatCount(std::min(steps.toStep, plot.scene().lastStep)));
        showStatistics(&plot, title,
                       statisticsOf(plot.scene(), plot.spec(), plot.layer(), steps.fromStep, steps.toStep,
                                    plot.isLogarithmic()),
                       plot.isLogarithmic());
    });
}

} // namespace

std::unique_ptr<QMenu> makePlotMenu(MetricPlot& plot) {
    auto menu = std::make_unique<QMenu>(&plot);
    addZoom(*menu, plot);
    menu->addSeparator();
    addFiles(*menu, plot);
    menu->addSeparator();
    static Preferences& preferences = Preferences::instance();
    QAction* swap = menu->addAction(MetricPlot::tr("Left button pans, Ctrl zooms"), &plot,
                                    [] { preferences.setSwapsGestures(!preferences.swapsGestures()); });
    swap->setCheckable(true);
    swap->setChecked(preferences.swapsGestures());
    menu->addSeparator();
    if (quantitiesOf(plot.spec().key).size() > 1)
        menu->addAction(MetricPlot::tr("Split: one plot for each quantity"), &plot, &MetricPlot::splitAsked);
    menu->addAction(Theme::instance().icon(QStringLiteral("trash")), MetricPlot::tr("Remove plot"), &plot,
                    &MetricPlot::removeAsked);
    return menu;
}

void openPlotMenu(MetricPlot& plot, QPoint global) {
    QMenu* menu = makePlotMenu(plot).release();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(global);
}

void copyPlotImage(const MetricPlot& plot) {
    FigureOptions options;
    options.size = plot.canvas().size() + QSize(0, 60); // room for title and legend
    options.dark = Theme::instance().isDark();
    QGuiApplication::clipboard()->setImage(figureImage(plot.figure(), options));
}

void printPlot(MetricPlot& plot) {
    auto* printer = new QPrinter(QPrinter::HighResolution);
    auto* dialog = new QPrintDialog(printer, plot.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QObject::destroyed, [printer] { delete printer; });
    QObject::connect(dialog, qOverload<QPrinter*>(&QPrintDialog::accepted), &plot,
                     [&plot](QPrinter* chosen) { printFigure(plot.figure(), *chosen); });
    dialog->open();
}

void savePlotImage(MetricPlot& plot) {
    (new ExportDialog(plot.figure(), plot.window()))->open();
}

void writePlotData(MetricPlot& plot, bool all, const QString& path, std::function<void(QString)> done) {
    const PlotScene scene = plot.scene();
    const CsvRange range = all ? CsvRange{} : visibleSteps(plot);
    const PlotSpec spec = plot.spec();
    const int layer = plot.layer();
    QThreadPool::globalInstance()->start([=, receiver = QPointer<MetricPlot>(&plot)] {
        QSaveFile file(path);
        QString problem;
        if (file.open(QIODevice::WriteOnly)) {
            writeCurveCsv(scene, spec, layer, range, file);
            if (!file.commit()) problem = file.errorString();
        } else {
            problem = file.errorString();
        }
        QMetaObject::invokeMethod(qApp, [receiver, done, problem] {
            if (receiver) done(problem);
        });
    });
}

void savePlotData(MetricPlot& plot, bool all) {
    const QString standard = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    auto* chooser = new QFileDialog(plot.window(), MetricPlot::tr("Save data: %1").arg(plot.spec().title),
                                    QSettings().value(folderKey, standard).toString());
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDefaultSuffix(QStringLiteral("csv"));
    chooser->setNameFilter(QStringLiteral("CSV (*.csv)"));
    chooser->selectFile(QString::fromStdString(plot.spec().key) + QStringLiteral(".csv"));
    QObject::connect(chooser, &QFileDialog::fileSelected, &plot, [&plot, all](const QString& path) {
        QSettings().setValue(folderKey, QFileInfo(path).absolutePath());
        writePlotData(plot, all, path, [&plot, path](const QString& problem) {
            if (problem.isEmpty()) return;
            auto* box =
                new QMessageBox(QMessageBox::Warning, MetricPlot::tr("Save data"),
                                path + QStringLiteral(": ") + problem, QMessageBox::Ok, plot.window());
            box->setAttribute(Qt::WA_DeleteOnClose);
            box->open();
        });
    });
    chooser->open();
}

} // namespace kappascope::ui
