// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "ui/dialogs/import_dialog.h"
#include "ui/panels/curvature/curvature_panel.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/feature_inspector.h"
#include "ui/panels/network_inspector.h"
#include "ui/panels/run_columns.h"
#include "ui/panels/run_table.h"
#include "ui/panels/transport_bar.h"
#include "ui/plots/plot_panel.h"
#include "ui/session.h"
#include "ui/views/view_worker.h"
#include "ui/window/autosave.h"
#include "ui/window/dock_panel.h"
#include "ui/window/export_commands.h"
#include "ui/window/file_commands.h"
#include "ui/window/menus/menus.h"
#include "ui/window/message_bar.h"
#include "ui/window/presenter_mode.h"
#include "ui/window/preset_chooser.h"
#include "ui/window/saved_layouts.h"
#include "ui/window/status_line.h"
#include "ui/window/window_layout.h"

#include <QCloseEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QStatusBar>
#include <QVBoxLayout>

namespace kappascope::ui {

MainWindow::MainWindow(Session& session)
    : session_(session), meter_(session), actions_(this), docks_(*this), messages_(new MessageBar(this)),
      files_(new FileCommands(session, *messages_, this)),
      exports_(new ExportCommands(session, *messages_, this)), presenter_(new PresenterMode(*this)),
      worker_(std::make_unique<ViewWorker>()) {
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    buildCentre();
    buildDocks();
    buildMenus();
    buildBars();
    connectMessages();
    files_->setLayoutKeeper([this] { return layoutAsJson(); },
                            [this](const std::string& json) { restoreLayoutFromJson(json); });
    connect(files_, &FileCommands::titleChanged, this, &MainWindow::showTitle);
    connect(files_, &FileCommands::importWanted, this, [this](const QString& path) {
        auto* dialog = new ImportDialog(session_, path, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    showTitle();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildCentre() {
    columns_ = new RunColumns(session_, *worker_, this);
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->addWidget(columns_);
    setCentralWidget(centre);
    docks_.shareHeight([this](int most) { return columns_->usableHeight(most); });
    connect(columns_, &RunColumns::arranged, this, [this] { docks_.centreChanged(); });
}

void MainWindow::buildDocks() {
    auto* form = new ExperimentForm(session_, this);
    connect(form, &ExperimentForm::fileWanted, files_,
            [this](bool folder) { folder ? files_->importFolder() : files_->importData(); });
    docks_.add(QStringLiteral("experiment"), tr("Experiment"), form, Qt::LeftDockWidgetArea);
    plots_ = new PlotPanel(session_, this);
    docks_.add(QStringLiteral("plots"), tr("Plots"), plots_, Qt::RightDockWidgetArea);
    docks_.add(QStringLiteral("network"), tr("Network"), new NetworkInspector(session_, *worker_, this),
               Qt::BottomDockWidgetArea);
    DockPanel* features =
        docks_.add(QStringLiteral("features"), tr("Feature maps"),
                   new FeatureInspector(session_, *worker_, this), Qt::BottomDockWidgetArea);
    connect(&session_, &Session::selectedSampleChanged, features, [features] {
        features->show(); // a sample was clicked to see them
        features->raise();
    });
    docks_.add(QStringLiteral("spectrum"), tr("Spectrum"), makeSpectrumPanel(session_, *worker_, this),
               Qt::BottomDockWidgetArea);
    docks_.add(QStringLiteral("hessian"), tr("Hessian"), makeHessianPanel(session_, this),
               Qt::BottomDockWidgetArea);
    docks_.add(QStringLiteral("conditioning"), tr("Conditioning"), makeConditioningPanel(session_, this),
               Qt::BottomDockWidgetArea);
    auto* table = new RunTable(session_, this);
    connect(table, &RunTable::settingsWanted, columns_, &RunColumns::openSettings);
    docks_.add(QStringLiteral("runTable"), tr("Run table"), table, Qt::BottomDockWidgetArea);
}

void MainWindow::buildMenus() {
    fillFileMenu(*menuBar()->addMenu(tr("&File")), actions_, *files_, *exports_, *plots_, *this);
    fillEditMenu(*menuBar()->addMenu(tr("&Edit")), actions_, session_, *plots_, *this);
    fillRunMenu(*menuBar()->addMenu(tr("&Run")), actions_, session_);
    const SavedLayouts layouts([this] { return layoutAsJson(); },
                               [this](const std::string& json) { restoreLayoutFromJson(json); });
    fillViewMenu(*menuBar()->addMenu(tr("&View")), actions_, docks_, layouts, *plots_, *presenter_);
    fillRunsMenu(*menuBar()->addMenu(tr("R&uns")), actions_, session_, *columns_, *plots_);
    fillPaperMenu(*menuBar()->addMenu(tr("&Paper")), actions_, *files_);
    fillHelpMenu(*menuBar()->addMenu(tr("&Help")), actions_, session_, *this);
}

void MainWindow::buildBars() {
    transport_ = new TransportBar(session_, actions_, this);
    transport_->setExperimentChooser(new PresetChooser(actions_, *files_, session_, transport_));
    addToolBar(transport_);
    // A tool bar of its own, so that messages have the window's whole width and no room when there are none.
    addToolBarBreak();
    auto* messageRow = new QToolBar(tr("Messages"), this);
    messageRow->setObjectName(QStringLiteral("messages"));
    messageRow->setMovable(false);
    messageRow->toggleViewAction()->setVisible(false);
    messageRow->addWidget(messages_);
    messageRow->hide();
    addToolBar(messageRow);
    connect(messages_, &MessageBar::emptyChanged, messageRow, &QWidget::setHidden);
    statusBar()->setSizeGripEnabled(false);
    auto* line = new StatusLine(session_, meter_, this);
    connect(transport_, &TransportBar::speedShown, line, &StatusLine::showSpeed);
    statusBar()->addWidget(line, 1);
}

void MainWindow::connectMessages() {
    const QString edits = QStringLiteral("edit"), setUp = QStringLiteral("setup");
    connect(&session_, &Session::editRefused, this,
            [this, edits](const QString& why) { messages_->show(MessageBar::Kind::Error, edits, why); });
    connect(&session_, &Session::failed, this,
            [this, setUp](const QString& why) { messages_->show(MessageBar::Kind::Error, setUp, why); });
    // What has been mended needs no message any more.
    connect(&session_, &Session::experimentChanged, this, [this, edits] { messages_->dismiss(edits); });
    connect(&session_, &Session::restarted, this, [this, setUp] { messages_->dismiss(setUp); });
}

void MainWindow::showTitle() {
    setWindowTitle(tr("%1[*] — Kappascope").arg(files_->name()));
    setWindowModified(files_->isModified());
}

std::string MainWindow::layoutAsJson() const {
    return WindowLayout{docks_.save(), plots_->layoutState()}.toJson();
}

void MainWindow::restoreLayoutFromJson(const std::string& json) {
    const WindowLayout layout = WindowLayout::fromJson(json);
    if (!layout.panels.isEmpty()) docks_.restore(layout.panels);
    if (layout.plots) plots_->restoreLayout(*layout.plots);
}

void MainWindow::restoreLayout() {
    if (!restoreGeometry(savedGeometry())) resize(standardWindowSize(screen()));
    docks_.restore(savedPanels());
}

void MainWindow::startAutosave() {
    autosave_ = new Autosave(
        session_, [this] { return files_->document(); }, this);
    autosave_->offer(*messages_, [this](const SessionDocument& document) { files_->recover(document); });
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!mayClose_ && files_->isModified()) {
        event->ignore();
        files_->confirmLoss([this] {
            mayClose_ = true;
            close();
        });
        return;
    }
    presenter_->leave();
    rememberLayout(saveGeometry(), docks_.save());
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    files_->openFile(event->mimeData()->urls().front().toLocalFile());
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange) followVisibility();
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    followVisibility();
}

void MainWindow::hideEvent(QHideEvent* event) {
    QMainWindow::hideEvent(event);
    followVisibility();
}

void MainWindow::followVisibility() {
    session_.setWatched(isVisible() && !isMinimized());
}

} // namespace kappascope::ui
