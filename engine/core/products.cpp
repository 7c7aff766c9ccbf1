// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/products.h"

#include "engine/core/product_kernels.h"

namespace kappascope {

namespace {

/// Below this many columns W^T D is faster by dot products than by transposing W first (batch 1: 13 times at
/// 100 x 100).
constexpr Index fewColumns = 4;

/// rate 0: G = D H^T, else G -= rate D H^T.
template<class S>
void outer(ConstMatrixRef<S> D, ConstMatrixRef<S> H, S rate, MatrixRef<S> G) {
    if (D.rows() == 1 && G.outerStride() == 1) // G^T = H D^T is one column
        return productKernels<S>().product({H.data(), H.outerStride(), D.data(), D.outerStride(), 1, nullptr,
                                            0, G.data(), G.cols(), H.cols(), rate},
                                           H.rows(), 1);
    productKernels<S>().product({D.data(), D.outerStride(), H.data(), H.outerStride(), 1, nullptr, 0,
                                 G.data(), G.outerStride(), D.cols(), rate},
                                D.rows(), H.rows());
}

} // namespace

template<class S>
void affine(ConstMatrixRef<S> W, ConstMatrixRef<S> H, ConstVectorRef<S> b, MatrixRef<S> A) {
    if (W.rows() == 1 && W.outerStride() == 1) // a single row lies contiguous: one dot product a sample
        return productKernels<S>().dots(
            {W.data(), W.cols(), H.data(), H.outerStride(), b.data(), A.data(), A.outerStride(), W.cols()}, 1,
            H.cols());
    productKernels<S>().product({W.data(), W.outerStride(), H.data(), 1, H.outerStride(), b.data(), 0,
                                 A.data(), A.outerStride(), W.cols()},
                                W.rows(), H.cols());
}

template<class S>
void outerProduct(ConstMatrixRef<S> D, ConstMatrixRef<S> H, MatrixRef<S> G) {
    outer<S>(D, H, 0, G);
}

template<class S>
void descendOuterProduct(ConstMatrixRef<S> D, ConstMatrixRef<S> H, S rate, MatrixRef<S> W) {
    outer<S>(D, H, rate, W);
}

template<class S>
void projectBack(ConstMatrixRef<S> W, ConstMatrixRef<S> D, MatrixRef<S> X, VectorRef<S> transposed) {
    const ProductKernels<S>& kernel = productKernels<S>();
    const bool row = W.rows() == 1 && W.outerStride() == 1; // W^T is W as it lies
    if (D.cols() < fewColumns && !row)
        return kernel.dots({W.data(), W.outerStride(), D.data(), D.outerStride(), nullptr, X.data(),
                            X.outerStride(), W.rows()},
                           W.cols(), D.cols());
    if (!row) kernel.transpose(W.data(), W.outerStride(), W.rows(), W.cols(), transposed.data());
    kernel.product({row ? W.data() : transposed.data(), W.cols(), D.data(), 1, D.outerStride(), nullptr, 0,
                    X.data(), X.outerStride(), W.rows()},
                   W.cols(), D.cols());
}

template<class S>
void sumColumns(ConstMatrixRef<S> D, VectorRef<S> g) {
    productKernels<S>().sumRows(D.data(), D.outerStride(), D.rows(), D.cols(), 0, g.data());
}

template<class S>
void descendColumns(ConstMatrixRef<S> D, S rate, VectorRef<S> b) {
    productKernels<S>().sumRows(D.data(), D.outerStride(), D.rows(), D.cols(), rate, b.data());
}

#define INSTANTIATE(S)                                                                                       \
    template void affine<S>(ConstMatrixRef<S>, ConstMatrixRef<S>, ConstVectorRef<S>, MatrixRef<S>);          \
    template void outerProduct<S>(ConstMatrixRef<S>, ConstMatrixRef<S>, MatrixRef<S>);                       \
    template void descendOuterProduct<S>(ConstMatrixRef<S>, ConstMatrixRef<S>, S, MatrixRef<S>);             \
    template void projectBack<S>(ConstMatrixRef<S>, ConstMatrixRef<S>, MatrixRef<S>, VectorRef<S>);          \
    template void sumColumns<S>(ConstMatrixRef<S>, VectorRef<S>);                                            \
    template void descendColumns<S>(ConstMatrixRef<S>, S, VectorRef<S>);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
