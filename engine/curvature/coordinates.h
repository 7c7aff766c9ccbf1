// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/parameter_range.h"
#include "engine/curvature/symmetric_operator.h"
#include "engine/optimization/optimizer.h"
#include "engine/preconditioning/preconditioner.h"

#include <string>

namespace kappascope {

/// The linear map P of theta = P z, where a run's update theta <- theta - eta P P^T g (momentum aside) is
/// plain gradient descent in z: its preconditioner's P_l on each dense layer, or the root of its optimizer's
/// diagonal D. Where both act on a layer, the update multiplies by D P_l P_l^T, which is not symmetric, so
/// that no P gives exactly it; P = D^(1/2) P_l stands for it, for P P^T = D^(1/2) P_l P_l^T D^(1/2) is the
/// symmetric matrix similar to it: the same eigenvalues, equal where D and P_l P_l^T commute. Immutable; any
/// thread may use it.
class Coordinates {
public:
    using Layers = std::vector<std::shared_ptr<const Preconditioner<double>>>;

    /// P = I for so many parameters.
    explicit Coordinates(Index size) : size_(size) {}
    /// Those of `layers` (by dense layer; null: I), at mini-batches of `batch`, and of the optimizer.
    Coordinates(const Network<double>& network, Layers layers, Index batch,
                const Optimizer<double>& optimizer);

    bool identity() const { return places_.empty() && root_.size() == 0; }
    /// Why P is not defined; empty when it is.
    const std::string& undefined() const { return undefined_; }
    /// The diagonal of D^(1/2), laid out as theta; empty: I.
    const Vector<double>& root() const { return root_; }
    /// Whether P P^T stands for an update that is not symmetric.
    bool symmetrized() const { return !places_.empty() && root_.size() > 0; }

    void toParameters(VectorRef<double> z) const;  ///< P z, in place
    void toCoordinates(VectorRef<double> g) const; ///< P^T g, in place
    /// P^T A P.
    Matrix<double> preconditioned(const Matrix<double>& symmetric) const {
        return preconditioned(symmetric, {0, size_});
    }
    /// The part of it that belongs to `block`, from that part of A. P does not mix layers: whole layers only.
    Matrix<double> preconditioned(Matrix<double> symmetric, ParameterRange block) const;

private:
    struct Place {
        std::shared_ptr<const Preconditioner<double>> preconditioner;
        Index offset, inputs, outputs;
    };
    template<class F>
    void forEachLayer(VectorRef<double> part, ParameterRange block, F apply) const;
    void timesRoot(VectorRef<double> part, ParameterRange block) const;
    void toCoordinates(VectorRef<double> part, ParameterRange block) const;

    Index size_, batch_ = 1;
    std::vector<Place> places_;
    Vector<double> root_; ///< of the optimizer's diagonal; empty: I
    std::string undefined_;
};

/// P^T A P by products.
class PreconditionedOperator final : public SymmetricOperator {
public:
    PreconditionedOperator(std::unique_ptr<SymmetricOperator> A, std::shared_ptr<const Coordinates> P)
        : A_(std::move(A)), P_(std::move(P)), work_(A_->size()) {}

    Index size() const override { return A_->size(); }
    void apply(ConstVectorRef<double> v, VectorRef<double> product) override;
    std::unique_ptr<SymmetricOperator> clone() const override {
        return std::make_unique<PreconditionedOperator>(A_->clone(), P_);
    }

private:
    std::unique_ptr<SymmetricOperator> A_;
    std::shared_ptr<const Coordinates> P_;
    Vector<double> work_;
};

/// A diagonal block of A: the parameters in `range`.
class BlockOperator final : public SymmetricOperator {
public:
    BlockOperator(std::unique_ptr<SymmetricOperator> A, ParameterRange range)
        : A_(std::move(A)), range_(range), v_(Vector<double>::Zero(A_->size())), product_(A_->size()) {}

    Index size() const override { return range_.size; }
    void apply(ConstVectorRef<double> v, VectorRef<double> product) override;
    std::unique_ptr<SymmetricOperator> clone() const override {
        return std::make_unique<BlockOperator>(A_->clone(), range_);
    }

private:
    std::unique_ptr<SymmetricOperator> A_;
    ParameterRange range_;
    Vector<double> v_, product_;
};

} // namespace kappascope
