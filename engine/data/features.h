// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace kappascope {

/// The inputs of a data set: features x samples, as float64 (generated, tables) or as bytes with a scale
/// (images: MNIST stays at 47 MB). Cheap to copy, immutable, readable from any thread.
class Features {
public:
    Features() = default;
    explicit Features(Matrix<double> values);
    /// `bytes` column-major, rows x (bytes.size() / rows); a value is byte * scale.
    Features(Index rows, std::vector<std::uint8_t> bytes, double scale);

    Index rows() const { return rows_; }
    Index cols() const { return cols_; }
    bool inBytes() const { return bytes_ != nullptr; }

    /// out.col(k) = the sample samples[k]; out: rows() x samples.size(). Does not allocate.
    template<class S>
    void gather(std::span<const int> samples, MatrixRef<S> out) const;
    /// out = the samples first, ..., first + out.cols() - 1. Does not allocate.
    template<class S>
    void copy(Index first, MatrixRef<S> out) const;

    /// The samples chosen, in that order, as features of their own.
    Features select(std::span<const int> samples) const;
    /// All as float64; for tables and small sets.
    Matrix<double> dense() const;
    /// x_j -> (x_j - shift_j) / divisor_j for each feature j; stays in bytes where it was (the map is kept
    /// beside them).
    Features standardized(const Vector<double>& shift, const Vector<double>& divisor) const;
    /// x_j -> x_j * factor_j + addend_j for each feature j; stays in bytes where it was.
    Features mapped(const Vector<double>& factor, const Vector<double>& addend) const;

private:
    /// For bytes: value_j = byte_j * scale_j + offset_j, in both precisions, so that no step converts them.
    struct ByteMap {
        Vector<double> scale, offset;
        Vector<float> scaleFloat, offsetFloat;
        ByteMap(Vector<double> byteScale, Vector<double> byteOffset);
    };
    template<class S>
    void writeSample(Index sample, S* out) const;

    Index rows_ = 0, cols_ = 0;
    std::shared_ptr<const Matrix<double>> values_;
    std::shared_ptr<const std::vector<std::uint8_t>> bytes_;
    std::shared_ptr<const ByteMap> byteMap_;
};

} // namespace kappascope
