// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

namespace kappascope::data_sets {

DataEntry generated(Description description, Task task, Generate generate) {
    DataEntry entry;
    static_cast<Description&>(entry) = std::move(description);
    entry.task = task;
    entry.generated = true;
    entry.load = [generate = std::move(generate)](const DataSpec& spec, RandomStream& stream,
                                                  const Cancelled*) {
        return RawData{generate(spec, stream), std::nullopt};
    };
    return entry;
}

Dataset scatter(const DataSpec& spec, std::vector<std::string> classNames,
                const std::function<Eigen::Vector2d(int label)>& place, RandomStream& stream) {
    Dataset data;
    data.classNames = std::move(classNames);
    data.featureNames = numberedFeatures(2);
    Matrix<double> x(2, spec.samples);
    for (int i = 0; i < spec.samples; ++i) {
        const int label = i % static_cast<int>(data.classes());
        data.labels.push_back(label);
        const Eigen::Vector2d point = place(label);
        x(0, i) = point[0] + spec.noise * stream.normal();
        x(1, i) = point[1] + spec.noise * stream.normal();
    }
    data.x = Features(std::move(x));
    return data;
}

Dataset sampleFunction(const DataSpec& spec, Index features,
                       const std::function<double(const Vector<double>& x)>& f, RandomStream& stream) {
    Dataset data;
    data.task = Task::Regression;
    data.featureNames = numberedFeatures(features);
    Matrix<double> x(features, spec.samples);
    data.y.resize(1, spec.samples);
    for (int i = 0; i < spec.samples; ++i) {
        for (Index j = 0; j < features; ++j)
            x(j, i) = stream.uniform(-1, 1);
        data.y(0, i) = f(x.col(i)) + spec.noise * stream.normal();
    }
    data.x = Features(std::move(x));
    return data;
}

std::vector<std::string> numberedFeatures(Index features) {
    std::vector<std::string> names;
    for (Index j = 1; j <= features; ++j)
        names.push_back("x" + std::to_string(j));
    return names;
}

} // namespace kappascope::data_sets
