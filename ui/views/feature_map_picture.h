// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_field.h"

#include <QStringList>

namespace kappascope::ui {

/// What the layers of a network make of one image, and the kernels with which they look at it: computed in a
/// worker's thread, in evaluation mode.
struct FeatureMapPicture {
    static constexpr Index mostMaps = 32, mostKernelUnits = 32,
                           mostKernelChannels = 8; ///< drawn, evenly chosen

    /// Signed values of tiles of height x width, on one scale whose middle is 0.
    struct Tiles {
        Index height = 0, width = 0;
        Matrix<double> values;      ///< (height width) x tiles; a tile row by row
        double bound = 0;           ///< the largest magnitude of the layer's values, drawn or not
        std::vector<QImage> images; ///< one a tile
    };

    QStringList layers;        ///< those that give maps: "2 relu", the number that of the layer with weights
    int layer = -1;            ///< the one shown, of `layers`; -1: there are none
    MapShape gives;            ///< its maps
    std::vector<int> channels; ///< of the maps shown
    Tiles maps;                ///< one a channel

    QString kernelsOf; ///< the convolution whose maps these are, "2 conv2d"; empty where none is before it
    Index units = 0, unitChannels = 0; ///< of all its kernels: units, and channels that one sees
    std::vector<int> kernelUnits,
        kernelChannels; ///< shown; a tile for each pair, a unit's behind one another
    Tiles kernels;

    QImage sample;
    QString sampleText;    ///< "test sample 12: 7, predicted 7 (99.2 %)"
    bool complete = false; ///< false when cancelled on the way
};

/// Of the sample number `sample` of shownSet(), and the layer called `layer` in FeatureMapPicture::layers, or
/// the first where there is no such one. The data are images. `colors`: of signed values.
FeatureMapPicture makeFeatureMaps(const Snapshot& snapshot, const QString& layer, Index sample,
                                  const FieldColors& colors, const QColor& paper, const QColor& ink,
                                  const Cancelled& cancelled);

} // namespace kappascope::ui
