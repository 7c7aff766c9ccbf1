// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/claim_catalog.h"

#include <ctime>

namespace kappascope {

namespace claims {
Claim ordinary_batches();
Claim small_batches();
Claim hessian_blocks();
Claim local_rate();
Claim equal_step();
} // namespace claims

const Catalog<Claim>& claimCatalog() {
    // A new claim is one file in claims/ and one name here.
    static const Catalog<Claim> catalog("claim", {claims::ordinary_batches(), claims::small_batches(),
                                                  claims::hessian_blocks(), claims::local_rate(),
                                                  claims::equal_step()});
    return catalog;
}

StudyResult runStudy(const Claim& claim, StudyContext& context) {
    const std::clock_t begin = std::clock();
    const double kept = context.keptSeconds();
    StudyResult result = claim.study(context);
    result.processorSeconds =
        static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC + (context.keptSeconds() - kept);
    return result;
}

} // namespace kappascope
