// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/study_result.h"

#include <algorithm>

namespace kappascope {

const char* wordsOf(Verdict verdict) {
    switch (verdict) {
    case Verdict::Holds:
        return "holds";
    case Verdict::HoldsPartly:
        return "holds partly";
    case Verdict::DoesNotHold:
        break;
    }
    return "does not hold";
}

Verdict verdictOf(const std::vector<Finding>& findings) {
    const auto seen = std::ranges::count(findings, true, &Finding::seen);
    if (seen == 0) return Verdict::DoesNotHold;
    return seen == std::ssize(findings) ? Verdict::Holds : Verdict::HoldsPartly;
}

} // namespace kappascope
