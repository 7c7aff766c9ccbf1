// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/telemetry/ring.h"

#include <cstdint>

namespace kappascope {

/// A numbered sequence of which the first `head` and the newest `capacity` items are kept.
template<class T>
class Kept {
public:
    Kept(std::size_t head, std::size_t capacity) : headCapacity_(head), newest_(capacity) {}

    /// Items pushed so far.
    std::int64_t size() const { return dropped_ + static_cast<std::int64_t>(newest_.size()); }
    const Ring<T>& newest() const { return newest_; }
    const std::vector<T>& head() const { return head_; }

    void push(const T& item) {
        if (head_.size() < headCapacity_) head_.push_back(item);
        if (newest_.push(item)) ++dropped_;
    }

    /// Item `number` of all; null when it is not kept, or is not there yet.
    const T* find(std::int64_t number) const {
        if (number >= dropped_)
            return number < size() ? &newest_[static_cast<std::size_t>(number - dropped_)] : nullptr;
        return number < static_cast<std::int64_t>(head_.size()) ? &head_[static_cast<std::size_t>(number)]
                                                                : nullptr;
    }

    /// Are all items [first, last] kept?
    bool holds(std::int64_t first, std::int64_t last) const {
        if (last >= size()) return false;
        const auto head = static_cast<std::int64_t>(head_.size());
        return first >= dropped_ || last < head || dropped_ <= head;
    }

    /// Goes on as if `number` items had been pushed, of which only the head is kept.
    void skipTo(std::int64_t number) {
        if (size() == number) return;
        newest_.clear();
        dropped_ = number;
    }

    /// Keeps less from now on.
    void shrink(std::size_t head, std::size_t capacity) {
        headCapacity_ = head;
        head_.resize(std::min(head_.size(), head));
        head_.shrink_to_fit();
        dropped_ += static_cast<std::int64_t>(newest_.shrink(capacity));
    }

    void clear() {
        head_.clear();
        newest_.clear();
        dropped_ = 0;
    }

    std::size_t bytes() const { return newest_.bytes() + head_.capacity() * sizeof(T); }

private:
    std::size_t headCapacity_;
    std::vector<T> head_;
    Ring<T> newest_;
    std::int64_t dropped_ = 0; ///< items that have left the ring
};

} // namespace kappascope
