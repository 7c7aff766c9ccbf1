// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/action_set.h"
#include "ui/window/dock_layout.h"
#include "ui/window/frame_meter.h"

#include <QMainWindow>
#include <memory>

namespace kappascope::ui {

class Autosave;
class ExportCommands;
class FileCommands;
class MessageBar;
class PlotPanel;
class PresenterMode;
class RunColumns;
class Session;
class TransportBar;
class ViewWorker;

/// Assembles panels, menus and actions; nothing else. GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(Session& session);
    ~MainWindow() override;

    ActionSet& actionSet() { return actions_; }
    FileCommands& files() { return *files_; }
    ExportCommands& exports() { return *exports_; }
    MessageBar& messages() { return *messages_; }
    DockLayout& docks() { return docks_; }

    /// Geometry and panels as the user left them, else the standard arrangement.
    void restoreLayout();
    /// From now on the session is saved as it goes; a session left by a crash is offered.
    void startAutosave();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildCentre();
    void buildDocks();
    void buildMenus();
    void buildBars();
    void connectMessages();
    void showTitle();
    void followVisibility();
    std::string layoutAsJson() const;
    void restoreLayoutFromJson(const std::string& json);

    Session& session_;
    FrameMeter meter_; ///< before the panels: it must hear of a tick first
    ActionSet actions_;
    DockLayout docks_;
    MessageBar* messages_;
    FileCommands* files_;
    ExportCommands* exports_;
    PresenterMode* presenter_;
    std::unique_ptr<ViewWorker> worker_;
    RunColumns* columns_ = nullptr;
    PlotPanel* plots_ = nullptr;
    TransportBar* transport_ = nullptr;
    Autosave* autosave_ = nullptr;
    bool mayClose_ = false;
};

} // namespace kappascope::ui
