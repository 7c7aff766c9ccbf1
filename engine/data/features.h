// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace kappascope {

/// The inputs of a data set: features x samples, as float64 (generated, tables) or as bytes with a scale
/// (images: MNIST stays at 47 MB), in memory or in a mapped file. Cheap to copy, immutable, readable from any
/// thread.
class Features {
public:
    Features() = default;
    explicit Features(Matrix<double> values);
    /// `bytes` column-major, rows x (bytes.size() / rows); a value is byte * scale.
    Features(Index rows, std::vector<std::uint8_t> bytes, double scale);
    /// Bytes that stay where they are, in a file that `owner` keeps mapped: those of sample k, `rows` of
    /// them, begin at samples[k].
    Features(Index rows, std::vector<const std::uint8_t*> samples, std::shared_ptr<const void> owner,
             double scale);

    Index rows() const { return rows_; }
    Index cols() const { return cols_; }
    bool inBytes() const { return bytes_ != nullptr || starts_ != nullptr; }
    bool inPlace() const { return starts_ != nullptr; } ///< in a mapped file: reading may wait for a disk

    /// A sample's bytes, as the file has them; of those inBytes() only.
    std::span<const std::uint8_t> bytesOf(Index sample) const {
        return {bytesAt(sample), static_cast<std::size_t>(rows_)};
    }
    /// out = the inputs that `bytes`, rows() of them, are as a sample; of those inBytes() only.
    template<class S>
    void fromBytes(const std::uint8_t* bytes, S* out) const;

    /// out.col(k) = the features `first`, ..., first + out.rows() - 1 of the sample samples[k]. Does not
    /// allocate.
    template<class S>
    void gather(std::span<const int> samples, MatrixRef<S> out, Index first = 0) const;
    /// out = the samples first, ..., first + out.cols() - 1. Does not allocate.
    template<class S>
    void copy(Index first, MatrixRef<S> out) const;

    /// A number that |x| of no input exceeds: the largest, or of bytes the largest that there may be, also
    /// after their pixels have moved. Infinite or not a number when an input is.
    double largest() const;

    /// The samples chosen, in that order, as features of their own; those of a mapped file stay in it.
    Features select(std::span<const int> samples) const;
    /// All as float64; for tables and small sets.
    Matrix<double> dense() const;
    /// x_j -> (x_j - shift_j) / divisor_j for each feature j; stays in bytes where it was (the map is kept
    /// beside them).
    Features standardized(const Vector<double>& shift, const Vector<double>& divisor) const;
    /// x_j -> x_j * factor_j + addend_j for each feature j; stays in bytes where it was.
    Features mapped(const Vector<double>& factor, const Vector<double>& addend) const;
    /// The same bytes with another meaning: x_j = byte_j * scale_j + offset_j; of those inBytes() only.
    Features withByteMap(Vector<double> scale, Vector<double> offset) const;

private:
    /// For bytes: value_j = byte_j * scale_j + offset_j, in both precisions, so that no step converts them.
    struct ByteMap {
        Vector<double> scale, offset;
        Vector<float> scaleFloat, offsetFloat;
        ByteMap(Vector<double> byteScale, Vector<double> byteOffset);
    };
    template<class S>
    void writeSample(Index sample, Index first, Index count, S* out) const;
    template<class S>
    void fromBytes(const std::uint8_t* bytes, Index first, Index count, S* out) const;
    const std::uint8_t* bytesAt(Index sample) const {
        return starts_ ? (*starts_)[static_cast<std::size_t>(sample)] : bytes_->data() + sample * rows_;
    }

    Index rows_ = 0, cols_ = 0;
    std::shared_ptr<const Matrix<double>> values_;
    std::shared_ptr<const std::vector<std::uint8_t>> bytes_;
    std::shared_ptr<const std::vector<const std::uint8_t*>> starts_; ///< instead of bytes_: in mapped files
    std::shared_ptr<const void> owner_;                              ///< of what starts_ points into
    std::shared_ptr<const ByteMap> byteMap_;
};

} // namespace kappascope
