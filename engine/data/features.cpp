// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/features.h"

#include "engine/core/elementary.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <type_traits>

namespace kappascope {

Features::ByteMap::ByteMap(Vector<double> byteScale, Vector<double> byteOffset)
    : scale(std::move(byteScale)), offset(std::move(byteOffset)), scaleFloat(scale.cast<float>()),
      offsetFloat(offset.cast<float>()) {}

Features::Features(Matrix<double> values)
    : rows_(values.rows()), cols_(values.cols()),
      values_(std::make_shared<const Matrix<double>>(std::move(values))) {}

Features::Features(Index rows, std::vector<std::uint8_t> bytes, double scale)
    : rows_(rows), cols_(rows > 0 ? static_cast<Index>(bytes.size()) / rows : 0),
      bytes_(std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))),
      byteMap_(std::make_shared<const ByteMap>(Vector<double>::Constant(rows, scale),
                                               Vector<double>::Zero(rows))) {
    assert(rows_ * cols_ == static_cast<Index>(bytes_->size()));
}

Features::Features(Index rows, std::vector<const std::uint8_t*> samples, std::shared_ptr<const void> owner,
                   double scale)
    : rows_(rows), cols_(static_cast<Index>(samples.size())),
      starts_(std::make_shared<const std::vector<const std::uint8_t*>>(std::move(samples))),
      owner_(std::move(owner)), byteMap_(std::make_shared<const ByteMap>(
                                    Vector<double>::Constant(rows, scale), Vector<double>::Zero(rows))) {}

template<class S>
void Features::fromBytes(const std::uint8_t* bytes, S* out) const {
    fromBytes(bytes, 0, rows_, out);
}

/// Some features of a sample with these bytes.
template<class S>
void Features::fromBytes(const std::uint8_t* bytes, Index first, Index count, S* out) const {
    assert(inBytes());
    const auto convert = [&](const Vector<S>& scale, const Vector<S>& offset) {
        elementary<S>().fromBytes(bytes + first, scale.data() + first, offset.data() + first, out, count);
    };
    if constexpr (std::is_same_v<S, float>)
        convert(byteMap_->scaleFloat, byteMap_->offsetFloat);
    else
        convert(byteMap_->scale, byteMap_->offset);
}

/// Some features of a sample.
template<class S>
void Features::writeSample(Index sample, Index first, Index count, S* out) const {
    assert(sample >= 0 && sample < cols_ && first >= 0 && first + count <= rows_);
    if (values_) {
        const double* in = values_->data() + sample * rows_ + first;
        for (Index j = 0; j < count; ++j)
            out[j] = static_cast<S>(in[j]);
        return;
    }
    fromBytes(bytesAt(sample), first, count, out);
}

template<class S>
void Features::gather(std::span<const int> samples, MatrixRef<S> out, Index first) const {
    assert(first >= 0 && first + out.rows() <= rows_ && out.cols() == static_cast<Index>(samples.size()));
    if (!values_ || out.rows() != rows_) {
        for (std::size_t k = 0; k < samples.size(); ++k)
            writeSample(samples[k], first, out.rows(), out.col(static_cast<Index>(k)).data());
        return;
    }
    // (A call for every sample takes twice as long where a sample is two numbers, as points in a plane are; a
    // loop over them, half as long again as the two.)
    const auto gatherRows = [&](auto rows) {
        const double* values = values_->data();
        S* to = out.data();
        for (const int sample : samples) {
            assert(sample >= 0 && sample < cols_);
            const double* in = values + sample * rows;
            for (Index j = 0; j < rows; ++j)
                to[j] = static_cast<S>(in[j]);
            to += out.outerStride();
        }
    };
    if (rows_ == 2)
        gatherRows(std::integral_constant<Index, 2>());
    else
        gatherRows(rows_);
}

template<class S>
void Features::copy(Index first, MatrixRef<S> out) const {
    assert(out.rows() == rows_ && first >= 0 && first + out.cols() <= cols_);
    for (Index k = 0; k < out.cols(); ++k)
        writeSample(first + k, 0, rows_, out.col(k).data());
}

double Features::largest() const {
    double most = 0;
    const auto see = [&most](double x) {
        if (!(std::abs(x) <= most) && !std::isnan(most)) most = std::abs(x);
    };
    if (values_)
        std::for_each(values_->data(), values_->data() + values_->size(), see);
    else if (byteMap_)
        for (Index j = 0; j < rows_; ++j) {
            see(byteMap_->offset[j]);
            see(byteMap_->offset[j] + byteMap_->scale[j] * 255);
        }
    return most;
}

Features Features::select(std::span<const int> samples) const {
    Features chosen = *this;
    chosen.cols_ = static_cast<Index>(samples.size());
    if (values_) {
        Matrix<double> values(rows_, chosen.cols_);
        gather<double>(samples, values);
        chosen.values_ = std::make_shared<const Matrix<double>>(std::move(values));
    } else if (starts_) {
        std::vector<const std::uint8_t*> starts;
        for (const int sample : samples)
            starts.push_back(bytesAt(sample));
        chosen.starts_ = std::make_shared<const std::vector<const std::uint8_t*>>(std::move(starts));
    } else if (bytes_) {
        std::vector<std::uint8_t> bytes;
        bytes.reserve(static_cast<std::size_t>(rows_) * samples.size());
        for (const int sample : samples) {
            assert(sample >= 0 && sample < cols_);
            const auto begin = bytes_->begin() + sample * rows_;
            bytes.insert(bytes.end(), begin, begin + rows_);
        }
        chosen.bytes_ = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    }
    return chosen;
}

Matrix<double> Features::dense() const {
    Matrix<double> values(rows_, cols_);
    copy<double>(0, values);
    return values;
}

Features Features::standardized(const Vector<double>& shift, const Vector<double>& divisor) const {
    if (values_) // subtract first: a large common offset cancels exactly
        return Features(Matrix<double>(((*values_).colwise() - shift).array().colwise() / divisor.array()));
    Features standardized = *this;
    if (inBytes())
        standardized.byteMap_ = std::make_shared<const ByteMap>(
            byteMap_->scale.cwiseQuotient(divisor), (byteMap_->offset - shift).cwiseQuotient(divisor));
    return standardized;
}

Features Features::mapped(const Vector<double>& factor, const Vector<double>& addend) const {
    if (values_)
        return Features(
            Matrix<double>((values_->array().colwise() * factor.array()).colwise() + addend.array()));
    Features mapped = *this;
    if (inBytes())
        mapped.byteMap_ = std::make_shared<const ByteMap>(byteMap_->scale.cwiseProduct(factor),
                                                          byteMap_->offset.cwiseProduct(factor) + addend);
    return mapped;
}

Features Features::withByteMap(Vector<double> scale, Vector<double> offset) const {
    assert(inBytes() && scale.size() == rows_ && offset.size() == rows_);
    Features mapped = *this;
    mapped.byteMap_ = std::make_shared<const ByteMap>(std::move(scale), std::move(offset));
    return mapped;
}

template void Features::fromBytes<float>(const std::uint8_t*, float*) const;
template void Features::fromBytes<double>(const std::uint8_t*, double*) const;
template void Features::gather<float>(std::span<const int>, MatrixRef<float>, Index) const;
template void Features::gather<double>(std::span<const int>, MatrixRef<double>, Index) const;
template void Features::copy<float>(Index, MatrixRef<float>) const;
template void Features::copy<double>(Index, MatrixRef<double>) const;

} // namespace kappascope
