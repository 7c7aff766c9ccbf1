// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/layer_editor.h"

#include "engine/network/network_catalog.h"
#include "tests/support/map_networks.h"
#include "tests/support/window_sandbox.h"
#include "ui/panels/form/data_section.h"
#include "ui/panels/form/form_combo.h"
#include "ui/panels/form/layer_row_painter.h"
#include "ui/panels/form/layer_rows.h"
#include "ui/panels/form/network_section.h"
#include "ui/panels/form/parameter_form.h"
#include "ui/widgets/value_slider.h"

#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;
using test::conv;
using test::layer;
using test::settle;

namespace {

const Layers start{
    conv(4, 3, 1, 1),  layer("relu"),
    layer("max_pool"), layer("residual", {}, {conv(4, 3, 1, 1), layer("relu"), conv(4, 3, 1, 1)}),
    layer("flatten"),  layer("dense", {{"units", std::int64_t{5}}}),
    layer("relu")};

QStringList titlesOf(const Layers& layers) {
    QStringList titles;
    for (const LayerSpec& spec : layers) {
        titles << layerTitle(spec);
        for (const QString& inner : titlesOf(spec.layers))
            titles << "  " + inner;
    }
    return titles;
}

} // namespace

/// Works the list of layers by clicking, on the digits that come with the program.
class LayerEditorTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        session_ = std::make_unique<Session>(test::oneThread);
        Experiment experiment = withDataSet(test::smallExperiment(), "digits", nullptr);
        experiment.loss = standardLoss(Task::Classification);
        experiment.model.fold = Fold::None;
        experiment.model.layers = start;
        experiment.runs.resize(1);
        session_->open(experiment, false);
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
        section_ = std::make_unique<NetworkSection>(*session_);
        section_->resize(240, 800);
        section_->show();
        QVERIFY(QTest::qWaitForWindowExposed(section_.get()));
        editor_ = section_->findChild<LayerEditor*>();
    }
    void cleanup() {
        section_.reset();
        session_.reset();
    }

    void showsShapesAndParametersOfEveryLayer() {
        const auto tells = [this](const LayerPath& path, int role) {
            return rows()->itemAtPath(path)->data(0, role).toString();
        };
        QCOMPARE(tells({0}, LayerRowPainter::shapeRole), QString("4 × 8 × 8"));
        QCOMPARE(tells({0}, LayerRowPainter::countRole), QString("40"));
        QCOMPARE(tells({2}, LayerRowPainter::shapeRole), QString("4 × 4 × 4"));
        QCOMPARE(tells({3, 2}, LayerRowPainter::countRole), QString("148"));
        QCOMPARE(tells({5}, LayerRowPainter::countRole), QString("325"));
        QCOMPARE(rows()->topLevelItemCount(), 9); // inputs and output too
    }
    void addsBehindTheSelectedLayer() {
        click({1});
        choose("average_pool");
        QCOMPARE(layerAt(inForce(), {2}).type, std::string("average_pool"));
        QCOMPARE(rows()->selected(), std::optional(LayerPath{2}));
        click({3});
        choose("tanh");
        QCOMPARE(layerTitle(layerAt(inForce(), {4})), QString("Tanh"));
    }
    void addsIntoABlockAndABlockThatFits() {
        click({3});
        choose("intoBlock/relu");
        QCOMPARE(inForce()[3].layers.size(), std::size_t{4});
        click({1});
        choose("residual");
        const LayerSpec& block = inForce()[2];
        QCOMPARE(block.type, std::string("residual"));
        QCOMPARE(block.layers.front().parameters.integer("channels"), std::int64_t{4});
        QVERIFY(editor_->isApplied());
    }
    void removesDuplicatesAndMoves() {
        click({1});
        press("duplicateLayer");
        QCOMPARE(inForce()[2], start[1]);
        press("removeLayer");
        QCOMPARE(inForce(), start);
        click({1});
        press("layerUp");
        QCOMPARE(inForce()[0], start[1]);
        QVERIFY(!button("layerUp")->isEnabled());
        press("layerDown");
        QCOMPARE(inForce(), start);
        QTest::keyClick(rows(), Qt::Key_Down, Qt::AltModifier); // relu behind the pooling
        QCOMPARE(inForce()[2], start[1]);
        QTest::keyClick(rows(), Qt::Key_Down, Qt::AltModifier); // into the block
        QCOMPARE(inForce()[2].layers.front(), start[1]);
        QTest::keyClick(rows(), Qt::Key_Delete);
        QCOMPARE(inForce().size(), start.size() - 1);
        session_->undoStack()->setIndex(0);
        QCOMPARE(inForce(), start);
    }
    void theWayThroughABlockLeadsOutOfItAgain() {
        Layers layers = start;
        std::optional<LayerPath> path = LayerPath{1};
        QStringList places;
        while ((path = stepLayer(layers, *path, false))) {
            QString place;
            for (const int number : *path)
                place += QString::number(number);
            places << place;
        }
        QCOMPARE(places, (QStringList{"2", "20", "21", "22", "23", "3", "4", "5", "6"}));
        path = LayerPath{static_cast<int>(layers.size()) - 1};
        while (*path != LayerPath{1})
            path = stepLayer(layers, *path, true);
        QCOMPARE(layers, start);
    }
    void movesByDragging() {
        drag({1}, {2}, true); // below the middle of the pooling
        QCOMPARE(inForce()[2], start[1]);
        session_->undoStack()->undo();
        drag({1}, {3, 1}, false); // above the middle of the block's second layer
        QCOMPARE(inForce()[2].layers[1], start[1]);
        session_->undoStack()->undo();
        const Layers before = inForce();
        drag({3}, {3, 1}, false); // a block into itself
        QCOMPARE(inForce(), before);
    }
    void movingKeepsEveryLayerWhereverItGoes() {
        std::vector<LayerPath> places{{0}, {1}, {3}, {5}, {7}, {3, 0}, {3, 1}, {3, 3}};
        for (const LayerPath& from : std::vector<LayerPath>{{0}, {3}, {6}, {3, 0}, {3, 2}})
            for (const LayerPath& to : places) {
                Layers layers = start;
                const LayerSpec moved = layerAt(start, from);
                const std::optional<LayerPath> stands = moveLayer(layers, from, to);
                QStringList before = titlesOf(start).replaceInStrings("  ", ""),
                            after = titlesOf(layers).replaceInStrings("  ", "");
                before.sort();
                after.sort();
                QCOMPARE(after, before);
                QCOMPARE(stands.has_value(), from != LayerPath{3} || to.size() == 1);
                if (stands) QCOMPARE(layerAt(layers, *stands), moved);
            }
    }
    void aWindowMayBeARectangle() {
        click({0});
        auto* kernel = qobject_cast<QLineEdit*>(editor_->parameters()->control("kernel"));
        QCOMPARE(kernel->text(), QString("3"));
        type(kernel, "1 x 5");
        QCOMPARE(inForce()[0].parameters.extent("kernel"), (Extent{1, 5}));
        QCOMPARE(rows()->itemAtPath({0})->data(0, LayerRowPainter::shapeRole).toString(),
                 QString("4 × 10 × 6"));
        QCOMPARE(rows()->itemAtPath({0})->data(0, LayerRowPainter::countRole).toString(), QString("24"));
        QCOMPARE(layerTitle(inForce()[0]), QString("Convolution 4, kernel 1 × 5, padding 1"));
        const Layers before = inForce();
        type(kernel, "1 x five");
        QCOMPARE(inForce(), before);
        QVERIFY(kernel->property("refused").toBool());
    }
    void editsTheParametersOfTheSelectedLayer() {
        click({5});
        enter("units", "7");
        QCOMPARE(inForce()[5].parameters.integer("units"), std::int64_t{7});
        QCOMPARE(rows()->itemAtPath({5})->data(0, LayerRowPainter::countRole).toString(), QString("455"));
        click({3, 1});
        auto* function = qobject_cast<FormCombo*>(editor_->parameters()->control("function"));
        function->setCurrentIndex(function->findData("leaky_relu"));
        emit function->activated(function->currentIndex());
        QCOMPARE(layerTitle(inForce()[3].layers[1]), QString("Leaky ReLU"));
        QVERIFY(inForce()[3].layers[1].parameters.has("slope"));
        QVERIFY(editor_->parameters()->control("slope"));
    }
    void aMistakeIsShownAtItsLayerAndNotApplied() {
        session_->step(2);
        QVERIFY(settle(*session_));
        click({4});
        press("removeLayer"); // the dense layer receives maps
        QVERIFY(!editor_->isApplied());
        QCOMPARE(inForce(), start);
        QVERIFY(rows()->itemAtPath({4})->data(0, LayerRowPainter::mistakeRole).toBool());
        QVERIFY(!rows()->itemAtPath({3})->data(0, LayerRowPainter::mistakeRole).toBool());
        auto* mistake = section_->findChild<QLabel*>("layerMistake");
        QVERIFY(mistake->isVisible());
        QVERIFY2(mistake->text().contains("receives maps of 4 x 4 x 4"), qPrintable(mistake->text()));
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 2); // nothing started over
        session_->change("rate", [](Experiment& after) { after.learningRate *= 2; });
        QVERIFY(!editor_->isApplied()); // other edits leave it alone

        click({3});
        choose("global_average_pool"); // mends it
        QVERIFY(editor_->isApplied() && !mistake->isVisible());
        QCOMPARE(inForce()[4].type, std::string("global_average_pool"));
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 0);
    }
    void aDraftCanBeDropped() {
        click({4});
        press("removeLayer");
        press("revertLayers");
        QVERIFY(editor_->isApplied());
        QCOMPARE(editor_->layers(), start);
    }
    void theLastLayerStays() {
        session_->change("one", [](Experiment& after) { after.model.layers = {layer("flatten")}; });
        click({0});
        QVERIFY(!button("removeLayer")->isEnabled());
        QTest::keyClick(rows(), Qt::Key_Delete);
        QCOMPARE(inForce().size(), std::size_t{1});
        session_->change("a block", [](Experiment& after) {
            after.model.layers = {layer("flatten"), layer("dense"), layer("residual", {}, {layer("dense")})};
        });
        click({2, 0});
        press("removeLayer"); // a block without layers is a mistake to mend
        QVERIFY(!editor_->isApplied());
        QVERIFY(rows()->itemAtPath({2})->data(0, LayerRowPainter::mistakeRole).toBool());
    }
    void aNamedNetworkIsShownAndBecomesAList() {
        choose("architecture", "lenet");
        QCOMPARE(inForce(), start); // 8 x 8 are too few for its windows
        auto* misfit = section_->findChild<QLabel*>("misfit");
        QVERIFY(misfit->isVisible() && misfit->text().contains("does not fit"));
        choose("architecture", "resnet20");
        QCOMPARE(session_->experiment().model.network, std::string("resnet20"));
        QVERIFY(!misfit->isVisible());
        QVERIFY(!button("addLayer")->isVisible());
        QCOMPARE(rows()->topLevelItemCount(),
                 static_cast<int>(networkCatalog().at("resnet20").layers.size()) + 2);
        QVERIFY(settle(*session_));
        QVERIFY2(session_->status().failure.empty(), session_->status().failure.c_str());
        press("convertToList");
        QVERIFY(session_->experiment().model.network.empty());
        QCOMPARE(inForce(), networkCatalog().at("resnet20").layers);
        QVERIFY(button("addLayer")->isVisible());
        choose("architecture", "hidden");
        QVERIFY(session_->experiment().model.stacked());
        QVERIFY(!editor_->isVisible());
    }
    void denseLayersBecomeAListWithTheSameCurve() {
        session_->change("dense", [](Experiment& after) {
            after.model.layers.clear();
            after.model.hidden = {6, 4};
        });
        const auto trained = [this] {
            QVERIFY(settle(*session_));
            session_->step(20);
            QVERIFY(settle(*session_));
        };
        trained();
        const std::string signature = session_->laboratory().signature();
        choose("architecture", "layers");
        QCOMPARE(titlesOf(inForce()), (QStringList{"Flatten", "Dense 6", "Tanh", "Dense 4", "Tanh"}));
        trained();
        QCOMPARE(session_->laboratory().signature(), signature);
    }

private:
    LayerRows* rows() const { return editor_->rows(); }
    Layers inForce() const { return session_->experiment().model.layers; }
    QToolButton* button(const QString& name) const { return section_->findChild<QToolButton*>(name); }
    QPoint placeOf(const LayerPath& path, bool lower) const {
        QTreeWidgetItem* item = rows()->itemAtPath(path);
        rows()->scrollToItem(item);
        const QRect rect = rows()->visualItemRect(item);
        return {rect.left() + 20, lower ? rect.bottom() - 2 : rect.top() + 2};
    }
    void click(const LayerPath& path) {
        QTest::mouseClick(rows()->viewport(), Qt::LeftButton, {}, placeOf(path, false));
        QCOMPARE(rows()->selected(), std::optional(path));
    }
    void drag(const LayerPath& from, const LayerPath& to, bool lower) {
        const QPoint target = placeOf(to, lower), source = placeOf(from, false);
        QVERIFY(rows()->viewport()->rect().contains(target));
        QTest::mousePress(rows()->viewport(), Qt::LeftButton, {}, source);
        QTest::mouseMove(rows()->viewport(), (source + target) / 2);
        QTest::mouseMove(rows()->viewport(), target);
        QTest::mouseRelease(rows()->viewport(), Qt::LeftButton, {}, target);
    }
    void press(const QString& name) {
        QVERIFY2(button(name) && button(name)->isVisible() && button(name)->isEnabled(), qPrintable(name));
        QTest::mouseClick(button(name), Qt::LeftButton);
    }
    /// An entry of the menu, of a submenu as "intoBlock/relu".
    void choose(const QString& name) {
        QMenu* menu = editor_->addMenu();
        emit menu->aboutToShow();
        const QStringList path = name.split('/');
        if (path.size() > 1) menu = menu->findChild<QMenu*>(path.front());
        QVERIFY(menu);
        QAction* wanted = nullptr;
        const std::function<void(QMenu*)> look = [&](QMenu* within) {
            for (QAction* action : within->actions()) {
                if (action->objectName() == path.back()) wanted = action;
                if (QMenu* below = action->menu(); below && below->objectName() != "intoBlock" && !wanted)
                    look(below);
            }
        };
        look(menu);
        QVERIFY2(wanted, qPrintable(name));
        wanted->trigger();
    }
    void choose(const QString& box, const QString& key) {
        auto* combo = section_->findChild<FormCombo*>(box);
        QVERIFY2(combo->findData(key) >= 0, qPrintable(key));
        combo->setCurrentIndex(combo->findData(key));
        emit combo->activated(combo->currentIndex());
    }
    void enter(const QString& key, const QString& text) {
        auto* slider = qobject_cast<ValueSlider*>(editor_->parameters()->control(key));
        QVERIFY(slider);
        type(slider->field(), text);
    }
    static void type(QLineEdit* field, const QString& text) {
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Return);
    }

    test::WindowSandbox sandbox_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<NetworkSection> section_;
    LayerEditor* editor_ = nullptr;
};

QTEST_MAIN(LayerEditorTest)
#include "layer_editor_test.moc"
