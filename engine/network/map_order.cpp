// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/map_order.h"

#include "engine/core/product_kernels.h"

namespace kappascope {

namespace {

/// Each column of `from`, a matrix with so many rows, transposed.
template<class S>
void transposeEach(ConstMatrixRef<S> from, Index rows, MatrixRef<S> to) {
    for (Index n = 0; n < from.cols(); ++n)
        productKernels<S>().transpose(from.col(n).data(), rows, rows, from.rows() / rows, to.col(n).data());
}

} // namespace

// A sample is a matrix of channels x positions, channels last, and of positions x channels otherwise.
template<class S>
void Flatten<S>::apply(ConstMatrixRef<S> in, MatrixRef<S> out) const {
    transposeEach<S>(in, in_.channels, out);
}

template<class S>
void Flatten<S>::applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const {
    transposeEach<S>(dOut, in_.positions(), dIn);
}

template<class S>
std::unique_ptr<Layer<float>> Flatten<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<Flatten<float>>(in_);
}

template<class S>
std::unique_ptr<Layer<double>> Flatten<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<Flatten<double>>(in_);
}

template<class S>
void ChannelsLast<S>::apply(ConstMatrixRef<S> in, MatrixRef<S> out) const {
    transposeEach<S>(in, out_.positions(), out);
}

template<class S>
void ChannelsLast<S>::applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const {
    transposeEach<S>(dOut, out_.channels, dIn);
}

template<class S>
std::unique_ptr<Layer<float>> ChannelsLast<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<ChannelsLast<float>>(out_);
}

template<class S>
std::unique_ptr<Layer<double>> ChannelsLast<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<ChannelsLast<double>>(out_);
}

template class Flatten<float>;
template class Flatten<double>;
template class ChannelsLast<float>;
template class ChannelsLast<double>;

} // namespace kappascope
