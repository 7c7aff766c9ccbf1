// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/spectrum_csv.h"
#include "tests/support/input_errors.h"

#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace kappascope;

namespace {

QStringList linesOf(const QString& file) {
    QFile csv(file);
    if (!csv.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(csv.readAll()).split('\n', Qt::SkipEmptyParts);
}

/// The whole network with eigenvalues 1 and 1/3, and no preconditioned side.
CurvatureReading reading() {
    CurvatureReading all;
    all.step = 7;
    all.of = "Hessian, everything";
    BlockReading block;
    block.raw.eigenvalues = Vector<double>{{1.0 / 3, 1}};
    block.raw.summary = summarize(block.raw.eigenvalues);
    block.preconditioned.summary = notMeasured(2, standardTau, Reading::notDefined("why"));
    all.blocks.push_back(block);
    return all;
}

} // namespace

class SpectrumCsvTest : public QObject {
    Q_OBJECT
private slots:
    void oneValueARow() {
        const QStringList lines = written(reading());
        QCOMPARE(lines.first(), QString("run,step,layer,matrix,quantity,index,value,error,status,of"));
        QVERIFY(lines.contains(
            "\"A, B\",7,,raw,eigenvalue,0,0.33333333333333331,,computed,\"Hessian, everything\""));
        QVERIFY(lines.contains("\"A, B\",7,,raw,kappa,,3,,computed,\"Hessian, everything\""));
        QVERIFY(lines.contains("\"A, B\",7,,preconditioned,kappa,,,,not_defined,\"Hessian, everything\""));
    }

    void estimatesCarryTheirErrors() {
        CurvatureReading estimate = reading();
        SpectrumReading& raw = estimate.blocks[0].raw;
        raw.exact = false;
        raw.errors = Vector<double>{{0.5, 0.25}};
        raw.density.samples = {{Vector<double>{{0.5, 1}}, Vector<double>{{0.75, 0.25}}}};
        estimate.blocks[0].layer = 3;
        const QStringList lines = written(estimate);
        QVERIFY(lines.contains("\"A, B\",7,3,raw,eigenvalue,1,1,0.25,estimated,\"Hessian, everything\""));
        QVERIFY(lines.contains("\"A, B\",7,3,raw,density_weight,0,0.75,,estimated,\"Hessian, everything\""));
    }

    void everyQuantityIsExplained() {
        std::set<QString> known{"eigenvalue", "density_node", "density_weight"};
        for (const Description& quantity : curvatureQuantities())
            known.insert(QString::fromStdString(quantity.key));
        CurvatureReading all = reading();
        all.conditioning.emplace_back().blocks.emplace_back();
        all.alignment.samples = 1;
        for (const QString& line : written(all).mid(1))
            QVERIFY2(known.contains(line.section(',', 5, 5)), qPrintable(line));
    }

    void aFileThatCannotBeWrittenIsAnError() {
        QVERIFY_EXCEPTION_THROWN(SpectrumCsv("/dev/null/spectrum.csv"), InputError);
    }

private:
    QStringList written(const CurvatureReading& one) {
        const QString file = folder_.filePath("spectrum.csv");
        SpectrumCsv csv(file.toStdString());
        csv.append("A, B", one);
        csv.finish();
        return linesOf(file);
    }

    QTemporaryDir folder_;
};

QTEST_APPLESS_MAIN(SpectrumCsvTest)
#include "spectrum_csv_test.moc"
