// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/conv2d.h"

#include "engine/core/product_kernels.h"

#include <stdexcept>

namespace kappascope {

template<class S>
Conv2d<S>::Conv2d(const MapShape& in, Index channels, const WindowRule& rule, Index groups)
    : WeightedLayer<S>({.inputChannels = in.channels,
                        .kernelArea = rule.area(),
                        .groups = groups,
                        .outputs = channels,
                        .positions = rule.over(in, channels).positions()}),
      in_(in), out_(rule.over(in, channels)), rule_(rule) {
    if (!rule.fits(in)) throw std::logic_error("a convolution's windows do not fit on its map");
    if (groups < 1 || in.channels % groups != 0 || channels % groups != 0)
        throw std::logic_error("groups must divide a convolution's channels");
    planForward();
    planBackward();
    constexpr Index most = 8, largest = Index{1} << 16; // numbers of a sum
    sharedSums_ = sizeOfSum() <= largest ? most : 1;
}

template<class S>
void Conv2d<S>::planForward() {
    framedIn_ = {in_, rule_.paddingY, rule_.paddingX, (out_.height - 1) * rule_.strideY + rule_.height,
                 (out_.width - 1) * rule_.strideX + rule_.width};
    const bool whole = this->groups() == 1; // all channels: a row of the kernel is contiguous
    blockLength_ = whole ? rule_.width * in_.channels : channelsOfGroup();
    for (Index ky = 0; ky < rule_.height; ++ky)
        for (Index kx = 0; kx < (whole ? 1 : rule_.width); ++kx)
            blocks_.push_back(ky * framedIn_.rowStride() + kx * in_.channels);
    packedSize_ = convolutionKernels<S>().packedSize(unitsOfGroup(), this->fanIn());
}

/// Input row y, row Y = y + paddingY of the framed inputs, receives from output row i by tap ky = Y - i
/// strideY: with ky = Y mod strideY + a strideY, from i = Y / strideY - a for every a that the kernel has.
template<class S>
void Conv2d<S>::planBackward() {
    const auto most = [](Index taps, Index stride) { return (taps + stride - 1) / stride; };
    const Index firstRow = rule_.paddingY / rule_.strideY - (most(rule_.height, rule_.strideY) - 1);
    const Index firstColumn = rule_.paddingX / rule_.strideX - (most(rule_.width, rule_.strideX) - 1);
    const Index lastRow = (rule_.paddingY + in_.height - 1) / rule_.strideY;
    const Index lastColumn = (rule_.paddingX + in_.width - 1) / rule_.strideX;
    framedOut_ = {out_, -firstRow, -firstColumn, lastRow - firstRow + 1, lastColumn - firstColumn + 1};
    for (Index y = 0; y < std::min(rule_.strideY, in_.height); ++y)
        for (Index x = 0; x < std::min(rule_.strideX, in_.width); ++x)
            addPhase(y, x);
}

template<class S>
void Conv2d<S>::addPhase(Index y, Index x) {
    Phase phase;
    phase.y = y;
    phase.x = x;
    phase.rows = (in_.height - y + rule_.strideY - 1) / rule_.strideY;
    phase.columns = (in_.width - x + rule_.strideX - 1) / rule_.strideX;
    phase.firstTapY = (y + rule_.paddingY) % rule_.strideY;
    phase.firstTapX = (x + rule_.paddingX) % rule_.strideX;
    phase.tapsY = std::max<Index>(0, (rule_.height - phase.firstTapY + rule_.strideY - 1) / rule_.strideY);
    phase.tapsX = std::max<Index>(0, (rule_.width - phase.firstTapX + rule_.strideX - 1) / rule_.strideX);
    if (phase.tapsY == 0 || phase.tapsX == 0) phase.tapsY = phase.tapsX = 0;

    // The window of the phase's first input begins at the output that its last tap reaches.
    const Index row = (y + rule_.paddingY) / rule_.strideY - std::max<Index>(0, phase.tapsY - 1);
    const Index column = (x + rule_.paddingX) / rule_.strideX - std::max<Index>(0, phase.tapsX - 1);
    const Index rowStride = framedOut_.rowStride(), channels = out_.channels;
    phase.origin = (row + framedOut_.top) * rowStride + (column + framedOut_.left) * channels;
    const bool whole = this->groups() == 1;
    phase.blockLength = whole ? phase.tapsX * channels : unitsOfGroup();
    for (Index a = 0; a < phase.tapsY; ++a)
        for (Index b = 0; b < (whole ? 1 : phase.tapsX); ++b)
            phase.blocks.push_back(a * rowStride + b * channels);
    phase.packed = turnedSize_;
    turnedSize_ +=
        convolutionKernels<S>().packedSize(channelsOfGroup(), phase.tapsY * phase.tapsX * unitsOfGroup());
    phases_.push_back(std::move(phase));
}

template<class S>
void Conv2d<S>::reserve(Index batch) {
    const Index oneOut = out_.features() + convolutionKernels<S>().vector; // sample
    roomSize_ =
        std::max(CacheLines<S>::whole(framedIn_.size()) + std::max(this->groups() * packedSize_, oneOut),
                 framedOut_.size());
    sums_.resize(sumsOf(std::max<Index>(1, batch)) * CacheLines<S>::whole(sizeOfSum()));
    turned_.resize(this->groups() * turnedSize_);
    transposed_.resize(channelsOfGroup() * unitsOfGroup() * rule_.area());
    reserveParts(std::max(1, static_cast<int>(rooms_.size())));
}

template<class S>
void Conv2d<S>::reserveParts(int parts) {
    rooms_.resize(static_cast<std::size_t>(parts));
    for (CacheLines<S>& each : rooms_)
        each.resize(roomSize_);
}

template<class S>
Windows<S> Conv2d<S>::windowsOn(const S* framed) const {
    return {framed,
            blocks_.data(),
            static_cast<Index>(blocks_.size()),
            blockLength_,
            rule_.strideX * in_.channels,
            rule_.strideY * framedIn_.rowStride(),
            out_.width,
            out_.height};
}

template<class S>
void Conv2d<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) {
    forwardPart(in, out, 0);
}

template<class S>
void Conv2d<S>::forwardPart(const ConstColumns<S>& in, const Columns<S>& out, int part) {
    convolve(theta_, this->bias().data(), in, out, room(part));
}

template<class S>
void Conv2d<S>::convolve(const S* W, const S* bias, const ConstColumns<S>& in, const Columns<S>& out,
                         S* room) const {
    const auto& kernels = convolutionKernels<S>();
    const Index units = unitsOfGroup(), groups = this->groups(), channels = out_.channels;
    S* packed = room + CacheLines<S>::whole(framedIn_.size());
    for (Index g = 0; g < groups; ++g)
        kernels.pack(W + g * units, channels, bias ? bias + g * units : nullptr, units, this->fanIn(),
                     packed + g * packedSize_);
    framedIn_.clear(room);
    for (Index n = 0; n < in.cols; ++n) {
        Windows<S> windows = windowsOn(framedIn_.place(in.data + n * in.stride, room));
        MapView<S> map{out.data + n * out.stride, channels, out_.width * channels};
        joinRows(windows, map);
        for (Index g = 0; g < groups; ++g, windows.in += channelsOfGroup(), map.data += units)
            kernels.convolve(windows, packed + g * packedSize_, units, map);
    }
}

template<class S>
void Conv2d<S>::prepare(Index) {
    packTurned(theta_, turned_.data());
}

/// The phases' weights: channels x (taps, the last first, of all units).
template<class S>
void Conv2d<S>::packTurned(const S* W, S* packed) {
    const Index units = unitsOfGroup(), channels = channelsOfGroup(), outputs = out_.channels;
    for (Index g = 0; g < this->groups(); ++g)
        for (const Phase& phase : phases_) {
            S* next = transposed_.data();
            for (Index a = phase.tapsY; a-- > 0;)
                for (Index b = phase.tapsX; b-- > 0; next += channels * units) {
                    const Index tap = (phase.firstTapY + a * rule_.strideY) * rule_.width + phase.firstTapX +
                                      b * rule_.strideX;
                    productKernels<S>().transpose(W + g * units + tap * channels * outputs, outputs, units,
                                                  channels, next);
                }
            convolutionKernels<S>().pack(transposed_.data(), channels, nullptr, channels,
                                         phase.tapsY * phase.tapsX * units,
                                         packed + g * turnedSize_ + phase.packed);
        }
}

template<class S>
void Conv2d<S>::propagatePart(const ConstColumns<S>& dOut, const Columns<S>& dIn, Index, int part) {
    propagate(turned_.data(), dOut, dIn, room(part));
}

template<class S>
void Conv2d<S>::propagate(const S* packed, const ConstColumns<S>& dOut, const Columns<S>& dIn,
                          S* room) const {
    const Index channels = in_.channels;
    framedOut_.clear(room);
    for (Index n = 0; n < dOut.cols; ++n) {
        const S* framed = framedOut_.place(dOut.data + n * dOut.stride, room);
        S* sample = dIn.data + n * dIn.stride;
        for (Index g = 0; g < this->groups(); ++g)
            for (const Phase& phase : phases_) {
                Windows<S> windows{framed + phase.origin + g * unitsOfGroup(),
                                   phase.blocks.data(),
                                   static_cast<Index>(phase.blocks.size()),
                                   phase.blockLength,
                                   out_.channels,
                                   framedOut_.rowStride(),
                                   phase.columns,
                                   phase.rows};
                const MapView<S> map{sample + (phase.y * in_.width + phase.x) * channels +
                                         g * channelsOfGroup(),
                                     rule_.strideX * channels, rule_.strideY * in_.width * channels};
                joinRows(windows, map);
                convolutionKernels<S>().convolve(windows, packed + g * turnedSize_ + phase.packed,
                                                 channelsOfGroup(), map);
            }
    }
}

template<class S>
void Conv2d<S>::unroll(ConstMatrixRef<S> in, Index group, MatrixRef<S> patches) const {
    patches.setZero();
    const Index channels = channelsOfGroup();
    for (Index n = 0, column = 0; n < in.cols(); ++n)
        for (Index i = 0; i < out_.positions(); ++i, ++column)
            for (Index tap = 0; tap < rule_.area(); ++tap) {
                const Index y = i / out_.width * rule_.strideY + tap / rule_.width - rule_.paddingY;
                const Index x = i % out_.width * rule_.strideX + tap % rule_.width - rule_.paddingX;
                if (y < 0 || y >= in_.height || x < 0 || x >= in_.width) continue;
                patches.col(column).segment(tap * channels, channels) =
                    in.col(n).segment((y * in_.width + x) * in_.channels + group * channels, channels);
            }
}

template<class S>
std::unique_ptr<Layer<float>> Conv2d<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<Conv2d<float>>(in_, out_.channels, rule_, this->groups());
}

template<class S>
std::unique_ptr<Layer<double>> Conv2d<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<Conv2d<double>>(in_, out_.channels, rule_, this->groups());
}

template class Conv2d<float>;
template class Conv2d<double>;

} // namespace kappascope
