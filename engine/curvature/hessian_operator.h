// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/curvature_problem.h"
#include "engine/curvature/symmetric_operator.h"

namespace kappascope {

/// The matrix of a CurvatureProblem by exact products (Pearlmutter, Neural Computation 6, 1994; Gauss-Newton:
/// Schraudolph, Neural Computation 14, 2002). Theta is laid out as Network::theta(). Owns a copy of the
/// network: a forward and a backward pass at construction, whose values every product shares, so that a
/// product costs about as much as one to two gradients. Nothing allocates in products.
class HessianOperator final : public SymmetricOperator {
public:
    explicit HessianOperator(CurvatureProblem problem);
    HessianOperator(const HessianOperator& other) : HessianOperator(other.problem_, other.network_.theta()) {}

    const CurvatureProblem& problem() const { return problem_; }
    const Network<double>& network() const { return network_; }
    /// Goes to other parameters.
    void moveTo(ConstVectorRef<double> theta);

    Index size() const override { return network_.theta().size(); }
    void apply(ConstVectorRef<double> v, VectorRef<double> product) override;
    std::unique_ptr<SymmetricOperator> clone() const override {
        return std::make_unique<HessianOperator>(*this);
    }

    /// The mean loss and its gradient at theta, penalty included.
    double loss() const { return loss_; }
    const Vector<double>& gradient() const { return gradient_; }

    /// What the layer d with weights receives, inputs x n.
    Eigen::Ref<const Matrix<double>> inputOfWeighted(int d) const;
    /// True when a layer above the layer d lets samples depend on each other: then a neuron's block is not
    /// H^T S H with a diagonal S.
    bool couplesSamplesAbove(int d) const;
    /// S of unit i of the layer d with weights: S_n = d^2 L/da_{n,i}^2, L the mean loss (so 1/n is in it),
    /// everything downstream differentiated (LHY22, Proposition 1); for Gauss-Newton without the curvature of
    /// what is downstream. s: n. Not for a layer that couplesSamplesAbove().
    void curvatureOfUnit(int d, Index i, VectorRef<double> s);
    /// dz_k/d(what layer d with weights gives) of every sample, z the network's outputs: as many rows as the
    /// layer has outputs, channels first, a column a sample. Valid until the next call of any kind.
    const Matrix<double>& jacobianAt(int d, Index k);

private:
    HessianOperator(CurvatureProblem problem, ConstVectorRef<double> theta);

    void linearize();
    void pushForward(std::size_t first, const double* v);
    void pullBack(std::size_t last, const double* v, double* product);
    void pullBackLinear(std::size_t last);
    template<class Pass>
    void passBack(std::size_t last, std::vector<Matrix<double>>& dOut, const Pass& pass);
    Tangent<double> tangentOf(std::size_t l, const Tangent<double>::View* inDot, const double* v) const;

    CurvatureProblem problem_;
    Network<double> network_;
    std::size_t lowest_ = 0;                              ///< the first layer with parameters
    std::vector<Index> offsets_;                          ///< of each layer's parameters in theta
    std::vector<Matrix<double>> dOut_, outDot_, dOutDot_; ///< by layer: dL/dout, R{out}, R{dL/dout}
    std::vector<bool> moves_;                             ///< by layer: R{out} is not 0
    std::vector<bool> started_;      ///< by layer, in a backward pass: has received a part
    Vector<double> work_, addition_; ///< room for a copy of dL/dout, and for a part of dL/din
    double loss_ = 0;
    Vector<double> gradient_;
};

} // namespace kappascope
