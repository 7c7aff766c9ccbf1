// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"
#include "ui/widgets/card.h"

#include <QElapsedTimer>
#include <QPointer>
#include <memory>
#include <string>

class QToolButton;
class QVBoxLayout;

namespace kappascope::ui {

class RunBanner;
class RunEditor;
class RunHeader;
class RunReadouts;
class SnapshotFeed;
struct HeaderArrangement;
struct ViewEntry;

/// One run: what it does differently, its picture, its numbers, and how it stands. GUI thread only.
class RunColumn : public Card {
    Q_OBJECT
public:
    static constexpr int shortestPicture = 48; ///< px: a map still shows its classes

    RunColumn(RunEditor& editor, ViewWorker& worker, int run, QWidget* parent = nullptr);

    int run() const { return run_; }
    RunView* view() const { return view_; }
    /// Shows the view of this key where it fits the data, otherwise the first one that fits. Empty: the
    /// first.
    void chooseView(const std::string& key);
    void rename();
    /// The experiment is another one.
    void refresh();
    /// Something was measured: numbers and state.
    void refreshNumbers();

    /// The arrangement of the controls that suits a column of this width.
    HeaderArrangement headerFitting(int width) const;
    void setHeader(const HeaderArrangement& arrangement);
    /// Height at which the picture is about square, for this width.
    int heightFor(int width, const HeaderArrangement& header) const;

signals:
    void viewChosen(const std::string& key); ///< by the user: all columns shall show it
    void settingsWanted(int run);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void follow(const std::shared_ptr<const Split>& split);
    void showView(const ViewEntry& entry);
    void addViewsTo(class QMenu* menu);
    void showNextView();
    void captionPicture();

    RunEditor& editor_;
    ViewWorker& worker_;
    int run_;
    QVBoxLayout* column_;
    RunHeader* header_;
    RunBanner* banner_;
    QPointer<RunView> view_;
    RunReadouts* readouts_;
    QToolButton* nextView_;
    SnapshotFeed* feed_;
    std::shared_ptr<const Split> data_;
    std::string wantedView_, shownView_;
    QString viewLabel_, viewCaption_;
    QElapsedTimer sinceNumbers_;
};

} // namespace kappascope::ui
