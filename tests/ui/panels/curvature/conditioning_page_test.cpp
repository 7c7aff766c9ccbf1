// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/conditioning_page.h"

#include "tests/support/laboratory.h"
#include "tests/support/view_test.h"
#include "ui/views/curvature/conditioning_table.h"
#include "ui/views/curvature/conditioning_view.h"
#include "ui/widgets/number_label.h"

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

namespace {

const QColor runColor(0x00, 0x72, 0xb2);

/// One layer: 1e4 as it is, 1e2 centred, 10 scaled, 2 preconditioned.
CurvatureReading oneLayer() {
    CurvatureReading reading;
    LayerConditioning layer;
    layer.inputs = 2;
    layer.units = 3;
    layer.input = Reading::computed(1e4);
    layer.centred = Reading::computed(1e2);
    layer.standardized = Reading::computed(10);
    layer.preconditioned = Reading::computed(2);
    layer.median = Reading::computed(1e3);
    layer.medianPreconditioned = Reading::computed(5);
    for (const double factor : {0.1, 1.0, 10.0}) {
        NeuronBlock block;
        block.kappa = Reading::computed(1e3 * factor);
        block.preconditioned = Reading::computed(5);
        layer.blocks.push_back(block);
    }
    layer.dead = 1;
    reading.conditioning.push_back(layer);
    reading.ofBlocks = "Gauss-Newton matrix, training mode, all 3 training samples";
    return reading;
}

using View = ConditioningView;

struct Shown : View {
    explicit Shown(const CurvatureReading& reading) {
        resize(520, 200);
        setRunColor(runColor);
        setReading(std::make_shared<const CurvatureReading>(reading));
        show();
    }
};

} // namespace

class ConditioningPageTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }

    void barsAreAsLongAsTheLogarithmOfKappa() {
        Shown view(oneLayer());
        const auto length = [&](View::Bar bar) { return view.barRect(0, bar).width(); };
        QVERIFY(length(View::Input) > 100);
        QVERIFY(std::abs(length(View::Centred) / length(View::Input) - 0.5) < 1e-9);
        QVERIFY(std::abs(length(View::Standardized) / length(View::Input) - 0.25) < 1e-9);
        QCOMPARE(view.barRect(0, View::Input).left(), view.barRect(0, View::Preconditioned).left());
        const QRectF neurons = view.barRect(0, View::Neurons); // 1e2 ... 1e4
        QCOMPARE(neurons.right(), view.barRect(0, View::Input).right());
        QCOMPARE(neurons.left(), view.barRect(0, View::Centred).right());
        COMPARE_COLOR(pixelAt(view, view.barRect(0, View::Preconditioned).center()), runColor);
        QVERIFY(QRectF(view.rect()).contains(view.barRect(0, View::NeuronsPreconditioned).center()));
    }

    void aLayerWithoutPreconditionerHasNoBarForIt() {
        CurvatureReading reading = oneLayer();
        reading.conditioning[0].preconditioned = Reading::notDefined("no preconditioner");
        Shown view(reading);
        QVERIFY(view.barRect(0, View::Preconditioned).isEmpty());
        const QPointF line(
            30, (view.barRect(0, View::Standardized).bottom() + view.barRect(0, View::Neurons).top()) / 2);
        QVERIFY2(view.textAt(line).contains("not defined: no preconditioner"), qPrintable(view.textAt(line)));
    }

    void everyBarTellsItsDefinition() {
        Shown view(oneLayer());
        const QString centred = view.textAt(view.barRect(0, View::Centred).center());
        QVERIFY2(centred.contains("layer 1") && centred.contains("centred") && centred.contains("here: 100"),
                 qPrintable(centred));
        const QString neurons = view.textAt(view.barRect(0, View::Neurons).center());
        QVERIFY2(neurons.contains("from 100 to 1e4 over 3 neurons, 1 of them dead"), qPrintable(neurons));
        QVERIFY(neurons.contains("Gauss-Newton"));
    }

    void ratesAndAlignmentStandBesideTheBars() {
        ConditioningTable table;
        CurvatureReading reading = oneLayer();
        reading.alignment = {200, 9, 7, Reading::computed(0.25)};
        reading.theory = {Reading::computed(0.9), Reading::computed(0.95)};
        const Reading measured = Reading::computed(0.951);
        table.setReading(&reading, measured);
        QCOMPARE(table.value("predicted_rate")->text(), QString("0.9500"));
        QCOMPARE(table.value("measured_rate")->text(), QString("0.9510"));
        QVERIFY(table.reason().isEmpty());
        QCOMPARE(table.value("representation_rank")->text(), QString("7 of 9"));
        QCOMPARE(table.value("labels_outside")->text(), QString("25.0 %"));
        // 0.95^2 a step: a tenth after 22.4.
        QVERIFY(table.value("predicted_rate")->toolTip().contains("a tenth in 23 steps"));
        reading.theory = noRateTheory("the steps follow mini-batches");
        table.setReading(&reading, measured);
        QVERIFY(table.reason().contains("mini-batches"));
        QCOMPARE(table.value("predicted_rate")->text(), QString("—"));
    }

    void showsARunOfTheLaboratory() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 60);
        const auto reading =
            std::make_shared<const CurvatureReading>(measureCurvature(*snapshotNow(laboratory, 3), {}));
        const auto [steps, losses] = seriesOf(laboratory, 3, {"train_loss_full"});
        ConditioningPage page;
        page.resize(740, 420);
        page.setRun("BNP", runColor);
        page.setReading(reading, steps, losses);
        page.show();
        QVERIFY(page.view()->barRect(2, View::Preconditioned).isValid());
        QVERIFY(page.view()->barRect(0, View::Preconditioned).width() <
                page.view()->barRect(0, View::Input).width());
        QVERIFY(page.table()->reason().contains("mini-batches"));
        QVERIFY(page.table()->mapTo(&page, QPoint()).x() >= page.view()->width());
        page.resize(420, 260);
        QTRY_VERIFY(page.table()->mapTo(&page, QPoint()).y() >= page.view()->height());
        page.setReading(nullptr, {}, {});
        QCOMPARE(page.table()->value("labels_outside")->text(), QString("—"));
    }
};

QTEST_MAIN(ConditioningPageTest)
#include "conditioning_page_test.moc"
