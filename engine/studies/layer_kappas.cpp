// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/layer_kappas.h"

#include "engine/curvature/condition_number.h"
#include "engine/curvature/convolution_blocks.h"
#include "engine/curvature/neuron_blocks.h"
#include "engine/studies/sample_statistics.h"
#include "engine/studies/study_experiments.h"

#include <Eigen/QR>

#include <algorithm>

namespace kappascope {

const std::array<BlockVariant, blockVariantCount> blockVariants{
    {{"centering", "centred"}, {"scaling", "scaled"}, {"bnp", "both (BNP)"}}};

namespace {

/// Of one neuron: kappa* as it is, then by variant. Empty for a dead one, whose block is zero.
using Kappas = std::vector<double>;
using Factors = std::array<Matrix<double>, blockVariantCount>;

/// With the statistics of the very samples: what the running ones are an average of.
std::shared_ptr<const Preconditioner<double>> preconditionerOf(const HessianOperator& op, int d,
                                                               const std::string& key) {
    const MethodSpec method =
        studyMethod(preconditioningCatalog(), key, {{"start", std::string("first_batch")}});
    std::shared_ptr<Preconditioner<double>> preconditioner =
        preconditioningCatalog().at(key).make<double>(method.parameters)->makeLayer(d);
    const auto input = op.inputOfWeighted(d);
    preconditioner->bind(op.network().weighted()[static_cast<std::size_t>(d)]->weightShape());
    preconditioner->observe(input);
    return preconditioner;
}

/// The singular values of A and A P are those of R and R P: Householder's R is exact to rounding in each
/// column, as A is. The largest rank of all is used for all: every P is invertible, so the ranks agree,
/// but rounding hides the small singular values of the worse matrices.
Kappas kappasOf(const Matrix<double>& A, const Factors& P) {
    if (A.isZero(0)) return {};
    const Eigen::HouseholderQR<Matrix<double>> qr(A);
    const Index rows = std::min(A.rows(), A.cols());
    const Matrix<double> R = qr.matrixQR().topRows(rows).triangularView<Eigen::Upper>();
    std::vector<Vector<double>> values{singularValues(R)};
    for (const Matrix<double>& factor : P)
        values.push_back(singularValues(R * factor));
    Index rank = 0;
    for (const Vector<double>& s : values)
        rank = std::max(rank, numericalRank(s));
    Kappas kappas;
    for (const Vector<double>& s : values)
        kappas.push_back(kappaStar(s, rank).value);
    return kappas;
}

/// Numbers of `most` units at most, evenly spread.
std::vector<Index> chosen(Index units, Index most) {
    const Index count = std::min(units, most);
    std::vector<Index> numbers;
    for (Index k = 0; k < count; ++k)
        numbers.push_back(k * units / count);
    return numbers;
}

/// kappa* of all of them side by side; matrixOf(k): A, the block is A^T A.
template<class MatrixOf>
std::vector<Kappas> kappasOfAll(std::size_t count, const Factors& P, ThreadTeam& team,
                                const Cancelled* cancelled, const MatrixOf& matrixOf) {
    std::vector<Kappas> neurons(count);
    team.run(static_cast<int>(count), [&](int k) {
        stopIfCancelled(cancelled);
        neurons[static_cast<std::size_t>(k)] = kappasOf(matrixOf(k), P);
    });
    return neurons;
}

/// Of each chosen unit of a dense layer, A = S^(1/2) H.
std::vector<Kappas> ofUnits(HessianOperator& op, int d, Index most, const Factors& P, ThreadTeam& team,
                            const Cancelled* cancelled) {
    const Matrix<double> H = dataMatrix(op, d);
    const std::vector<Index> units =
        chosen(op.network().weighted()[static_cast<std::size_t>(d)]->outputs(), most);
    Matrix<double> S(H.rows(), static_cast<Index>(units.size()));
    for (std::size_t k = 0; k < units.size(); ++k)
        op.curvatureOfUnit(d, units[k], S.col(static_cast<Index>(k)));
    return kappasOfAll(units.size(), P, team, cancelled, [&](int k) -> Matrix<double> {
        return S.col(k).cwiseMax(0).cwiseSqrt().asDiagonal() * H;
    });
}

/// Of each chosen output channel of a convolution; a row of A is a sample and an output of the network.
std::vector<Kappas> ofChannels(HessianOperator& op, int d, Index most, const Factors& P, ThreadTeam& team,
                               const Cancelled* cancelled) {
    const std::vector<Index> channels =
        chosen(op.network().weighted()[static_cast<std::size_t>(d)]->outputChannels(), most);
    const auto A = channelFactors(op, d, channels, cancelled);
    return kappasOfAll(channels.size(), P, team, cancelled,
                       [&](int k) -> const Matrix<double>& { return A[static_cast<std::size_t>(k)]; });
}

LayerKappas medians(const std::vector<Kappas>& neurons) {
    LayerKappas numbers;
    std::vector<double> values[blockVariantCount + 1];
    double improved = 0;
    for (const Kappas& kappas : neurons) {
        for (std::size_t i = 0; i < kappas.size(); ++i)
            values[i].push_back(kappas[i]);
        if (!kappas.empty() && kappas.back() < kappas.front()) improved += 1;
    }
    if (values[0].empty()) return numbers;
    numbers.raw = logarithmicSpreadOf(values[0]).median;
    for (std::size_t v = 0; v < blockVariantCount; ++v)
        numbers.after[v] = logarithmicSpreadOf(values[v + 1]).median;
    numbers.improved = improved / static_cast<double>(values[0].size());
    return numbers;
}

} // namespace

LayerKappas layerKappas(HessianOperator& op, int d, const BlockLimits& limits, ThreadTeam& team,
                        const Cancelled* cancelled) {
    const WeightShape& shape = op.network().weighted()[static_cast<std::size_t>(d)]->weightShape();
    Factors P;
    for (std::size_t v = 0; v < blockVariantCount; ++v)
        P[v] = factorOf(*preconditionerOf(op, d, blockVariants[v].key), shape, 0,
                        shape.fanIn() + 1); // a batch as large as q = 1 needs, which kappa does not feel
    if (!op.network().isDense(static_cast<std::size_t>(d)))
        return medians(ofChannels(op, d, limits.channels, P, team, cancelled));
    return medians(ofUnits(op, d, d == 0 ? limits.firstLayerNeurons : limits.neurons, P, team, cancelled));
}

} // namespace kappascope
