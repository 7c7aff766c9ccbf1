// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_settings.h"

#include "tests/support/session_test.h"
#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_editor.h"
#include "ui/theme/theme.h"

#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;
using kappascope::test::PausedSession;

class RunSettingsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init();
    void cleanup();

    void offersEveryMemberOfEveryCatalog();
    void hasAControlForEveryParameter();
    void choosingAMemberChangesTheRun();
    void parametersActOnTheRun();
    void theRateIsTheRunsOwnUntilTheBaseRateIsAskedFor();
    void closesWithItsRun();

private:
    FormCombo* box(const MethodFamily& family) const {
        return settings_->findChild<FormCombo*>(QStringLiteral("settings-") + family.key);
    }
    ParameterForm* form(const MethodFamily& family) const {
        return settings_->findChild<ParameterForm*>(QStringLiteral("settings-%1-form").arg(family.key));
    }
    void choose(const MethodFamily& family, const std::string& method) {
        FormCombo* list = box(family);
        const int index = list->findData(QString::fromStdString(method));
        list->setCurrentIndex(index);
        emit list->activated(index);
    }

    std::unique_ptr<PausedSession> session_;
    std::unique_ptr<RunEditor> editor_;
    QPointer<RunSettings> settings_;
};

void RunSettingsTest::init() {
    session_ = std::make_unique<PausedSession>();
    editor_ = std::make_unique<RunEditor>(*session_);
    settings_ = new RunSettings(*editor_);
    settings_->setRun(session_->idOf("Plain"));
    settings_->show();
}

void RunSettingsTest::cleanup() {
    delete settings_;
    editor_.reset();
    session_.reset();
}

void RunSettingsTest::offersEveryMemberOfEveryCatalog() {
    for (const MethodFamily& family : methodFamilies()) {
        QCOMPARE(static_cast<std::size_t>(box(family)->count()), family.members.size());
        const MethodSpec& method = session_->named("Plain").*family.spec;
        QCOMPARE(box(family)->currentData().toString().toStdString(), method.method);
    }
}

void RunSettingsTest::hasAControlForEveryParameter() {
    for (const MethodFamily& family : methodFamilies())
        for (const Description* member : family.members) {
            choose(family, member->key);
            QCOMPARE((session_->named("Plain").*family.spec).method, member->key);
            for (const Parameter& parameter : member->parameters) {
                QWidget* control = form(family)->control(QString::fromStdString(parameter.key));
                const bool isRate = parameter.key == learningRateKey;
                QVERIFY2((control == nullptr) == isRate, (member->key + "." + parameter.key).c_str());
            }
        }
    session_->laboratory().wait();
    QCOMPARE(session_->laboratory().experiment(), session_->experiment());
}

void RunSettingsTest::choosingAMemberChangesTheRun() {
    choose(preconditionerFamily(), "bnp");
    // As the run that has it already: the fair comparison.
    QCOMPARE(session_->named("Plain").preconditioner, session_->named("BNP").preconditioner);
    session_->undoStack()->undo();
    QCOMPARE(box(preconditionerFamily())->currentData().toString(), QStringLiteral("none"));
}

void RunSettingsTest::parametersActOnTheRun() {
    settings_->setRun(session_->idOf("BNP"));
    emit form(preconditionerFamily())->changed("rho", ParameterValue(0.5));
    QCOMPARE(session_->named("BNP").preconditioner.parameters.real("rho"), 0.5);
    session_->laboratory().wait();
    QCOMPARE(session_->laboratory().experiment(), session_->experiment());
    // What lies outside the range is refused and shown as it was.
    emit form(preconditionerFamily())->changed("rho", ParameterValue(7.0));
    QCOMPARE(session_->named("BNP").preconditioner.parameters.real("rho"), 0.5);
}

void RunSettingsTest::theRateIsTheRunsOwnUntilTheBaseRateIsAskedFor() {
    auto* rate = settings_->findChild<RateField*>("settings-rate");
    auto* base = settings_->findChild<QToolButton*>("settings-base-rate");
    QVERIFY(!base->isVisible());
    rate->selectAll();
    QTest::keyClicks(rate, "0.07");
    QTest::keyClick(rate, Qt::Key_Return);
    QCOMPARE(session_->named("Plain").learningRate, std::optional(0.07));
    QTest::mouseClick(base, Qt::LeftButton);
    QVERIFY(!session_->named("Plain").learningRate.has_value());
}

void RunSettingsTest::closesWithItsRun() {
    session_->removeRun(session_->idOf("Plain"));
    QTRY_VERIFY(settings_.isNull());
}

QTEST_MAIN(RunSettingsTest)
#include "run_settings_test.moc"
