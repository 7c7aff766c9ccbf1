// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/input_statistics.h"
#include "tests/support/allocations.h"
#include "tests/support/random_network.h"
#include "tests/support/variants.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index samples = 23;

std::unique_ptr<Network<double>> network(const MethodSpec& normalization, Index reserved) {
    auto net = randomNetwork<double>(3, {5, 4}, 2, activationSpec("tanh"), normalization, 5);
    net->reserve(reserved);
    return net;
}

template<class V>
Vector<double> meanOf(const V& values) {
    return values.rowwise().mean();
}
template<class V>
Vector<double> varianceOf(const V& values) {
    return (values.colwise() - meanOf(values)).array().square().matrix().rowwise().mean();
}

} // namespace

class InputStatisticsTest : public QObject {
    Q_OBJECT

private slots:
    void equalThoseOfTheWholeSetWhateverTheChunk() {
        const Matrix<double> x = randomMatrix<double>(3, samples, 1);
        for (const auto& variant : variantsOf(normalizationCatalog()))
            for (const Index chunk : {1, 2, 7, 22, 23, 100}) {
                const auto net = network(variant.spec, std::max(chunk, samples));
                InputStatistics<double> statistics(*net, chunk);
                for (std::size_t l = 0; l < net->depth(); ++l) {
                    statistics.measure(*net, l, Features(x));
                    net->forward(x, Mode::Evaluation);
                    const Matrix<double> received = net->inputOf(l, x);
                    QVERIFY(statistics.mean().isApprox(meanOf(received), 1e-13));
                    QVERIFY(statistics.variance().isApprox(varianceOf(received), 1e-13));
                }
            }
    }

    void surviveAMeanThatIsLargeBesideTheDeviation() {
        const Matrix<double> spread = randomMatrix<double>(3, samples, 1);
        const auto net = network({"none", {}}, samples);
        InputStatistics<double> statistics(*net, 4);
        statistics.measure(*net, 0, Features(Matrix<double>(spread.array() + 1e8)));
        // Adding 1e8 itself rounds to 1e-8: the variance can be no better than that.
        QVERIFY((statistics.variance() - varianceOf(spread)).cwiseAbs().maxCoeff() < 1e-7);
    }

    void readBytes() {
        std::vector<std::uint8_t> bytes(3 * samples);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<std::uint8_t>(37 * i);
        const Features x(3, bytes, 1.0 / 255);
        const auto net = network({"none", {}}, samples);
        InputStatistics<double> statistics(*net, 5);
        statistics.measure(*net, 0, x);
        QVERIFY(statistics.mean().isApprox(meanOf(x.dense()), 1e-13));
        QVERIFY(statistics.variance().isApprox(varianceOf(x.dense()), 1e-13));
    }

    // The biased variance of the whole set is what a training pass over the whole set divides by.
    void makeEvaluationEqualATrainingPassOverTheWholeSet() {
        const Matrix<double> x = (10 * randomMatrix<double>(3, samples, 1)).array() + 30;
        for (const auto& variant : variantsOf(normalizationCatalog())) {
            const auto net = network(variant.spec, samples);
            InputStatistics<double> statistics(*net, 6);
            setTrainingSetStatistics(*net, Features(x), statistics);
            const Matrix<double> evaluated = net->forward(x, Mode::Evaluation);
            const Matrix<double> trained = net->forward(x, Mode::Training);
            QVERIFY((evaluated - trained).cwiseAbs().maxCoeff() < 1e-11);
        }
    }

    void allocateNothing() {
        const Features x(randomMatrix<double>(3, samples, 1));
        MethodSpec spec{"batch_norm", Parameters(normalizationCatalog().at("batch_norm"))};
        const auto net = network(spec, 6);
        InputStatistics<double> statistics(*net, 6);
        QVERIFY(countAllocations([&] { setTrainingSetStatistics(*net, x, statistics); }) <= 0);
    }
};

QTEST_APPLESS_MAIN(InputStatisticsTest)
#include "input_statistics_test.moc"
