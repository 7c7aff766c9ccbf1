// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_view_state.h"

#include <QSignalSpy>
#include <QTest>
#include <cmath>

using namespace kappascope::ui;

class PlotViewStateTest : public QObject {
    Q_OBJECT
private slots:
    void zoomEndsFollowingUntilAskedAgain() {
        PlotViewState view;
        QSignalSpy changed(&view, &PlotViewState::rangeChanged);
        QVERIFY(view.follows());
        view.zoomTo(10, 20);
        QVERIFY(!view.follows());
        QCOMPARE(view.from(), 10.0);
        QCOMPARE(view.to(), 20.0);
        view.zoomTo(10, 20);
        QCOMPARE(changed.size(), 1);
        view.follow();
        QVERIFY(view.follows());
        QCOMPARE(changed.size(), 2);
    }

    void impossibleRangesAreIgnored() {
        PlotViewState view;
        view.zoomTo(5, 5);
        view.zoomTo(9, 3);
        view.zoomTo(0, std::nan(""));
        view.zoomTo(0, HUGE_VAL);
        QVERIFY(view.follows());
    }

    void anotherUnitFollowsAgain() {
        PlotViewState view;
        view.zoomTo(10, 20);
        view.setXUnit(PlotViewState::XUnit::Epoch);
        QVERIFY(view.follows());
    }

    void smoothingStaysBelowOne() {
        PlotViewState view;
        view.setSmoothing(1);
        QCOMPARE(view.smoothing(), 0.999);
        view.setSmoothing(-3);
        QCOMPARE(view.smoothing(), 0.0);
        view.setSmoothing(std::nan(""));
        QCOMPARE(view.smoothing(), 0.0);
    }

    void marksAreSetInTurn() {
        PlotViewState view;
        view.setMark(5);
        QCOMPARE(view.markA(), 5);
        QCOMPARE(view.markB(), -1);
        view.setMark(9);
        QCOMPARE(view.markB(), 9);
        view.setMark(7);
        QCOMPARE(view.markA(), 7);
        QCOMPARE(view.markB(), -1);
        view.clearMarks();
        QCOMPARE(view.markA(), -1);
    }

    void cursorTellsOnlyWhenItMoves() {
        PlotViewState view;
        QSignalSpy moved(&view, &PlotViewState::cursorMoved);
        view.setCursorStep(4);
        view.setCursorStep(4);
        view.setCursorStep(-8);
        QCOMPARE(moved.size(), 2);
        QCOMPARE(view.cursorStep(), -1);
    }
};

QTEST_APPLESS_MAIN(PlotViewStateTest)
#include "plot_view_state_test.moc"
