// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe.h"

namespace kappascope {

// In menu order. A member is engine/probes/NAME.cpp; those of the curvature share curvature.cpp.
#define PROBES(ADD)                                                                                          \
    ADD(train_loss)                                                                                          \
    ADD(train_loss_full)                                                                                     \
    ADD(test_loss)                                                                                           \
    ADD(train_accuracy)                                                                                      \
    ADD(test_accuracy)                                                                                       \
    ADD(gradient_norm)                                                                                       \
    ADD(update_size)                                                                                         \
    ADD(distance_from_start)                                                                                 \
    ADD(update_weight_ratio)                                                                                 \
    ADD(dead_units)                                                                                          \
    ADD(learning_rate)                                                                                       \
    ADD(condition_number)                                                                                    \
    ADD(condition_number_raw)                                                                                \
    ADD(condition_number_low)                                                                                \
    ADD(condition_number_high)                                                                               \
    ADD(condition_gain)                                                                                      \
    ADD(condition_number_average)                                                                            \
    ADD(condition_number_average_raw)                                                                        \
    ADD(condition_number_average_low)                                                                        \
    ADD(condition_number_average_high)                                                                       \
    ADD(condition_gain_average)                                                                              \
    ADD(sharpness)                                                                                           \
    ADD(stability_limit)                                                                                     \
    ADD(negative_curvature)

namespace probes {
#define DECLARE(name) ProbeEntry name();
PROBES(DECLARE)
#undef DECLARE
} // namespace probes

const Catalog<ProbeEntry>& probeCatalog() {
#define COLLECT(name) probes::name(),
    static const Catalog<ProbeEntry> catalog("instrument", {PROBES(COLLECT)});
#undef COLLECT
    return catalog;
}

} // namespace kappascope
