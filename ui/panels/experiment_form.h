// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace kappascope::ui {

class DataSection;
class Session;

/// The experiment that all runs share: data, network, training. Data and network start the runs over, the
/// rest acts at once; all of it can be undone. Scrolls when the window is low. GUI thread.
class ExperimentForm : public QScrollArea {
    Q_OBJECT
public:
    explicit ExperimentForm(Session& session, QWidget* parent = nullptr);

    QSize sizeHint() const override { return {240, 700}; }
    QSize minimumSizeHint() const override { return {220, 120}; }

signals:
    void fileWanted(bool folder); ///< the user chose data from a file, or a folder

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void keepRowsWhole();
};

} // namespace kappascope::ui
