// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/window_sandbox.h"
#include "ui/panels/form/data_section.h"
#include "ui/panels/form/data_thumbnail.h"
#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/panels/form/stepper.h"
#include "ui/panels/transport_bar.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/value_slider.h"

#include "engine/data/data_catalog.h"
#include "engine/network/loss.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;

Q_DECLARE_METATYPE(kappascope::ParameterValue)

namespace {

std::vector<Parameter> oneOfEachKind() {
    return {Parameter::flag("flag", "Flag", "help", false),
            Parameter::integer("integer", "Integer", "help", 3, 1, 10),
            Parameter::real("real", "Real", "help", 0.5, 0, 1),
            Parameter::choice("choice", "Choice", "help", "a", {"a", "b"}),
            Parameter::numbers("numbers", "Numbers", "help", {}, 0, 10),
            Parameter::text("text", "Text", "help", ""),
            Parameter::extent("extent", "Extent", "help", 3, 1, 20)};
}

Dataset dataset(Task task, const Matrix<double>& x, std::vector<int> labels, int classes) {
    Dataset data;
    data.task = task;
    data.x = Features(x);
    data.labels = std::move(labels);
    for (int c = 0; c < classes; ++c)
        data.classNames.push_back(std::to_string(c));
    if (task == Task::Regression) data.y = x.topRows(1);
    return data;
}

} // namespace

class FormPartsTest : public QObject {
    Q_OBJECT
private slots:
    void everyKindOfParameterHasAControlThatTellsItsValue() {
        ParameterForm form;
        form.setParameters(oneOfEachKind());
        QMap<QString, ParameterValue> told;
        connect(&form, &ParameterForm::changed, this,
                [&](const QString& key, const ParameterValue& value) { told[key] = value; });
        qobject_cast<SwitchButton*>(form.control("flag"))->click();
        const auto type = [](QLineEdit* field, const QString& text) {
            field->setFocus();
            field->selectAll();
            QTest::keyClicks(field, text);
            QTest::keyClick(field, Qt::Key_Return);
        };
        type(qobject_cast<ValueSlider*>(form.control("integer"))->field(), "7");
        type(qobject_cast<ValueSlider*>(form.control("real"))->field(), "0.25");
        type(qobject_cast<QLineEdit*>(form.control("numbers")), "1, 2.5");
        type(qobject_cast<QLineEdit*>(form.control("text")), "name");
        type(qobject_cast<QLineEdit*>(form.control("extent")), "3 x 5");
        auto* choice = qobject_cast<FormCombo*>(form.control("choice"));
        choice->setCurrentIndex(1);
        emit choice->activated(1);
        QCOMPARE(told["flag"], ParameterValue(true));
        QCOMPARE(told["integer"], ParameterValue(std::int64_t{7}));
        QCOMPARE(told["real"], ParameterValue(0.25));
        QCOMPARE(told["choice"], ParameterValue(std::string("b")));
        QCOMPARE(told["numbers"], ParameterValue(std::vector<double>{1, 2.5}));
        QCOMPARE(told["text"], ParameterValue(std::string("name")));
        QCOMPARE(told["extent"], ParameterValue(Extent{3, 5}));
        type(qobject_cast<QLineEdit*>(form.control("extent")), "3 x 21"); // stays to be mended
        QCOMPARE(told["extent"], ParameterValue(Extent{3, 5}));
    }
    void valuesAreShownWithoutASignal() {
        ParameterForm form;
        form.setParameters(oneOfEachKind());
        QSignalSpy changed(&form, &ParameterForm::changed);
        Parameters values;
        values.set("real", 0.75);
        values.set("numbers", std::vector<double>{1, 100});
        values.set("extent", Extent{3, 5});
        form.setValues(values);
        QCOMPARE(qobject_cast<QLineEdit*>(form.control("extent"))->text(), QString("3 × 5"));
        QCOMPARE(qobject_cast<ValueSlider*>(form.control("real"))->value(), 0.75);
        QCOMPARE(qobject_cast<QLineEdit*>(form.control("numbers"))->text(), QString("1, 100"));
        QVERIFY(changed.isEmpty());
    }
    void aListThatIsNoneIsNotTaken() {
        QVERIFY(!readList("1, two"));
        QCOMPARE(readList("1;2  3"), std::optional(std::vector<double>{1, 2, 3}));
        QCOMPARE(readList(""), std::optional(std::vector<double>{}));
        QCOMPARE(readList(listText({0.1, 1e-9, 123456.789})),
                 std::optional(std::vector<double>{0.1, 1e-9, 123456.789}));
    }
    void anExtentIsOneNumberOrTwo() {
        for (const char* text : {"3 x 5", "3x5", " 3 × 5 ", "3, 5", "3 5"})
            QVERIFY2(readExtent(QString::fromUtf8(text)) == (Extent{3, 5}), text);
        QCOMPARE(readExtent("7"), std::optional(Extent::square(7)));
        for (const char* text : {"", "x", "3 x", "3 x 5 x 7", "-3", "2.5"})
            QVERIFY2(!readExtent(text), text);
    }
    void aStepperCountsTypesAndStaysInItsRange() {
        Stepper stepper(0, 3, "Layers");
        QSignalSpy changed(&stepper, &Stepper::valueChanged);
        stepper.plus()->click();
        QTest::keyClick(stepper.field(), Qt::Key_Up);
        QCOMPARE(stepper.value(), 2);
        stepper.field()->selectAll();
        QTest::keyClicks(stepper.field(), "99");
        QTest::keyClick(stepper.field(), Qt::Key_Return);
        QCOMPARE(stepper.value(), 3);
        QVERIFY(!stepper.plus()->isEnabled());
        QCOMPARE(changed.size(), 3);
        stepper.setValue(0);
        QCOMPARE(changed.size(), 3);
        QVERIFY(!stepper.minus()->isEnabled());
    }
    void valuesOfFeaturesGrowListsAndPlainOnesDropThem() {
        std::vector<double> scale;
        setFeatureValue(scale, 1, 100, 2, 1);
        QCOMPARE(scale, (std::vector<double>{1, 100}));
        QCOMPARE(featureValue(scale, 1, 1), 100.0);
        setFeatureValue(scale, 1, 1, 2, 1);
        QVERIFY(scale.empty());
        std::vector<double> offset{10}; // one for all
        setFeatureValue(offset, 0, 3, 2, 0);
        QCOMPARE(offset, (std::vector<double>{3, 10}));
    }
    void anotherDataSetTakesALossThatFits() {
        Experiment experiment = defaultExperiment();
        experiment.data.scale = {1, 100};
        for (const DataEntry& entry : dataCatalog().entries()) {
            const Experiment after = withDataSet(experiment, entry.key, nullptr);
            QCOMPARE(after.data.set, entry.key);
            QVERIFY2(after.data.scale.empty(), entry.key.c_str());
            if (!entry.fromFiles) validate(after);
        }
    }
    void aThumbnailShowsTheFeaturesThatSeparateTheClasses() {
        Matrix<double> x(4, 6); // features 1 and 3 tell the classes apart, 3 best
        x << 5, 1, 3, 2, 6, 4, 0, 1, 0, 10, 11, 10, 1, 6, 2, 5, 3, 4, 0, 0, 0, 10, 10, 10;
        const auto points = thumbnailPoints(dataset(Task::Classification, x, {0, 0, 0, 1, 1, 1}, 2));
        QCOMPARE(points.row(0).minCoeff(), 0.0);
        QCOMPARE(points.row(0).maxCoeff(), 1.0);
        QVERIFY(points(0, 0) < 0.5 && points(0, 5) > 0.5); // feature 3
        QVERIFY(points(1, 0) < 0.5 && points(1, 5) > 0.5); // feature 1
    }
    void aThumbnailOfOneFeatureShowsTheTarget() {
        Matrix<double> x(1, 3);
        x << 0, 1, 2;
        const auto points = thumbnailPoints(dataset(Task::Regression, x, {}, 0));
        QCOMPARE(points.rows(), Index{2});
        QCOMPARE(points(1, 1), 0.5);
    }
    void theSpeedSliderRunsOverDecadesToNoLimit() {
        QCOMPARE(speedAt(0), 1.0);
        QCOMPARE(speedAt(speedPositions), 0.0);
        QCOMPARE(speedAt(speedPositions - 1), 1e5);
        double last = 0;
        for (int position = 0; position < speedPositions; ++position) {
            QVERIFY(speedAt(position) >= last);
            last = speedAt(position);
        }
        QCOMPARE(speedPosition(0), speedPositions);
        for (const int position : {100, 250, 400}) // whole numbers are few below
            QCOMPARE(speedAt(speedPosition(speedAt(position))), speedAt(position));
    }

private:
    test::WindowSandbox sandbox_;
};

QTEST_MAIN(FormPartsTest)
#include "form_parts_test.moc"
