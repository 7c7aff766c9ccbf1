// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"
#include "engine/files/json.h"

namespace kappascope {

/// The value of `parameter` from JSON, checked. Throws InputError at `place` with what was found and
/// expected.
ParameterValue readParameter(const Parameter& parameter, const Json& value, const std::string& place);

Json writeParameter(const ParameterValue& value);

/// JSON Schema of the values that readParameter() takes: type, range, default and description.
Json parameterSchema(const Parameter& parameter);

} // namespace kappascope
