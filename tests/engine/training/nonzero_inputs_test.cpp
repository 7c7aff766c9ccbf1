// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/nonzero_inputs.h"

#include "engine/core/random.h"
#include "tests/support/random_matrix.h"

#include <QTest>

#include <limits>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// Element by element.
template<class S>
std::vector<std::int32_t> rowsThatAreNotZero(const Matrix<S>& x) {
    std::vector<std::int32_t> places;
    for (Index i = 0; i < x.rows(); ++i)
        for (Index n = 0; n < x.cols(); ++n)
            if (x(i, n) != 0) {
                places.push_back(static_cast<std::int32_t>(i));
                break;
            }
    return places;
}

template<class S>
void findsThem(Index inputs, Index batch, StepTeam* team) {
    RandomStream stream(3, "zeros");
    Matrix<S> x = randomMatrix<S>(inputs, batch, 1);
    for (Index i = 0; i < inputs; ++i) {
        if (stream.uniform() < 0.7) x.row(i).setZero();
        if (i % 5 == 0) x.row(i).head(batch - 1).setZero(); // the last sample alone
    }
    x(1, 0) = std::numeric_limits<S>::quiet_NaN();
    x(2, 0) = std::numeric_limits<S>::denorm_min();
    x.row(3).setConstant(S(-0.0));
    NonzeroInputs<S> nonzero;
    nonzero.reserve(inputs);
    const auto* found = nonzero.find(x, team);
    QVERIFY(found);
    const std::vector<std::int32_t> expected = rowsThatAreNotZero(x);
    QVERIFY(std::ranges::equal(*found, expected));
    QVERIFY(std::ranges::find(expected, 3) == expected.end());
    x.setZero();
    QVERIFY(nonzero.find(x, team)->empty());
}

} // namespace

class NonzeroInputsTest : public QObject {
    Q_OBJECT

private slots:
    void findsThem() {
        StepTeam two(2), three(3);
        for (StepTeam* team : {static_cast<StepTeam*>(nullptr), &two, &three})
            for (const Index inputs : {512, 530, 784})
                for (const Index batch : {1, 2, 60}) {
                    ::findsThem<float>(inputs, batch, team);
                    ::findsThem<double>(inputs, batch, team);
                }
    }

    /// Where nearly all inputs count, it looks again only after a while; whether it does changes no bits.
    void looksRarelyWhereItDoesNotPay() {
        Matrix<float> dense = randomMatrix<float>(600, 5, 1), sparse = dense;
        sparse.topRows(300).setZero();
        NonzeroInputs<float> nonzero;
        nonzero.reserve(600);
        QVERIFY(!nonzero.find(dense, nullptr));
        int rests = 0;
        while (!nonzero.find(sparse, nullptr))
            QVERIFY(++rests < 1000);
        QVERIFY(rests > 10);
        QCOMPARE(nonzero.find(sparse, nullptr)->size(), std::size_t{300});
    }
};

QTEST_APPLESS_MAIN(NonzeroInputsTest)
#include "nonzero_inputs_test.moc"
