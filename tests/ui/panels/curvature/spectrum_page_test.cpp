// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/spectrum_page.h"

#include "tests/support/laboratory.h"
#include "tests/support/view_test.h"
#include "ui/views/curvature/direction_view.h"
#include "ui/views/curvature/spectrum_table.h"
#include "ui/widgets/number_label.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

namespace {

constexpr int bnp = 3;

std::shared_ptr<const CurvatureReading> measured(Laboratory& laboratory, int run = bnp) {
    CurvatureRequest request;
    request.withVectors = true;
    request.alignment = false;
    return std::make_shared<const CurvatureReading>(measureCurvature(*snapshotNow(laboratory, run), request));
}

} // namespace

class SpectrumPageTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        Theme::instance().apply();
        laboratory_ = std::make_unique<Laboratory>(smallExperiment());
        step(*laboratory_, 60);
    }
    void init() {
        page_ = std::make_unique<SpectrumPage>(worker_);
        page_->setRun("BNP", QColor(0x00, 0x72, 0xb2));
        page_->resize(760, 420);
        page_->show();
    }
    void cleanup() { page_.reset(); }

    void choosesTheBlock() {
        page_->setReading(measured(*laboratory_));
        QComboBox& blocks = *page_->blocks();
        QCOMPARE(blocks.count(), 4);
        QCOMPARE(blocks.currentText(), QString("whole network"));
        const QString whole = page_->table()->cell("lambda_max", SpectrumTable::Raw)->toolTip();
        blocks.setCurrentIndex(1);
        QCOMPARE(blocks.currentText(), QString("layer 1"));
        QVERIFY(page_->table()->cell("lambda_max", SpectrumTable::Raw)->toolTip() != whole);
        page_->setReading(measured(*laboratory_, 1)); // another reading keeps the choice
        QCOMPARE(blocks.currentText(), QString("layer 1"));
        // One without its spectrum, as just after it was chosen, does not lose it.
        CurvatureReading wholeOnly = *measured(*laboratory_);
        wholeOnly.blocks.resize(1);
        page_->setReading(std::make_shared<const CurvatureReading>(wholeOnly));
        QCOMPARE(blocks.currentText(), QString("layer 1"));
        QVERIFY(page_->table()->cell("lambda_max", SpectrumTable::Raw)->text().isEmpty());
        QVERIFY(page_->wantsLayers());
        QSignalSpy chosen(page_.get(), &SpectrumPage::blockChosen);
        blocks.setCurrentIndex(0);
        QCOMPARE(chosen.size(), 1);
        QVERIFY(!page_->wantsLayers());
        QVERIFY(!page_->table()->cell("lambda_max", SpectrumTable::Raw)->text().isEmpty());
    }

    void aClickShowsWhatADirectionDoes() {
        const auto reading = measured(*laboratory_);
        page_->setReading(reading);
        QVERIFY(!page_->showsDirection());
        const Index last = reading->blocks[0].preconditioned.eigenvalues.size() - 1;
        SpectrumView& view = *page_->view();
        DirectionView& direction = *page_->direction();
        QSignalSpy shown(&direction, &DirectionView::shown);
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.positionOf({true, last}).toPoint());
        QVERIFY(page_->showsDirection() && direction.isVisible());
        QVERIFY(shown.wait());
        QCOMPARE(direction.epsilon(), 0.0); // unperturbed
        QTRY_COMPARE(direction.lossText(), QString("loss %1").arg(formatNumber(reading->loss)));
        const QImage before = direction.picture()->grab().toImage();
        QCOMPARE(direction.picture()->snapshot()->network->theta(), reading->snapshot->network->theta());

        direction.slider()->setFocus();
        QTest::keyClick(direction.slider(), Qt::Key_End);
        const EigenDirection expected = eigenDirection(*reading, true, last);
        QCOMPARE(direction.epsilon(), expected.reach);
        const double loss = lossAlong(*reading, expected, expected.reach);
        QTRY_COMPARE(direction.lossText(), QString("loss %1").arg(formatNumber(loss)));
        QTRY_VERIFY(direction.picture()->grab().toImage() != before);
        const Vector<double> way =
            direction.picture()->snapshot()->network->theta() - reading->snapshot->network->theta();
        QVERIFY((way - expected.reach * expected.u).norm() < 1e-9);

        QTest::mouseClick(page_->findChild<QToolButton*>("direction-close"), Qt::LeftButton);
        QVERIFY(!page_->showsDirection());
        QVERIFY(!view.chosen());
    }

    void theDirectionFollowsTheTraining() {
        page_->setReading(measured(*laboratory_));
        SpectrumView& view = *page_->view();
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.positionOf({false, 3}).toPoint());
        QVERIFY(page_->showsDirection());
        step(*laboratory_, 1);
        const auto next = measured(*laboratory_);
        page_->setReading(next);
        QVERIFY(page_->showsDirection());
        QTRY_COMPARE(page_->direction()->lossText(), QString("loss %1").arg(formatNumber(next->loss)));
        page_->setReading(measured(*laboratory_, 1)); // another run's eigenvalues are others
        QVERIFY(!page_->showsDirection());
    }

    void layersHaveNoDirections() {
        page_->setReading(measured(*laboratory_));
        page_->blocks()->setCurrentIndex(2);
        SpectrumView& view = *page_->view();
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.positionOf({false, 1}).toPoint());
        QVERIFY(!page_->showsDirection());
        QVERIFY(view.textAt(view.positionOf({false, 1})).contains("block of layer 2"));
    }

    void standsOneAboveTheOtherWhereItIsNarrow() {
        page_->setReading(measured(*laboratory_));
        QVERIFY(page_->table()->mapTo(page_.get(), QPoint()).x() > page_->view()->width());
        page_->resize(420, 300);
        QTRY_VERIFY(page_->table()->mapTo(page_.get(), QPoint()).y() >=
                    page_->view()->mapTo(page_.get(), QPoint(0, page_->view()->height())).y());
        QVERIFY(page_->view()->width() > 380);
        for (const QSize size : {QSize(420, 300), QSize(420, 150), QSize(760, 160)}) { // in sight as a whole
            page_->resize(size);
            QTRY_VERIFY(page_->view()->mapTo(page_.get(), QPoint(0, page_->view()->height())).y() <=
                        size.height());
        }
    }

    // The inspector of a small window, 1100 x 700: the numbers would lie out of sight below.
    void standsBesideItWhereThePageIsLow() {
        page_->setReading(measured(*laboratory_));
        page_->resize(500, 160);
        const SpectrumTable& table = *page_->table();
        const SpectrumView& view = *page_->view();
        QTRY_VERIFY(table.mapTo(page_.get(), QPoint()).x() >=
                    view.mapTo(page_.get(), QPoint(view.width(), 0)).x());
        QVERIFY(table.mapTo(page_.get(), QPoint()).y() < 60);
        QVERIFY(table.mapTo(page_.get(), QPoint(table.width(), 0)).x() <= page_->width());
        QVERIFY(view.width() >= view.minimumSizeHint().width());
        page_->resize(500, 420);
        QTRY_VERIFY(table.mapTo(page_.get(), QPoint()).x() < view.width());
    }

private:
    ViewWorker worker_;
    std::unique_ptr<Laboratory> laboratory_;
    std::unique_ptr<SpectrumPage> page_;
};

QTEST_MAIN(SpectrumPageTest)
#include "spectrum_page_test.moc"
