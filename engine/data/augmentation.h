// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/data_spec.h"
#include "engine/data/dataset.h"

#include <cstdint>
#include <span>
#include <vector>

namespace kappascope {

/// Throws InputError at "data.augmentation" when the training images cannot be changed as `spec` says: they
/// are no images, or smaller than the moves.
void checkAugmentation(const AugmentationSpec& spec, const Dataset& train);

/// Random changes of the images of a mini-batch: crop after padding with black (He, Zhang, Ren, Sun, CVPR
/// 2016, section 4.2: 4 pixels on 32 x 32), then shift, then flip. What happens to place k of the batch of a
/// step is a pure function of (seed, step, k), from a stream of its own for each kind of change, so that all
/// runs see the same images and none of the kinds moves another. Pixels move as bytes: padding is black
/// whatever the inputs are scaled to. A value; readable from any thread. None by default.
class Augmentation {
public:
    Augmentation() = default;
    /// `image` as checkAugmentation() has seen it.
    Augmentation(const AugmentationSpec& spec, const ImageShape& image, std::uint64_t seed)
        : spec_(spec), image_(image), seed_(seed) {}

    bool any() const { return spec_.any(); }

    /// Room for one image and the way its pixels go; of whoever gathers, so that nothing is allocated.
    class Workspace {
        friend class Augmentation;
        std::vector<std::uint8_t> moved_;
        std::vector<int> row_, column_;
    };
    Workspace workspace() const;

    /// out = the mini-batch `samples` of `step`, changed; x: the training images, in bytes; out: features x
    /// samples.size(). Plain gathering where there is nothing to change.
    template<class S>
    void gather(const Features& x, std::span<const int> samples, std::int64_t step, MatrixRef<S> out,
                Workspace& workspace) const;

private:
    struct Move {
        int cropDown = 0, cropRight = 0, shiftDown = 0, shiftRight = 0; ///< of the image, in pixels
        bool flip = false;
    };
    void setWay(const Move& move, Workspace& workspace) const;
    void moveBytes(const std::uint8_t* bytes, Workspace& workspace) const;

    AugmentationSpec spec_;
    ImageShape image_;
    std::uint64_t seed_ = 0;
};

} // namespace kappascope
