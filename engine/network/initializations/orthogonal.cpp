// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

#include <Eigen/QR>

namespace kappascope::initializations {

namespace {

/// Q of the QR decomposition of a normal matrix, with R's diagonal made positive: uniform over the
/// orthogonal matrices (Mezzadri, Notices of the AMS 54, 2007). The shorter side is orthonormal.
void drawOrthogonal(Matrix<double>& W, const WeightShape&, const Parameters& parameters,
                    RandomStream& random) {
    const bool wide = W.rows() < W.cols();
    Matrix<double> normal(wide ? W.cols() : W.rows(), wide ? W.rows() : W.cols());
    drawNormal(normal, 1, random);
    const Eigen::HouseholderQR<Matrix<double>> qr(normal);
    Matrix<double> Q = qr.householderQ() * Matrix<double>::Identity(normal.rows(), normal.cols());
    for (Index j = 0; j < Q.cols(); ++j)
        if (qr.matrixQR()(j, j) < 0) Q.col(j) = -Q.col(j);
    if (wide)
        W = parameters.real("gain") * Q.transpose();
    else
        W = parameters.real("gain") * Q;
}

} // namespace

InitializationEntry orthogonal() {
    return {
        {.key = "orthogonal",
         .label = "Orthogonal",
         .help = "gain times a random matrix with orthonormal rows or columns: all singular values equal.",
         .reference = "Saxe, McClelland, Ganguli, ICLR 2014",
         .parameters = {gainParameter()}},
        drawOrthogonal};
}

} // namespace kappascope::initializations
