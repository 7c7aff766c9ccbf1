// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/study_result.h"

#include <string>

namespace kappascope {

/// The figure as an SVG document of its own, with its title, light or dark as the reader's system is.
std::string svgDocument(const Figure& figure);
/// The same as an element of an HTML page that holds svgStyle(); the page says title and caption.
std::string svgElement(const Figure& figure);

/// The rules that figures are painted by, as CSS: the colours of the window, light and dark.
std::string svgStyle();

/// `text` with &, <, > and " written as entities.
std::string escaped(const std::string& text);

} // namespace kappascope
