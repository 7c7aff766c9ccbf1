// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

class QWidget;

namespace kappascope::ui {

class FormSection;
class Session;

/// Rows of what only images have: how their pixels become inputs, and the random changes of training batches.
std::vector<QWidget*> addImageRows(FormSection& section, Session& session);

} // namespace kappascope::ui
