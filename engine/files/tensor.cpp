// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/safetensors.h"

#include <bit>
#include <cassert>
#include <cstring>
#include <stdexcept>

namespace kappascope {

// The format is little-endian and so are the machines that this runs on; nothing is swapped.
static_assert(std::endian::native == std::endian::little);

namespace {

template<class T>
constexpr TensorType typeOf = TensorType::F64;
template<>
constexpr TensorType typeOf<float> = TensorType::F32;
template<>
constexpr TensorType typeOf<std::int64_t> = TensorType::I64;
template<>
constexpr TensorType typeOf<std::uint8_t> = TensorType::U8;

template<class S>
using RowMajor = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

} // namespace

template<class T>
Tensor Tensor::of(std::string name, std::vector<std::int64_t> shape, std::span<const T> values) {
    Tensor tensor{std::move(name), typeOf<T>, std::move(shape), std::vector<std::byte>(values.size_bytes())};
    assert(tensor.elements() == static_cast<std::int64_t>(values.size()));
    if (!values.empty()) std::memcpy(tensor.bytes.data(), values.data(), values.size_bytes());
    return tensor;
}

template<class S>
Tensor Tensor::ofMatrix(std::string name, ConstMatrixRef<S> matrix) {
    const RowMajor<S> rows = matrix;
    return of<S>(std::move(name), {matrix.rows(), matrix.cols()},
                 std::span<const S>(rows.data(), static_cast<std::size_t>(rows.size())));
}

template<class S>
Tensor Tensor::ofVector(std::string name, ConstVectorRef<S> vector) {
    return of<S>(std::move(name), {vector.size()},
                 std::span<const S>(vector.data(), static_cast<std::size_t>(vector.size())));
}

template<class T>
std::vector<T> Tensor::values() const {
    if (type != typeOf<T>) throw std::logic_error("tensor '" + name + "' has another type");
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

template<class S>
Matrix<S> Tensor::matrix() const {
    if (shape.empty() || shape.size() > 2) throw std::logic_error("tensor '" + name + "' is no matrix");
    const std::vector<S> numbers = values<S>();
    return Eigen::Map<const RowMajor<S>>(numbers.data(), shape[0], shape.size() == 2 ? shape[1] : 1);
}

std::int64_t Tensor::elements() const {
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    return count;
}

const Tensor* TensorFile::find(std::string_view name) const {
    for (const auto& tensor : tensors)
        if (tensor.name == name) return &tensor;
    return nullptr;
}

#define INSTANTIATE(T)                                                                                       \
    template Tensor Tensor::of<T>(std::string, std::vector<std::int64_t>, std::span<const T>);               \
    template std::vector<T> Tensor::values<T>() const;
INSTANTIATE(double)
INSTANTIATE(float)
INSTANTIATE(std::int64_t)
INSTANTIATE(std::uint8_t)
#undef INSTANTIATE
template Tensor Tensor::ofMatrix<double>(std::string, ConstMatrixRef<double>);
template Tensor Tensor::ofMatrix<float>(std::string, ConstMatrixRef<float>);
template Tensor Tensor::ofVector<double>(std::string, ConstVectorRef<double>);
template Tensor Tensor::ofVector<float>(std::string, ConstVectorRef<float>);
template Matrix<double> Tensor::matrix<double>() const;
template Matrix<float> Tensor::matrix<float>() const;

} // namespace kappascope
