// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/augmentation.h"

#include "engine/core/error.h"
#include "engine/core/random.h"

#include <algorithm>
#include <cassert>

namespace kappascope {

namespace {

constexpr int outside = -1; ///< black comes from there

/// Uniform in -most ... most.
int drawMove(RandomStream& stream, int most) {
    return static_cast<int>(stream.below(2 * static_cast<std::uint64_t>(most) + 1)) - most;
}

/// Where each pixel of a row (or column) of `size` comes from: shifted with its edge repeated, out of what
/// has been cropped.
void setSources(std::vector<int>& source, int size, int crop, int shift) {
    for (int i = 0; i < size; ++i) {
        const int before = std::clamp(i - shift, 0, size - 1) - crop;
        source[static_cast<std::size_t>(i)] = before < 0 || before >= size ? outside : before;
    }
}

} // namespace

void checkAugmentation(const AugmentationSpec& spec, const Dataset& train) {
    if (!spec.any()) return;
    if (!train.image || !train.x.inBytes())
        throw InputError("data.augmentation", "the samples of '" + train.name + "' are not images",
                         "Leave it out.");
    const int smallest = std::min(train.image->width, train.image->height);
    const auto check = [&](const char* key, int pixels) {
        if (pixels < smallest) return;
        throw InputError(
            std::string("data.augmentation.") + key,
            std::to_string(pixels) + " pixels for images of " + std::to_string(train.image->width) + " x " +
                std::to_string(train.image->height) + ", expected at most " + std::to_string(smallest - 1),
            "Nothing of them would be left.");
    };
    check("crop", spec.crop);
    check("shift", spec.shift);
}

Augmentation::Workspace Augmentation::workspace() const {
    Workspace workspace;
    workspace.moved_.resize(static_cast<std::size_t>(image_.channels) *
                            static_cast<std::size_t>(image_.height) * static_cast<std::size_t>(image_.width));
    workspace.row_.resize(static_cast<std::size_t>(image_.height));
    workspace.column_.resize(static_cast<std::size_t>(image_.width));
    return workspace;
}

void Augmentation::setWay(const Move& move, Workspace& workspace) const {
    setSources(workspace.row_, image_.height, move.cropDown, move.shiftDown);
    setSources(workspace.column_, image_.width, move.cropRight, move.shiftRight);
    if (move.flip) std::ranges::reverse(workspace.column_);
}

void Augmentation::moveBytes(const std::uint8_t* bytes, Workspace& workspace) const {
    std::uint8_t* out = workspace.moved_.data();
    const std::size_t width = workspace.column_.size();
    for (int channel = 0; channel < image_.channels; ++channel) {
        for (const int row : workspace.row_) {
            if (row == outside) {
                out = std::fill_n(out, width, std::uint8_t{0});
                continue;
            }
            const std::uint8_t* line = bytes + static_cast<std::size_t>(row) * width;
            for (const int column : workspace.column_)
                *out++ = column == outside ? std::uint8_t{0} : line[column];
        }
        bytes += workspace.row_.size() * width;
    }
}

template<class S>
void Augmentation::gather(const Features& x, std::span<const int> samples, std::int64_t step,
                          MatrixRef<S> out, Workspace& workspace) const {
    if (!any()) return x.gather<S>(samples, out);
    assert(out.cols() == static_cast<Index>(samples.size()));
    const auto index = static_cast<std::uint64_t>(step);
    RandomStream crops(seed_, "augmentation: crop", index), shifts(seed_, "augmentation: shift", index),
        flips(seed_, "augmentation: flip", index);
    for (std::size_t k = 0; k < samples.size(); ++k) {
        Move move;
        move.cropDown = drawMove(crops, spec_.crop);
        move.cropRight = drawMove(crops, spec_.crop);
        move.shiftDown = drawMove(shifts, spec_.shift);
        move.shiftRight = drawMove(shifts, spec_.shift);
        move.flip = spec_.flip && flips.below(2) == 1;
        setWay(move, workspace);
        moveBytes(x.bytesOf(samples[k]).data(), workspace);
        x.fromBytes(workspace.moved_.data(), out.col(static_cast<Index>(k)).data());
    }
}

template void Augmentation::gather(const Features&, std::span<const int>, std::int64_t, MatrixRef<float>,
                                   Workspace&) const;
template void Augmentation::gather(const Features&, std::span<const int>, std::int64_t, MatrixRef<double>,
                                   Workspace&) const;

} // namespace kappascope
