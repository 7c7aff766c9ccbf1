// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/curvature_watch.h"

#include <QElapsedTimer>
#include <QWidget>
#include <functional>

namespace kappascope::ui {

class Session;
class ViewWorker;

/// Feeds a page of the inspector with the curvature of the selected run, live. What the page needs is
/// measured only while it is on the screen. GUI thread only.
class CurvaturePanel : public QWidget {
    Q_OBJECT
public:
    /// A page that knows no session.
    struct Page {
        QWidget* widget;
        CurvatureWatch::Needs needs;
        std::function<void(const QString& name, const QColor& color)> setRun;
        std::function<void(const std::shared_ptr<const CurvatureReading>& reading)> setReading;
        std::function<void(const QString& hint)> setHint; ///< what stands there without a reading
    };
    CurvaturePanel(Session& session, Page page, QWidget* parent = nullptr);

    /// What the page needs from now on.
    void setNeeds(CurvatureWatch::Needs needs);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void followRun();
    void refresh();
    void refreshIfNew();
    void showAge();
    QString hint() const;

    Session& session_;
    Page page_;
    std::shared_ptr<const CurvatureReading> shown_;
    QString shownHint_;
    QElapsedTimer sinceAge_; ///< was shown
};

/// The panels that there are.
CurvaturePanel* makeSpectrumPanel(Session& session, ViewWorker& worker, QWidget* parent);
CurvaturePanel* makeHessianPanel(Session& session, QWidget* parent);
CurvaturePanel* makeConditioningPanel(Session& session, QWidget* parent);

} // namespace kappascope::ui
