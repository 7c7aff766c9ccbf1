// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/average_pool_2d.h"

#include "engine/core/product_kernels.h"

namespace kappascope {

template<class S>
AveragePool2d<S>::AveragePool2d(const MapShape& in, const WindowRule& rule) : pooling_{in, rule} {
    requirePooling(pooling_);
}

template<class S>
void AveragePool2d<S>::apply(ConstMatrixRef<S> in, MatrixRef<S> out) const {
    for (Index n = 0; n < in.cols(); ++n)
        poolingKernels<S>().add(pooling_, share(), in.col(n).data(), out.col(n).data());
}

template<class S>
void AveragePool2d<S>::applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const {
    for (Index n = 0; n < dOut.cols(); ++n) {
        dIn.col(n).setZero();
        poolingKernels<S>().spread(pooling_, share(), dOut.col(n).data(), dIn.col(n).data());
    }
}

template<class S>
std::unique_ptr<Layer<float>> AveragePool2d<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<AveragePool2d<float>>(pooling_.in, pooling_.rule);
}

template<class S>
std::unique_ptr<Layer<double>> AveragePool2d<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<AveragePool2d<double>>(pooling_.in, pooling_.rule);
}

template<class S>
void GlobalAveragePool<S>::apply(ConstMatrixRef<S> in, MatrixRef<S> out) const {
    for (Index n = 0; n < in.cols(); ++n)
        productKernels<S>().sumRows(in.col(n).data(), in_.channels, in_.channels, in_.positions(), S(0),
                                    out.col(n).data());
    out /= static_cast<S>(in_.positions());
}

template<class S>
void GlobalAveragePool<S>::applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const {
    for (Index n = 0; n < dOut.cols(); ++n) {
        MatrixMap<S> sample(dIn.col(n).data(), in_.channels, in_.positions());
        sample.colwise() = dOut.col(n);
        sample /= static_cast<S>(in_.positions());
    }
}

template<class S>
std::unique_ptr<Layer<float>> GlobalAveragePool<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<GlobalAveragePool<float>>(in_);
}

template<class S>
std::unique_ptr<Layer<double>> GlobalAveragePool<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<GlobalAveragePool<double>>(in_);
}

template class AveragePool2d<float>;
template class AveragePool2d<double>;
template class GlobalAveragePool<float>;
template class GlobalAveragePool<double>;

} // namespace kappascope
