// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>
#include <string>

class QGridLayout;
class QMenu;
class QToolButton;

namespace kappascope::ui {

class EditableName;
struct MethodFamily;
class RateField;
class RunEditor;
class SwitchButton;

/// The controls at the top of a run's column: name, optimizer, learning rate, menu, the BN and BNP switches.
/// In a narrow column they stand below one another. GUI thread only.
class RunHeader : public QWidget {
    Q_OBJECT
public:
    RunHeader(RunEditor& editor, int run, QWidget* parent = nullptr);

    /// Shows the run as the session has it.
    void refresh();
    void rename();
    /// Height of the controls as they stand at this width.
    int heightFor(int width) const;
    /// The three-dot menu; the column adds the views to it.
    QMenu* menu() const { return menu_; }

signals:
    void settingsWanted();
    void menuAboutToShow(QMenu* menu); ///< after it was filled

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeOptimizer();
    void makeSwitches();
    void flip(const MethodFamily& family, const std::string& method, bool on);
    void fillMenu();
    struct Arrangement {
        bool oneLine, switchesFit;
        bool operator==(const Arrangement&) const = default;
    };
    Arrangement arrangementFor(int width) const;
    void arrange();
    void restyle();

    RunEditor& editor_;
    int run_;
    QGridLayout* grid_;
    EditableName* name_;
    QToolButton *optimizer_, *more_;
    RateField* rate_;
    SwitchButton *batchNorm_, *bnp_;
    QMenu *menu_, *optimizerMenu_;
    std::optional<Arrangement> arrangement_;
};

} // namespace kappascope::ui
