// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sample_predictions.h"

#include "ui/theme/theme.h"
#include "ui/views/plane_field.h"

#include <QCoreApplication>
#include <algorithm>
#include <span>

namespace kappascope::ui {

namespace {

constexpr Index block = 100;

void append(const Matrix<double>& predictions, const Dataset& set, std::span<const int> samples,
            SamplePredictions& out) {
    for (std::size_t k = 0; k < samples.size(); ++k) {
        const auto column = predictions.col(static_cast<Index>(k));
        if (set.task == Task::Regression) {
            out.target.push_back(set.y(0, samples[k]));
            out.value.push_back(column(0));
            continue;
        }
        const Verdict verdict = verdictOf(column);
        out.truth.push_back(set.labels[static_cast<std::size_t>(samples[k])]);
        out.predicted.push_back(verdict.label);
        out.confidence.push_back(verdict.probability);
        out.ofTruth.push_back(column.allFinite() ? column(out.truth.back()) : 0.0);
    }
}

} // namespace

std::vector<int> evenlyChosen(Index total, Index most) {
    const Index count = std::min(total, most);
    std::vector<int> chosen;
    chosen.reserve(static_cast<std::size_t>(count));
    for (Index k = 0; k < count; ++k)
        chosen.push_back(static_cast<int>(k * total / count));
    return chosen;
}

const Dataset& shownSet(const Split& split) {
    return split.test.samples() > 0 ? split.test : split.train;
}

QString SamplePredictions::source() const {
    const QString set = test ? QCoreApplication::translate("SamplePredictions", "test set")
                             : QCoreApplication::translate("SamplePredictions", "training set");
    if (static_cast<Index>(sample.size()) == total)
        return QCoreApplication::translate("SamplePredictions", "%1, %2 samples")
            .arg(set, formatCount(total));
    return QCoreApplication::translate("SamplePredictions", "%1, %2 of %3 samples")
        .arg(set, formatCount(static_cast<qint64>(sample.size())), formatCount(total));
}

SamplePredictions predictSamples(const Snapshot& snapshot, const Cancelled& cancelled) {
    const Dataset& set = shownSet(*snapshot.data);
    SamplePredictions out;
    out.test = &set == &snapshot.data->test;
    out.total = set.samples();
    out.sample = evenlyChosen(out.total, SamplePredictions::mostSamples);
    Predictor predictor(snapshot);
    Matrix<double> x;
    const std::span<const int> all(out.sample);
    for (std::size_t first = 0; first < all.size(); first += block) {
        if (cancelled) return out;
        const auto samples = all.subspan(first, std::min<std::size_t>(block, all.size() - first));
        x.resize(set.features(), static_cast<Index>(samples.size()));
        set.x.gather<double>(samples, x);
        append(predictor.predictions(x), set, samples, out);
    }
    out.complete = true;
    return out;
}

} // namespace kappascope::ui
