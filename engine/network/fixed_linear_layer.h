// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer.h"

namespace kappascope {

/// A layer that is a linear map of each sample, without parameters: backward and tangents are the map and its
/// transpose.
template<class S>
class FixedLinearLayer : public Layer<S> {
public:
    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) final { apply(in, out); }
    void backward(ConstMatrixRef<S>, ConstMatrixRef<S>, MatrixRef<S> dOut, MatrixRef<S>* dIn) final {
        if (dIn) applyTransposed(dOut, *dIn);
    }
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) final {
        if (at.inDot)
            apply(*at.inDot, outDot);
        else
            outDot.setZero();
    }
    void backwardTangent(const Tangent<S>&, MatrixRef<S> dOutDot, S*, MatrixRef<S>* dInDot) final {
        if (dInDot) applyTransposed(dOutDot, *dInDot);
    }

protected:
    virtual void apply(ConstMatrixRef<S> in, MatrixRef<S> out) const = 0;
    virtual void applyTransposed(ConstMatrixRef<S> dOut, MatrixRef<S> dIn) const = 0;
};

} // namespace kappascope
