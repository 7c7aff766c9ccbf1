// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/features.h"

#include "tests/support/allocations.h"
#include "tests/support/random_matrix.h"

#include <QTest>

#include <array>

using namespace kappascope;
using kappascope::test::randomMatrix;

namespace {

/// Values here are of order 1 and pass through one or two rounded operations.
constexpr double roundingDouble = 1e-14, roundingFloat = 1e-6;

const std::array<int, 3> chosen{4, 0, 4};

Features bytes() {
    std::vector<std::uint8_t> values;
    for (int i = 0; i < 15; ++i)
        values.push_back(static_cast<std::uint8_t>(17 * i));
    return Features(3, values, 1.0 / 255); // 3 features x 5 samples: value (j, i) = (3 i + j) / 15
}

Matrix<double> byteValues() {
    return Matrix<double>::NullaryExpr(3, 5,
                                       [](Index j, Index i) { return static_cast<double>(3 * i + j) / 15; });
}

template<class S>
void gathersTheChosenSamples(const Features& x, const Matrix<double>& expected, double tolerance) {
    Matrix<S> out(expected.rows(), 3);
    x.gather<S>(chosen, out);
    for (Index k = 0; k < 3; ++k)
        QVERIFY((out.col(k).template cast<double>() - expected.col(chosen[static_cast<std::size_t>(k)]))
                    .cwiseAbs()
                    .maxCoeff() <= tolerance);

    Matrix<S> some(expected.rows() - 2, 3); // of each sample the features from the second to the last but one
    x.gather<S>(chosen, some, 1);
    QVERIFY(some == out.middleRows(1, expected.rows() - 2));
    QVERIFY(x.largest() >= expected.cwiseAbs().maxCoeff() - tolerance);

    Matrix<S> wide(expected.rows(), 8); // into columns of a larger matrix
    x.copy<S>(1, wide.middleCols(3, 2));
    QVERIFY(
        (wide.middleCols(3, 2).template cast<double>() - expected.middleCols(1, 2)).cwiseAbs().maxCoeff() <=
        tolerance);
}

template<class S>
void gathersWithoutAllocating(const Features& x) {
    Matrix<S> out(x.rows(), 3);
    const long allocations = kappascope::test::countAllocations([&] {
        x.gather<S>(chosen, out);
        x.copy<S>(1, out);
    });
    QVERIFY(allocations <= 0); // -1: not counted, under a sanitizer
}

} // namespace

class FeaturesTest : public QObject {
    Q_OBJECT
private slots:
    void denseValuesAreGathered() {
        const Matrix<double> values = randomMatrix<double>(7, 5, 1);
        const Features x(values);
        QCOMPARE(x.rows(), Index(7));
        QCOMPARE(x.cols(), Index(5));
        gathersTheChosenSamples<double>(x, values, 0);
        gathersTheChosenSamples<float>(x, values, roundingFloat);
        QVERIFY(x.dense() == values);
    }

    void bytesAreGatheredAsNumbers() {
        QCOMPARE(bytes().rows(), Index(3));
        QCOMPARE(bytes().cols(), Index(5));
        gathersTheChosenSamples<double>(bytes(), byteValues(), roundingDouble);
        gathersTheChosenSamples<float>(bytes(), byteValues(), roundingFloat);
    }

    void theLargestInputIsThatOfAnyByte() {
        QCOMPARE(bytes().largest(), 1.0);
        QCOMPARE(bytes().standardized(Vector<double>::Constant(3, 0.75), Vector<double>::Ones(3)).largest(),
                 0.75); // of a black pixel
        QCOMPARE(Features(Matrix<double>::Constant(2, 2, -3)).largest(), 3.0);
        Matrix<double> endless = Matrix<double>::Ones(2, 2);
        endless(0, 1) = -std::numeric_limits<double>::infinity();
        QVERIFY(!std::isfinite(Features(endless).largest()));
        endless(0, 0) = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!std::isfinite(Features(endless).largest()));
    }

    void selectKeepsTheOrderAskedFor() {
        for (const Features& x : {Features(byteValues()), bytes()}) {
            const Features part = x.select(chosen);
            QCOMPARE(part.cols(), Index(3));
            QCOMPARE(part.inBytes(), x.inBytes());
            const Matrix<double> values = byteValues();
            Matrix<double> expected(3, 3);
            expected << values.col(4), values.col(0), values.col(4);
            QVERIFY((part.dense() - expected).cwiseAbs().maxCoeff() <= roundingDouble);
        }
        QCOMPARE(bytes().select({}).cols(), Index(0));
    }

    void standardizingAndMappingKeepBytesAsBytes() {
        const Vector<double> shift = Vector<double>::LinSpaced(3, -1, 2), divisor{{0.5, 2, 4}};
        for (const Features& x : {Features(byteValues()), bytes()}) {
            const Features standardized = x.standardized(shift, divisor);
            const Features mapped = x.mapped(divisor, shift);
            QCOMPARE(standardized.inBytes(), x.inBytes());
            for (Index j = 0; j < 3; ++j)
                for (Index i = 0; i < 5; ++i) {
                    const double value = byteValues()(j, i);
                    QVERIFY(std::abs(standardized.dense()(j, i) - (value - shift[j]) / divisor[j]) <=
                            roundingDouble);
                    QVERIFY(std::abs(mapped.dense()(j, i) - (value * divisor[j] + shift[j])) <=
                            roundingDouble);
                    QVERIFY(std::abs(x.dense()(j, i) - value) <= roundingDouble); // the original stays
                }
        }
        gathersTheChosenSamples<float>(
            bytes().mapped(divisor, shift),
            ((byteValues().array().colwise() * divisor.array()).colwise() + shift.array()), roundingFloat);
    }

    void bytesMayStayWhereTheyAre() {
        auto file = std::make_shared<std::vector<std::uint8_t>>(20); // 5 samples behind a label each
        std::vector<const std::uint8_t*> starts;
        for (std::size_t i = 0; i < 20; ++i)
            if (i % 4 > 0) (*file)[i] = static_cast<std::uint8_t>(17 * (3 * (i / 4) + i % 4 - 1));
        for (std::size_t i = 0; i < 5; ++i)
            starts.push_back(file->data() + 4 * i + 1);
        const std::weak_ptr<const void> watched = file;
        Features x(3, starts, std::move(file), 1.0 / 255);
        QVERIFY(x.inPlace() && x.inBytes() && !bytes().inPlace());
        QVERIFY(x.dense() == bytes().dense());
        gathersTheChosenSamples<double>(x, byteValues(), roundingDouble);
        gathersWithoutAllocating<float>(x);
        const Vector<double> two = Vector<double>::Constant(3, 2);
        for (const auto& [there, here] :
             {std::pair{x.select(chosen), bytes().select(chosen)},
              std::pair{x.mapped(two, two), bytes().mapped(two, two)},
              std::pair{x.standardized(two, two), bytes().standardized(two, two)},
              std::pair{x.withByteMap(two, -two), bytes().withByteMap(two, -two)}}) {
            QVERIFY(there.inPlace() && !here.inPlace());
            QVERIFY(there.dense() == here.dense());
        }
        QVERIFY(x.withByteMap(two, -two).dense()(1, 2) == 2.0 * x.bytesOf(2)[1] - 2);
        x = x.select(chosen); // what is left keeps the file
        QVERIFY(!watched.expired());
        x = {};
        QVERIFY(watched.expired());
    }

    void aLargeCommonOffsetCancelsExactly() {
        const double offset = 0x1p40; // the differences below are representable beside it
        Matrix<double> values(1, 2);
        values << offset + 1, offset + 3;
        const Features standardized =
            Features(values).standardized(Vector<double>::Constant(1, offset + 2), Vector<double>::Ones(1));
        QCOMPARE(standardized.dense()(0, 0), -1.0);
        QCOMPARE(standardized.dense()(0, 1), 1.0);
    }

    void gatherAndCopyDoNotAllocate() {
        for (const Features& x : {Features(byteValues()), bytes()}) {
            gathersWithoutAllocating<double>(x);
            gathersWithoutAllocating<float>(x);
        }
    }
};

QTEST_APPLESS_MAIN(FeaturesTest)
#include "features_test.moc"
