// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/decision_map.h"

#include "ui/theme/theme.h"
#include "ui/views/view_catalog.h"

namespace kappascope::ui {

DecisionMap::DecisionMap(ViewWorker& worker, QWidget* parent) : PlaneView(worker, parent) {
    setAccessibleName(tr("Decision map"));
}

QString DecisionMap::className(int label) const {
    const auto& names = snapshot()->data->train.classNames;
    const auto index = static_cast<std::size_t>(label);
    return index < names.size() ? QString::fromStdString(names[index]) : QString::number(label);
}

QString DecisionMap::prediction(const Eigen::Ref<const Vector<double>>& probabilities) const {
    const Verdict verdict = verdictOf(probabilities);
    return tr("predicts class %1 with probability %2")
        .arg(className(verdict.label), formatNumber(verdict.probability));
}

QString DecisionMap::describe(const SamplePoint& point) const {
    return tr("class %1").arg(className(point.label));
}

ViewEntry decisionMap() {
    return {
        {"decision_map",
         "Decision map",
         "Evaluation mode: the class with the largest probability at every place of the plane; the colour "
         "fades to the background where the network is not certain.",
         {},
         {}},
        "Map",
        [](const Split& data) {
            return data.train.task == Task::Classification && data.train.features() == 2;
        },
        [](ViewWorker& worker) { return std::make_unique<DecisionMap>(worker); }};
}

} // namespace kappascope::ui
