// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/step_team.h"
#include "tests/support/layer_cases.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

std::vector<LayerCase> convolutions() {
    std::vector<LayerCase> all = layerCases();
    std::erase_if(all, [](const LayerCase& one) { return one.layer->kind() != "conv2d"; });
    return all;
}

template<class S>
Conv2d<S>& layerOf(BoundLayer<S>& bound) {
    return dynamic_cast<Conv2d<S>&>(*bound.layer);
}

/// Weight (unit, tap, channel) by the definition in the header.
double weightAt(Conv2d<double>& layer, Index unit, Index tap, Index channel) {
    return layer.weight()(unit, tap * layer.inputChannels() / layer.groups() + channel);
}

} // namespace

/// A convolution against its definition, and as parts that threads share.
class Conv2dTest : public QObject {
    Q_OBJECT

private slots:
    void outputsAreTheirSums() {
        for (const LayerCase& one : convolutions()) {
            BoundLayer<double> bound(*one.layer, 2);
            Conv2d<double>& layer = layerOf(bound);
            const MapShape in = layer.inputShape(), out = layer.outputShape();
            const WindowRule rule = layer.rule();
            const Matrix<double> x = randomMatrix<double>(layer.inputs(), 2, 5);
            Matrix<double> y(layer.outputs(), 2);
            layer.forward(x, y, Mode::Training);
            const Index channels = in.channels / layer.groups(), units = out.channels / layer.groups();
            for (Index n = 0; n < 2; ++n)
                for (Index i = 0; i < out.features(); ++i) {
                    const Index unit = i % out.channels, place = i / out.channels;
                    double sum = layer.bias()[unit];
                    for (Index tap = 0; tap < rule.area(); ++tap) {
                        const Index row = place / out.width * rule.strideY + tap / rule.width - rule.paddingY;
                        const Index column =
                            place % out.width * rule.strideX + tap % rule.width - rule.paddingX;
                        if (row < 0 || row >= in.height || column < 0 || column >= in.width) continue;
                        for (Index c = 0; c < channels; ++c)
                            sum +=
                                weightAt(layer, unit, tap, c) *
                                x((row * in.width + column) * in.channels + unit / units * channels + c, n);
                    }
                    QVERIFY2(std::abs(y(i, n) - sum) < 1e-12 * (1 + std::abs(sum)), one.name.c_str());
                }
        }
    }

    void unrolledItIsADenseLayer() {
        for (const LayerCase& one : convolutions()) {
            BoundLayer<double> bound(*one.layer, 3);
            Conv2d<double>& layer = layerOf(bound);
            const Matrix<double> x = randomMatrix<double>(layer.inputs(), 3, 5);
            Matrix<double> y(layer.outputs(), 3), patches(layer.fanIn(), layer.positions() * 3);
            layer.forward(x, y, Mode::Training);
            const MatrixMap<double> all(y.data(), layer.outputChannels(), patches.cols());
            const Index units = layer.outputChannels() / layer.groups();
            for (Index g = 0; g < layer.groups(); ++g) {
                layer.unroll(x, g, patches);
                const Matrix<double> expected =
                    (layer.weight().middleRows(g * units, units) * patches).colwise() +
                    layer.bias().segment(g * units, units);
                QVERIFY2((all.middleRows(g * units, units) - expected).cwiseAbs().maxCoeff() < 1e-12,
                         one.name.c_str());
            }
        }
    }

    void sharedOutItGivesTheSameBits() {
        constexpr Index batch = 7;
        for (const LayerCase& one : convolutions())
            for (const int parts : {2, 3, 5}) {
                BoundLayer<float> bound(*one.layer, batch), shared(*one.layer, batch);
                const Matrix<float> in = randomMatrix<float>(one.layer->inputs(), batch, 5);
                Matrix<float> out(one.layer->outputs(), batch), outShared = out;
                Matrix<float> dOut = randomMatrix<float>(out.rows(), batch, 6);
                Matrix<float> dIn(in.rows(), batch), dInShared = dIn;
                MatrixRef<float> dInRef(dIn);
                bound.layer->forward(in, out, Mode::Training);
                bound.layer->backward(in, out, dOut, &dInRef);

                Conv2d<float>& layer = layerOf(shared);
                layer.reserveParts(parts);
                layer.prepare(batch);
                StepTeam team(parts);
                const auto some = [&](Matrix<float>& all, int part) {
                    const Index first = part * batch / parts, end = (part + 1) * batch / parts;
                    return Columns<float>(all).middleCols(first, end - first);
                };
                Matrix<float> inCopy = in;
                team.run(parts, [&](int part) {
                    layer.forwardPart(some(inCopy, part), some(outShared, part), part);
                    layer.propagatePart(some(dOut, part), some(dInShared, part), batch, part);
                });
                team.run(parts, [&](int part) { layer.setGradientPart(in, dOut, part, parts); });
                QVERIFY2(outShared == out && dInShared == dIn && shared.gradient == bound.gradient,
                         one.name.c_str());
            }
    }

    // A hundred thousand equal terms: a single running sum would be off by 7e-4.
    void longSumsInFloatKeepTheirDigits() {
        constexpr double tolerance = 5e-5;
        const Conv2d<double> prototype(MapShape(1, 32, 32), 1, WindowRule::square(1));
        BoundLayer<float> bound(prototype, 128);
        const Matrix<float> in = Matrix<float>::Constant(1024, 128, 0.1F), out(1024, 128);
        Matrix<float> dOut = Matrix<float>::Constant(1024, 128, 0.1F);
        bound.layer->backward(in, out, dOut, nullptr);
        QVERIFY(std::abs(bound.gradient[0] / (0.01 * 1024 * 128) - 1) < tolerance);
        QVERIFY(std::abs(bound.gradient[1] / (0.1 * 1024 * 128) - 1) < tolerance);
    }

    void refusesWhatDoesNotFit() {
        const MapShape map(4, 3, 3);
        QVERIFY_EXCEPTION_THROWN(Conv2d<float>(map, 2, WindowRule::square(4)), std::logic_error);
        QVERIFY_EXCEPTION_THROWN(Conv2d<float>(map, 3, WindowRule::square(3), 2), std::logic_error);
        QVERIFY_EXCEPTION_THROWN(Conv2d<float>(map, 3, WindowRule::square(3), 3), std::logic_error);
    }

    void windowsAreCountedAsPyTorchCounts() {
        QVERIFY(WindowRule::square(3, 2, 1).over(MapShape(3, 32, 31), 8) == MapShape(8, 16, 16));
        QVERIFY(WindowRule::square(5).over(MapShape(1, 28, 28), 6) == MapShape(6, 24, 24));
        QVERIFY(!WindowRule::square(5).fits(MapShape(1, 4, 9)));
        QVERIFY(WindowRule::square(5, 1, 1).fits(MapShape(1, 4, 9)));
    }
};

QTEST_APPLESS_MAIN(Conv2dTest)
#include "conv2d_test.moc"
