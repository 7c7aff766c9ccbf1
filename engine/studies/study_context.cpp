// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/study_context.h"

#include "engine/core/error.h"
#include "engine/data/data_catalog.h"

#include <algorithm>

namespace kappascope {

namespace {
constexpr std::uint64_t firstTuningSeed = 1001; // far from those that are measured
}

DataSpec imageData(const std::string& set) {
    const std::vector<std::string> known{"mnist", "digits"};
    if (std::ranges::find(known, set) == known.end())
        throw InputError("data", "there are no images '" + set + "' for the studies",
                         suggestName(set, known));
    DataSpec data;
    data.set = set;
    if (set == "digits") data.scale = {1.0 / 16};
    return checked(data);
}

StudyContext::StudyContext(StudyOptions options, Progress progress, const Cancelled* cancelled,
                           TrainingStore* store)
    : options_(std::move(options)), progress_(std::move(progress)), cancelled_(cancelled), store_(store),
      team_(std::max(1, options_.threads)) {}

std::int64_t StudyContext::steps(std::int64_t quick, std::int64_t full) const {
    return std::max<std::int64_t>(1, (this->full() ? full : quick) / options_.shortening);
}

std::vector<std::uint64_t> StudyContext::seeds() const {
    std::vector<std::uint64_t> seeds;
    for (int i = 1; i <= options_.seeds; ++i)
        seeds.push_back(static_cast<std::uint64_t>(i));
    return seeds;
}

std::vector<std::uint64_t> StudyContext::tuningSeeds() const {
    if (shortened()) return {firstTuningSeed};
    // More than one: a rate at the edge of stability does well with some seeds and diverges with others.
    if (!full()) return {firstTuningSeed, firstTuningSeed + 1};
    return {firstTuningSeed, firstTuningSeed + 1, firstTuningSeed + 2};
}

std::vector<std::uint64_t> StudyContext::confirmingSeeds() const {
    const std::uint64_t first = firstTuningSeed + tuningSeeds().size();
    if (shortened()) return {first};
    return {first, first + 1, first + 2};
}

void StudyContext::report(const std::string& what, double done) const {
    stopIfCancelled(cancelled_);
    if (progress_) progress_(what, done);
}

} // namespace kappascope
