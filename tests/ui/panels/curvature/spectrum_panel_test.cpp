// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/spectrum_panel.h"

#include "tests/support/session_test.h"
#include "ui/curvature_watch.h"
#include "ui/theme/theme.h"
#include "ui/views/curvature/spectrum_table.h"
#include "ui/views/curvature/spectrum_view.h"
#include "ui/widgets/number_label.h"

#include <QTest>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;

namespace {
constexpr int patience = 60'000; // milliseconds, on a busy machine
}

class SpectrumPanelTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        session_ = std::make_unique<test::PausedSession>();
        panel_ = std::make_unique<SpectrumPanel>(*session_);
        panel_->resize(800, 260);
    }
    void cleanup() {
        panel_.reset();
        session_.reset();
    }

    void showsWhatWasMeasuredOfTheSelectedRun() {
        QVERIFY(session_->train(20));
        session_->selectRun(session_->idOf("BNP"));
        panel_->show();
        const auto latest = [this] { return session_->curvature().latest(session_->selectedRun()); };
        // Shown, it asks for spectra of layers and for eigenvectors.
        QTRY_VERIFY_WITH_TIMEOUT(latest() && latest()->step == 20 && latest()->block(0) &&
                                     latest()->blocks[0].raw.vectors.cols() > 0,
                                 patience);
        auto* table = panel_->findChild<SpectrumTable*>();
        const QString none = formatNumber(qQNaN());
        QTRY_VERIFY(table->cell("lambda_max", SpectrumTable::Raw)->text() != none);
        const QString whole = table->cell("lambda_max", SpectrumTable::Preconditioned)->text();
        panel_->setLayer(1);
        QVERIFY(table->cell("lambda_max", SpectrumTable::Preconditioned)->text() != whole);
        QVERIFY(!panel_->view()->positionOf({true, 0}).isNull());
    }

    void measureNowMeasuresAlthoughItIsPaused() {
        session_->curvature().setPace(CurvatureWatch::Pace::Paused);
        QVERIFY(session_->train(5));
        panel_->show();
        session_->selectRun(session_->idOf("BN"));
        QTest::mouseClick(panel_->findChild<QToolButton*>("measure-now"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(session_->curvature().latest(session_->selectedRun()), patience);
    }

    void theReadingFollowsARestart() {
        QVERIFY(session_->train(20));
        panel_->show();
        const int run = session_->selectedRun();
        QTRY_VERIFY_WITH_TIMEOUT(session_->curvature().latest(run), patience);
        session_->reset();
        QTRY_VERIFY_WITH_TIMEOUT(
            session_->curvature().latest(run) && session_->curvature().latest(run)->step == 0, patience);
        QTRY_VERIFY(session_->history(run)->size({"condition_number", 0}) > 0);
    }

    void hiddenRunsAreNotMeasured() {
        const int hidden = session_->idOf("BN");
        session_->changeRun(hidden, "hide", [](RunSpec& run) { run.hidden = true; });
        QVERIFY(session_->train(3));
        panel_->show();
        QTRY_VERIFY_WITH_TIMEOUT(session_->curvature().latest(session_->idOf("BNP")), patience);
        QVERIFY(!session_->curvature().latest(hidden));
    }

private:
    std::unique_ptr<test::PausedSession> session_;
    std::unique_ptr<SpectrumPanel> panel_;
};

QTEST_MAIN(SpectrumPanelTest)
#include "spectrum_panel_test.moc"
