// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/laboratory.h"

#include "engine/laboratory/worker.h"

namespace kappascope {

// cppcheck-suppress passedByValue // four words
Laboratory::Laboratory(Experiment experiment, LaboratoryOptions options)
    : worker_(std::make_unique<Worker>(std::move(experiment), options)) {}

Laboratory::~Laboratory() = default;

void Laboratory::send(Command command) {
    worker_->send(std::move(command));
}

void Laboratory::wait() {
    worker_->wait();
}

LaboratoryStatus Laboratory::status() const {
    return worker_->look(&Worker::View::status);
}

Experiment Laboratory::experiment() const {
    return worker_->look(&Worker::View::experiment);
}

Experiment Laboratory::start() const {
    return worker_->look(&Worker::View::start);
}

std::vector<Change> Laboratory::changes() const {
    return worker_->look(&Worker::View::changes);
}

std::shared_ptr<const Split> Laboratory::data() const {
    return worker_->look(&Worker::View::data);
}

std::shared_ptr<History> Laboratory::history(int run) const {
    return worker_->history(run);
}

std::shared_ptr<const Snapshot> Laboratory::snapshot(int run) {
    return worker_->snapshot(run);
}

Laboratory::Log Laboratory::log() const {
    return worker_->log();
}

std::uint64_t Laboratory::replay(Log log, bool goOn) {
    return worker_->replay(std::move(log), goOn);
}

std::vector<Laboratory::NamedTensor> Laboratory::weights(int run) {
    std::vector<NamedTensor> tensors;
    worker_->ask([&](const Lockstep& lockstep) {
        if (Run* found = lockstep.run(run)) tensors = found->weights();
    });
    return tensors;
}

SavedTraining Laboratory::save() {
    SavedTraining saved;
    worker_->ask([&](const Lockstep& lockstep) {
        saved.step = lockstep.step();
        for (const auto& run : lockstep.runs())
            saved.runs.push_back(run->save());
    });
    return saved;
}

std::string Laboratory::signature() {
    std::string signature;
    worker_->ask([&](const Lockstep& lockstep) { signature = lockstep.signature(); });
    return signature;
}

} // namespace kappascope
