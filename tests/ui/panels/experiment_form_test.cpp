// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/experiment_form.h"

#include "tests/support/window_sandbox.h"
#include "ui/panels/form/data_gallery.h"
#include "ui/panels/form/data_section.h"
#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/form_section.h"
#include "ui/panels/form/stepper.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/switch_button.h"
#include "ui/widgets/value_slider.h"

#include "engine/data/data_catalog.h"

#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

/// Works every control of the form and reads back what the laboratory has.
class ExperimentFormTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        session_ = std::make_unique<Session>(test::oneThread);
        session_->open(test::smallExperiment(), false);
        QVERIFY(settle(*session_));
        form_ = std::make_unique<ExperimentForm>(*session_);
        form_->resize(240, 700);
        form_->show();
    }
    void cleanup() {
        form_.reset();
        session_.reset();
    }

    void everyGeneratedSetAndTableOfTheGalleryTrains() {
        for (const DataEntry& entry : dataCatalog().entries()) {
            if (entry.fromFiles || entry.takesPath) continue; // MNIST and others may not be on this machine
            auto* thumbnail = gallery().thumbnail(QString::fromStdString(entry.key));
            QTRY_VERIFY2(thumbnail->samples(), entry.key.c_str());
            thumbnail->click();
            QVERIFY2(settle(*session_), entry.key.c_str());
            QCOMPARE(laboratory().data.set, entry.key);
            QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
            session_->step(2);
            QVERIFY(settle(*session_));
            QCOMPARE(session_->status().step, 2);
        }
    }
    void aSetThatNeedsAFileAsksForIt() {
        QSignalSpy wanted(form_.get(), &ExperimentForm::fileWanted);
        gallery().fileAction("csv")->trigger();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.front().front(), QVariant(false));
        gallery().fileAction("image_folder")->trigger();
        QCOMPARE(wanted.back().front(), QVariant(true)); // a folder
        QCOMPARE(session_->experiment().data.set, test::smallExperiment().data.set);
        QVERIFY(gallery().thumbnail("xor")->isChecked());
        QVERIFY(!gallery().fileAction("csv")->isChecked());
    }
    void theTileOfFilesShowsTheSetThatIsReadFromThem() {
        auto* files = gallery().findChild<DataThumbnail*>("files");
        gallery().choose("csv");
        QVERIFY(files->isChecked() && gallery().fileAction("csv")->isChecked());
        QVERIFY(!gallery().thumbnail("xor")->isChecked());
        files->click(); // opens the menu: the set in force stays marked
        auto* menu = gallery().findChild<QMenu*>();
        QTRY_VERIFY(menu->isVisible());
        QVERIFY(files->isChecked());
        menu->close();
        gallery().thumbnail("moons")->click();
        QVERIFY(settle(*session_));
        QVERIFY(!files->isChecked() && !gallery().fileAction("csv")->isChecked());
        files->click();
        QTRY_VERIFY(menu->isVisible());
        QVERIFY(!files->isChecked() && gallery().thumbnail("moons")->isChecked());
        menu->close();
    }

    void numbersReachTheLaboratory_data() {
        using Get = std::function<double(const Experiment&)>;
        QTest::addColumn<QString>("text");
        QTest::addColumn<Get>("get");
        const auto row = [](const char* name, const char* text, Get get) {
            QTest::newRow(name) << text << get;
        };
        row("samples", "80", [](auto& e) { return double(e.data.samples); });
        row("noise", "0.125", [](auto& e) { return e.data.noise; });
        row("scale0", "2", [](auto& e) { return e.data.scale[0]; });
        row("scale1", "50", [](auto& e) { return e.data.scale[1]; });
        row("offset0", "-3", [](auto& e) { return e.data.offset[0]; });
        row("offset1", "7", [](auto& e) { return e.data.offset[1]; });
        row("rotation", "30", [](auto& e) { return e.data.rotation; });
        row("label_noise", "0.2", [](auto& e) { return e.data.labelNoise; });
        row("test_fraction", "0.5", [](auto& e) { return e.data.testFraction; });
        row("batchSize", "5", [](auto& e) { return double(e.batchSize); });
        row("learningRate", "0.07", [](auto& e) { return e.learningRate; });
        row("l2", "0.001", [](auto& e) { return e.model.l2; });
    }
    void numbersReachTheLaboratory() {
        QFETCH(QString, text);
        QFETCH(std::function<double(const Experiment&)>, get);
        auto* slider = form_->findChild<ValueSlider*>(QTest::currentDataTag());
        QVERIFY(slider && slider->isVisibleTo(form_.get()));
        const Experiment before = session_->experiment();
        enter(slider->field(), text);
        QCOMPARE(get(laboratory()), text.toDouble());
        QCOMPARE(session_->undoStack()->count(), 1);
        QVERIFY(session_->undoStack()->undoText().contains(QStringLiteral("→")));
        session_->undoStack()->undo();
        QCOMPARE(laboratory(), before);
        QCOMPARE(slider->value(), get(before));
        // The slider itself.
        slider->slider()->setValue(slider->slider()->value() > 500 ? 200 : 800);
        QVERIFY(get(session_->experiment()) != get(before));
        QCOMPARE(get(laboratory()), slider->value());
    }

    void fieldsReachTheLaboratory_data() {
        using Get = std::function<double(const Experiment&)>;
        QTest::addColumn<QString>("text");
        QTest::addColumn<Get>("get");
        const auto row = [](const char* name, const char* text, Get get) {
            QTest::newRow(name) << text << get;
        };
        row("steps", "500", [](auto& e) { return double(e.stop.steps); });
        row("stop.epochs", "2.5", [](auto& e) { return e.stop.epochs; });
        row("stop.target_loss", "0.01", [](auto& e) { return e.stop.targetLoss; });
        row("stop.patience", "9", [](auto& e) { return double(e.stop.patience); });
        row("stop.divergence_factor", "1000", [](auto& e) { return e.stop.divergenceFactor; });
        row("seed.data", "11", [](auto& e) { return double(e.seed.data); });
        row("seed.weights", "12", [](auto& e) { return double(e.seed.weights); });
        row("seed.batches", "13", [](auto& e) { return double(e.seed.batches); });
        row("seed.noise", "14", [](auto& e) { return double(e.seed.noise); });
        row("seed.augmentation", "15", [](auto& e) { return double(e.seed.augmentation); });
        row("measure_every", "10", [](auto& e) { return double(e.measureEvery); });
        row("evaluate_every", "40", [](auto& e) { return double(e.evaluateEvery); });
    }
    void fieldsReachTheLaboratory() {
        QFETCH(QString, text);
        QFETCH(std::function<double(const Experiment&)>, get);
        for (auto* section : form_->findChildren<FormSection*>())
            section->setFolded(false);
        auto* field = form_->findChild<QLineEdit*>(QTest::currentDataTag());
        QVERIFY(field && field->isVisibleTo(form_.get()));
        enter(field, text);
        QCOMPARE(get(laboratory()), text.toDouble());
        enter(field, "nonsense");
        QCOMPARE(get(laboratory()), text.toDouble());
        QCOMPARE(session_->undoStack()->count(), 1);
    }

    void switchesAndChoicesReachTheLaboratory() {
        form_->findChild<SwitchButton*>("standardize")->click();
        QVERIFY(laboratory().data.standardize);
        choose("fold", "all");
        QCOMPARE(laboratory().model.fold, Fold::All);
        choose("precision", "float32");
        QCOMPARE(laboratory().precision, Precision::Float32);
        choose("activation", "relu");
        QCOMPARE(laboratory().model.activation.method, std::string("relu"));
        choose("initialization", "he_normal");
        QCOMPARE(laboratory().model.initialization.method, std::string("he_normal"));
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
    }
    void onlyLossesThatFitTheDataAreOffered() {
        auto* loss = form_->findChild<FormCombo*>("loss");
        QVERIFY(loss->findData("cross_entropy") >= 0);
        choose("loss", "cross_entropy");
        QCOMPARE(laboratory().loss.method, std::string("cross_entropy"));
        QTRY_VERIFY(gallery().samples("sine"));
        gallery().thumbnail("sine")->click();
        QVERIFY(settle(*session_));
        QTRY_COMPARE(loss->findData("cross_entropy"), -1);
        QVERIFY(loss->currentIndex() >= 0);
    }
    void layersAndUnitsReachTheLaboratory() {
        auto* layers = form_->findChild<Stepper*>("hiddenLayers");
        layers->plus()->click();
        QCOMPARE(laboratory().model.hidden, (std::vector<int>{8, 8, 8}));
        auto* units = form_->findChild<Stepper*>("units2");
        enter(units->field(), "3");
        units->plus()->click();
        QCOMPARE(laboratory().model.hidden, (std::vector<int>{8, 8, 4}));
        for (int i = 0; i < 3; ++i)
            layers->minus()->click();
        QCOMPARE(laboratory().model.hidden, std::vector<int>{});
        session_->step(2);
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 2);
    }
    void parametersOfASetReachTheLaboratory() {
        QTRY_VERIFY(gallery().samples("spirals"));
        gallery().thumbnail("spirals")->click();
        QVERIFY(settle(*session_));
        auto* arms = form_->findChild<ValueSlider*>("arms");
        QVERIFY(arms);
        enter(arms->field(), "3");
        QCOMPARE(laboratory().data.parameters.integer("arms"), std::int64_t{3});
    }
    void imagesHaveScalingsAndRandomChanges() {
        auto* crop = form_->findChild<ValueSlider*>("crop");
        auto* flip = form_->findChild<SwitchButton*>("flip");
        QVERIFY(!crop->isVisibleTo(form_.get()) && !flip->isVisibleTo(form_.get())); // XOR is no image
        QTRY_VERIFY(gallery().samples("digits"));
        gallery().thumbnail("digits")->click();
        QVERIFY(settle(*session_));
        QVERIFY(crop->isVisibleTo(form_.get()) && flip->isVisibleTo(form_.get()));
        enter(crop->field(), "2");
        enter(form_->findChild<ValueSlider*>("shift")->field(), "1");
        flip->click();
        QVERIFY(laboratory().data.augmentation == (AugmentationSpec{2, 1, true}));
        choose("pixels", "per_channel");
        QVERIFY(laboratory().data.pixels == PixelScaling::PerChannel);
        session_->step(2);
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
        gallery().thumbnail("moons")->click(); // which can have neither
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
        QVERIFY(!laboratory().data.augmentation.any());
    }
    void tablesHaveListsOfScalesInPlaceOfSliders() {
        QTRY_VERIFY(gallery().samples("iris"));
        gallery().thumbnail("iris")->click();
        QVERIFY(settle(*session_));
        auto* scale = form_->findChild<QLineEdit*>("scale");
        QVERIFY(scale->isVisibleTo(form_.get()));
        QVERIFY(!form_->findChild<ValueSlider*>("scale1")->isVisibleTo(form_.get()));
        QVERIFY(!form_->findChild<ValueSlider*>("samples")->isVisibleTo(form_.get()));
        enter(scale, "1, 10, 100, 1000");
        QCOMPARE(laboratory().data.scale, (std::vector<double>{1, 10, 100, 1000}));
        enter(form_->findChild<QLineEdit*>("offset"), "5");
        QCOMPARE(laboratory().data.offset, std::vector<double>{5});
    }
    void dataAndNetworkRestartTheRestActsAtOnce() {
        session_->step(5);
        QVERIFY(settle(*session_));
        enter(form_->findChild<ValueSlider*>("learningRate")->field(), "0.02");
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 5);
        enter(form_->findChild<ValueSlider*>("noise")->field(), "0.05");
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 0);
    }
    void whatHasNoEffectCannotBeWorked() {
        const auto shown = [this](const char* name) {
            return form_->findChild<QWidget*>(name)->isVisibleTo(form_.get());
        };
        QVERIFY(shown("rotation") && shown("test_fraction"));
        auto* activation = form_->findChild<FormCombo*>("activation");
        auto* layers = form_->findChild<Stepper*>("hiddenLayers");
        layers->minus()->click();
        QVERIFY(activation->isEnabled());
        layers->minus()->click();
        QVERIFY(!activation->isEnabled()); // there is no hidden layer
        QTRY_VERIFY(gallery().samples("sine"));
        gallery().thumbnail("sine")->click();
        QVERIFY(settle(*session_));
        QTRY_VERIFY(!shown("rotation")); // there is one feature
        // Pictures with a test part of their own.
        const QByteArray head("\0\0\x08", 3), four("\0\0\0\4", 4), one("\0\0\0\1", 4);
        for (const QString& part : {QStringLiteral("train"), QStringLiteral("t10k")}) {
            sandbox_.write(part + "-images-idx3-ubyte", head + '\3' + four + one + one + "abcd");
            sandbox_.write(part + "-labels-idx1-ubyte", head + '\1' + four + QByteArray("\0\1\0\1", 4));
        }
        session_->change("pictures", [this](Experiment& after) {
            after = withDataSet(after, "idx", nullptr);
            after.data.path = sandbox_.file({}).toStdString();
        });
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
        QCOMPARE(session_->data()->test.samples(), Index{4});
        QTRY_VERIFY(!shown("test_fraction"));
        gallery().thumbnail("xor")->click();
        QVERIFY(settle(*session_));
        QTRY_VERIFY(shown("test_fraction"));
    }
    void theConditionNumberIsThatOfTheTrainingInputs() {
        auto* condition = form_->findChild<NumberLabel*>("inputCondition");
        const double expected = covarianceConditionNumber(session_->data()->train.x);
        QTRY_COMPARE(condition->text(), formatNumber(expected));
        form_->findChild<SwitchButton*>("standardize")->click();
        QVERIFY(settle(*session_));
        const double mended = covarianceConditionNumber(session_->data()->train.x);
        QVERIFY(mended < expected / 100);
        QTRY_COMPARE(condition->text(), formatNumber(mended));
    }
    void rotationIsWhatScalingCannotMend() {
        auto* scaled = form_->findChild<NumberLabel*>("scaledCondition");
        // Of two inputs of correlation rho it is (1 + |rho|)/(1 - |rho|).
        const auto expected = [this] {
            Matrix<double> x(2, session_->data()->train.samples());
            session_->data()->train.x.copy<double>(0, x);
            const Matrix<double> centred = x.colwise() - x.rowwise().mean();
            const double rho = std::abs(centred.row(0).dot(centred.row(1))) /
                               (centred.row(0).norm() * centred.row(1).norm());
            return (1 + rho) / (1 - rho);
        };
        const double unturned = expected();
        QVERIFY(unturned < 2);
        QTRY_VERIFY(std::abs(scaled->text().toDouble() / unturned - 1) < 1e-3);
        enter(form_->findChild<ValueSlider*>("rotation")->field(), "45");
        QVERIFY(settle(*session_));
        QVERIFY(expected() > 50);
        QTRY_VERIFY(std::abs(scaled->text().toDouble() / expected() - 1) < 1e-3);
    }
    void theParameterCountIsThatOfTheNetworks() {
        auto* count = form_->findChild<NumberLabel*>("parameterCount");
        // 2-8-8-1 or 2-8-8-2, and batch normalization's scales and shifts: what the laboratory says.
        Index least = session_->status().runs[0].parameters, most = least;
        for (const RunStatus& run : session_->status().runs) {
            least = std::min(least, run.parameters);
            most = std::max(most, run.parameters);
        }
        QVERIFY(least >= 105);
        QTRY_VERIFY(count->text().startsWith(formatCount(least)) &&
                    count->text().endsWith(formatCount(most)));
    }
    void aRefusedValueIsShownAsItWas() {
        QSignalSpy refused(session_.get(), &Session::editRefused);
        for (auto* section : form_->findChildren<FormSection*>())
            section->setFolded(false);
        auto* steps = form_->findChild<QLineEdit*>("steps");
        enter(steps, "-5");
        QCOMPARE(refused.size(), 1);
        QCOMPARE(steps->text(), QString());
    }
    void scrollsWhenItIsLow() {
        form_->resize(240, 300);
        QVERIFY(form_->widget()->height() > 300);
        QVERIFY(form_->widget()->minimumSizeHint().width() <= form_->viewport()->width());
    }
    void theWheelScrollsAndChangesNothing() {
        const Experiment before = session_->experiment();
        for (QWidget* control : {static_cast<QWidget*>(form_->findChild<FormCombo*>("activation")),
                                 static_cast<QWidget*>(form_->findChild<ValueSlider*>("noise")->slider())}) {
            const QPoint middle = control->rect().center();
            QWheelEvent wheel(middle, control->mapToGlobal(middle), {}, {0, -120}, Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(control, &wheel);
        }
        QCOMPARE(session_->experiment(), before);
    }

private:
    DataGallery& gallery() { return *form_->findChild<DataGallery*>(); }
    Experiment laboratory() {
        session_->laboratory().wait();
        return session_->laboratory().experiment();
    }
    void enter(QLineEdit* field, const QString& text) {
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Return);
        field->clearFocus();
    }
    void choose(const QString& name, const QString& key) {
        auto* box = form_->findChild<FormCombo*>(name);
        QVERIFY2(box && box->findData(key) >= 0, qPrintable(name + " " + key));
        box->setCurrentIndex(box->findData(key));
        emit box->activated(box->currentIndex());
    }

    test::WindowSandbox sandbox_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<ExperimentForm> form_;
};

QTEST_MAIN(ExperimentFormTest)
#include "experiment_form_test.moc"
