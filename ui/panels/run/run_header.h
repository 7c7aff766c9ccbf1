// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>
#include <vector>

class QVBoxLayout;
class QMenu;
class QToolButton;

namespace kappascope {
struct RunSpec;
}

namespace kappascope::ui {

class EditableName;
struct MethodFamily;
class RateField;
class RunEditor;
class SwitchButton;

/// Which controls of a header stand side by side. All columns of a window share one, so that the same control
/// is found at the same height in each.
struct HeaderArrangement {
    bool oneLine = false;     ///< name, optimizer, rate and menu
    bool rateBeside = false;  ///< otherwise: the rate beside the optimizer, below the name
    bool switchesFit = false; ///< BN and BNP
    bool operator==(const HeaderArrangement&) const = default;
};

/// What fits for both.
HeaderArrangement narrower(const HeaderArrangement& a, const HeaderArrangement& b);

/// The controls at the top of a run's column: name, optimizer, learning rate, menu, the BN and BNP switches.
/// In a narrow column they stand below one another. GUI thread only.
class RunHeader : public QWidget {
    Q_OBJECT
public:
    RunHeader(RunEditor& editor, int run, QWidget* parent = nullptr);

    /// Shows the run as the session has it.
    void refresh();
    void rename();
    /// What fits in this width without cutting any text; of the name no more than a long one needs.
    HeaderArrangement fitting(int width) const;
    void setArrangement(const HeaderArrangement& wanted);
    int heightFor(const HeaderArrangement& arrangement) const;
    /// The three-dot menu; the column adds the views to it.
    QMenu* menu() const { return menu_; }

signals:
    void settingsWanted();
    void menuAboutToShow(QMenu* menu); ///< after it was filled

private:
    void makeOptimizer();
    void makeSwitches();
    void tellMethods(const RunSpec& run);
    void flip(const MethodFamily& family, const std::string& method, bool on);
    void fillMenu();
    using Line = std::vector<QWidget*>;
    std::vector<Line> linesOf(const HeaderArrangement& arrangement) const;
    void arrange();
    void restyle();

    RunEditor& editor_;
    int run_;
    QVBoxLayout* lines_;
    EditableName* name_;
    QToolButton *optimizer_, *more_;
    RateField* rate_;
    SwitchButton *batchNorm_, *bnp_;
    QMenu *menu_, *optimizerMenu_;
    HeaderArrangement arrangement_;
};

} // namespace kappascope::ui
