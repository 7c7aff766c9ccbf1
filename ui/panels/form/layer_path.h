// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

#include <QString>
#include <optional>
#include <vector>

namespace kappascope::ui {

/// Where a layer stands in a list: its number and, within a residual block, its number in the block.
using LayerPath = std::vector<int>;
using Layers = std::vector<LayerSpec>;

const LayerSpec& layerAt(const Layers& layers, const LayerPath& path);
LayerSpec& layerAt(Layers& layers, const LayerPath& path);
bool isBlock(const LayerSpec& layer); ///< holds layers of its own

/// Before what stands at `path`, which may be one behind the last layer of a list or block.
void insertLayer(Layers& layers, const LayerPath& path, LayerSpec layer);
void removeLayer(Layers& layers, const LayerPath& path);
/// To before what stands at `to`. Where it stands then; nothing, with nothing moved, for a block that would
/// come into a block or into itself.
std::optional<LayerPath> moveLayer(Layers& layers, const LayerPath& from, LayerPath to);
/// One step towards the first layer, or the last one: past a layer, into a block or out of it. Nothing at the
/// end.
std::optional<LayerPath> stepLayer(Layers& layers, const LayerPath& path, bool up);

/// "Convolution 16, kernel 3, padding 1": its kind, its first parameter, its kernel, and what is not at its
/// default.
QString layerTitle(const LayerSpec& layer);

/// The layers of `model` as a list. Of dense layers on images (`maps`), "flatten" comes first.
Layers listOf(const ModelSpec& model, bool maps);

/// A layer of the catalog, or an activation by its name, with which a list stays sound: a residual block has
/// two layers with weights in its branch that keep the shape which it receives.
LayerSpec newLayer(const std::string& name, const MapShape& receives);

} // namespace kappascope::ui
