// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace kappascope {

/// The newest `capacity` items, oldest first. Memory grows with what is pushed and never beyond the capacity.
template<class T>
class Ring {
public:
    explicit Ring(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

    std::size_t size() const { return items_.size(); }
    bool empty() const { return items_.empty(); }
    bool full() const { return items_.size() == capacity_; }
    std::size_t bytes() const { return items_.capacity() * sizeof(T); }

    const T& operator[](std::size_t i) const { return items_[wrapped(i)]; }
    const T& front() const { return (*this)[0]; }
    const T& back() const { return (*this)[size() - 1]; }

    /// Appends; the oldest item goes when the ring is full. Returns true when one went.
    bool push(const T& item) {
        if (!full()) {
            grow();
            items_.push_back(item);
            return false;
        }
        items_[oldest_] = item;
        if (++oldest_ == capacity_) oldest_ = 0;
        return true;
    }

    /// Keeps the newest `capacity` items from now on; returns how many went.
    std::size_t shrink(std::size_t capacity) {
        capacity_ = std::max<std::size_t>(capacity, 1);
        const std::size_t gone = size() > capacity_ ? size() - capacity_ : 0;
        std::vector<T> kept;
        kept.reserve(std::min(capacity_, items_.capacity()));
        for (std::size_t i = gone; i < size(); ++i)
            kept.push_back((*this)[i]);
        items_ = std::move(kept);
        oldest_ = 0;
        return gone;
    }

    void clear() {
        items_.clear();
        oldest_ = 0;
    }

    /// Number of the first item for which `isAtOrAfter` holds; size() when there is none. The predicate must
    /// be false, then true, along the ring.
    template<class Predicate>
    std::size_t firstThat(Predicate isAtOrAfter) const {
        std::size_t low = 0, high = size();
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (isAtOrAfter((*this)[middle]))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

private:
    std::size_t wrapped(std::size_t i) const {
        const std::size_t place = oldest_ + i;
        return place < items_.size() ? place : place - items_.size();
    }
    /// Doubling as std::vector does, but never above the capacity.
    void grow() {
        if (items_.size() == items_.capacity())
            items_.reserve(std::min(capacity_, std::max<std::size_t>(16, 2 * items_.capacity())));
    }

    std::size_t capacity_, oldest_ = 0;
    std::vector<T> items_;
};

} // namespace kappascope
