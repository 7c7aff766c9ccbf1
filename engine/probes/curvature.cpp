// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe.h"

// What is measured beside the training, from snapshots: described here, recorded by
// engine/laboratory/curvature_record.h, which computes nothing either: engine/curvature does.

namespace kappascope::probes {

namespace {

ProbeEntry described(const char* key, const char* label, const char* help) {
    ProbeEntry about;
    about.key = key;
    about.label = label;
    about.help = help;
    about.cadence = Cadence::Snapshot;
    return about;
}

ProbeEntry conditionNumber(const char* key, const char* label, const char* help) {
    ProbeEntry about = described(key, label, help);
    about.perLayer = about.logarithmic = true;
    about.reference = "Layers: Lange, Helfrich, Ye, JMLR 23(72), 2022, Proposition 1";
    return about;
}

} // namespace

ProbeEntry condition_number() {
    return conditionNumber(
        "condition_number", "Condition number κ",
        "How unevenly the training loss is curved, as the optimizer meets it. Whole network: of PᵀHP, H the "
        "Hessian in training mode without penalty and PPᵀ what the run's update multiplies the gradient by: "
        "the largest eigenvalue over the r-th largest, r the number of directions that count before or after "
        "P (above 1e-6 of the largest); networks of more than 2,000 parameters: λmax times their number over "
        "the trace, with its error. A layer: median of κ* of the blocks PᵀĤᵀSĤP of its neurons.");
}

ProbeEntry condition_number_raw() {
    return conditionNumber("condition_number_raw", "Condition number without P",
                           "The same of the Hessian as it is, before the preconditioner, over the same r "
                           "directions. A layer: median of κ* of the blocks ĤᵀSĤ of its neurons.");
}

ProbeEntry condition_number_low() {
    return conditionNumber(
        "condition_number_low", "Condition number, lower end",
        "A layer: lower quartile of κ* over its neurons, preconditioned. Whole network: an "
        "estimated condition number less its standard error.");
}

ProbeEntry condition_number_high() {
    return conditionNumber(
        "condition_number_high", "Condition number, upper end",
        "A layer: upper quartile of κ* over its neurons, preconditioned. Whole network: an "
        "estimated condition number plus its standard error.");
}

ProbeEntry condition_gain() {
    return conditionNumber("condition_gain", "Gain of the preconditioner",
                           "Condition number before over after the preconditioner, of the same matrix over "
                           "the same directions: above 1 the preconditioner helps. A layer: of the medians "
                           "over its neurons.");
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
                  "present learning rate: 2/η for gradient descent, 2(1+μ)/η with momentum μ.");
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
