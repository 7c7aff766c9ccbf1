// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/neuron_blocks.h"

#include "engine/curvature/condition_number.h"
#include "engine/curvature/convolution_blocks.h"
#include "engine/curvature/dense_spectrum.h"
#include "engine/curvature/parameter_range.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>

#include <algorithm>

namespace kappascope {

namespace {

constexpr Index mostPatches = 20'000;

Matrix<double> centred(Matrix<double> H) {
    auto inputs = H.rightCols(H.cols() - 1);
    inputs.rowwise() -= inputs.colwise().mean().eval();
    return H;
}

/// To unit variance; constant inputs stay as they are.
Matrix<double> scaled(Matrix<double> centredH) {
    const double root = std::sqrt(static_cast<double>(centredH.rows()));
    for (Index j = 1; j < centredH.cols(); ++j)
        if (const double deviation = centredH.col(j).norm() / root; deviation > 0)
            centredH.col(j) /= deviation;
    return centredH;
}

Reading kappaOf(const Matrix<double>& A) {
    const Vector<double> s = singularValues(A);
    return kappaStar(s, numericalRank(s));
}

/// Evenly spread numbers of at most `most` of `units` neurons.
std::vector<Index> chosenUnits(Index units, Index most) {
    const Index count = most > 0 ? std::min(most, units) : units;
    std::vector<Index> chosen;
    for (Index k = 0; k < count; ++k)
        chosen.push_back(k * units / count);
    return chosen;
}

/// Sets both kappas; H and HP: the data matrix before and after P.
void condition(NeuronBlock& block, const Vector<double>& S, const Matrix<double>& H, const Matrix<double>& HP,
               CurvatureMatrix kind) {
    block.negative = (S.array() < 0).count();
    if (S.isZero(0)) {
        block.kappa = block.preconditioned = Reading::notDefined("the neuron is dead: its block is zero");
        return;
    }
    if (kind == CurvatureMatrix::GaussNewton) {
        const Vector<double> root = S.cwiseMax(0).cwiseSqrt();
        const Vector<double> before = singularValues(root.asDiagonal() * H),
                             after = singularValues(root.asDiagonal() * HP);
        block.rank = std::max(numericalRank(before), numericalRank(after));
        block.kappa = kappaStar(before, block.rank);
        block.preconditioned = kappaStar(after, block.rank);
    } else {
        const auto eigenvalues = [&S](const Matrix<double>& A) {
            return denseSpectrum(A.transpose() * S.asDiagonal() * A).eigenvalues;
        };
        const Vector<double> before = eigenvalues(H), after = eigenvalues(HP);
        block.rank = std::max(numericalRankOfEigenvalues(before), numericalRankOfEigenvalues(after));
        block.kappa = kappaOfSizes(before, block.rank);
        block.preconditioned = kappaOfSizes(after, block.rank);
    }
}

/// Median and largest over the neurons of what `which` selects.
void summarizeBlocks(const std::vector<NeuronBlock>& blocks, Reading NeuronBlock::*which, Reading& median,
                     Reading& worst) {
    std::vector<double> values;
    for (const NeuronBlock& block : blocks)
        if ((block.*which).usable()) values.push_back((block.*which).value);
    if (values.empty()) {
        median = worst =
            Reading::notDefined(blocks.empty() ? "no neuron was measured" : (blocks.front().*which).why);
        return;
    }
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    // between the middle two by ratio: condition numbers live on a logarithmic scale
    median = Reading::computed(values.size() % 2 ? values[middle]
                                                 : std::sqrt(values[middle - 1]) * std::sqrt(values[middle]));
    worst = Reading::computed(values.back());
}

void summarize(LayerConditioning& layer) {
    layer.dead = std::ranges::count(layer.blocks, Index{0}, &NeuronBlock::rank);
    summarizeBlocks(layer.blocks, &NeuronBlock::kappa, layer.median, layer.worst);
    summarizeBlocks(layer.blocks, &NeuronBlock::preconditioned, layer.medianPreconditioned,
                    layer.worstPreconditioned);
    layer.gain = gain(layer.median, layer.medianPreconditioned);
}

/// P is `factor` (empty: I), after the optimizer's scale of each parameter.
void measureBlocks(HessianOperator& op, const Matrix<double>& H, const Matrix<double>& HP,
                   const Matrix<double>& factor, LayerConditioning& layer, const LayerOptions& options,
                   ThreadTeam* team, const Cancelled* cancelled) {
    const std::vector<Index> units = chosenUnits(layer.units, options.mostNeurons);
    const int count = static_cast<int>(units.size());
    Matrix<double> S(H.rows(), count);
    layer.blocks.resize(units.size());
    for (int k = 0; k < count; ++k) {
        const Index unit = layer.blocks[static_cast<std::size_t>(k)].unit =
            units[static_cast<std::size_t>(k)];
        op.curvatureOfUnit(layer.layer, unit, S.col(k));
    }
    const auto measure = [&](int k) {
        stopIfCancelled(cancelled);
        NeuronBlock& block = layer.blocks[static_cast<std::size_t>(k)];
        if (!options.root || options.root->size() == 0)
            return condition(block, S.col(k), H, HP, op.problem().matrix);
        Matrix<double> HDP =
            H * partOfNeuron(*options.root, op.network(), layer.layer, block.unit).asDiagonal();
        if (factor.size() > 0) HDP *= factor;
        condition(block, S.col(k), H, HDP, op.problem().matrix);
    };
    if (team)
        team->run(count, measure);
    else
        for (int k = 0; k < count; ++k)
            measure(k);
    summarize(layer);
}

/// The block of an output channel: of the Gauss-Newton matrix from its factor A, A^T A, else as a matrix.
void conditionChannel(NeuronBlock& block, const Matrix<double>& A, const Matrix<double>& P,
                      CurvatureMatrix kind) {
    if (A.isZero(0)) {
        block.kappa = block.preconditioned = Reading::notDefined("the channel is dead: its block is zero");
    } else if (kind == CurvatureMatrix::GaussNewton) {
        const Vector<double> before = singularValues(A), after = singularValues(A * P);
        block.rank = std::max(numericalRank(before), numericalRank(after));
        block.kappa = kappaStar(before, block.rank);
        block.preconditioned = kappaStar(after, block.rank);
    } else {
        const Vector<double> before = denseSpectrum(A).eigenvalues;
        const Vector<double> after = denseSpectrum(P.transpose() * A * P).eigenvalues;
        block.rank = std::max(numericalRankOfEigenvalues(before), numericalRankOfEigenvalues(after));
        block.kappa = kappaOfSizes(before, block.rank);
        block.preconditioned = kappaOfSizes(after, block.rank);
    }
}

void measureChannels(HessianOperator& op, LayerConditioning& layer, const LayerOptions& options,
                     ThreadTeam* team, const Cancelled* cancelled) {
    const WeightShape& shape = op.network().weighted()[static_cast<std::size_t>(layer.layer)]->weightShape();
    const std::vector<Index> channels = chosenUnits(layer.units, options.mostNeurons);
    std::vector<Matrix<double>> matrices;
    if (op.problem().matrix == CurvatureMatrix::GaussNewton)
        matrices = channelFactors(op, layer.layer, channels, cancelled);
    else
        for (const Index channel : channels)
            matrices.push_back(unitBlock(op, layer.layer, channel, cancelled));
    layer.blocks.resize(channels.size());
    const auto measure = [&](int k) {
        stopIfCancelled(cancelled);
        NeuronBlock& block = layer.blocks[static_cast<std::size_t>(k)];
        block.unit = channels[static_cast<std::size_t>(k)];
        Matrix<double> P = Matrix<double>::Identity(shape.fanIn() + 1, shape.fanIn() + 1);
        if (options.preconditioner)
            P = factorOf(*options.preconditioner, shape, block.unit / shape.unitsOfGroup(), options.batch);
        if (options.root && options.root->size() > 0)
            P = (partOfNeuron(*options.root, op.network(), layer.layer, block.unit).asDiagonal() * P).eval();
        conditionChannel(block, matrices[static_cast<std::size_t>(k)], P, op.problem().matrix);
    };
    const int count = static_cast<int>(channels.size());
    if (team)
        team->run(count, measure);
    else
        for (int k = 0; k < count; ++k)
            measure(k);
    summarize(layer);
}

} // namespace

Matrix<double> dataMatrix(const HessianOperator& op, int d) {
    const auto input = op.inputOfWeighted(d);
    Matrix<double> H(input.cols(), input.rows() + 1);
    H.col(0).setOnes();
    H.rightCols(input.rows()) = input.transpose();
    return H;
}

/// Of an upper triangular matrix, descending: it is made bidiagonal, with d on the diagonal and e above it;
/// the symmetric tridiagonal matrix with 0 on the diagonal and d_1, e_1, d_2, e_2, ... beside it has the
/// eigenvalues +-sigma (Golub, Kahan 1965). Exact to rounding of the largest one. (Eigen's divide and
/// conquer, 3.4, reads before its arrays where singular values crowd together.)
static Vector<double> valuesOfTriangle(const Matrix<double>& R) {
    const Matrix<double> B =
        Eigen::internal::UpperBidiagonalization<Matrix<double>>(R).bidiagonal().toDenseMatrix();
    const Index n = R.cols();
    Vector<double> beside(2 * n - 1);
    for (Index i = 0; i < n; ++i) {
        beside[2 * i] = B(i, i);
        if (i + 1 < n) beside[2 * i + 1] = B(i, i + 1);
    }
    Eigen::SelfAdjointEigenSolver<Matrix<double>> solver;
    solver.computeFromTridiagonal(Vector<double>::Zero(2 * n), beside, Eigen::EigenvaluesOnly);
    return solver.eigenvalues().tail(n).reverse().cwiseMax(0);
}

Vector<double> singularValues(const Matrix<double>& A) {
    if (A.rows() < A.cols()) return singularValues(A.transpose());
    constexpr Index small = 64; // Jacobi is more accurate, the other way faster
    const Eigen::HouseholderQR<Matrix<double>> qr(A);
    const Matrix<double> R = qr.matrixQR().topRows(A.cols()).triangularView<Eigen::Upper>();
    if (A.cols() <= small)
        return Eigen::JacobiSVD<Matrix<double>, Eigen::NoQRPreconditioner>(R).singularValues();
    return valuesOfTriangle(R);
}

Matrix<double> factorOf(const Preconditioner<double>& preconditioner, const WeightShape& shape, Index group,
                        Index batch) {
    // as below, for as many units in every group
    const Index inputs = shape.fanIn(), units = inputs + 1;
    Matrix<double> weights = Matrix<double>::Zero(units * shape.groups, inputs);
    Vector<double> bias = Vector<double>::Zero(units * shape.groups);
    for (Index g = 0; g < shape.groups; ++g) {
        weights.middleRows(g * units + 1, inputs).setIdentity();
        bias[g * units] = 1;
    }
    preconditioner.toWeights(weights, bias, batch);
    Matrix<double> P(inputs + 1, inputs + 1);
    P.row(0) = bias.segment(group * units, units).transpose();
    P.bottomRows(inputs) = weights.middleRows(group * units, units).transpose();
    return P;
}

Matrix<double> factorOf(const Preconditioner<double>& preconditioner, Index inputs, Index batch) {
    // one neuron for each unit vector z: row k becomes (P e_k)^T
    Matrix<double> weights = Matrix<double>::Zero(inputs + 1, inputs);
    weights.bottomRows(inputs).setIdentity();
    Vector<double> bias = Vector<double>::Unit(inputs + 1, 0);
    preconditioner.toWeights(weights, bias, batch);
    Matrix<double> P(inputs + 1, inputs + 1);
    P.row(0) = bias.transpose();
    P.bottomRows(inputs) = weights.transpose();
    return P;
}

Matrix<double> neuronBlock(HessianOperator& op, int d, Index unit) {
    const Matrix<double> H = dataMatrix(op, d);
    Vector<double> S(H.rows());
    op.curvatureOfUnit(d, unit, S);
    return H.transpose() * S.asDiagonal() * H;
}

LayerConditioning layerConditioning(HessianOperator& op, int d, const LayerOptions& options, ThreadTeam* team,
                                    const Cancelled* cancelled) {
    LayerConditioning layer;
    layer.layer = d;
    layer.units = op.network().weighted()[static_cast<std::size_t>(d)]->outputChannels();
    const bool dense = op.network().isDense(static_cast<std::size_t>(d));
    const WeightShape& shape = op.network().weighted()[static_cast<std::size_t>(d)]->weightShape();
    const Matrix<double> H = dense ? dataMatrix(op, d) : patchMatrix(op, d, 0, mostPatches);
    const Matrix<double> HU = centred(H);
    layer.inputs = H.cols() - 1;
    layer.input = kappaOf(H);
    layer.centred = kappaOf(HU);
    layer.standardized = kappaOf(scaled(HU));
    Matrix<double> HP = H, factor;
    if (options.preconditioner) {
        factor = factorOf(*options.preconditioner, shape, 0, options.batch);
        HP *= factor;
    }
    layer.preconditioned =
        options.preconditioner ? kappaOf(HP) : Reading::notDefined("no preconditioner acts here");
    if (!options.blocks) return layer;
    if (op.couplesSamplesAbove(d)) {
        const auto why = Reading::notDefined(
            "batch normalization in training mode couples the samples: the block is not ĤᵀSĤ");
        layer.median = layer.worst = layer.medianPreconditioned = layer.worstPreconditioned = layer.gain =
            why;
        return layer;
    }
    if (dense)
        measureBlocks(op, H, HP, factor, layer, options, team, cancelled);
    else
        measureChannels(op, layer, options, team, cancelled);
    return layer;
}

} // namespace kappascope
