// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/products.h"
#include "engine/network/dense.h"

#include <algorithm>

namespace kappascope {

namespace {

/// Whether the second of two products goes on from the first one's sums. Saves a pass of writing and two of
/// reading, at 64 x 64 for 500 samples a tenth of the time of a product with the Hessian; with few rows there
/// are faster ways to compute it for itself.
constexpr bool goesOn(Index rows) {
    constexpr Index enough = 8;
    return rows >= enough;
}

/// A += B C, C's element (k, j) at c[k * termStride + j * columnStride].
template<class S>
void addProduct(const S* b, Index terms, const S* c, Index termStride, Index columnStride,
                const Columns<S>& A) {
    productKernels<S>().product(
        {b, A.rows, c, termStride, columnStride, A.data, A.stride, A.data, A.stride, terms}, A.rows, A.cols);
}

} // namespace

template<class S>
void Dense<S>::linearize(ConstMatrixRef<S> in, ConstMatrixRef<S>, ConstMatrixRef<S>) {
    zero_.setZero(outputs_);
    work_.resize(std::max({outputs_ * in.cols(), inputs_ * in.cols(), outputs_ * inputs_}));
}

// R{a} = R{W} h + R{b} + W R{h}
template<class S>
void Dense<S>::forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) {
    using View = Eigen::Map<const Matrix<S>>;
    const View weightDot(at.v, outputs_, at.v ? inputs_ : 0);
    const Eigen::Map<const Vector<S>> biasDot(at.v + outputs_ * inputs_, at.v ? outputs_ : 0);
    if (!at.inDot) {
        if (at.v)
            affine<S>(weightDot, at.in, biasDot, outDot);
        else
            outDot.setZero();
        return;
    }
    if (at.v && goesOn(outputs_)) {
        affine<S>(weightDot, at.in, biasDot, outDot);
        const Columns<const S> inDot(*at.inDot);
        return addProduct<S>(theta_, inputs_, inDot.data, 1, inDot.stride, outDot);
    }
    affine<S>(this->weight(), *at.inDot, zero_, outDot);
    if (!at.v) return;
    MatrixMap<S> moved(work_.data(), outputs_, outDot.cols());
    affine<S>(weightDot, at.in, biasDot, moved);
    outDot += moved;
}

// R{dL/dW} = R{dL/da} h^T + dL/da R{h}^T, R{dL/db} = sum of R{dL/da},
// R{dL/dh} = W^T R{dL/da} + R{W}^T dL/da
template<class S>
void Dense<S>::backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                               MatrixRef<S>* dInDot) {
    if (gradientDot) {
        MatrixMap<S> weightGradientDot(gradientDot, outputs_, inputs_);
        outerProduct<S>(dOutDot, at.in, weightGradientDot);
        if (at.inDot && goesOn(outputs_)) {
            const Columns<const S> inDot(*at.inDot);
            addProduct<S>(at.dOut.data(), at.dOut.cols(), inDot.data, inDot.stride, 1,
                          weightGradientDot); // no gaps
        } else if (at.inDot) {
            MatrixMap<S> moved(work_.data(), outputs_, inputs_);
            outerProduct<S>(at.dOut, *at.inDot, moved);
            weightGradientDot += moved;
        }
        VectorMap<S>(gradientDot + outputs_ * inputs_, outputs_).noalias() = dOutDot.rowwise().sum();
    }
    if (!dInDot) return;
    projectBack<S>(this->weight(), dOutDot, *dInDot, transposed_);
    if (!at.v) return;
    if (goesOn(inputs_)) {
        productKernels<S>().transpose(at.v, outputs_, outputs_, inputs_, transposed_.data());
        return addProduct<S>(transposed_.data(), outputs_, at.dOut.data(), 1, at.dOut.outerStride(), *dInDot);
    }
    MatrixMap<S> moved(work_.data(), inputs_, dInDot->cols());
    projectBack<S>(Eigen::Map<const Matrix<S>>(at.v, outputs_, inputs_), at.dOut, moved, transposed_);
    *dInDot += moved;
}

#define INSTANTIATE(S)                                                                                       \
    template void Dense<S>::linearize(ConstMatrixRef<S>, ConstMatrixRef<S>, ConstMatrixRef<S>);              \
    template void Dense<S>::forwardTangent(const Tangent<S>&, MatrixRef<S>);                                 \
    template void Dense<S>::backwardTangent(const Tangent<S>&, MatrixRef<S>, S*, MatrixRef<S>*);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
