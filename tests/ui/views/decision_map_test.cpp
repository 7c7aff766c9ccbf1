// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/decision_map.h"

#include "tests/support/view_test.h"

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

/// A network whose class is known at every place, on data scaled 1 : 100.
class DecisionMapTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() { Theme::instance().setMode(Theme::Mode::Light); }
    void paintsEachPlaceInTheColourOfItsClass();
    void staysTheBackgroundWhereTheNetworkKnowsNothing();
    void paintsTrainingDotsFilledAndTestDotsHollow();
    void tellsPlacePredictionAndNearestSampleOnHover();
    void paintsThreeClasses();
    void followsItsSizeAndTheTheme();
    void showsNothingAfterAClear();
};

namespace {

const QSize size(220, 240);

/// Classes below and above y = 0; four training samples and one of the test set.
std::shared_ptr<const Split> scaledSplit() {
    return splitOf(classified(columns({{9, -100}, {11, -100}, {9, 100}, {11, 100}}), {0, 0, 1, 1}, 2),
                   classified(columns({{10, 60}}), {0}, 2));
}

std::shared_ptr<const Snapshot> confident(const std::shared_ptr<const Split>& data) {
    return linearSnapshot(data, columns({{0, 0}, {-5, 5}}), Vector<double>::Zero(2), "cross_entropy", 412);
}

QColor fullColor(int label, int classes) {
    return QColor(FieldColors::fromTheme(classes).at(static_cast<std::size_t>(label), 1));
}

} // namespace

void DecisionMapTest::paintsEachPlaceInTheColourOfItsClass() {
    ViewWorker worker;
    DecisionMap map(worker);
    QVERIFY(showPicture(map, confident(scaledSplit()), size));
    QCOMPARE(map.shownStep(), 412);
    for (const double x : {9.5, 10.5}) {
        COMPARE_COLOR(pixelAt(map, map.frame().toWidget({x, -60})), fullColor(0, 2));
        COMPARE_COLOR(pixelAt(map, map.frame().toWidget({x, 60})), fullColor(1, 2));
    }
    QVERIFY(!near(fullColor(0, 2), fullColor(1, 2), 40));
}

void DecisionMapTest::staysTheBackgroundWhereTheNetworkKnowsNothing() {
    ViewWorker worker;
    DecisionMap map(worker);
    const auto ignorant =
        linearSnapshot(scaledSplit(), Matrix<double>::Zero(2, 2), Vector<double>::Zero(2), "cross_entropy");
    QVERIFY(showPicture(map, ignorant, size));
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({10, -40})), Theme::instance().palette().panel);
}

void DecisionMapTest::paintsTrainingDotsFilledAndTestDotsHollow() {
    ViewWorker worker;
    DecisionMap map(worker);
    QVERIFY(showPicture(map, confident(scaledSplit()), size));
    const Theme& theme = Theme::instance();
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({9, -100})), theme.classColor(0, 2));
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({11, 100})), theme.classColor(1, 2));
    // The test sample is of class 0 where the network says 1: its inside shows the map.
    const QPointF hollow = map.frame().toWidget({10, 60});
    QVERIFY(!near(pixelAt(map, hollow), theme.classColor(0, 2)));
}

void DecisionMapTest::tellsPlacePredictionAndNearestSampleOnHover() {
    ViewWorker worker;
    DecisionMap map(worker);
    QVERIFY(showPicture(map, confident(scaledSplit()), size));
    const QString text = map.textAt(map.frame().toWidget({10, 50}));
    QVERIFY2(text.contains("predicts class c1 with probability 1"), qPrintable(text));
    QVERIFY2(text.contains("nearest sample: class c0, test"), qPrintable(text));
    QVERIFY2(text.contains("step 412"), qPrintable(text));
    QVERIFY(map.textAt({-5, -5}).isEmpty());
    QVERIFY(map.textAt(map.frame().toWidget({9, -90})).contains("nearest sample: class c0, training"));
}

void DecisionMapTest::paintsThreeClasses() {
    ViewWorker worker;
    DecisionMap map(worker);
    const auto data = splitOf(classified(columns({{-1, -1}, {1, -1}, {0, 1}}), {0, 1, 2}, 3));
    const auto snapshot = linearSnapshot(data, columns({{-50, 50, 0}, {-50, -50, 50}}),
                                         Vector<double>::Zero(3), "cross_entropy");
    QVERIFY(showPicture(map, snapshot, size));
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({-0.7, -0.7})), fullColor(0, 3));
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({0.7, -0.7})), fullColor(1, 3));
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({0, 0.7})), fullColor(2, 3));
}

void DecisionMapTest::followsItsSizeAndTheTheme() {
    ViewWorker worker;
    DecisionMap map(worker);
    QVERIFY(showPicture(map, confident(scaledSplit()), size));
    const QColor light = pixelAt(map, map.frame().toWidget({10, -60}));
    QSignalSpy shown(&map, &RunView::shown);
    map.resize(330, 260);
    QVERIFY(shown.wait());
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({10, -60})), light);
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({9, -100})), Theme::instance().classColor(0, 2));
    Theme::instance().setMode(Theme::Mode::Dark);
    QVERIFY(shown.wait());
    COMPARE_COLOR(pixelAt(map, map.frame().toWidget({10, -60})), fullColor(0, 2));
    QVERIFY(!near(fullColor(0, 2), light, 40));
}

void DecisionMapTest::showsNothingAfterAClear() {
    ViewWorker worker;
    DecisionMap map(worker);
    QVERIFY(showPicture(map, confident(scaledSplit()), size));
    map.clear();
    QCOMPARE(map.shownStep(), -1);
    QVERIFY(map.textAt({100, 100}).isEmpty());
    COMPARE_COLOR(pixelAt(map, {10, 10}), map.palette().color(QPalette::Window));
}

QTEST_MAIN(DecisionMapTest)
#include "decision_map_test.moc"
