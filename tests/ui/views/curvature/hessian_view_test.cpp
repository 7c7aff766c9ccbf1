// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/hessian_view.h"

#include "tests/support/hand_made_reading.h"
#include "tests/support/random_network.h"
#include "tests/support/training.h"
#include "tests/support/view_test.h"

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

namespace {

/// Entries of both signs; the last one, 1e-7 of the largest, is below the scale.
std::shared_ptr<const CurvatureReading> threeByThree(bool preconditioned) {
    CurvatureReading reading =
        preconditioned ? readingOf(numbers({1, 2, 3}), numbers({1, 1, 2})) : readingOf(numbers({1, 2, 3}));
    reading.snapshot = threeParameters();
    reading.matrix = (Matrix<double>(3, 3) << 100, -1, 0, -1, 0.1, 1e-2, 0, 1e-2, 1e-5).finished();
    if (preconditioned) reading.preconditionedMatrix = Matrix<double>::Identity(3, 3);
    return std::make_shared<const CurvatureReading>(std::move(reading));
}

struct Shown : HessianView {
    explicit Shown(std::shared_ptr<const CurvatureReading> reading, QSize size = {500, 300}) {
        resize(size);
        setReading(std::move(reading));
        show();
    }
    QPointF entry(int which, int row, int column) const {
        const QRectF place = imageRect(which);
        return place.topLeft() +
               QPointF((column + 0.5) / 3 * place.width(), (row + 0.5) / 3 * place.height());
    }
    QColor pixel(int which, int row, int column) { return pixelAt(*this, entry(which, row, column)); }
};

} // namespace

class HessianViewTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }

    void coloursEntriesBySignAndLogarithmicSize() {
        Shown view(threeByThree(true));
        const Theme& theme = Theme::instance();
        COMPARE_COLOR(view.pixel(0, 0, 0), theme.signedColor(1));
        COMPARE_COLOR(view.pixel(0, 0, 1), theme.signedColor(-2.0 / 4)); // two decades below the largest
        COMPARE_COLOR(view.pixel(0, 1, 1), theme.signedColor(1.0 / 4));
        COMPARE_COLOR(view.pixel(0, 0, 2), theme.palette().panel);
        COMPARE_COLOR(view.pixel(0, 2, 2), theme.palette().panel);
        COMPARE_COLOR(view.pixel(1, 2, 2), theme.signedColor(1)); // its own largest
        COMPARE_COLOR(view.pixel(1, 0, 1), theme.palette().panel);
    }

    void hoverNamesBothParametersAsPyTorchDoes() {
        Shown view(threeByThree(true));
        const QString text = view.textAt(view.entry(0, 1, 2));
        QVERIFY2(text.contains("layers.0.weight[0, 1]\nlayers.0.bias[0]"), qPrintable(text));
        QVERIFY2(text.contains("H: 0.0100") && text.contains("PᵀHP: 0"), qPrintable(text));
        QVERIFY(view.textAt({1, 1}).isEmpty());
    }

    void parametersAreNamedByTheirPlaceInTheFlatVector() {
        const auto network = randomNetwork<double>(2, {3}, 1, methodOf(activationCatalog(), "tanh"),
                                                   methodOf(normalizationCatalog(), "batch_norm"), 1);
        for (const ParameterBlock& block : network->blocks()) {
            QCOMPARE(parameterName(*network, block.offset).section('[', 0, 0),
                     QString::fromStdString(block.name));
            QCOMPARE(parameterName(*network, block.offset + block.shape.size() - 1).section('[', 0, 0),
                     QString::fromStdString(block.name));
        }
        // Columns are inputs: the second entry of a 3 x 2 weight is that of output 1 and input 0.
        const auto& weight = *std::ranges::find(network->blocks(), "layers.0.weight", &ParameterBlock::name);
        QCOMPARE(parameterName(*network, weight.offset + 1), QString("layers.0.weight[1, 0]"));
        QCOMPARE(parameterName(*network, weight.offset + 3), QString("layers.0.weight[0, 1]"));
    }

    void standsSideBySideOrOneAboveTheOther() {
        Shown wide(threeByThree(true), {600, 300}), high(threeByThree(true), {250, 600});
        QVERIFY(wide.imageRect(1).left() > wide.imageRect(0).right());
        QVERIFY(high.imageRect(1).top() > high.imageRect(0).bottom());
        for (const Shown* view : {&wide, &high})
            QVERIFY(QRectF(view->rect()).contains(view->imageRect(0)) &&
                    QRectF(view->rect()).contains(view->imageRect(1)));
        Shown alone(threeByThree(false));
        QVERIFY(!alone.imageRect(0).isEmpty() && alone.imageRect(1).isEmpty());
    }

    void saysWhyThereIsNoPicture() {
        CurvatureReading reading = readingOf(numbers({1, 2, 3}));
        reading.blocks[0].raw.summary.size = 5000;
        Shown view(std::make_shared<const CurvatureReading>(reading));
        const QImage large = view.grab().toImage();
        view.setReading(nullptr);
        view.setHint("Play to train");
        QVERIFY(large != view.grab().toImage());
        QVERIFY(view.textAt({250, 150}).isEmpty());
    }
};

QTEST_MAIN(HessianViewTest)
#include "hessian_view_test.moc"
