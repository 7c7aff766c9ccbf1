// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/curvature_panel.h"

#include "tests/support/session_test.h"
#include "ui/curvature_watch.h"
#include "ui/panels/curvature/conditioning_page.h"
#include "ui/panels/curvature/hessian_page.h"
#include "ui/panels/curvature/page_caption.h"
#include "ui/theme/theme.h"
#include "ui/views/curvature/conditioning_table.h"
#include "ui/views/curvature/conditioning_view.h"
#include "ui/views/curvature/hessian_view.h"
#include "ui/views/curvature/spectrum_table.h"
#include "ui/views/curvature/spectrum_view.h"
#include "ui/views/view_worker.h"
#include "ui/widgets/number_label.h"

#include <QComboBox>
#include <QTest>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;

namespace {
constexpr int patience = 60'000; // milliseconds, on a busy machine
}

class CurvaturePanelTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        session_ = std::make_unique<test::PausedSession>();
        panel_ = std::unique_ptr<CurvaturePanel>(makeSpectrumPanel(*session_, worker_, nullptr));
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
        // Shown, it asks for eigenvectors, and for spectra of layers once one is chosen.
        QTRY_VERIFY_WITH_TIMEOUT(
            latest() && latest()->step == 20 && latest()->blocks[0].raw.vectors.cols() > 0, patience);
        QVERIFY(!latest()->block(0));
        auto* table = panel_->findChild<SpectrumTable*>();
        const QString none = formatNumber(qQNaN());
        QTRY_VERIFY(table->cell("lambda_max", SpectrumTable::Raw)->text() != none);
        QTRY_COMPARE(panel_->findChild<QComboBox*>("spectrum-block")->count(), 4); // with those of layers
        const QString whole = table->cell("lambda_max", SpectrumTable::Preconditioned)->text();
        panel_->findChild<QComboBox*>("spectrum-block")->setCurrentIndex(2);
        QTRY_VERIFY_WITH_TIMEOUT(latest() && latest()->block(1), patience);
        QTRY_VERIFY(!table->cell("lambda_max", SpectrumTable::Preconditioned)->text().isEmpty());
        QVERIFY(table->cell("lambda_max", SpectrumTable::Preconditioned)->text() != whole);
        QVERIFY(!panel_->findChild<SpectrumView*>()->positionOf({true, 0}).isNull());
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

    void theHessianIsDrawnWhileItsPanelIsOnTheScreen() {
        QVERIFY(session_->train(10));
        panel_.reset(makeHessianPanel(*session_, nullptr));
        panel_->resize(600, 320);
        panel_->show();
        auto* view = panel_->findChild<HessianView*>();
        QTRY_VERIFY_WITH_TIMEOUT(!view->imageRect(0).isEmpty(), patience);
        session_->selectRun(session_->idOf("BNP"));
        QTRY_VERIFY_WITH_TIMEOUT(!view->imageRect(1).isEmpty(), patience);
        QVERIFY(view->textAt(view->imageRect(1).center()).contains("layers."));
        panel_->hide(); // nobody needs matrices any more
        QVERIFY(session_->train(1));
        const auto latest = [this] { return session_->curvature().latest(session_->selectedRun()); };
        QTRY_VERIFY_WITH_TIMEOUT(latest() && latest()->step == 11 && latest()->matrix.size() == 0, patience);
    }

    void theConditioningOfEveryLayerIsMeasured() {
        QVERIFY(session_->train(60));
        panel_.reset(makeConditioningPanel(*session_, nullptr));
        panel_->resize(740, 400);
        panel_->show();
        session_->selectRun(session_->idOf("BNP"));
        auto* page = panel_->findChild<ConditioningPage*>();
        const QString none = formatNumber(qQNaN());
        QTRY_VERIFY_WITH_TIMEOUT(page->table()->value("labels_outside")->text() != none, patience);
        const auto bar = [&](ConditioningView::Bar which) { return page->view()->barRect(0, which).width(); };
        QVERIFY(bar(ConditioningView::Preconditioned) < bar(ConditioningView::Input));
        QVERIFY(page->table()->value("measured_rate")->text() != none);
        QVERIFY(!page->table()->reason().isEmpty()); // negative curvature
    }

    void saysHowOldTheReadingIs() {
        QVERIFY(session_->train(20));
        session_->curvature().setPace(CurvatureWatch::Pace::Paused);
        panel_->show();
        session_->curvature().measureNow();
        const auto* caption = panel_->findChild<PageCaption*>();
        QTRY_VERIFY_WITH_TIMEOUT(caption->text().contains("step 20"), patience);
        QVERIFY(!caption->text().contains("ago"));
        QVERIFY(session_->train(7));
        QTRY_VERIFY(caption->text().contains("7 steps ago"));
    }

    void whatIsMeasuredCanBeChosen() {
        QVERIFY(session_->train(20));
        panel_->show();
        auto& curvature = session_->curvature();
        const int run = session_->idOf("BN");
        const auto of = [&] {
            const auto latest = curvature.latest(run);
            return latest ? QString::fromStdString(latest->of) : QString();
        };
        QTRY_VERIFY_WITH_TIMEOUT(of().startsWith("Hessian, training mode, all "), patience);
        curvature.setSubject(
            {CurvatureRequest::Samples::MiniBatch, CurvatureMatrix::GaussNewton, Mode::Evaluation});
        QTRY_VERIFY_WITH_TIMEOUT(
            of().startsWith("Gauss-Newton matrix, evaluation mode, mini-batch of step 20"), patience);
        curvature.setSubject({});
        QTRY_VERIFY_WITH_TIMEOUT(of().startsWith("Hessian, training mode, all "), patience);
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
    ViewWorker worker_;
    std::unique_ptr<CurvaturePanel> panel_;
};

QTEST_MAIN(CurvaturePanelTest)
#include "curvature_panel_test.moc"
