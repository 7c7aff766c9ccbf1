// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/allocations.h"
#include "tests/support/training.h"

#include <QTest>

#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// Every normalization with every preconditioner and every optimizer, with their defaults.
std::vector<Recipe> allCombinations() {
    std::vector<Recipe> recipes;
    for (const auto& normalization : normalizationCatalog().keys())
        for (const auto& preconditioner : preconditioningCatalog().keys())
            for (const auto& optimizer : optimizerCatalog().keys()) {
                Recipe recipe;
                recipe.normalization = methodOf(normalizationCatalog(), normalization);
                recipe.preconditioner = methodOf(preconditioningCatalog(), preconditioner);
                recipe.optimizer = methodOf(optimizerCatalog(), optimizer);
                recipe.learningRate = 0.01;
                recipes.push_back(recipe);
            }
    return recipes;
}

std::string nameOf(const Recipe& recipe) {
    return recipe.normalization.method + " " + recipe.preconditioner.method + " " + recipe.optimizer.method;
}

template<class S>
void continuesExactly(const Recipe& recipe) {
    const auto original = makeTrainer<S>(recipe), other = makeTrainer<S>(recipe);
    train(*original, 9);
    other->restore(original->state());
    QVERIFY2(train(*original, 9) == train(*other, 9), nameOf(recipe).c_str());
    QVERIFY2(original->network().theta() == other->network().theta(), nameOf(recipe).c_str());
}

} // namespace

class TrainersTest : public QObject {
    Q_OBJECT

private slots:
    void everyCombinationLearns() {
        for (const auto& recipe : allCombinations()) {
            const auto trainer = makeTrainer<double>(recipe);
            const double before = trainer->evaluate().trainLoss;
            train(*trainer, 200);
            const double after = trainer->evaluate().trainLoss;
            QVERIFY2(after < before, nameOf(recipe).c_str());
        }
    }

    void everyCombinationContinuesBitForBit() {
        for (const auto& recipe : allCombinations()) {
            continuesExactly<float>(recipe);
            continuesExactly<double>(recipe);
        }
    }

    /// Nothing is taken from the heap in a step, measured or not, at any batch size, once the workspaces
    /// stand.
    void noCombinationAllocatesInAStep() {
        for (Recipe recipe : allCombinations())
            for (const int batch : {1, 8, 1000}) {
                recipe.batchSize = batch;
                const auto trainer = makeTrainer<float>(recipe);
                NoSink sink;
                trainer->step(sink, 3);
                const long count = countAllocations([&] {
                    for (int step = 1; step < 20; ++step)
                        trainer->step(sink, 3);
                });
                if (count < 0) QSKIP("a sanitizer does not let allocations be counted");
                QVERIFY2(count == 0, qPrintable(QString("%1: %2").arg(nameOf(recipe).c_str()).arg(count)));
            }
    }

    void allocationsAreCounted() {
        const long count = countAllocations([] {
            const Vector<double> vector = Vector<double>::Ones(100);
            const auto number = std::make_unique<volatile double>(vector.sum());
            *number = *number + 1;
        });
        if (count < 0) QSKIP("a sanitizer does not let allocations be counted");
        QCOMPARE(count, 2L);
    }
};

QTEST_APPLESS_MAIN(TrainersTest)
#include "trainers_test.moc"
