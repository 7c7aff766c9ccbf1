// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/theory_line.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double reach = 0.35;     ///< of the visible steps, to either side
constexpr double fewestSteps = 20; ///< to either side
constexpr int points = 64;

QString tr(const char* text) {
    return QCoreApplication::translate("TheoryLine", text);
}

QString wordsOf(const TheoryLine& line) {
    if (!line.why.isEmpty()) return tr("hidden: %1").arg(line.why);
    const double tenth = std::log(0.1) / std::log(line.factor);
    if (line.factor >= 1) return tr("×%1 each step: grows").arg(line.factor, 0, 'f', 4);
    return tr("×%1 each step, a tenth in %2 steps, as predicted at step %3")
        .arg(QString::number(line.factor, 'f', 1 - line.factor < 1e-3 ? 6 : 4),
             formatNumber(std::ceil(tenth)), formatCount(line.step));
}

} // namespace

double TheoryLine::at(double steps) const {
    return floor + (loss - floor) * std::pow(factor, steps - static_cast<double>(step));
}

Curve theoryCurve(const PlotRun& run, const CurveWindow& window) {
    Curve curve;
    curve.run = run.id;
    curve.position = run.position;
    curve.name = run.name;
    curve.series = tr("theory");
    curve.color = run.color;
    curve.stroke = Stroke::Dotted;
    curve.selected = run.selected;
    curve.theory = true;
    if (!run.theory || !run.theory->why.isEmpty()) return curve;
    const double first = run.scale.step(window.from), last = run.scale.step(window.to);
    const double middle = static_cast<double>(run.theory->step);
    const double half = std::max(fewestSteps, reach * (last - first));
    const double from = std::max({first, middle - half, 0.0}), to = std::min(last, middle + half);
    for (int k = 0; from < to && k < points; ++k) {
        const double step = from + (to - from) * k / (points - 1);
        const double loss = run.theory->at(step);
        if (std::isfinite(loss) && (loss > 0 || !window.logY))
            curve.raw.emplace_back(run.scale.x(step), loss);
    }
    return curve;
}

TheoryWords theoryWords(const PlotScene& scene) {
    TheoryWords words;
    QStringList lines{
        tr("Predicted slope\nWhat gradient descent at the present learning rate does to the loss on the "
           "quadratic model of the measured curvature: its distance to the minimum shrinks by "
           "max |1 - η λ|² each step, λ the eigenvalues of PᵀHP that count; with momentum β by the largest "
           "|z|², of heavy ball z² - (1+β-ηλ) z + β = 0, of Nesterov z² - (1+β)(1-ηλ) z + β(1-ηλ) = 0. "
           "Dotted; hidden where the theory does not hold.")};
    for (const PlotRun& run : scene.runs) {
        if (run.hidden || !run.theory) continue;
        words.measured = true;
        words.drawn = words.drawn || run.theory->why.isEmpty();
        lines << tr("%1: %2").arg(run.name, wordsOf(*run.theory));
    }
    words.text = lines.join(u'\n');
    return words;
}

} // namespace kappascope::ui
