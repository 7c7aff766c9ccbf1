// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initialization.h"

#include <QTest>

using namespace kappascope;

class OrthogonalTest : public QObject {
    Q_OBJECT

private slots:
    void makesTheShorterSideOrthonormal() {
        const auto& entry = initializationCatalog().at("orthogonal");
        Parameters parameters(entry);
        parameters.set("gain", 3.0);
        for (const auto& [rows, cols] : {std::pair<Index, Index>{7, 7}, {4, 9}, {9, 4}}) {
            Matrix<double> W(rows, cols);
            RandomStream random(1, "weights");
            entry.draw(W, {.inputChannels = W.cols(), .outputs = W.rows()}, parameters, random);
            const Matrix<double> gram =
                rows <= cols ? Matrix<double>(W * W.transpose()) : Matrix<double>(W.transpose() * W);
            QVERIFY((gram - 9 * Matrix<double>::Identity(gram.rows(), gram.cols())).cwiseAbs().maxCoeff() <
                    1e-13);
        }
    }

    // Without the signs of R's diagonal, Q's first entry would never be positive.
    void favoursNoSign() {
        const auto& entry = initializationCatalog().at("orthogonal");
        int positive = 0;
        for (std::uint64_t seed = 0; seed < 400; ++seed) {
            Matrix<double> W(3, 3);
            RandomStream random(seed, "weights");
            entry.draw(W, {.inputChannels = W.cols(), .outputs = W.rows()}, Parameters(entry), random);
            positive += W(0, 0) > 0;
        }
        QVERIFY(positive > 140 && positive < 260); // 200 +- 6 sigmas
    }
};

QTEST_APPLESS_MAIN(OrthogonalTest)
#include "orthogonal_test.moc"
