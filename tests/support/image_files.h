// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/files.h"

#include <QByteArray>

#include <initializer_list>
#include <string>
#include <vector>

namespace kappascope::test {

/// An IDX file of unsigned bytes.
inline std::string idxFile(std::initializer_list<int> shape, const std::vector<int>& values) {
    std::string file{'\0', '\0', '\x08', static_cast<char>(shape.size())};
    for (const int size : shape)
        file += std::string{'\0', '\0', static_cast<char>(size / 256), static_cast<char>(size % 256)};
    for (const int value : values)
        file += static_cast<char>(value);
    return file;
}

inline std::string idxLabels(const std::vector<int>& labels) {
    return idxFile({static_cast<int>(labels.size())}, labels);
}

/// Pixel p, channel by channel, of image i of a CIFAR file that cifarFile() makes.
inline int cifarPixel(int image, int p) {
    return (37 * image + p) % 251;
}

/// Records of CIFAR's binary version: for each image its labels, then 3 x 32 x 32 pixels.
inline std::string cifarFile(const std::vector<std::vector<int>>& labels, int firstImage = 0) {
    std::string file;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        for (const int label : labels[i])
            file += static_cast<char>(label);
        for (int p = 0; p < 3072; ++p)
            file += static_cast<char>(cifarPixel(firstImage + static_cast<int>(i), p));
    }
    return file;
}

/// Sets an environment variable for as long as it lives.
class Environment {
public:
    Environment(const char* name, const std::string& value) : name_(name), before_(qgetenv(name)) {
        qputenv(name, QByteArray::fromStdString(value));
    }
    ~Environment() { before_.isNull() ? qunsetenv(name_) : qputenv(name_, before_); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    const char* name_;
    QByteArray before_;
};

} // namespace kappascope::test
