// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/recorder.h"

namespace kappascope {

void Recorder::record(const SeriesKey& key, std::int64_t step, double value) {
    if (step <= skipUpTo_) return;
    track(key, step, value);
    bufferOf(key).samples.push_back({step, value});
}

void Recorder::track(const SeriesKey& key, std::int64_t step, double value) {
    if (key.metric == "train_loss_full")
        tracker_.seeTrainLoss(step, value);
    else if (key.metric == "test_loss")
        tracker_.seeTestLoss(step, value);
    else
        return;
    measured_ = true;
}

Recorder::Buffer& Recorder::bufferOf(const SeriesKey& key) {
    // Between measurements only the loss comes, again and again.
    if (next_ > 0 && next_ <= buffers_.size() && buffers_[next_ - 1].key == key) return buffers_[next_ - 1];
    for (std::size_t tried = 0; tried < buffers_.size(); ++tried) {
        if (next_ >= buffers_.size()) next_ = 0;
        Buffer& buffer = buffers_[next_++];
        if (buffer.key == key) return buffer;
    }
    next_ = buffers_.size() + 1;
    return buffers_.emplace_back(Buffer{key, {}});
}

void Recorder::flush(History& history) {
    for (Buffer& buffer : buffers_) {
        if (buffer.samples.empty()) continue;
        history.push(buffer.key, buffer.samples);
        buffer.samples.clear();
    }
}

} // namespace kappascope
