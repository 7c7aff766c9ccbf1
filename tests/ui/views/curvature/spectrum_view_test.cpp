// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/spectrum_view.h"

#include "tests/support/hand_made_reading.h"
#include "tests/support/known_spectrum.h"
#include "tests/support/view_test.h"
#include "ui/views/curvature/spectrum_table.h"
#include "ui/widgets/number_label.h"

#include <QSignalSpy>

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

namespace {

const QColor runColor(0x00, 0x72, 0xb2);
constexpr int whole = BlockReading::wholeNetwork;

std::shared_ptr<const CurvatureReading> shared(CurvatureReading reading) {
    reading.snapshot = threeParameters();
    return std::make_shared<const CurvatureReading>(std::move(reading));
}

/// H: one negative, one that counts as zero, one large. P^T H P: well conditioned.
std::shared_ptr<const CurvatureReading> typical() {
    return shared(readingOf(numbers({-0.01, 1e-9, 100}), numbers({-0.5, 2, 30})));
}

struct Shown : SpectrumView {
    explicit Shown(std::shared_ptr<const CurvatureReading> reading) {
        resize(500, 260);
        setRunColor(runColor);
        setReading(std::move(reading), whole);
        show();
    }
    QColor pixel(const QPointF& at) { return grab().toImage().pixelColor(at.toPoint()); }
};

} // namespace

class SpectrumViewTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }

    void saysWhatToDoWithoutAReading() {
        SpectrumView view;
        view.setHint("Play");
        view.resize(300, 200);
        const QImage empty = view.grab().toImage();
        view.setHint("");
        QVERIFY(empty != view.grab().toImage());
        QVERIFY(view.textAt({150, 100}).isEmpty());
    }

    void everyEigenvalueStandsAtItsPlace() {
        Shown view(typical());
        const EigenvalueAxis& axis = view.axis();
        const auto x = [&](bool preconditioned, Index i) { return view.positionOf({preconditioned, i}).x(); };
        QCOMPARE(x(false, 0), axis.x(-0.01));
        QCOMPARE(x(false, 2), axis.x(100));
        QCOMPARE(x(true, 1), axis.x(2));
        QVERIFY(x(true, 0) < x(false, 0)); // -0.5 is farther out than -0.01
        QVERIFY(x(false, 0) < axis.zeroLeft());
        QVERIFY(x(false, 1) > axis.zeroLeft() && x(false, 1) < axis.zeroRight());
        QVERIFY(x(true, 0) < x(true, 1) && x(true, 1) < x(true, 2));
        for (const bool preconditioned : {false, true})
            for (Index i = 0; i < 3; ++i) {
                const QPointF at = view.positionOf({preconditioned, i});
                QVERIFY(QRectF(view.rect()).contains(at));
                QCOMPARE(view.eigenvalueAt(at), (EigenvalueChoice{preconditioned, i}));
            }
        QVERIFY(view.positionOf({true, 0}).y() > view.positionOf({false, 0}).y() + 50);
    }

    void preconditionedDotsAreSolidRawOnesHollowUnstableOnesWarn() {
        Shown view(typical());
        COMPARE_COLOR(view.pixel(view.positionOf({true, 1})), runColor);
        COMPARE_COLOR(view.pixel(view.positionOf({true, 2})), Theme::instance().palette().warning); // 30 > 20
        QVERIFY(!near(view.pixel(view.positionOf({false, 0})), runColor, 60)); // its middle is pale
    }

    void hoverTellsValueRankAndShares() {
        Shown view(typical());
        const QString text = view.textAt(view.positionOf({true, 1}));
        QVERIFY2(text.contains("λ = 2 of PᵀHP") && text.contains("number 2 of 3"), qPrintable(text));
        QVERIFY2(text.contains("layer 1: 100 %"), qPrintable(text));
        QVERIFY(view.textAt(view.positionOf({true, 2})).contains("above the stability limit 20"));
        QVERIFY(view.textAt(view.positionOf({false, 1})).contains("counts as zero"));
        QVERIFY(view.textAt(view.positionOf({false, 0})).contains("bends downwards"));
        const QPointF zone((view.axis().zeroLeft() + view.axis().zeroRight()) / 2,
                           view.positionOf({false, 1}).y() - 40);
        QVERIFY2(view.textAt(zone).contains("1 of 3 eigenvalues of H count as zero"),
                 qPrintable(view.textAt(zone)));
    }

    void clicksAndKeysChooseEigenvalues() {
        Shown view(typical());
        QSignalSpy chosen(&view, &SpectrumView::eigenvalueChosen);
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.positionOf({false, 2}).toPoint());
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(view.chosen(), (EigenvalueChoice{false, 2}));
        QTest::mouseClick(&view, Qt::LeftButton, {}, {250, 3}); // nothing there
        QCOMPARE(chosen.size(), 1);
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.chosen(), (EigenvalueChoice{false, 1}));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.chosen(), (EigenvalueChoice{true, 1}));
        QTest::keyClick(&view, Qt::Key_Left);
        QTest::keyClick(&view, Qt::Key_Left); // the last one stays
        QCOMPARE(view.chosen(), (EigenvalueChoice{true, 0}));
    }

    void aRunWithoutPreconditionerHasOneSpectrum() {
        Shown view(shared(readingOf(numbers({0.5, 2, 30}))));
        QVERIFY(view.textAt(view.positionOf({false, 0})).contains("of H = PᵀHP"));
        COMPARE_COLOR(view.pixel(view.positionOf({false, 1})), runColor);
        COMPARE_COLOR(view.pixel(view.positionOf({false, 2})), Theme::instance().palette().warning);
    }

    void saysWhyThereIsNoPreconditionedSpectrum() {
        CurvatureReading reading = readingOf(numbers({0.5, 2, 30}), numbers({1, 1, 1}));
        reading.whyNotPreconditioned = "not symmetric";
        reading.blocks[0].preconditioned = {};
        Shown view(shared(std::move(reading)));
        QVERIFY(view.positionOf({false, 0}).y() < view.height() / 2.0); // below it stands the reason
        QVERIFY(view.eigenvalueAt(view.positionOf({false, 2})).has_value());
    }

    void largeSpectraAreDrawnAsDensities() {
        CurvatureReading reading = readingOf(numbers({1, 2, 3}));
        SpectrumReading& raw = reading.blocks[0].raw;
        raw.exact = false;
        raw.eigenvalues = numbers({-0.5, 10});
        raw.errors = numbers({0.1, 1});
        raw.summary.lambdaMax = Reading::computed(10);
        raw.summary.tau = 1e-3;
        raw.density.size = 1000;
        raw.density.samples.push_back({numbers({-0.5, 0, 1}), numbers({0.1, 0.4, 0.5})});
        Shown view(shared(std::move(reading)));
        const double y = view.positionOf({false, 0}).y() - 12, one = view.axis().x(1);
        const QString text = view.textAt({one, y});
        QVERIFY2(text.contains("near 1") && text.contains("eigenvalues of H a decade"), qPrintable(text));
        QVERIFY(!near(view.pixel({one, y}), Theme::instance().palette().panel));
        const double empty = view.axis().x(0.03);
        QVERIFY(near(view.pixel({empty, y}), view.pixel({empty, 30})));
        QVERIFY(
            view.textAt({(view.axis().zeroLeft() + view.axis().zeroRight()) / 2, y}).contains("about 400"));
        QVERIFY(view.textAt(view.positionOf({false, 1})).contains("residual 1"));
    }

    void drawsBothThemes() {
        Shown view(typical());
        const QImage first = view.grab().toImage();
        const auto mode = Theme::instance().isDark() ? Theme::Mode::Light : Theme::Mode::Dark;
        Theme::instance().setModeForNow(mode);
        QVERIFY(first != view.grab().toImage());
        Theme::instance().setModeForNow(Theme::Mode::Light);
    }

    void theTableHasTheSameNumbers() {
        SpectrumTable table;
        QCOMPARE(table.cell("kappa_tau", SpectrumTable::Raw)->text(), QString());
        const CurvatureReading reading = readingOf(numbers({1e-9, 0.5, 50}), numbers({1, 2, 4}));
        table.setReading(&reading, whole);
        const auto text = [&](const char* row, SpectrumTable::Column column) {
            return table.cell(row, column)->text();
        };
        QCOMPARE(text("lambda_max", SpectrumTable::Raw), QString("50"));
        QCOMPARE(text("lambda_min", SpectrumTable::Preconditioned), QString("1"));
        QCOMPARE(text("kappa_tau", SpectrumTable::Raw), QString("100"));
        QCOMPARE(text("kappa_tau", SpectrumTable::Preconditioned), QString("4"));
        QCOMPARE(text("dropped", SpectrumTable::Raw), QString("1"));
        QCOMPARE(text("kappa", SpectrumTable::Preconditioned), QString("4"));
        QCOMPARE(text("negative_share", SpectrumTable::Raw), QString("0 %"));
        QCOMPARE(text("stability_limit", SpectrumTable::Preconditioned), QString("20"));
        QCOMPARE(text("best_step", SpectrumTable::Preconditioned), QString("0.400")); // 2/(4 + 1)
        QVERIFY(text("kappa_rank", SpectrumTable::Gain).startsWith("÷"));
        for (const auto* row : {"lambda_max", "kappa_tau", "best_step", "dropped"})
            QVERIFY(table.cell(row, SpectrumTable::Preconditioned)->toolTip().size() > 20);
        QVERIFY(table.cell("kappa_tau", SpectrumTable::Raw)->toolTip().contains("τ = 1e-6"));
        for (const auto* row : {"lambda_max", "kappa_average", "dropped", "negative_share"})
            QVERIFY2(!text(row, SpectrumTable::Raw).contains("≈"), row); // exact
    }

    void estimatesAreMarkedInTheTableAndTellTheirErrors() {
        CurvatureReading reading = readingOf(numbers({-3, 0.5, 50}));
        SpectrumOptions options;
        options.each = 1;
        options.density.vectors = 3;
        KnownSpectrum op(Vector<double>::LinSpaced(60, -1, 20), 2);
        reading.blocks[0].raw = reading.blocks[0].preconditioned = estimateSpectrum(op, options);
        SpectrumTable table;
        table.setReading(&reading, whole);
        for (const auto* row : {"lambda_max", "lambda_min", "kappa_average", "dropped", "negative_share"})
            for (const auto column : {SpectrumTable::Raw, SpectrumTable::Preconditioned}) {
                QVERIFY2(table.cell(row, column)->text().startsWith("≈ "), row);
                QVERIFY2(table.cell(row, column)->toolTip().contains("estimate"), row);
            }
        for (const auto* row : {"kappa_average", "dropped", "negative_share"})
            QVERIFY2(table.cell(row, SpectrumTable::Raw)->toolTip().contains("±"), row);
        QVERIFY(table.cell("kappa_average", SpectrumTable::Gain)->text().startsWith("÷ ≈"));
        // Ends that have not converged make counts no more exact.
        reading.blocks[0].raw.summary.lambdaMax.status = Reading::Status::NotConverged;
        table.setReading(&reading, whole);
        for (const auto* row : {"dropped", "negative_share"})
            QVERIFY2(table.cell(row, SpectrumTable::Raw)->text().startsWith("≈ "), row);
        QVERIFY(table.cell("kappa_rank", SpectrumTable::Raw)->toolTip().contains("κavg"));
    }
};

QTEST_MAIN(SpectrumViewTest)
#include "spectrum_view_test.moc"
