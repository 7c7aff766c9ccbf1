// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kappascope {

enum class TensorType { F64, F32, I64, U8 };

/// A named array of numbers, row-major as in PyTorch: the last index runs fastest. A value.
struct Tensor {
    std::string name;
    TensorType type = TensorType::F64;
    std::vector<std::int64_t> shape; ///< empty: a single number
    std::vector<std::byte> bytes;    ///< elements() * width of the type

    /// T: double, float, std::int64_t or std::uint8_t. values.size() must be the product of the shape.
    template<class T>
    static Tensor of(std::string name, std::vector<std::int64_t> shape, std::span<const T> values);
    /// Shape [rows, columns]. S: float or double.
    template<class S>
    static Tensor ofMatrix(std::string name, ConstMatrixRef<S> matrix);
    /// Shape [size].
    template<class S>
    static Tensor ofVector(std::string name, ConstVectorRef<S> vector);

    /// The numbers in row-major order. T must be the tensor's type; throws std::logic_error else.
    template<class T>
    std::vector<T> values() const;
    /// A tensor of shape [rows, columns] or [size] (one column) and type S; throws std::logic_error else.
    template<class S>
    Matrix<S> matrix() const;

    std::int64_t elements() const; ///< product of the shape
};

/// What a safetensors file holds (https://huggingface.co/docs/safetensors, "Format"): 8 bytes of header
/// length, a JSON header, the tensors' bytes, all little-endian.
struct TensorFile {
    std::vector<Tensor> tensors; ///< in the order of their bytes
    std::map<std::string, std::string> metadata;

    const Tensor* find(std::string_view name) const;
};

/// Throws InputError naming the file, the tensor and what is wrong: a header or shape that does not fit the
/// file's size, bytes that two tensors share or that none has, an unknown dtype or key, a name given twice.
TensorFile readSafetensors(const std::filesystem::path& file);
/// The same from bytes in memory; `place` names them in errors.
TensorFile parseSafetensors(std::string_view bytes, const std::string& place);

/// Names must differ. Tensors are stored by falling width, so that each is aligned. Replaces the file in one
/// go. Throws InputError when it cannot be written.
void writeSafetensors(const std::filesystem::path& file, const TensorFile& content);
std::string safetensorsBytes(const TensorFile& content);

} // namespace kappascope
