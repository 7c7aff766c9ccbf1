// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/reading.h"

#include <QString>

namespace kappascope::ui {

/// A reading in few characters: "1.3e6", "≈ 1.3e6" for an estimate, the em dash where it is not defined.
QString readingText(const Reading& reading);
/// What is to be said about it besides: its error, why it is not defined; empty for an exact number.
QString readingNote(const Reading& reading);

/// Label and definition of a quantity of curvatureQuantities(), as a tool tip has them.
QString quantityLabel(const char* key);
QString quantityDefinition(const char* key);

/// "whole network", "layer 1": a dense layer by its number from 0, or BlockReading::wholeNetwork.
QString blockName(int layer);

} // namespace kappascope::ui
