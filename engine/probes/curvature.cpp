// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/condition_number.h"
#include "engine/probes/probe.h"

#include <algorithm>

// What is measured beside the training, from snapshots: described here, recorded by
// engine/laboratory/curvature_record.h, which computes nothing either: engine/curvature does.

namespace kappascope::probes {

namespace {

/// The one definition of a quantity (engine/curvature/condition_number.h), as tables and tooltips have it.
std::string definitionOf(const char* quantity) {
    return std::ranges::find(curvatureQuantities(), quantity, &Description::key)->help;
}

ProbeEntry described(const char* key, const char* label, const std::string& help) {
    ProbeEntry about;
    about.key = key;
    about.label = label;
    about.help = help;
    about.cadence = Cadence::Snapshot;
    return about;
}

ProbeEntry conditionNumber(const char* key, const char* label, const std::string& help) {
    ProbeEntry about = described(key, label, help);
    about.perLayer = about.logarithmic = true;
    about.reference = "Layers: Lange, Helfrich, Ye, JMLR 23(72), 2022, Proposition 1";
    return about;
}

ProbeEntry averageNumber(const char* key, const char* label, const std::string& help) {
    ProbeEntry about = described(key, label, help);
    about.logarithmic = true;
    return about;
}

} // namespace

ProbeEntry condition_number() {
    return conditionNumber(
        "condition_number", "Condition number κ",
        "How unevenly the training loss is curved, as the optimizer meets it. A layer: median of κ* of the "
        "blocks PᵀĤᵀSĤP of its neurons. Whole network, up to 2,000 parameters: κr of PᵀHP, H the Hessian in "
        "training mode without penalty and PPᵀ what the run's update multiplies the gradient by. κr: " +
            definitionOf("kappa_rank") + " Larger networks have no κr: see κavg.");
}

ProbeEntry condition_number_raw() {
    return conditionNumber(
        "condition_number_raw", "Condition number without P",
        "The same before the preconditioner. A layer: median of κ* of the blocks ĤᵀSĤ of its "
        "neurons. Whole network: κr of the Hessian as it is, over the same r directions.");
}

ProbeEntry condition_number_low() {
    return conditionNumber("condition_number_low", "Condition number, lower quartile",
                           "A layer: lower quartile of κ* over its neurons, preconditioned.");
}

ProbeEntry condition_number_high() {
    return conditionNumber("condition_number_high", "Condition number, upper quartile",
                           "A layer: upper quartile of κ* over its neurons, preconditioned.");
}

ProbeEntry condition_gain() {
    return conditionNumber("condition_gain", "Gain of the preconditioner",
                           "Condition number before over after the preconditioner, of the same matrix over "
                           "the same directions: above 1 the preconditioner helps. A layer: of the medians "
                           "over its neurons. Whole network: of κr.");
}

ProbeEntry condition_number_average() {
    return averageNumber(
        "condition_number_average", "Average condition number κavg",
        "Of the whole network, as the optimizer meets it: of PᵀHP. " + definitionOf("kappa_average") +
            " Estimated where there are more than 2,000 parameters, with its standard error. It "
            "does not see how small the small eigenvalues are, as κr does.");
}

ProbeEntry condition_number_average_raw() {
    return averageNumber("condition_number_average_raw", "Average condition number κavg without P",
                         "The same of the Hessian as it is, before the preconditioner.");
}

ProbeEntry condition_number_average_low() {
    return averageNumber("condition_number_average_low", "Average condition number κavg, lower end",
                         "An estimated κavg of PᵀHP less its standard error.");
}

ProbeEntry condition_number_average_high() {
    return averageNumber("condition_number_average_high", "Average condition number κavg, upper end",
                         "An estimated κavg of PᵀHP plus its standard error.");
}

ProbeEntry condition_gain_average() {
    return averageNumber("condition_gain_average", "Gain in κavg",
                         "κavg of the Hessian over κavg of PᵀHP: above 1 the preconditioner helps.");
}

ProbeEntry sharpness() {
    ProbeEntry about = described("sharpness", "Sharpness λmax",
                                 "Largest eigenvalue of the Hessian of the training loss as the optimizer "
                                 "meets it, of PᵀHP. Above the stability limit steps along its direction "
                                 "grow.");
    about.logarithmic = true;
    about.reference = "Cohen, Kaur, Li, Kolter, Talwalkar, ICLR 2021";
    return about;
}

ProbeEntry stability_limit() {
    ProbeEntry about =
        described("stability_limit", "Stability limit",
                  "Largest λmax of PᵀHP at which this optimizer's steps do not grow at its "
                  "present learning rate: 2/η for gradient descent, 2(1+β)/η for the heavy ball, "
                  "2(1+β)/((1+2β)η) with Nesterov's momentum, β the momentum.");
    about.logarithmic = true;
    about.reference = "Cohen, Kaur, Li, Kolter, Talwalkar, ICLR 2021";
    return about;
}

ProbeEntry negative_curvature() {
    ProbeEntry about = described("negative_curvature", "Negative curvature",
                                 "Share of the eigenvalues of the Hessian below -1e-6 of the largest (of "
                                 "estimates: -1e-3): directions in which the loss bends downwards.");
    about.unit = "share";
    return about;
}

} // namespace kappascope::probes
