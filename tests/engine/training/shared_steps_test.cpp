// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/allocations.h"
#include "tests/support/training.h"

#include "engine/core/step_team.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// Large enough that a step is shared (Trainer::sharesSteps); no width is a multiple of a vector's length.
Recipe large() {
    Recipe recipe;
    recipe.hidden = {190, 141};
    recipe.samples = 150;
    recipe.batchSize = 47;
    return recipe;
}

/// The same with so many inputs that threads share those of the first layer.
Recipe wide(Recipe recipe) {
    recipe.features = 530;
    recipe.hidden = {50, 37};
    recipe.learningRate = 0.001;
    return recipe;
}

/// Images with a margin, which is left out.
Recipe withMargin(Recipe recipe) {
    recipe.margin = 120;
    return recipe;
}

Recipe with(const char* normalization, const char* preconditioner, const char* optimizer) {
    Recipe recipe = large();
    recipe.normalization = methodOf(normalizationCatalog(), normalization);
    recipe.preconditioner = methodOf(preconditioningCatalog(), preconditioner);
    recipe.optimizer = methodOf(optimizerCatalog(), optimizer);
    recipe.learningRate = 0.01;
    return recipe;
}

Recipe penalized(bool before) {
    Recipe recipe = with("none", "bnp", "sgd");
    recipe.l2 = 0.01;
    recipe.l2BeforePreconditioner = before;
    return recipe;
}

/// Every tenth step is measured, so that both ways of a step are gone.
template<class S>
TrainerState<S> trained(const Recipe& recipe, StepTeam* team, std::vector<double>* losses) {
    const auto trainer = makeTrainer<S>(recipe);
    trainer->setTeam(team);
    if (team && !trainer->sharesSteps(recipe.batchSize)) throw std::logic_error("nothing is shared");
    *losses = train(*trainer, 25);
    return trainer->state();
}

template<class S>
void threadsDoNotMatter(const Recipe& recipe) {
    std::vector<double> alone;
    const TrainerState<S> expected = trained<S>(recipe, nullptr, &alone);
    for (const int size : {1, 2, 3, 4, 7}) {
        StepTeam team(size);
        std::vector<double> losses;
        const TrainerState<S> state = trained<S>(recipe, &team, &losses);
        QVERIFY(losses == alone);
        QVERIFY(state.theta == expected.theta);
        QCOMPARE(state.tensors.size(), expected.tensors.size());
        for (std::size_t i = 0; i < state.tensors.size(); ++i)
            QVERIFY2(state.tensors[i].second == expected.tensors[i].second, state.tensors[i].first.c_str());
    }
}

} // namespace

class SharedStepsTest : public QObject {
    Q_OBJECT

private slots:
    void threadsDoNotMatter_data() {
        QTest::addColumn<Recipe>("recipe");
        QTest::newRow("plain") << large();
        QTest::newRow("BN") << with("batch_norm", "none", "sgd");
        QTest::newRow("BNP") << with("none", "bnp", "sgd");
        QTest::newRow("BN and BNP") << with("batch_norm", "bnp", "sgd");
        QTest::newRow("BNP and momentum") << with("none", "bnp", "momentum");
        QTest::newRow("BN and Adam") << with("batch_norm", "none", "adam");
        QTest::newRow("LN and BNP") << with("layer_norm", "bnp", "sgd");
        QTest::newRow("penalty after P") << penalized(false);
        QTest::newRow("penalty before P") << penalized(true);
        QTest::newRow("wide") << wide(large());
        QTest::newRow("wide with a margin") << withMargin(wide(large()));
        QTest::newRow("wide with a margin, BN") << withMargin(wide(with("batch_norm", "none", "sgd")));
        QTest::newRow("wide with a margin, BNP") << withMargin(wide(with("none", "bnp", "sgd")));
        QTest::newRow("wide, BN") << wide(with("batch_norm", "none", "sgd"));
        QTest::newRow("wide, BNP") << wide(with("none", "bnp", "sgd"));
        QTest::newRow("wide, BNP and momentum") << wide(with("none", "bnp", "momentum"));
    }
    void threadsDoNotMatter() {
        QFETCH(Recipe, recipe);
        ::threadsDoNotMatter<float>(recipe);
        ::threadsDoNotMatter<double>(recipe);
    }

    /// As alone (catalogs.trainers), from the first step with a team on.
    void noSharedStepAllocates() {
        StepTeam team(2);
        for (const char* normalization : {"none", "batch_norm"})
            for (const char* preconditioner : {"none", "bnp"}) {
                const Recipe recipe = withMargin(wide(with(normalization, preconditioner, "sgd")));
                const auto trainer = makeTrainer<float>(recipe);
                NoSink sink;
                trainer->step(sink, 3); // alone: the workspaces of the first evaluation
                trainer->setTeam(&team);
                const long count = countAllocations([&] {
                    for (int step = 1; step < 20; ++step)
                        trainer->step(sink, 3);
                });
                if (count < 0) QSKIP("a sanitizer does not let allocations be counted");
                QVERIFY2(count == 0,
                         qPrintable(QString("%1 %2: %3").arg(normalization, preconditioner).arg(count)));
            }
    }
};

QTEST_APPLESS_MAIN(SharedStepsTest)
#include "shared_steps_test.moc"
