// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_view.h"

#include "tests/support/view_test.h"

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

class NetworkViewTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void drawsLargeWeightsInTheColourOfTheirSign();
    void drawsEachUnitAsAMapOfWhatItHandsOn();
    void choosesSomeUnitsOfAWideLayer();
    void showsTheWeightsOfPixelsAsPictures();
    void tellsWeightsAndBiasesOnHover();
};

namespace {

std::shared_ptr<const Snapshot> twoUnits() {
    const auto data = splitOf(classified(columns({{-1, -1}, {1, 1}}), {0, 1}, 2));
    return linearSnapshot(data, columns({{3, 0}, {0, -1.5}}), (Vector<double>(2) << 0.25, 0).finished(),
                          "cross_entropy");
}

} // namespace

void NetworkViewTest::drawsLargeWeightsInTheColourOfTheirSign() {
    ViewWorker worker;
    NetworkView view(worker);
    QVERIFY(showPicture(view, twoUnits(), {400, 200}));
    const auto middle = [&](std::size_t from, std::size_t to) {
        const QRectF a = view.unitRect(0, from), b = view.unitRect(1, to);
        return pixelAt(view, (QPointF(a.right(), a.center().y()) + QPointF(b.left(), b.center().y())) / 2);
    };
    const QColor ground = view.palette().color(QPalette::Window);
    const auto towards = [&](const QColor& color, double alpha) {
        const auto mix = [&](int a, int b) { return static_cast<int>(a + alpha * (b - a)); };
        return QColor(mix(ground.red(), color.red()), mix(ground.green(), color.green()),
                      mix(ground.blue(), color.blue()));
    };
    COMPARE_COLOR(middle(0, 0), towards(Theme::instance().signedColor(1), 0.9));        // the largest
    const QColor half = towards(Theme::instance().signedColor(-1), 0.15 + 0.75 * 0.25); // half of it, squared
    QVERIFY(near(middle(1, 1), half, 6)); // a thin line, smoothed at its edges
}

void NetworkViewTest::drawsEachUnitAsAMapOfWhatItHandsOn() {
    ViewWorker worker;
    NetworkView view(worker);
    QVERIFY(showPicture(view, twoUnits(), {400, 200}));
    QCOMPARE(static_cast<int>(view.picture().columns.size()), 2);
    const QImage& map = view.picture().columns[1].maps[0]; // 3 x + 0.25 grows to the right
    const int last = NetworkPicture::mapCells - 1;
    const FieldColors colors = FieldColors::fromTheme(0);
    QCOMPARE(map.pixel(last, 0), colors.at(1, 1));
    QVERIFY(near(QColor(map.pixel(0, last)), QColor(colors.at(0, 0.87)), 8)); // (3*1.246-0.25)/(3*1.246+0.25)
    const auto& outputs = view.picture().columns[1];
    // Cell centres of +-1.3 in 24 cells reach to 1.3 (1 - 1/24).
    const double edge = 1.3 * (1 - 1.0 / 24);
    QVERIFY(qFuzzyCompare(outputs.largest(0), 3 * edge + 0.25));
    QVERIFY(qFuzzyCompare(outputs.smallest(1), -1.5 * edge));
}

void NetworkViewTest::choosesSomeUnitsOfAWideLayer() {
    constexpr int inputs = 100;
    ViewWorker worker;
    NetworkView view(worker);
    const auto data = splitOf(classified(Matrix<double>::Random(inputs, 5), {0, 1, 0, 1, 0}, 2));
    Matrix<double> W = Matrix<double>::Ones(2, inputs);
    W(1, inputs - 1) = -8; // not drawn, yet it sets the scale
    QVERIFY(showPicture(view, linearSnapshot(data, W, Vector<double>::Zero(2), "cross_entropy"), {400, 200}));
    const auto& columns = view.picture().columns;
    QVERIFY(columns[0].shown.size() >= 4 && columns[0].shown.size() <= 16);
    QVERIFY(view.unitRect(0, columns[0].shown.size() - 1).bottom() <= view.height());
    QCOMPARE(columns[0].shown.front(), 0);
    QVERIFY(columns[0].shown.back() > inputs / 2); // from all over the layer
    QCOMPARE(columns[0].units, Index(inputs));
    QCOMPARE(columns[1].largestWeight, 8.0);
    QVERIFY(columns[1].maps.empty());
}

void NetworkViewTest::showsTheWeightsOfPixelsAsPictures() {
    ViewWorker worker;
    NetworkView view(worker);
    Dataset images = classified(columns({{0, 0, 0, 1}, {1, 0, 0, 0}}), {0, 1}, 2);
    images.image = ImageShape{1, 2, 2};
    const Matrix<double> W = (Matrix<double>(2, 4) << 4, -2, 0, 1, 0, 0, 3, 0).finished();
    QVERIFY(showPicture(view, linearSnapshot(splitOf(images), W, Vector<double>::Zero(2), "cross_entropy"),
                        {400, 200}));
    const FieldColors colors = FieldColors::fromTheme(0);
    const auto& inputs = view.picture().columns[0];
    QVERIFY(inputs.shown.empty());
    QCOMPARE(inputs.picture.size(), QSize(2, 2));
    QCOMPARE(inputs.picture.pixel(1, 1), colors.at(1, 1)); // the mean pixels are 1/2, 0, 0, 1/2
    QCOMPARE(inputs.picture.pixel(1, 0), colors.at(1, 0));
    const QImage& first = view.picture().columns[1].maps[0];
    QCOMPARE(first.pixel(0, 0), colors.at(1, 1));
    QCOMPARE(first.pixel(1, 0), colors.at(0, 0.5));
    QCOMPARE(first.pixel(0, 1), colors.at(1, 0));
    QCOMPARE(first.pixel(1, 1), colors.at(1, 0.25));
    QVERIFY(view.textAt({40, 100}).contains("the 4 inputs"));
    QVERIFY(view.textAt(view.unitRect(1, 1).center()).contains("its weights of the pixels"));
}

void NetworkViewTest::tellsWeightsAndBiasesOnHover() {
    ViewWorker worker;
    NetworkView view(worker);
    QVERIFY(showPicture(view, twoUnits(), {400, 200}));
    const QString unit = view.textAt(view.unitRect(1, 0).center());
    QVERIFY2(unit.contains("outputs, unit 1 of 2") && unit.contains("bias 0.25"), qPrintable(unit));
    const QRectF a = view.unitRect(0, 1), b = view.unitRect(1, 1);
    const QString edge =
        view.textAt((QPointF(a.right(), a.center().y()) + QPointF(b.left(), b.center().y())) / 2);
    QVERIFY2(edge.contains("weight from inputs 2 to outputs 2: -1.5") || edge.contains("−1.5"),
             qPrintable(edge));
}

QTEST_MAIN(NetworkViewTest)
#include "network_view_test.moc"
